"""The style sheet of pictures: light, dark and forced colours. Shapes and line patterns tell the same as the colours.

Plain values, no custom properties: not every renderer outside of browsers knows them. The contrast of text on paper is
6.0 to 16.5, of lines and edges 4.0 at least (WCAG 2.2, 1.4.3 and 1.4.11).
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass

SANS = "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif"
SERIF = "Charter, Georgia, 'Liberation Serif', 'Times New Roman', serif"
# Below this width of the window a picture of both forms shows its rows.
NARROW = 900


@dataclass(frozen=True, slots=True)
class _Palette:
    paper: str
    ink: str
    second: str
    edge: str
    single: str
    possible: str
    corroborated: str
    contested: str
    refuted: str


_LIGHT = _Palette("#fcfbf8", "#1b1c1e", "#55575c", "#7d7a73", "#8a5300", "#475890", "#12694a", "#b3321c", "#86215f")
_DARK = _Palette("#15171a", "#e9e7e2", "#adafb3", "#868990", "#e2ab4e", "#a9b8ec", "#6fc9a3", "#f28d76", "#e690c7")
_SHAPES = (
    f"text{{font-family:{SANS};font-size:14px}}"
    f".claim{{font-family:{SERIF};font-size:22px}}"
    ".rows .claim{font-size:20px}"
    ".status,.sentence,.origin .label{font-size:15px}"
    ".status,.column,.times,.sign,.letter,.origin .label{font-weight:700}"
    ".publisher .label,.relay .label{font-weight:600}"
    ".column,.note,.times,.foot{font-size:13px}"
    ".is-partial .label,.is-not_counted .label{font-weight:400}"
    ".is-unknown .label{font-style:italic}"
    ".box{stroke-width:1}"
    ".origin .box{stroke-width:2}"
    ".is-possible .box,.is-unknown .box{stroke-dasharray:6 4}"
    ".is-differs .box{stroke-dasharray:12 4 2 4}"
    ".is-refutes .box{stroke-dasharray:14 5}"
    ".is-partial .box,.is-not_counted .box{stroke-width:1;stroke-dasharray:2 3}"
    ".line{fill:none;stroke-width:1.75}"
    ".is-possible .line{stroke-dasharray:6 4}"
    ".is-differs .line{stroke-dasharray:12 4 2 4}"
    ".is-refutes .line{stroke-dasharray:14 5}"
    ".is-partial .line,.is-not_counted .line{stroke-width:1.5;stroke-dasharray:2 4}"
    ".is-possible .ring{stroke-dasharray:4 3}"
    ".ring,.slash{stroke-width:1.75}.slash,.bracket{fill:none}"
    ".bracket{stroke-width:1.5;stroke-dasharray:1 3}"
)


def _colours(p: _Palette) -> str:
    statuses = {
        "single_origin": p.single,
        "possibly_corroborated": p.possible,
        "corroborated": p.corroborated,
        "contested": p.contested,
        "refuted": p.refuted,
        "unattributed": p.second,
        "unsupported": p.second,
    }
    sides = ((".is-differs", p.contested), (".is-refutes", p.refuted))
    return (
        f".paper,.patch,.box{{fill:{p.paper}}}text,.tip,.disc{{fill:{p.ink}}}"
        f".note,.column,.foot,.is-unknown .label,.is-partial .label,.is-not_counted .label{{fill:{p.second}}}"
        f".box,.fold{{stroke:{p.edge}}}.fold{{fill:none}}.origin .box,.line,.disc{{stroke:{p.ink}}}"
        f".ring{{fill:{p.paper};stroke:{p.ink}}}.slash{{stroke:{p.second}}}.bracket,.rule{{stroke:{p.second}}}"
        f".disc+.sign{{fill:{p.paper}}}"
        + "".join(
            f"{side} .disc,{side} .tip{{fill:{c}}}{side} .disc,{side} .line,{side} .box{{stroke:{c}}}"
            for side, c in sides
        )
        + "".join(
            f"{faint} .box,{faint} .line,{faint} .ring{{stroke:{p.edge}}}{faint} .tip{{fill:{p.edge}}}"
            f"{faint} .disc{{fill:{p.second};stroke:none}}"
            for faint in (".is-partial", ".is-not_counted")
        )
        + "".join(
            f".status-{status} .status,.status-{status} .full{{fill:{c}}}"
            f".status-{status} .outline{{fill:none;stroke:{c}}}"
            for status, c in statuses.items()
        )
    )


SHEET = (
    f"{_SHAPES}{_colours(_LIGHT)}"
    f"@media screen and (prefers-color-scheme:dark){{{_colours(_DARK)}}}"
    "@media (forced-colors:active){text{fill:CanvasText}.disc+.sign{fill:Canvas}}"
)
BOTH = ".rows{display:none}" + f"@media (max-width:{NARROW - 1}px)" + "{.columns{display:none}.rows{display:inline}}"


_RULE = re.compile(r"([^{}@]+)\{([^{}]*)\}")


def page_sheet() -> str:
    """Return the style sheet for pictures that are part of a page: each rule holds below ``.provenance`` alone."""

    def below(rule: re.Match[str]) -> str:
        return ",".join(f".provenance {selector}" for selector in rule[1].split(",")) + f"{{{rule[2]}}}"

    return _RULE.sub(below, SHEET)


def content_policy() -> str:
    """Return the Content-Security-Policy of a picture: no script, no other resource, and these two sheets alone."""
    hashes = (base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode() for sheet in (SHEET, BOTH))
    styles = " ".join(f"'sha256-{each}'" for each in hashes)
    return (
        f"default-src 'none'; style-src {styles}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox"
    )
