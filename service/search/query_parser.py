"""Parse search queries. Any text is a valid query.

A query has words, which match in any form and spelling (``workers`` finds ``worker``, ``labor`` finds ``labour``),
``"phrases in quotes"``, which match as they are, ``prefixes*`` of at least two letters (the first five; further ones
match as whole words), and ``-exclusions`` of any of these. All must match. Words with a hyphen or a point inside, and
text without spaces between words, are phrases. Everything else is ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from service.search.search_document import STEM, places
from service.search.stemming import stem
from service.search.tokenizer import Word, is_pair, is_unspaced, join_numbers, words

LONGEST = 500
"""The most characters of a query."""

SHORTEST_PREFIX = 2
OPEN_AT_MOST = 5
"""The most prefixes in a query, since an engine reads every word with a prefix. Others are taken as whole words."""

_QUOTES = str.maketrans(
    dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02", '"') | {"\uff0d": "-", "\uff0a": "*"}
)
_PARTS = re.compile(r'(?P<minus>(?<!\S)-+)?(?:"(?P<quoted>[^"]*)(?:"|$)(?P<star>\*?)|(?P<plain>[^\s"]+))')


@dataclass(frozen=True, slots=True)
class AnyForm:
    """A word in any of its forms. ``term`` is the typed one, folded."""

    term: str

    @property
    def stem(self) -> str:
        """The stem that all forms of the word share."""
        return stem(self.term)

    @property
    def stems(self) -> tuple[str, ...]:
        """The stems that every matching claim has."""
        return (self.stem,)

    def __str__(self) -> str:
        return self.term


@dataclass(frozen=True, slots=True)
class Phrase:
    """Consecutive terms as they are; the last one is a prefix if ``open``."""

    terms: tuple[str, ...]
    open: bool = False

    @property
    def stems(self) -> tuple[str, ...]:
        """The stems that every matching claim has."""
        return tuple(stem(term) for term in (self.terms[:-1] if self.open else self.terms) if not _is_tail(term))

    def __str__(self) -> str:
        return f'"{_joined(self.terms)}"{"*" * self.open}'


Part = AnyForm | Phrase


@dataclass(frozen=True, slots=True)
class Query:
    """A query: all of ``wanted`` and none of ``unwanted`` must match. Without ``wanted`` nothing matches."""

    wanted: tuple[Part, ...] = ()
    unwanted: tuple[Part, ...] = ()

    @property
    def stems(self) -> tuple[str, ...]:
        """The stems that every matching claim has."""
        return tuple(dict.fromkeys(stem for part in self.wanted for stem in part.stems))

    @property
    def fingerprint(self) -> str:
        """A hash that is the same for texts with the same meaning."""
        return blake2b(str(self).encode(), digest_size=8).hexdigest()

    def __str__(self) -> str:
        return " ".join([*map(str, self.wanted), *(f"-{part}" for part in self.unwanted)])

    def matches(self, in_words: str, in_stems: str) -> bool:
        """Return whether a claim with these lines of words and stems (``service.search.search_document``) matches."""
        in_words = f" {in_words} ".replace("\n", " ")
        in_stems = f" {in_stems} ".replace("\n", " ")

        def has(part: Part) -> bool:
            return pattern(part) in (in_stems if isinstance(part, AnyForm) else in_words)

        return bool(self.wanted) and all(map(has, self.wanted)) and not any(map(has, self.unwanted))


def pattern(part: Part) -> str:
    """Return the text by which a line of stems or words, padded with spaces, contains ``part``."""
    if isinstance(part, AnyForm):
        return f" {STEM}{part.stem} "
    return f" {' '.join(part.terms)}{'' if part.open else ' '}"


def parse(text: str) -> Query:
    """Parse ``text``."""
    wanted: dict[Part, None] = {}
    unwanted: dict[Part, None] = {}
    prefixes: set[Part] = set()
    for match in _PARTS.finditer(join_numbers(text.translate(_QUOTES))):
        if match["quoted"] is not None:
            inside = match["quoted"].rstrip()
            found = _phrase(words(inside), bool(match["star"]) or inside.endswith("*"))
        else:
            found = _plain(match["plain"])
        for part in found:
            if isinstance(part, Phrase) and part.open and part not in prefixes:
                if len(prefixes) == OPEN_AT_MOST:
                    part = Phrase(part.terms)
                else:
                    prefixes.add(part)
            (unwanted if match["minus"] else wanted)[part] = None
    return Query(tuple(wanted), tuple(unwanted))


def _plain(text: str) -> Iterator[Part]:
    """Yield a word, or a phrase if the text has several terms without a space."""
    split = words(text)
    if len(split) == 1 and not is_unspaced(split[0].term) and not text.endswith("*"):
        yield AnyForm(split[0].term)
    else:
        yield from _phrase(split, text.endswith("*"))


def _phrase(split: Sequence[Word], starred: bool) -> Iterator[Part]:
    terms = [word.term for word in places(split)]
    if not terms:
        return
    if is_pair(split[-1].term):
        terms.pop()  # the text may continue after it
    single = is_unspaced(terms[-1]) and len(terms[-1]) == 1
    yield Phrase(tuple(terms), single or (starred and len(terms[-1]) >= SHORTEST_PREFIX))


def _joined(terms: Sequence[str]) -> str:
    """Join the terms of a phrase, with spaces only between words that have them."""
    shown = ""
    before = ""
    for term in terms:
        if not is_pair(before) or not is_unspaced(term) or before[-1] != term[0]:
            shown += f" {term}"
        elif len(term) == 2:
            shown += term[1]
        before = term
    return shown[1:]


def _is_tail(term: str) -> bool:
    """Return whether a term may match the first character of a pair, so that it is not among the stems."""
    return len(term) == 1 and is_unspaced(term)
