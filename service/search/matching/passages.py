"""Split a text into passages, each about as long as a claim with its context."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from service.search.tokenizer import Word

WHOLE = 80
"""The most words of a text that is one passage: a post, a headline, a paragraph."""

_LONG = 45
# A full stop is followed by a space or a quote, except in Chinese and Japanese. Possessive quantifiers and the
# lookbehind keep a long row of stops from being scanned again from each of them.
_SENTENCE_ENDS = re.compile(r"(?:(?<![.!?…])[.!?…]++[\"'”’»)\]]*+\s|[。！？｡]+[”’」』）]*|[।॥۔؟]+\s?|\n)\s*")

Span = tuple[int, int]
"""The first word, and the one after the last."""


def passages(text: str, words: Sequence[Word]) -> list[Span]:
    """Return the passages of ``text``, whose terms are ``words``: the whole of a short text, else groups of sentences.

    A passage repeats the last sentence of the one before, unless that is long, so that a statement of two sentences is
    not split.
    """
    if len(words) <= WHOLE:
        return [(0, len(words))] if words else []
    found: list[Span] = []
    sentences = list(_sentences(text, words))
    place = 0
    while place < len(sentences):
        start, after = sentences[place][0], place + 1
        while after < len(sentences) and sentences[after][1] - start <= _LONG:
            after += 1
        found.append((start, sentences[after - 1][1]))
        repeats = after - place > 1 and after < len(sentences)
        place = after - 1 if repeats else after
    return found


def sentence_spans(text: str) -> list[Span]:
    """Return the code points of the sentences of ``text``, without the spaces around them."""
    ends = [match.end() for match in _SENTENCE_ENDS.finditer(text)]
    found = []
    for start, end in zip([0, *ends], [*ends, len(text)], strict=True):
        part = text[start:end]
        if part.strip():
            first = start + len(part) - len(part.lstrip())
            found.append((first, first + len(part.strip())))
    return found


def _sentences(text: str, words: Sequence[Word]) -> Iterator[Span]:
    """Yield the sentences; very long ones in pieces."""
    ends = [match.end() for match in _SENTENCE_ENDS.finditer(text)]
    start = place = 0
    for end in (*ends, len(text)):
        while place < len(words) and words[place].start < end:
            place += 1
        while place - start > _LONG:
            yield start, start + _LONG
            start += _LONG
        if place > start:
            yield start, place
            start = place
