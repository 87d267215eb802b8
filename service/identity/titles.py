"""Take titles, offices and accounts from the names of persons, to find names that look alike."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources

_BRACKETED = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")
_MARKS = re.compile("[.:']")
# "Scottish Labour leader Kezia Dugdale": the words before a title in the middle of a name.
_MOST_BEFORE = 4
_NO_NAMES = frozenset(
    ("of", "for", "and", "the", "de", "del", "di", "da", "do", "du", "des", "der", "und", "et", "y", "e")
)


def untitled(name: str) -> str:
    """Return a name of a person without title, office, account or party: "Rep. Jane Roe (D-Calif.)" is "Jane Roe".

    A name without any of them is returned unchanged, and so is one that has nothing else.
    """
    text = _BRACKETED.sub("", name)
    first, comma, _ = text.partition(",")
    if comma and len(first.split()) > 1:
        text = first
    words = text.split()
    before, after = _titles()
    words = _without_last(_without_first(words, before), after)
    return " ".join(words) if words else name


def _without_first(words: list[str], titles: frozenset[str]) -> list[str]:
    """Return words without titles at the beginning, or up to the last one before two words or more."""
    plain = [_plain(word) for word in words]
    start = 0
    while length := _title_at(plain, start, titles):
        start += length
    # Not a single letter, which is an initial there.
    inner = [place for place in range(start, min(start + _MOST_BEFORE, len(plain))) if len(plain[place]) > 1]
    ends = [place + length for place in inner if (length := _title_at(plain, place, titles))]
    ends = [end for end in ends if len(plain) - end >= 2]
    start = max([start, *ends])
    return words if start == len(words) or plain[start] in _NO_NAMES else words[start:]


def _title_at(words: list[str], start: int, titles: frozenset[str]) -> int:
    """Return the number of words of the longest title at a place, 0 without one."""
    return next((n for n in (3, 2, 1) if " ".join(words[start : start + n]) in titles and start + n <= len(words)), 0)


def _without_last(words: list[str], titles: frozenset[str]) -> list[str]:
    while len(words) > 1 and _plain(words[-1]) in titles:
        words = words[:-1]
    return words


def _plain(word: str) -> str:
    return _MARKS.sub("", word).casefold()


@lru_cache(maxsize=1)
def _titles() -> tuple[frozenset[str], frozenset[str]]:
    """Return the titles before names, and those after them."""
    text = resources.files("service.identity").joinpath("titles.txt").read_text("utf-8")
    lines = [" ".join(map(_plain, line.split())) for line in text.splitlines() if not line.startswith("#")]
    start = lines.index("[after]")
    return frozenset(filter(None, lines[:start])) - {"[before]"}, frozenset(filter(None, lines[start + 1 :]))
