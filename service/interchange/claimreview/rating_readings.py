"""Find the labels in a wording that is in no row of the table as a whole: in its parts, its beginning, its sentences.

Each way is tried only if the one before found nothing. A label counts with the words of ``rating_frames`` around it,
or misspelt by one letter; any other word beside it makes the wording unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from service.interchange.claimreview.rating_frames import Frames
from service.interchange.claimreview.rating_table_rows import Row
from service.interchange.claimreview.text import fold
from service.model.verdicts import Rating

_JOINED = re.compile(r"\s*[/|()\[\]·•]\s*|\s+[-–—]\s+")
_LISTED = re.compile(r"\s*[/|()\[\]·•,;&+]\s*|\s+[-–—]\s+")
_IN_BRACKETS = re.compile(r"[\[(（【]([^\[\]()（）【】]{1,60})[\])）】]")
# A hyphen between two words without spaces parts nothing; a point in "3.5" neither.
_BEGINNING = re.compile(r"(.{1,60}?)\s*([:!;|–—。：；！，।۔،…(（\[\n]|[.,](?!\d)|(?<=\s)-|-(?=\s))\s*(.+)", re.DOTALL)
_SENTENCE = re.compile(r"[.!;।۔。！…]+(?=\s|$)|[।。！]|\n")
_SENTENCE_ENDS = ".!।۔。！\n"
_CLAUSE = re.compile(r"[,،;:](?=\s)")
_QUESTION = re.compile(r"[?？؟;]\s*$")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")

_LONGEST = 2000
"""The number of characters of a wording that are read."""
_LONGEST_LABEL = 6
"""The number of words of a label that is looked for in a sentence."""
_SHORTEST_REST = 3
"""Fewer words after a label may be part of it: "True - but", "False (mostly)"."""
_NEAR = 3
"""The number of words after a label in which "not" or "but" belongs to it: "दावा गलत नहीं है"."""


class Place(StrEnum):
    """The part of a wording that is the label."""

    WHOLE = "whole"
    PARTS = "parts"
    BEGINNING = "beginning"
    SENTENCE = "sentence"


@dataclass(frozen=True, slots=True)
class Label:
    """A row of the table, and the part of a wording that is its label; ``misspelt`` if by one letter."""

    row: Row
    text: str
    misspelt: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """The labels of a wording, and where they are."""

    place: Place
    labels: tuple[Label, ...]

    @property
    def is_inferred(self) -> bool:
        """True if the wording is more than labels, or one of them is misspelt."""
        return self.place not in (Place.WHOLE, Place.PARTS) or any(label.misspelt for label in self.labels)


class WordingReader:
    """Reads wordings of one language.

    ``find`` returns the row of a folded wording, ``misspelt`` the row that one is near to.
    """

    def __init__(
        self, find: Callable[[str], Row | None], misspelt: Callable[[str], Row | None], frames: Frames
    ) -> None:
        self._find = find
        self._misspelt = misspelt
        self._frames = frames

    def read(self, wording: str) -> Reading | None:
        """Return the labels of a wording; ``None`` if a part of it is unknown."""
        wording = wording[:_LONGEST]
        whole = self._find(fold(wording))
        if whole:
            return Reading(Place.WHOLE, (Label(whole, wording),))
        labels = self._parts(wording)
        if labels:
            return Reading(Place.PARTS, labels)
        labels = self._bracketed(wording)
        if labels:
            return Reading(Place.BEGINNING, labels)
        labels, following = self._beginning(wording)
        if labels:
            return Reading(Place.BEGINNING, labels) if self._stand(labels, following) else None
        labels = tuple(label for sentence in _sentences(wording) for label in self._sentence(sentence))
        return Reading(Place.SENTENCE, labels) if labels and self._agrees(labels, wording) else None

    def _parts(self, wording: str) -> tuple[Label, ...]:
        """Return the label of each part; empty if one is unknown."""
        if _QUESTION.search(wording):
            return ()
        for parts in (_JOINED.split(wording), [wording], self._listed(wording)):
            labels = [self._label(part) for part in parts if self._says_something(part)]
            if labels and all(labels):
                return tuple(label for label in labels if label)
        return ()

    def _listed(self, wording: str) -> Iterator[str]:
        """Yield the parts between signs and words such as "and"."""
        for part in _LISTED.split(wording):
            words: list[str] = []
            for word in part.split():
                if fold(word) in self._frames.joiners:
                    yield " ".join(words)
                    words = []
                else:
                    words.append(word)
            yield " ".join(words)

    def _says_something(self, part: str) -> bool:
        return any(not word.isdecimal() and not self._frames.is_around(word) for word in fold(part).split())

    def _label(self, part: str) -> Label | None:
        """Return the label that a part is: looked up whole, within words of no weight, or misspelt."""
        folded = fold(part)
        row = self._find(folded)
        if row:
            return Label(row, part)
        words = folded.split()
        found = self._framed(words)
        if found:
            return found
        bare = " ".join(word for word in words if not self._frames.is_around(word))
        row = self._misspelt(folded) or self._misspelt(bare)
        return Label(row, part, misspelt=True) if row else None

    def _framed(self, words: Sequence[str]) -> Label | None:
        """Return the longest label whose other words are all words of no weight."""
        weighty = [at for at, word in enumerate(words) if not self._frames.is_around(word)]
        if not weighty or len(words) > 4 * _LONGEST_LABEL:
            return None
        spans = [(start, end) for start in range(weighty[0] + 1) for end in range(weighty[-1] + 1, len(words) + 1)]
        for start, end in sorted(spans, key=lambda span: span[0] - span[1]):
            text = " ".join(words[start:end])
            row = self._find(text)
            if row:
                return Label(row, text)
        return None

    def _bracketed(self, wording: str) -> tuple[Label, ...]:
        """Return the label in brackets before or after a text, as in "[FALSE] The picture shows ..."."""
        for match in _IN_BRACKETS.finditer(wording):
            first, last = not fold(wording[: match.start()]), not fold(wording[match.end() :])
            label = self._label(match[1]) if first or last else None
            rest = wording[: match.start()] + wording[match.end() :]
            if label and self._stand((label,), rest):
                return (label,)
        return ()

    def _beginning(self, wording: str) -> tuple[tuple[Label, ...], str]:
        """Return the labels before the first sign or "that", and the sign with what follows.

        For example "False: the picture is from 2015", "It is false that ...".
        """
        match = _BEGINNING.match(wording)
        labels = self._parts(match[1]) if match else ()
        if match and labels:
            return labels, match[2] + match[3]
        words = fold(wording).split()
        for at, word in enumerate(words[1 : _LONGEST_LABEL + 1], start=1):
            if word in self._frames.openers:
                return self._parts(" ".join(words[:at])), " ".join(words[at + 1 :])
        return (), ""

    def _stand(self, labels: Sequence[Label], following: str) -> bool:
        """Decide if the text after labels only explains them: it is no part of a label, and takes nothing back.

        A reservation counts in the same sentence, and at the beginning of the next: "True. However, ...".
        """
        words = fold(following).split()
        if len(words) < _SHORTEST_REST and not (_UNSPACED.search(following) and len(following) > 2 * _SHORTEST_REST):
            return False
        is_next_sentence = following[0] in _SENTENCE_ENDS
        beginning = " ".join(words[:_NEAR]) if is_next_sentence else next(_sentences(following), "")
        ratings = {label.row.rating for label in labels}
        if ratings == {Rating.REFUTED} and not is_next_sentence and words[0] in self._frames.reservations:
            return False
        return self._agrees(labels, beginning)

    def _agrees(self, labels: Sequence[Label], text: str) -> bool:
        """Decide if a text with "true" has neither "but" nor another label."""
        if all(label.row.rating is not Rating.SUPPORTED for label in labels):
            return True
        words = fold(text).split()
        others = (self._label_at(words, end) for end in range(1, len(words) + 1))
        return self._frames.reservations.isdisjoint(words) and all(
            other is None or other[1].rating is Rating.SUPPORTED for other in others
        )

    def _label_at(self, words: Sequence[str], end: int) -> tuple[int, Row] | None:
        """Return the longest label that ends before the word at ``end``, and its start."""
        for start in range(max(0, end - _LONGEST_LABEL), end):
            row = self._find(" ".join(words[start:end]))
            if row:
                return start, row
        return None

    def _sentence(self, sentence: str) -> tuple[Label, ...]:
        """Return the label of a sentence that says it of its subject: "... is false", "... a misleading claim"."""
        words = fold(sentence).split()
        label = self._framed(words)
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
        found = self._label_at(words, start - 1) if start > 1 and words[start - 1] in self._frames.joiners else None
        return (Label(found[1], " ".join(words[found[0] : start])),) if found else ()

    def _refuting(self, words: Sequence[str], end: int) -> tuple[int, Row] | None:
        """Return a label against the claim that ends before the word at ``end``, unless a negation is near."""
        found = self._label_at(words, end)
        if found is None or found[1].rating not in (Rating.REFUTED, Rating.CONFLICTING_EVIDENCE):
            return None
        around = [*words[: found[0]], *words[end : end + _NEAR]]
        return found if self._frames.negations.isdisjoint(around) else None


def _sentences(wording: str) -> Iterator[str]:
    for sentence in _SENTENCE.split(wording):
        if sentence.strip() and "?" not in sentence:
            yield sentence
