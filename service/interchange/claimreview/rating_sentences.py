"""Find the label by which a sentence calls the claim: "The claim that ... is false", "... with a misleading claim"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from service.interchange.claimreview.rating_labels import Label, LabelFinder
from service.interchange.claimreview.rating_table_rows import Row
from service.interchange.claimreview.text import fold
from service.model.verdicts import Rating

_SENTENCE = re.compile(r"[.!;।۔。！…]+(?=\s|$)|[।。！]|\n")
_CLAUSE = re.compile(r"[,،;:](?=\s)")
_NEAR = 3
"""The number of words after a label in which a negation belongs to it: "दावा गलत नहीं है"."""


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text, but for questions."""
    for sentence in _SENTENCE.split(text):
        if sentence.strip() and "?" not in sentence:
            yield sentence


class SentenceReader:
    """Reads sentences with the labels of ``finder``.

    A label for the claim counts only if the sentence says nothing else; one against it also as the predicate of a
    clause, or before a word for what is rated, where no negation is near.
    """

    def __init__(self, finder: LabelFinder) -> None:
        self._finder = finder
        self._frames = finder.frames

    def labels(self, sentence: str) -> tuple[Label, ...]:
        """Return the labels by which a sentence calls the claim."""
        label = self._finder.framed(fold(sentence).split())
        if label:
            return (label,)
        for clause in _CLAUSE.split(sentence):
            words = fold(clause).split()
            labels = self._predicate(words) or self._attribute(words)
            if labels:
                return labels
        return ()

    def _predicate(self, words: Sequence[str]) -> tuple[Label, ...]:
        """Return the labels that a clause ends with, if they are said of something: "... is false"."""
        end = len(words)
        while end and self._frames.is_around(words[end - 1]):
            end -= 1
        found = self._refuting(words, end)
        if found:
            start, row = found
            beside = {*words[max(0, start - 1) : start], *words[end:]}
            if beside & (self._frames.copulas | self._frames.subjects):
                return (*self._joined(words, start), Label(row, " ".join(words[start:])))
        return ()

    def _attribute(self, words: Sequence[str]) -> tuple[Label, ...]:
        """Return the labels before a word for what is rated: "... with a misleading claim ..."."""
        for end in range(1, len(words)):
            found = self._refuting(words, end) if words[end] in self._frames.subjects else None
            if found:
                start, row = found
                return (*self._joined(words, start), Label(row, " ".join(words[start : end + 1])))
        return ()

    def _joined(self, words: Sequence[str], start: int) -> tuple[Label, ...]:
        """Return the label that an "and" joins to the one at ``start``: "a misleading and false claim"."""
        is_joined = start > 1 and words[start - 1] in self._frames.joiners
        found = self._finder.label_at(words, start - 1) if is_joined else None
        return (Label(found[1], " ".join(words[found[0] : start])),) if found else ()

    def _refuting(self, words: Sequence[str], end: int) -> tuple[int, Row] | None:
        """Return a label against the claim that ends before the word at ``end``, and its start."""
        found = self._finder.label_at(words, end)
        if found is None or found[1].rating not in (Rating.REFUTED, Rating.CONFLICTING_EVIDENCE):
            return None
        around = [*words[: found[0]], *words[end : end + _NEAR]]
        return found if self._frames.negations.isdisjoint(around) else None
