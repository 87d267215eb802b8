"""A text as passages about as long as a claim and what is said around it: what is repeated is found where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from service.search.tokenizer import Word

WHOLE = 80
"""Words up to which a text is one passage: a post, a headline, a paragraph."""

_LONG = 45
# After a full stop comes a space or a quote; after that of Chinese and Japanese nothing need come.
# Stops are looked at from the first one on only: else a long row of them would be read again from each.
_SENTENCE_ENDS = re.compile(r"(?:(?<![.!?…])[.!?…]++[\"'”’»)\]]*+\s|[。！？｡]+[”’」』）]*|[।॥۔؟]+\s?|\n)\s*")

Span = tuple[int, int]
"""First word and the one after the last."""


def passages(text: str, words: Sequence[Word]) -> list[Span]:
    """The passages of a text, whose terms are ``words``: all of it when it is short, else sentences taken together.

    Each begins with the last sentence of the one before, unless that is long: what goes over two sentences is in one.
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


def _sentences(text: str, words: Sequence[Word]) -> Iterator[Span]:
    """Sentences, the very long ones in pieces."""
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
