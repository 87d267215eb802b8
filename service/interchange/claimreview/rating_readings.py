"""Find the labels in a wording that is in no row of the table as a whole: in its parts, its beginning, its sentences.

Each way is tried only if the one before found nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from service.interchange.claimreview.rating_labels import LONGEST_LABEL, Label, LabelFinder
from service.interchange.claimreview.rating_sentences import QUESTION, SentenceReader, sentences
from service.interchange.claimreview.text import fold
from service.model.verdicts import Rating

_JOINED = re.compile(r"\s*[/|()\[\]·•]\s*|\s+[-–—]\s+")
_LISTED = re.compile(r"\s*[/|()\[\]·•,;&+]\s*|\s+[-–—]\s+")
_IN_BRACKETS = re.compile(r"[\[(（【]([^\[\]()（）【】]{1,60})[\])）】]")
# A hyphen between two words without spaces parts nothing; a point in "3.5" neither.
_BEGINNING = re.compile(r"(.{1,60}?)\s*([:!;|–—。：；！，।۔،…(（\[\n]|[.,](?!\d)|(?<=\s)-|-(?=\s))\s*(.+)", re.DOTALL)
_HEADING = re.compile(r"([^:：]{1,60})[:：]([^:：]{1,60})")
_SENTENCE_ENDS = ".!।۔。！\n"
# Thai, Lao, Myanmar, Khmer, Japanese, Chinese, Korean: few spaces, or none.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")

_LONGEST = 2000
"""The number of characters of a wording that are read."""
_SHORTEST_REST = 3
"""Fewer words after a label may be part of it: "True - but", "False (mostly)"."""
_CERTAIN = (Rating.REFUTED, Rating.SUPPORTED)
_NEAR = 3
"""The number of words at the beginning of a sentence in which "but" belongs to the one before."""


class Place(StrEnum):
    """The part of a wording that is the label."""

    WHOLE = "whole"
    PARTS = "parts"
    BEGINNING = "beginning"
    SENTENCE = "sentence"


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
    """Reads wordings with the labels of ``finder``."""

    def __init__(self, finder: LabelFinder) -> None:
        self._finder = finder
        self._frames = finder.frames

    def read(self, wording: str) -> Reading | None:
        """Return the labels of a wording; ``None`` if a part of it is unknown."""
        wording = wording[:_LONGEST]
        whole = self._finder.find(fold(wording))
        if whole and (not QUESTION.search(wording) or QUESTION.search(whole.wording)):
            return Reading(Place.WHOLE, (Label(whole, wording),))
        labels = self._bracketed(wording)
        if labels:
            return Reading(Place.BEGINNING, labels)
        parts = self._parts(wording) or self._after_heading(wording)
        if parts and not _has_doubtful(parts):
            return Reading(Place.PARTS, parts)
        labels, following = self._beginning(wording)
        if labels and self._stand(labels, following):
            return Reading(Place.BEGINNING, labels)
        if parts or labels:
            return Reading(Place.PARTS, parts) if parts else None
        reader = SentenceReader(self._finder)
        labels = tuple(label for sentence in sentences(wording) for label in reader.labels(sentence))
        return Reading(Place.SENTENCE, labels) if labels and self._finder.agrees(labels, wording) else None

    def _parts(self, wording: str) -> tuple[Label, ...]:
        """Return the label of each part; empty if one is unknown."""
        if QUESTION.search(wording):
            return ()
        for parts in (_JOINED.split(wording), [wording], self._listed(wording)):
            labels = [self._finder.label(part) for part in parts if self._finder.says_something(part)]
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

    def _after_heading(self, wording: str) -> tuple[Label, ...]:
        """Return the labels after a heading that has none of ours: "Fact check: False"."""
        match = _HEADING.fullmatch(wording)
        if match is None:
            return ()
        words = fold(match[1]).split()
        found = (self._finder.label_at(words, end) for end in range(len(words), 0, -1))
        last = next((label for label in found if label), None)
        has_own_label = last is not None and last[1].rating is not Rating.UNMAPPED
        if not words or has_own_label or not self._frames.negations.isdisjoint(words):
            return ()
        return self._parts(match[2])

    def _bracketed(self, wording: str) -> tuple[Label, ...]:
        """Return the label in brackets before a text, or after one that is no label: "[FALSE] The picture ..."."""
        for match in _IN_BRACKETS.finditer(wording):
            first, last = not fold(wording[: match.start()]), not fold(wording[match.end() :])
            label = self._finder.label(match[1]) if (first or last) and not QUESTION.search(match[1]) else None
            rest = wording[: match.start()] + wording[match.end() :]
            if label and self._stand((label,), rest) and (first or not self._parts(rest)):
                return (label,)
        return ()

    def _beginning(self, wording: str) -> tuple[tuple[Label, ...], str]:
        """Return the labels before the first sign, in capitals, or before "that"; and what follows, with the sign.

        For example "False: the picture is from 2015", "FALSE The picture ...", "It is false that ...".
        """
        match = _BEGINNING.match(wording)
        labels = self._parts(match[1]) if match else ()
        if match and labels:
            opener, *rest = fold(match[3]).split() or [""]
            denied = opener in self._frames.openers and self._denies(labels, " ".join(rest))
            return labels, "" if denied else match[2] + match[3]
        written = wording.split()
        capitals = next((at for at, word in enumerate(written) if not word.isupper()), 0)
        labels = self._parts(" ".join(written[:capitals])) if capitals <= LONGEST_LABEL else ()
        if labels:
            return labels, " ".join(written[capitals:])
        words = fold(wording).split()
        for at, word in enumerate(words[1 : LONGEST_LABEL + 1], start=1):
            if word in self._frames.openers:
                following = " ".join(words[at + 1 :])
                labels = self._parts(" ".join(words[:at]))
                return labels, "" if self._denies(labels, following) else following
        return (), ""

    def _denies(self, labels: Sequence[Label], following: str) -> bool:
        """Return True if labels are said of another label: "It is not true that the claim is false"."""
        ratings = {label.row.rating for label in labels}
        return not ratings.isdisjoint(_CERTAIN) and bool(SentenceReader(self._finder).labels(following))

    def _stand(self, labels: Sequence[Label], following: str) -> bool:
        """Decide if the text after labels only explains them: it is no part of a label, and takes nothing back.

        A reservation counts in the same sentence, and at the beginning of the next: "True. However, ...".
        """
        words = fold(following).split()
        if len(words) < _SHORTEST_REST and not (_UNSPACED.search(following) and len(following) > 2 * _SHORTEST_REST):
            return False
        is_next_sentence = following[0] in _SENTENCE_ENDS
        beginning = " ".join(words[:_NEAR]) if is_next_sentence else next(sentences(following), "")
        ratings = {label.row.rating for label in labels}
        if ratings == {Rating.REFUTED} and not is_next_sentence and words[0] in self._frames.reservations:
            return False
        return self._finder.agrees(labels, beginning)


def _has_doubtful(labels: Sequence[Label]) -> bool:
    """Return True for "false" and "an old video": the second may be the text beside the first."""
    ratings = {label.row.rating for label in labels}
    return Rating.UNMAPPED in ratings and len(ratings) > 1 and Rating.CONFLICTING_EVIDENCE not in ratings
