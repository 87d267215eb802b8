"""Recognise texts that a template, a form or an editor left in the place of a claim."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from unicodedata import category

from service.interchange.claimreview.text import fold

# Variables of template languages: {{claim}}, {{{claim}}}, {% claim %}, ${claim}, #{claim}, <%= claim %>, <?= $claim ?>,
# %CLAIM%, __CLAIM__, $claim, @claim@, [[claim]], {claim}.
_NAME = r"[\w.$:|\- ()'\"]{1,60}"
_VARIABLE = re.compile(
    rf"\{{\{{\{{?{_NAME}\}}\}}\}}?|\{{%{_NAME}%\}}|[$#]\{{{_NAME}\}}|<%[=-]?{_NAME}%>|<\?(?:=|php)?{_NAME}\?>"
    r"|%%?[A-Za-z][\w.-]{1,40}%%?|__[A-Za-z]\w{1,40}?__|\$[A-Za-z]\w{2,40}|@@?[A-Za-z]\w{2,40}@@?"
    rf"|\[\[{_NAME}\]\]|\{{{_NAME}\}}"
)
_MARK = re.compile(r"[{%$@\[<_#]")
_LONGEST = 60
"""A longer text without a variable is no name of a field; filler can have any length."""


def _sections() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    entries: list[str] = []
    for line in Path(__file__).with_name("placeholders.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            entries = found.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            entries.append(fold(line))
    return found


_SECTIONS = _sections()
_SUBJECTS = frozenset(" ".join(_SECTIONS["subjects"]).split())
_AROUND = _SUBJECTS.union(" ".join(_SECTIONS["around"]).split())
_FILLER = tuple(_SECTIONS["filler"])
_WHOLE = frozenset(_SECTIONS["whole"])


@lru_cache(maxsize=256)
def is_placeholder(text: str) -> bool:
    """Return whether ``text`` stands for a claim and says nothing: a template's variable, a field's name, filler."""
    if not any(character.isalnum() or category(character) == "So" for character in text):
        return True  # only punctuation; emoji can be a claim
    if len(text) > 5 * _LONGEST or (len(text) > _LONGEST and _MARK.search(text) is None):
        return text[:_LONGEST].casefold().strip("\"'“„«[( ").startswith(_FILLER)
    without = _VARIABLE.sub(" ", text) if _MARK.search(text) else text
    rest = fold(without)
    words = rest.split()
    names_a_field = not _SUBJECTS.isdisjoint(words) and _AROUND.issuperset(words)
    return (without != text and not rest) or names_a_field or rest in _WHOLE or rest.startswith(_FILLER)
