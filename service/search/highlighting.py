"""Highlight the matches of a query in a text, as pieces, so that a frontend needs no markup from foreign text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from service.search.query_parser import AnyForm, Phrase, Query, pattern
from service.search.search_document import GAP, SearchDocument, places
from service.search.stemming import stem
from service.search.tokenizer import Word, is_pair, words

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


@dataclass(frozen=True, slots=True)
class _Sought:
    """The wanted parts of a query: the stems of its words, its phrases, and the patterns of both."""

    stems: frozenset[str]
    stem_patterns: tuple[str, ...]
    phrases: tuple[Phrase, ...]
    phrase_patterns: tuple[str, ...]

    def may_match(self, in_words: str, in_stems: str) -> bool:
        """Return whether lines of words and stems have one of the parts."""
        padded_words, padded_stems = f" {in_words} ", f" {in_stems} "
        return any(sought in padded_stems for sought in self.stem_patterns) or any(
            sought in padded_words for sought in self.phrase_patterns
        )

    def may_be_in(self, folded: str) -> bool:
        """Return whether the folded words of a value have one of the parts."""
        padded = f" {folded} "
        return not self.stems.isdisjoint(map(stem, folded.split(" "))) or any(
            sought in padded for sought in self.phrase_patterns
        )


@lru_cache(maxsize=64)
def _sought(query: Query) -> _Sought:
    any_form = [part for part in query.wanted if isinstance(part, AnyForm)]
    phrases = [part for part in query.wanted if isinstance(part, Phrase)]
    return _Sought(
        frozenset(part.stem for part in any_form),
        tuple(map(pattern, any_form)),
        tuple(phrases),
        tuple(map(pattern, phrases)),
    )


def highlights(query: Query, document: SearchDocument) -> list[Highlight]:
    """Return the matches of ``query`` in a claim, field by field."""
    found: list[Highlight] = []
    sought = _sought(query)
    lines = zip(document.words.split("\n"), document.stems.split("\n"), strict=True)
    for (field, values), (in_words, in_stems) in zip(document.values().items(), lines, strict=True):
        # Most fields and values do not match: the stored words show that at less cost than the text.
        if not sought.may_match(in_words, in_stems):
            continue
        shown = 0
        for value, folded in zip(values, in_words.removeprefix(f"{GAP} ").split(f" {GAP} "), strict=False):
            spans = _spans(sought, value) if len(values) == 1 or sought.may_be_in(folded) else []
            if spans:
                found.append(_highlight(field, value, spans))
                shown += 1
                if shown == VALUES_AT_MOST:
                    break
    return found


def spans_in(query: Query, text: str) -> list[Span]:
    """Return the spans in ``text`` that match ``query``, in order and without overlap."""
    return _spans(_sought(query), text)


def _spans(sought: _Sought, text: str) -> list[Span]:
    split, split_stems = _split(text)
    found = [(word.start, word.end) for word, own in zip(split, split_stems, strict=True) if own in sought.stems]
    for phrase in sought.phrases:
        found += _phrase_spans(phrase, split)
    return _joined(found)


# A claim that is found by one query is found by others: its text is not split again for each.
@lru_cache(maxsize=1 << 11)
def _split(text: str) -> tuple[Sequence[Word], Sequence[str]]:
    # No pair of characters is ASCII.
    split = tuple(words(text) if text.isascii() else places(words(text)))
    return split, tuple(stem(word.term) for word in split)


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
