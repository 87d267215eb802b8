"""Ratings: wordings, numbers and scales, and the labels that they give."""

from typing import Any

import pytest

from tests.interchange.claimreview.samples import codes, item, outcomes, rating, review

AGGREGATE = {"@type": "AggregateRating", "ratingValue": 5, "bestRating": 5, "worstRating": 1}


def scaled(value: Any, words: str | None = None) -> dict[str, Any]:
    """Return a rating on the usual scale."""
    return rating(ratingValue=value, bestRating="5", worstRating="1", alternateName=words)


def both(*words: str) -> list[dict[str, Any]]:
    """Return several ratings."""
    return [rating(alternateName=each) for each in words]


@pytest.mark.parametrize(
    ("given", "words", "value", "label", "warned"),
    [
        (scaled("1", "False"), "False", 1, "refuted", ""),
        (rating(ratingValue=-1, alternateName="True"), "True", None, "supported", ""),
        (rating(ratingValue="-1", bestRating=-1, worstRating=-1, alternateName="True"), "True", None, "supported", ""),
        (rating(ratingValue=-1, bestRating=1, worstRating=-1), None, -1, "refuted", ""),
        (rating(ratingValue="False"), "False", None, "refuted", ""),
        (rating(name="Mostly false"), "Mostly false", None, "refuted", ""),
        ("False", "False", None, "refuted", ""),
        (1, None, 1, "unmapped", "unmapped_rating"),
        (None, None, None, "unmapped", "missing_rating"),
        (rating(), None, None, "unmapped", "missing_rating"),
        (scaled("5"), None, 5, "supported", ""),
        (scaled("3"), None, 3, "unmapped", "unmapped_rating"),
        (rating(ratingValue="5"), None, 5, "unmapped", "unmapped_rating"),
        (rating(ratingValue="5", bestRating="5"), None, 5, "unmapped", "default_bounds unmapped_rating"),
        (rating(ratingValue="0", bestRating="5"), None, 0, "unmapped", "default_bounds out_of_bounds unmapped_rating"),
        (scaled("7"), None, 7, "unmapped", "out_of_bounds unmapped_rating"),
        (rating(ratingValue=5, bestRating=1, worstRating=5), None, 5, "unmapped", "reversed_bounds unmapped_rating"),
        (rating(ratingValue="0", bestRating="0", worstRating="0"), None, 0, "unmapped", "unmapped_rating"),
        (rating(ratingValue="0%"), None, 0, "refuted", ""),
        (scaled("4,5", "True"), "True", 4.5, "supported", ""),
        (rating(ratingValue="5 out of 5", alternateName="True"), "True", 5, "supported", "default_bounds"),
        (rating(ratingValue={"@value": 1}, alternateName=["False"]), "False", 1, "refuted", ""),
        (scaled(5, "False"), "False", 5, "refuted", "contradictory_rating"),
        (scaled("5", "FALSO"), "FALSO", 5, "refuted", "contradictory_rating"),
        (scaled(4, "Mostly false"), "Mostly false", 4, "refuted", "contradictory_rating"),
        (rating(ratingValue="100%", alternateName="Fake"), "Fake", 100, "refuted", "contradictory_rating"),
        (scaled(5, "False: it cost much less"), "False: it cost much less", 5, "unmapped", "contradictory_rating"),
        (scaled(5, "Flase"), "Flase", 5, "unmapped", "contradictory_rating"),
        (scaled(1, "Flase"), "Flase", 1, "refuted", "misspelt_rating"),
        (scaled(1, "False / Misleading"), "False / Misleading", 1, "conflicting_evidence", "weaker_rating"),
        (scaled(1, "True"), "True", 1, "unmapped", "contradictory_rating"),
        (scaled(3, "False"), "False", 3, "refuted", ""),
        (rating(alternateName="Four bananas"), "Four bananas", None, "unmapped", "unmapped_rating"),
        (scaled(5, "Four bananas"), "Four bananas", 5, "unmapped", "unmapped_rating"),
        (both("False", "Fake"), "False", None, "refuted", "several_values"),
        (both("False", "True"), "False", None, "unmapped", "several_values contradictory_rating"),
        (both("False", "Misleading"), "False", None, "conflicting_evidence", "several_values weaker_rating"),
        (both("False", "Odd"), "False", None, "unmapped", "several_values unmapped_rating"),
        (both("False", "Odd", "True"), "False", None, "unmapped", "several_values contradictory_rating"),
        (rating(alternateName=["False", "Falso"]), "False", None, "refuted", "several_values"),
        (AGGREGATE, None, None, "unmapped", "aggregate_rating missing_rating"),
        (AGGREGATE | {"alternateName": "False"}, "False", None, "refuted", "aggregate_rating"),
    ],
)  # fmt: skip
def test_ratings(given: Any, words: str | None, value: float | None, label: str, warned: str) -> None:
    found = item(review(reviewRating=given))

    assert (found.textual_rating, found.rating_value, str(found.rating)) == (words, value, label)
    assert codes(found) == set(warned.split())
    assert found.rating_basis


@pytest.mark.parametrize("value", [1, 5])
def test_reversed_bounds_are_swapped_and_decide_nothing(value: int) -> None:
    """An inverted scale and swapped bounds look the same: only the wording counts."""
    wrong = rating(ratingValue=value, bestRating=1, worstRating=5)
    worded, silent = (item(review(reviewRating=given)) for given in (wrong | {"alternateName": "False"}, wrong))

    assert (worded.rating_value, worded.best_rating, worded.worst_rating) == (value, 5, 1)
    assert (worded.rating, silent.rating) == ("refuted", "unmapped")
    assert "reversed_bounds" in codes(worded) & codes(silent)


def test_wording_is_kept_as_published() -> None:
    found = item(review(reviewRating=rating(alternateName="  <i>PANTS&nbsp;on fire!</i> ")))

    assert (found.textual_rating, found.rating) == ("PANTS on fire!", "refuted")


def test_an_explanation_is_kept() -> None:
    found = item(review(reviewRating=rating(alternateName="False", ratingExplanation="It cost <b>less</b>.")))

    assert found.explanation == "It cost less."


@pytest.mark.parametrize(
    ("beginning", "label", "warned"),
    [("False, ", "refuted", {"cut"}), ("Whatever, ", "unmapped", {"cut", "unmapped_rating"})],
)
def test_a_long_wording_is_shortened(beginning: str, label: str, warned: set[str]) -> None:
    found = item(review(reviewRating=rating(alternateName=beginning + "because it was so " * 40)))

    assert found.textual_rating
    assert (len(found.textual_rating) <= 200, found.rating) == (True, label)
    assert codes(found) == warned


def test_the_order_of_properties_does_not_matter() -> None:
    assert outcomes(dict(reversed(review(1).items()))) == outcomes(review(1))
