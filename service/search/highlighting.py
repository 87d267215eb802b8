"""Highlight the matches of a query in a text, as pieces, so that a frontend needs no markup from foreign text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.search.query_parser import AnyForm, Phrase, Query, pattern
from service.search.search_document import GAP, SearchDocument, places
from service.search.tokenizer import Word, is_pair, stem, words

LONGEST = 300
"""The code points of a text that are shown whole; of a longer text, about as many around the first match."""

_BEFORE = 60
VALUES_AT_MOST = 3
"""The most highlighted values of a field that has several."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text, ``matched`` by the query or not."""

    text: str
    matched: bool


@dataclass(frozen=True, slots=True)
class Highlight:
    """The code points ``[start, end)`` of a value in ``field``, which has ``length`` code points, in pieces."""

    field: str
    start: int
    end: int
    length: int
    pieces: tuple[Piece, ...]


def highlights(query: Query, document: SearchDocument) -> list[Highlight]:
    """Return the matches of ``query`` in a claim, field by field."""
    found: list[Highlight] = []
    for (field, values), line in zip(document.values().items(), document.words.split("\n"), strict=True):
        shown = 0
        for value, folded in zip(values, line.removeprefix(f"{GAP} ").split(f" {GAP} "), strict=False):
            # Most values do not match: the stored words show that at less cost than the text.
            spans = spans_in(query, value) if _may_have(query, folded) else []
            if spans:
                found.append(_highlight(field, value, spans))
                shown += 1
                if shown == VALUES_AT_MOST:
                    break
    return found


def _may_have(query: Query, folded: str) -> bool:
    stems = set(map(stem, folded.split(" ")))
    padded = f" {folded} "
    return any(part.stem in stems if isinstance(part, AnyForm) else pattern(part) in padded for part in query.wanted)


def spans_in(query: Query, text: str) -> list[Span]:
    """Return the spans in ``text`` that match ``query``, in order and without overlap."""
    split = list(places(words(text)))
    found: list[Span] = []
    stems = {part.stem for part in query.wanted if isinstance(part, AnyForm)}
    if stems:
        found += [(word.start, word.end) for word in split if stem(word.term) in stems]
    for part in query.wanted:
        if isinstance(part, Phrase):
            found += _phrase_spans(part, split)
    return _joined(found)


def _phrase_spans(phrase: Phrase, split: Sequence[Word]) -> Iterator[Span]:
    size, last = len(phrase.terms), phrase.terms[-1]
    terms = [word.term for word in split]
    for place in range(len(split) - size + 1):
        final = split[place + size - 1]
        if tuple(terms[place : place + size - 1]) != phrase.terms[:-1]:
            continue
        if final.term == last:
            yield split[place].start, final.end
        elif phrase.open and final.term.startswith(last):
            # Of a pair only the character that was searched for.
            half = is_pair(final.term) and len(last) == 1
            yield split[place].start, split[place + size].start if half else final.end


def _joined(spans: Sequence[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _highlight(field: str, value: str, spans: Sequence[Span]) -> Highlight:
    start, end = _window(value, spans[0])
    pieces: list[Piece] = []
    at = start
    for first, last in spans:
        if last > end:
            break
        if first > at:
            pieces.append(Piece(value[at:first], False))
        pieces.append(Piece(value[first:last], True))
        at = last
    if at < end:
        pieces.append(Piece(value[at:end], False))
    return Highlight(field, start, end, len(value), tuple(pieces))


def _window(value: str, first: Span) -> Span:
    """Return the part of a value to show: all of it, or a part around ``first``, cut at spaces if there are any."""
    if len(value) <= LONGEST:
        return 0, len(value)
    start = max(0, min(first[0] - _BEFORE, len(value) - LONGEST))
    if start:
        space = value.find(" ", start, first[0])
        start = start if space < 0 else space + 1
    end = max(min(start + LONGEST, len(value)), first[1])
    if end < len(value):
        space = value.rfind(" ", first[1], end)
        end = end if space < 0 else space
    return start, end
