"""Find the label by which a sentence calls the claim: "The claim that ... is false", "... with a misleading claim"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from service.interchange.claimreview.rating_labels import Label, LabelFinder
from service.interchange.claimreview.rating_table_rows import Row
from service.interchange.claimreview.text import fold
from service.model.verdicts import Rating

QUESTION = re.compile("[?？؟]|[\u0370-\u03ff\u1f00-\u1fff]\\s*;")
"""A question mark; the Greek one is a semicolon."""
_SENTENCE = re.compile(r"(?:[.!।۔。！…]|(?<![\u0370-\u03ff\u1f00-\u1fff]);)+(?=\s|$)|[।。！]|\n")
_CLAUSE = re.compile(r"[,،;:](?=\s)")
_NEAR = 3
"""The number of words after a label in which a negation belongs to it: "दावा गलत नहीं है"; after "other", a noun."""
_CLAIMED = 5
"""The number of words before "that" in which a noun is what is claimed: "दावा किया जा रहा है कि ..."."""


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text, but for questions."""
    for sentence in _SENTENCE.split(text):
        if sentence.strip() and not QUESTION.search(sentence):
            yield sentence


class SentenceReader:
    """Reads sentences with the labels of ``finder``.

    A label for the claim counts only if the sentence says nothing else; one against it also as the predicate of a
    clause, or before a word for what is rated, where no negation is near, and nobody is reported to say so.
    """

    def __init__(self, finder: LabelFinder) -> None:
        self._finder = finder
        self._frames = finder.frames

    def labels(self, sentence: str) -> tuple[Label, ...]:
        """Return the labels by which a sentence calls the claim."""
        label = self._finder.framed(fold(sentence).split())
        if label:
            return (label,)
        before: list[str] = []
        for clause in _CLAUSE.split(sentence):
            words = fold(clause).split()
            if words and words[0] in self._frames.reservations:
                before = []
            labels = self._predicate(words, before) or self._attribute(words)
            if labels and not self._takes_back(words):
                return labels
            before += words
        return ()

    def _predicate(self, words: Sequence[str], before: Sequence[str]) -> tuple[Label, ...]:
        """Return the labels that a clause ends with, if they are said of something: "... is false".

        ``before`` are the words of the sentence before the clause: "The mayor says, the claim is false".
        """
        end = self._predicate_end(words)
        found = self._refuting(words, end)
        if found:
            start, row = found
            beside = {*words[max(0, start - 1) : start], *words[end:]}
            is_said = bool(beside & (self._frames.copulas | self._frames.subjects))
            if is_said and not self._is_reported(before, words[:start]) and not self._is_of_others(words):
                return (*self._joined(words, start), Label(row, " ".join(words[start:])))
        return ()

    def _attribute(self, words: Sequence[str]) -> tuple[Label, ...]:
        """Return the labels before a word for what is rated: "... with a misleading claim ..."."""
        last = self._finder.label_at(words, self._predicate_end(words))
        if last and last[1].rating is Rating.SUPPORTED:
            return ()
        for end in range(1, len(words)):
            found = self._refuting(words, end) if words[end] in self._frames.subjects else None
            if found is None:
                continue
            start, row = found
            beside = words[max(0, start - _NEAR) : start]
            if not self._is_reported((), beside) and not self._is_of_others([*beside, words[end]]):
                return (*self._joined(words, start), Label(row, " ".join(words[start : end + 1])))
        return ()

    def _takes_back(self, words: Sequence[str]) -> bool:
        """Return True for a label for the claim before a "but": "The news is true but the picture is fake"."""
        last = max((at for at, word in enumerate(words) if word in self._frames.reservations), default=0)
        found = (self._finder.label_at(words, end) for end in range(1, last + 1))
        return any(label and label[1].rating is Rating.SUPPORTED for label in found)

    def _predicate_end(self, words: Sequence[str]) -> int:
        """Return the end of the words of weight."""
        return next((end for end in range(len(words), 0, -1) if not self._frames.is_around(words[end - 1])), 0)

    def _is_reported(self, before: Sequence[str], words: Sequence[str]) -> bool:
        """Return True if what follows ``words`` is what somebody says: "Users claim ...", "The claim is that ..."."""
        frames = self._frames
        if before and words and words[0] in frames.openers - frames.fillers:
            return True
        following = [*before, *words]
        for at, word in enumerate(following):
            previous = following[at - 1] if at else ""
            is_noun = word in frames.subjects and previous in frames.fillers | frames.copulas | {""}
            if word in frames.reports and not is_noun:
                return True
            is_named = not frames.subjects.isdisjoint(following[max(0, at - _CLAIMED) : at])
            if word in frames.openers and previous in frames.copulas and is_named:
                return True
        return False

    def _is_of_others(self, words: Sequence[str]) -> bool:
        """Return True if ``words`` begin with, or name, other claims than this one: "Other posts are false"."""
        frames = self._frames
        first = next((at for at, word in enumerate(words) if not frames.is_around(word)), len(words))
        for at, word in enumerate(words):
            beside = {*words[max(0, at - 1) : at], *words[at + 1 : at + 1 + _NEAR]}
            if word in frames.others and (at <= first or not frames.subjects.isdisjoint(beside)):
                return True
        return False

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
        is_weakened = self._finder.is_weakened(words[found[0] : end], around)
        return found if self._frames.negations.isdisjoint(around) and not is_weakened else None
