"""Decide on a label from the labels that a rating's wordings have in the table, and from its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.interchange.claimreview.finding_codes import ReadWarning
from service.interchange.claimreview.rating_labels import Label
from service.interchange.claimreview.rating_numbers import Numbers
from service.interchange.claimreview.rating_readings import Place, Reading
from service.interchange.claimreview.review_items import Finding
from service.interchange.claimreview.text import shortened
from service.model.verdicts import Rating

_OPPOSITE = 0.25
"""The distance to an end of the scale within which a number contradicts a wording that means the other end."""

_BY_WEAKNESS = (Rating.NOT_ENOUGH_EVIDENCE, Rating.CONFLICTING_EVIDENCE, Rating.REFUTED, Rating.SUPPORTED)
_OPPOSITES = frozenset({Rating.REFUTED, Rating.SUPPORTED})

_UNKNOWN = "the wording is not in the table of ratings: it is kept without a label"
_AMBIGUOUS = "the wording means none of our labels with certainty: it is kept without a label"
_NOT_AN_END = "the rating has no wording, and its number is not an end of a known scale: it is kept without a label"


@dataclass(frozen=True, slots=True)
class MappedRating:
    """One of our labels, the basis of the decision, and findings on doubtful parts."""

    rating: Rating
    basis: str
    findings: tuple[Finding, ...] = ()


def by_words(readings: Sequence[Reading], numbers: Numbers) -> MappedRating:
    """Return the label of wordings that are all known: the weaker of several, unless they are opposites.

    A label that means none of ours for certain ("old") takes nothing from "misleading", but may from "false". A number
    that contradicts "false" is only a finding: most reviews refute, and templates fill numbers in. It leaves "true"
    unmapped, and what is inferred from a part of a text.
    """
    labels = _labels(readings)
    ratings = {label.row.rating for label in labels}
    basis = f"table: {_list(labels)}{_places(readings)}"
    if ratings == {Rating.UNMAPPED}:
        return MappedRating(Rating.UNMAPPED, f"{basis}, left unmapped on purpose", (_unmapped(_AMBIGUOUS),))
    counted = ratings - {Rating.UNMAPPED}
    if counted >= _OPPOSITES or (Rating.UNMAPPED in ratings and Rating.CONFLICTING_EVIDENCE not in counted):
        return contradictory(f"{_list(labels)} do not agree")
    rating = next(rating for rating in _BY_WEAKNESS if rating in counted)
    findings = _findings(readings, rating, counted)
    if numbers.position is None:
        return MappedRating(rating, basis, findings)
    low, high = numbers.position <= _OPPOSITE, numbers.position >= 1 - _OPPOSITE
    if (rating is Rating.SUPPORTED and low) or (rating is Rating.REFUTED and high):
        message = f"{_list(labels)} says {rating}, {numbers.shown} the opposite"
        if rating is Rating.SUPPORTED or any(reading.is_inferred for reading in readings):
            return contradictory(message)
        kept = Finding(
            ReadWarning.CONTRADICTORY_RATING, "rating", f"{message}: our label is based on the wording alone"
        )
        return MappedRating(rating, f"{basis}; number: {numbers.shown}, says the opposite", (*findings, kept))
    fits = (rating is Rating.SUPPORTED and high) or (rating is Rating.REFUTED and low)
    return MappedRating(
        rating, f"{basis}; number: {numbers.shown}, {'agrees' if fits else 'says nothing else'}", findings
    )


def by_number(numbers: Numbers) -> MappedRating:
    """Return the label of a rating without a wording: at the ends of a scale with both bounds."""
    if numbers.value is None:
        finding = Finding(ReadWarning.MISSING_RATING, "rating", "the rating has neither a wording nor a number")
        return MappedRating(Rating.UNMAPPED, "no rating", (finding,))
    at_an_end = numbers.position in (0, 1) and numbers.bounded
    if at_an_end:
        rating = Rating.SUPPORTED if numbers.position else Rating.REFUTED
        return MappedRating(
            rating, f"number: {numbers.shown}, the {'best' if numbers.position else 'worst'}; no wording"
        )
    return MappedRating(Rating.UNMAPPED, f"number: {numbers.shown}; no wording", (_unmapped(_NOT_AN_END),))


def unknown(words: Sequence[str], readings: Sequence[Reading]) -> MappedRating:
    """Return the result for wordings of which one is unknown; ``readings`` are those of the others."""
    labels = _labels(readings)
    if len({label.row.rating for label in labels}) > 1:
        return contradictory(f"{_list(labels)} do not agree")
    basis = f"table: no row for {shortened(' / '.join(words), 100)!r}"
    return MappedRating(Rating.UNMAPPED, basis, (_unmapped(_UNKNOWN),))


def contradictory(message: str) -> MappedRating:
    """Return the result for a rating whose parts contradict each other."""
    finding = Finding(ReadWarning.CONTRADICTORY_RATING, "rating", f"{message}: it is kept without a label")
    return MappedRating(Rating.UNMAPPED, f"contradictory: {message}", (finding,))


def _findings(readings: Sequence[Reading], rating: Rating, counted: set[Rating]) -> tuple[Finding, ...]:
    labels = _labels(readings)
    findings = []
    if len(counted) > 1:
        message = f"{_list(labels)} do not mean the same: our label is the weaker, {rating}"
        findings.append(Finding(ReadWarning.WEAKER_RATING, "rating", message))
    for label in labels:
        if label.misspelt:
            message = f"{shortened(label.text, 60)!r} is read as {label.row}"
            findings.append(Finding(ReadWarning.MISSPELT_RATING, "rating", message))
    if any(reading.place is Place.SENTENCE for reading in readings):
        message = f"the wording is a text: our label is that of {_list(labels)} in it"
        findings.append(Finding(ReadWarning.RATING_IN_TEXT, "rating", message))
    return tuple(findings)


def _unmapped(message: str) -> Finding:
    return Finding(ReadWarning.UNMAPPED_RATING, "rating", message)


def _labels(readings: Sequence[Reading]) -> list[Label]:
    return [label for reading in readings for label in reading.labels]


def _list(labels: Sequence[Label]) -> str:
    return " and ".join(dict.fromkeys(str(label.row) for label in labels))


def _places(readings: Sequence[Reading]) -> str:
    places = {
        Place.BEGINNING: ", the beginning of the wording",
        Place.SENTENCE: ", in a sentence of the wording",
    }
    return "".join(dict.fromkeys(places.get(reading.place, "") for reading in readings))
