"""The words of a sentence as reading needs them: with their case, and "n't" apart from its verb."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

# "15,000" and "2.5" are one word, "didn't" is "did" and "n't", "l'ONU" two words. An address is passed as a whole.
_WORD = re.compile(
    r"(?P<address>(?:https?://|www\.|pic\.twitter\.com/)\S+)|"
    r"[0-9]+(?:[.,\u00a0\u202f][0-9]+)*%?|\w+?(?=n['’]t\b)|n['’]t\b|(?<=\w)['’]s\b|[^\W_]+",
    re.IGNORECASE,
)
_TAGS = ("@", "#")
_COMBINING = re.compile("[\u0300-\u036f\u064b-\u0652\u0670\u0640]")
_OWN_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "’": "'"})
# The name and handle of the author of a post, behind a dash.
_SIGNATURE = re.compile(r"\s[\u2014\u2013-]\s[^\n\u2014\u2013]{1,80}\(@\w+\)")
_IN_TAG = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+|[^\W\d_]+")


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
    """Return the words of ``text``, of a part of it if given.

    Addresses have none, nor has the signature of a post, such as "— Ann Lee (@annlee) May 2, 2016". The words of a
    handle or tag, such as #GreatFlood, are words without capitals.
    """
    return list(_tokens(text, start, len(text) if end is None else end))


def _tokens(text: str, start: int, end: int) -> Iterator[Token]:
    if "(@" in text and (signature := _SIGNATURE.search(text, start, end)):
        end = signature.start()
    for match in _WORD.finditer(text, start, end):
        if match["address"]:
            continue
        before = text[match.start() - 1 : match.start()]
        if before in _TAGS:
            for part in _IN_TAG.finditer(text, *match.span()):
                yield Token(plain(part[0]), part.start(), part.end(), capital=False)
            continue
        word = match[0]
        yield Token(plain(word), match.start(), match.end(), word[0].isupper(), before == "-")


def plain(word: str) -> str:
    """Return a word in small letters without accents; й and ї stay letters of their own."""
    return word.lower() if word.isascii() else _plain(word)


@lru_cache(maxsize=1 << 14)
def _plain(word: str) -> str:
    folded = unicodedata.normalize("NFC", word.casefold()).translate(_OWN_LETTERS)
    kept = "".join(letter if letter in "йї" else unicodedata.normalize("NFD", letter) for letter in folded)
    return unicodedata.normalize("NFC", _COMBINING.sub("", kept))
