"""The search document of a claim: its fields and the titles of its reviews, as words and stems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import orjson

from service.model.entities import Claim, Quantity, Reported
from service.model.records import Evidence
from service.model.verdicts import Verdict
from service.search.stemming import stem
from service.search.tokenizer import Word, is_pair, words

FIELDS = ("text", "subject", "topics", "claimants", "reported", "titles")
TITLES_AT_MOST = 20
"""The most titles of reviews by which a claim is found: those of the latest."""
# PostgreSQL numbers 16,383 positions of a text; words after these are not indexed.
WORDS_AT_MOST = 8000
# PostgreSQL limits a tsvector to a mebibyte: for each word the word, its stem and their positions.
BYTES_AT_MOST = 400_000
# Characters of a value whose words are kept: names of sources and topics come again and again.
_LONGEST_KEPT = 200
# GAP separates values, so that no phrase crosses them; STEM marks a stem.
GAP = "|"
STEM = "="


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """A claim as it is searched; ``key`` is the claim's.

    ``fields`` is JSON: a list of values by the names in ``FIELDS``. ``words`` and ``stems`` have a line for each
    field: folded words with ``GAP`` between values, stems with ``STEM`` before each. ``length`` is in words.
    """

    key: int
    fields: str
    words: str
    stems: str
    length: int

    def values(self) -> dict[str, list[str]]:
        """Return the values of each field as they were written."""
        fields: dict[str, list[str]] = orjson.loads(self.fields)
        return fields


def search_document(key: int, claim: Claim, evidence: Evidence, verdicts: Iterable[Verdict] = ()) -> SearchDocument:
    """Build the search document of ``claim``; ``verdicts`` are the current ones on it."""
    fields = {
        "text": [claim.text],
        "subject": [claim.subject],
        "topics": list(claim.topics),
        "claimants": list(dict.fromkeys(_claimants(claim, evidence))),
        "reported": list(dict.fromkeys(_reported_values(claim, evidence))),
        "titles": list(dict.fromkeys(_titles(verdicts)))[:TITLES_AT_MOST],
    }
    length = room = 0
    word_lines: list[str] = []
    stem_lines: list[str] = []
    for values in fields.values():
        pieces = []
        for value in values:
            piece = _piece(value, WORDS_AT_MOST - length)
            room += piece.size
            pieces.append(piece if room <= BYTES_AT_MOST else _NOTHING)
            length += pieces[-1].length
        word_lines.append(f" {GAP} ".join(piece.words for piece in pieces))
        stem_lines.append(" ".join(piece.stems for piece in pieces if piece.stems))
    return SearchDocument(
        key=key,
        fields=orjson.dumps(fields).decode(),
        words=f"\n{GAP} ".join(word_lines),
        stems="\n".join(stem_lines),
        length=length,
    )


class _Piece(NamedTuple):
    """A value as lines of words and stems; ``length`` is in words, ``size`` in bytes of words."""

    words: str
    stems: str
    length: int
    size: int


_NOTHING = _Piece("", "", 0, 0)


def _piece(value: str, room: int) -> _Piece:
    """Return a value as words and stems, at most ``room`` words of it."""
    if len(value) <= _LONGEST_KEPT:
        piece = _kept_piece(value)
        if piece.length <= room:
            return piece
    return _piece_of(words(value)[:room])


@lru_cache(maxsize=2048)
def _kept_piece(value: str) -> _Piece:
    return _piece_of(words(value))


def _piece_of(split: Sequence[Word]) -> _Piece:
    return _Piece(
        words=" ".join(word.term for word in places(split)),
        stems=" ".join(f"{STEM}{stem(word.term)}" for word in split),
        length=len(split),
        size=sum(len(word.term.encode()) for word in split),
    )


def places(split: Sequence[Word]) -> Iterator[Word]:
    """Yield the terms in order; the last pair of a run is followed by its last character, which begins no pair."""
    for number, word in enumerate(split):
        yield word
        if is_pair(word.term) and (number + 1 == len(split) or split[number + 1].start >= word.end):
            yield Word(word.term[-1], word.end - 1 if word.end - word.start == 2 else word.start, word.end)


def _titles(verdicts: Iterable[Verdict]) -> Iterator[str]:
    """Yield the titles of reviews, the latest first."""
    for verdict in sorted(verdicts, key=lambda verdict: (verdict.reviewed_time, verdict.id), reverse=True):
        if verdict.title is not None and not verdict.retraction:
            yield verdict.title


def _claimants(claim: Claim, evidence: Evidence) -> Iterator[str]:
    """Yield the names of the sources in the chains, and of the publishers of unattributed mentions."""
    for mention in evidence.mentions.get(claim.id, ()):
        publishers = (document.publisher for document in evidence.with_merged_into(mention.document))
        for name in mention.attribution or filter(None, publishers):
            for source in _with_merged_into(name, evidence):
                yield evidence.sources[source].name
                yield from evidence.sources[source].aliases


def _with_merged_into(source: str, evidence: Evidence) -> Iterator[str]:
    """Yield a source, and those that it was merged into."""
    seen: set[str] = set()
    following: str | None = source
    while following is not None and following not in seen:
        yield following
        seen.add(following)
        following = evidence.sources[following].merged_into


def _reported_values(claim: Claim, evidence: Evidence) -> Iterator[str]:
    for mention in evidence.mentions.get(claim.id, ()):
        if mention.reported is not None:
            yield from _values(mention.reported)


def _values(reported: Reported) -> Iterator[str]:
    if reported.text is not None:
        yield reported.text
    if reported.quantity is not None:
        yield _amount(reported.quantity)
    if reported.time_frame is not None:
        yield reported.time_frame.label


def _amount(quantity: Quantity) -> str:
    """Write a quantity, such as ``10000-15000 workers``."""
    ends = dict.fromkeys(_number(end) for end in (quantity.low, quantity.high) if end is not None)
    return f"{'-'.join(ends)} {quantity.unit}"


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
