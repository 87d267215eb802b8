"""The words of a sentence as reading needs them: with their case, and "n't" apart from its verb."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

# "15,000" and "2.5" are one word, "didn't" is "did" and "n't", "l'ONU" two words.
_WORD = re.compile(
    r"[0-9]+(?:[.,\u00a0\u202f][0-9]+)*%?|\w+?(?=n['’]t\b)|n['’]t\b|(?<=\w)['’]s\b|[^\W_]+", re.IGNORECASE
)
_COMBINING = re.compile("[\u0300-\u036f\u064b-\u0652\u0670\u0640]")
_OWN_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "’": "'"})


class Token(NamedTuple):
    """A word in small letters without accents, and its span ``[start, end)`` in code points.

    ``joined``: a hyphen is before it.
    """

    term: str
    start: int
    end: int
    capital: bool
    joined: bool = False


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Return the words of ``text``, of a part of it if given."""
    return [
        Token(
            plain(word), match.start(), match.end(), word[0].isupper(), text[match.start() - 1 : match.start()] == "-"
        )
        for match in _WORD.finditer(text, start, len(text) if end is None else end)
        if (word := match[0])
    ]


def plain(word: str) -> str:
    """Return a word in small letters without accents; й and ї stay letters of their own."""
    return word.lower() if word.isascii() else _plain(word)


@lru_cache(maxsize=1 << 14)
def _plain(word: str) -> str:
    folded = unicodedata.normalize("NFC", word.casefold()).translate(_OWN_LETTERS)
    kept = "".join(letter if letter in "йї" else unicodedata.normalize("NFD", letter) for letter in folded)
    return unicodedata.normalize("NFC", _COMBINING.sub("", kept))
