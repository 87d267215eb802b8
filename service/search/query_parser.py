"""What is looked for, read from a text that anybody may type: there is no wrong one.

Words, all of which must be there, in any form (``workers`` finds ``worker``); ``"phrases in quotes"``, as they are;
``begin*`` for what begins so, from two letters on and for the first five; ``-without`` any of these. What has a hyphen
or a point inside, and text without spaces between words, is a phrase too. All else is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from service.search.search_document import STEM, places
from service.search.tokenizer import Word, is_pair, is_unspaced, stem, words

LONGEST = 500
"""Characters of a query."""

SHORTEST_PREFIX = 2
OPEN_AT_MOST = 5
"""Parts of a query that may be a beginning: an engine reads all that begins so. The others are taken as whole words."""

_QUOTES = str.maketrans(
    dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02", '"') | {"\uff0d": "-", "\uff0a": "*"}
)
_PARTS = re.compile(r'(?P<minus>(?<!\S)-+)?(?:"(?P<quoted>[^"]*)(?:"|$)(?P<star>\*?)|(?P<plain>[^\s"]+))')


@dataclass(frozen=True, slots=True)
class AnyForm:
    """A word in any of its forms. ``term`` is the one that was typed, folded."""

    term: str

    @property
    def stem(self) -> str:
        """What all its forms share."""
        return stem(self.term)

    @property
    def stems(self) -> tuple[str, ...]:
        """The stems that are in every claim it finds."""
        return (self.stem,)

    def __str__(self) -> str:
        return self.term


@dataclass(frozen=True, slots=True)
class Phrase:
    """Terms next to each other, as they are; of the last one only its beginning, when ``open``."""

    terms: tuple[str, ...]
    open: bool = False

    @property
    def stems(self) -> tuple[str, ...]:
        """The stems that are in every claim it finds."""
        return tuple(stem(term) for term in (self.terms[:-1] if self.open else self.terms) if not _is_tail(term))

    def __str__(self) -> str:
        return f'"{_joined(self.terms)}"{"*" * self.open}'


Part = AnyForm | Phrase


@dataclass(frozen=True, slots=True)
class Query:
    """All of ``wanted``, none of ``unwanted``. Without anything wanted it finds nothing."""

    wanted: tuple[Part, ...] = ()
    unwanted: tuple[Part, ...] = ()

    @property
    def stems(self) -> tuple[str, ...]:
        """The stems that are in every claim it finds."""
        return tuple(dict.fromkeys(stem for part in self.wanted for stem in part.stems))

    @property
    def fingerprint(self) -> str:
        """The same for two texts that ask for the same."""
        return blake2b(str(self).encode(), digest_size=8).hexdigest()

    def __str__(self) -> str:
        return " ".join([*map(str, self.wanted), *(f"-{part}" for part in self.unwanted)])

    def fits(self, in_words: str, in_stems: str) -> bool:
        """Whether a claim with these lines of words and stems (``service.search.search_document``) is found."""
        in_words = f" {in_words} ".replace("\n", " ")
        in_stems = f" {in_stems} ".replace("\n", " ")

        def has(part: Part) -> bool:
            return pattern(part) in (in_stems if isinstance(part, AnyForm) else in_words)

        return bool(self.wanted) and all(map(has, self.wanted)) and not any(map(has, self.unwanted))


def pattern(part: Part) -> str:
    """What a line of stems or of words has, with a space at either end, where it has ``part``."""
    if isinstance(part, AnyForm):
        return f" {STEM}{part.stem} "
    return f" {' '.join(part.terms)}{'' if part.open else ' '}"


def parse(text: str) -> Query:
    """What ``text`` asks for."""
    wanted: dict[Part, None] = {}
    unwanted: dict[Part, None] = {}
    beginnings: set[Part] = set()
    for match in _PARTS.finditer(text.translate(_QUOTES)):
        if match["quoted"] is not None:
            inside = match["quoted"].rstrip()
            found = _phrase(words(inside), bool(match["star"]) or inside.endswith("*"))
        else:
            found = _plain(match["plain"])
        for part in found:
            if isinstance(part, Phrase) and part.open and part not in beginnings:
                if len(beginnings) == OPEN_AT_MOST:
                    part = Phrase(part.terms)
                else:
                    beginnings.add(part)
            (unwanted if match["minus"] else wanted)[part] = None
    return Query(tuple(wanted), tuple(unwanted))


def _plain(text: str) -> Iterator[Part]:
    """A word, or what is more than one without a space in it."""
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
        terms.pop()  # the text may go on after it
    alone = is_unspaced(terms[-1]) and len(terms[-1]) == 1
    yield Phrase(tuple(terms), alone or (starred and len(terms[-1]) >= SHORTEST_PREFIX))


def _joined(terms: Sequence[str]) -> str:
    """The terms of a phrase with spaces between, where there are any."""
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
    """Whether it may stand where the stems have a pair."""
    return len(term) == 1 and is_unspaced(term)
