"""Draw the badge of a claim: its status in a word and the number of its origins, for a page that cites it."""

from __future__ import annotations

from service.corroboration.results import Corroboration
from service.model.entities import Status
from service.provenance.text import markup, width
from service.provenance.wording import number

# White text on each has a contrast of 6.0 at least.
_COLOURS = {
    Status.SINGLE_ORIGIN: "#8a5300",
    Status.POSSIBLY_CORROBORATED: "#475890",
    Status.CORROBORATED: "#12694a",
    Status.CONTESTED: "#b3321c",
    Status.REFUTED: "#86215f",
    Status.UNATTRIBUTED: "#5a5c61",
    Status.UNSUPPORTED: "#5a5c61",
}
_HEIGHT = 24
_SIZE = 12
_PAD = 10


def badge(result: Corroboration, text: str) -> str:
    """Return the badge of a claim with this ``text``: words and numbers, in attributes that need no style sheet."""
    status = str(result.status).replace("_", " ")
    origins = origins_in_words(result)
    left, right = (round(width(part, _SIZE)) + 2 * _PAD for part in (status, origins))
    words = markup(f"{status}, {origins}: {text}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="{_HEIGHT}" '
        f'viewBox="0 0 {left + right} {_HEIGHT}" role="img" lang="en" aria-label="{words}"><title>{words}</title>'
        f'<rect width="{left}" height="{_HEIGHT}" fill="{_COLOURS[result.status]}"/>'
        f'<rect x="{left}" width="{right}" height="{_HEIGHT}" fill="#1b1c1e"/>'
        f'<g fill="#ffffff" font-family="Arial, Liberation Sans, sans-serif" font-size="{_SIZE}" text-anchor="middle">'
        f'<text x="{left / 2:g}" y="16" font-weight="700">{status}</text>'
        f'<text x="{left + right / 2:g}" y="16">{origins}</text></g></svg>\n'
    )


def origins_in_words(result: Corroboration) -> str:
    """Return the interval of the origins in support, such as ``1 origin`` or ``3 to 4 origins``."""
    origins = result.supports.origins
    if origins.at_least == origins.at_most:
        return number(origins.at_most, "origin")
    if origins.named == 0:
        return f"none named, {origins.at_most} possible"
    return f"{origins.at_least} to {number(origins.at_most, 'origin')}"
