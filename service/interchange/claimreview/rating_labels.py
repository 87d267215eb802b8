"""Find the label that a part of a wording is: in the table, within words of no weight, or misspelt by one letter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from service.interchange.claimreview.rating_frames import Frames
from service.interchange.claimreview.rating_table_rows import Row
from service.interchange.claimreview.text import fold
from service.model.verdicts import Rating

LONGEST_LABEL = 6
"""The number of words of a label that is looked for in a text."""


@dataclass(frozen=True, slots=True)
class Label:
    """A row of the table, and the part of a wording that is its label; ``misspelt`` if by one letter."""

    row: Row
    text: str
    misspelt: bool = False


class LabelFinder:
    """Finds labels of one language, among the words of ``frames``.

    ``find`` returns the row of a folded wording, ``misspelt`` the row that one is near to.
    """

    def __init__(
        self, find: Callable[[str], Row | None], misspelt: Callable[[str], Row | None], frames: Frames
    ) -> None:
        self.find = find
        self.frames = frames
        self._misspelt = misspelt

    def says_something(self, part: str) -> bool:
        """Return True if a part has other words than numbers and those of no weight."""
        return any(not word.isdecimal() and not self.frames.is_around(word) for word in fold(part).split())

    def label(self, part: str) -> Label | None:
        """Return the label that a part is as a whole."""
        folded = fold(part)
        row = self.find(folded)
        if row:
            return Label(row, part)
        words = folded.split()
        found = self.framed(words)
        if found or self.is_weakened(words, words):
            return found
        bare = " ".join(word for word in words if not self.frames.is_around(word))
        row = self._misspelt(folded) or self._misspelt(bare)
        return Label(row, part, misspelt=True) if row else None

    def framed(self, words: Sequence[str]) -> Label | None:
        """Return the longest label whose other words, folded, are all words of no weight."""
        weighty = [at for at, word in enumerate(words) if not self.frames.is_around(word)]
        if not weighty or len(words) > 4 * LONGEST_LABEL:
            return None
        spans = [(start, end) for start in range(weighty[0] + 1) for end in range(weighty[-1] + 1, len(words) + 1)]
        for start, end in sorted(spans, key=lambda span: span[0] - span[1]):
            text = " ".join(words[start:end])
            row = self.find(text)
            if row and not self.is_weakened(words[start:end], [*words[:start], *words[end:]]):
                return Label(row, text)
        return None

    def is_weakened(self, label: Sequence[str], around: Sequence[str]) -> bool:
        """Return True for a label with a negation beside a word for "entirely": "not true", of "not entirely true"."""
        return not self.frames.negations.isdisjoint(label) and not self.frames.degrees.isdisjoint(around)

    def label_at(self, words: Sequence[str], end: int) -> tuple[int, Row] | None:
        """Return the longest label that ends before the folded word at ``end``, and its start."""
        for start in range(max(0, end - LONGEST_LABEL), end):
            row = self.find(" ".join(words[start:end]))
            if row:
                return start, row
        return None

    def agrees(self, labels: Sequence[Label], text: str) -> bool:
        """Return False if one of ``labels`` supports the claim, and ``text`` has "but" or another label."""
        if all(label.row.rating is not Rating.SUPPORTED for label in labels):
            return True
        words = fold(text).split()
        others = (self.label_at(words, end) for end in range(1, len(words) + 1))
        return self.frames.reservations.isdisjoint(words) and all(
            other is None or other[1].rating is Rating.SUPPORTED for other in others
        )
