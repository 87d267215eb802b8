"""Text in a picture: cleaned of what would break it, measured and broken into lines without a browser."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from html import escape

_NARROW, _WIDE = frozenset("iljtfrI.,:;'’!|()[]- "), frozenset("mwMW@—%")
# The widths are those of Arial, roughly; other fonts are a little wider.
_MARGIN = 1.06
# Controls, and marks that change the direction of the words after them.
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LONGEST = 2000
BOLD = 1.09
"""The width of bold letters, beside that of others."""


def cleaned(text: str) -> str:
    """Return text on one line without controls, direction marks, surrogates and non-characters, at most 2000 long."""
    if text.isprintable():  # Nothing of that is.
        return " ".join(text[:_LONGEST].split())
    kept = (" " if char.isspace() or char == "\x1f" else char for char in text[:_LONGEST] if char not in _BIDI)
    visible = (char for char in kept if unicodedata.category(char) not in ("Cc", "Cs", "Cn", "Co"))
    return " ".join("".join(visible).split())


def markup(text: str) -> str:
    """Return text for the content of an element or an attribute of XML, cleaned and escaped."""
    return escape(cleaned(text))


def width(text: str, size: float) -> float:
    """Return the width of text in a sans-serif font of a size, both in px."""
    return sum(map(_em, text)) * size * _MARGIN


@lru_cache(maxsize=4096)
def _em(char: str) -> float:
    if char in _NARROW:
        return 0.3
    if char in _WIDE:
        return 0.88
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(char) in "WF":
        return 1.0
    return 0.7 if char.isupper() else 0.56


def wrapped(text: str, size: float, room: float, most: int = 9) -> list[str]:
    """Return text in ``most`` lines at most, none wider than ``room``; if some is cut, the last ends in an ellipsis."""
    lines: list[str] = []
    for piece in _pieces(cleaned(text), size, room):
        if lines and width(lines[-1] + piece, size) <= room:
            lines[-1] += piece
        else:
            lines.append(piece.strip())
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and width(f"{last} …", size) > room:
        last = last.rpartition(" ")[0] or last[:-1]
    return [*lines[: most - 1], f"{last.rstrip(' ,:;')} …"]


def _pieces(text: str, size: float, room: float) -> Iterator[str]:
    """Yield words, each with a space before it, and the parts of words that are wider than ``room``."""
    for word in text.split():
        if word.isascii() and width(word, size) <= room:
            yield f" {word}"
            continue
        part = " "
        for char in word:
            breaks = unicodedata.east_asian_width(char) in "WF" and part.strip()
            if breaks or width(part.strip() + char, size) > room:
                yield part
                part = ""
            part += char
        yield part
