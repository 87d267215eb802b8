"""Reviews at two addresses are two, of which the later one votes; a review at two forms of one address is one."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from service.identity.web_addresses import is_same_part
from tests.interchange.claimreview.samples import rating, review
from tests.interchange.importing.helpers import codes, counts, import_reviews, only_claim
from tests.use_cases.desk import Desk
from tests.web.helpers import Json

pytestmark = pytest.mark.one_engine

HERE = "https://checks.example.org/reviews/1"
FALSE, TRUE = rating(alternateName="False"), rating(alternateName="True")
FORMS = (
    "http://checks.example.org/reviews/1",
    "https://www.checks.example.org/reviews/1",
    "https://checks.example.org/reviews/1/",
    "https://checks.example.org/amp/reviews/1",
    "https://checks.example.org/reviews/1#rating",
    "https://checks.example.org/reviews/1?utm_source=feed",
)
OLD = review(url=f"{HERE}-2019", datePublished="2019-03-01", reviewRating=FALSE)
NEW = review(url=f"{HERE}-2023", datePublished="2023-03-01", reviewRating=TRUE)
UNDATED = review(url=f"{HERE}-undated", datePublished=None, reviewRating=FALSE)


def tally(desk: Desk) -> Json:
    """Return the votes on the only claim."""
    return {rating: votes for rating, votes in only_claim(desk)["verdicts"]["tally"].items() if votes}


def deletion(url: str, **more: Any) -> Json:
    """Return a feed that deletes the review at an address."""
    item = {"@type": "ClaimReview", "url": url, **more}
    element = {"@type": "DataFeedItem", "dateDeleted": "2025-06-01T00:00:00Z", "item": item}
    return {"@type": "DataFeed", "dataFeedElement": [element]}


@pytest.mark.parametrize("order", list(permutations((OLD, NEW, UNDATED))))
@pytest.mark.parametrize("in_one_batch", [True, False])
def test_of_reviews_at_several_addresses_the_latest_by_its_own_date_votes(
    desk: Desk, order: tuple[Json, ...], in_one_batch: bool
) -> None:
    for batch in [order] if in_one_batch else [[each] for each in order]:
        import_reviews(desk, *batch)
    assert len(only_claim(desk)["verdicts"]["current"]) == 3
    assert tally(desk) == {"supported": 1}


def test_a_new_version_of_the_older_review_does_not_outvote_the_newer(desk: Desk) -> None:
    import_reviews(desk, OLD, NEW)
    answer = import_reviews(desk, OLD | {"headline": "The bridge, again", "dateModified": "2024-01-01"})
    assert counts(answer)["superseded"] == 1
    assert tally(desk) == {"supported": 1}


def test_the_older_review_votes_again_once_the_newer_is_deleted(desk: Desk) -> None:
    import_reviews(desk, NEW, OLD)
    assert counts(import_reviews(desk, deletion(f"{HERE}-2023"))) == {"retracted": 1}
    assert tally(desk) == {"refuted": 1}


@pytest.mark.parametrize("form", FORMS)
def test_a_correction_under_another_form_of_the_address_supersedes(desk: Desk, form: str) -> None:
    import_reviews(desk, review(reviewRating=FALSE))
    answer = import_reviews(desk, review(url=form, reviewRating=TRUE, dateModified="2025-06-01"))
    assert counts(answer) == {"superseded": 1}
    [current] = only_claim(desk)["verdicts"]["current"]
    assert (current["url"], current["textual_rating"]) == (form.removesuffix("?utm_source=feed"), "True")
    # The old form is an older copy of the same review.
    assert codes(import_reviews(desk, review(reviewRating=FALSE))) == ["older_version"]


@pytest.mark.parametrize("form", FORMS)
def test_an_equal_review_under_another_form_of_the_address_changes_nothing(desk: Desk, form: str) -> None:
    import_reviews(desk, review())
    before = desk.rows()
    assert counts(import_reviews(desk, review(url=form))) == {"unchanged": 1}
    assert desk.rows() == before


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("words", [{}, {"claimReviewed": review()["claimReviewed"]}])
def test_a_deletion_under_another_form_of_the_address_retracts(desk: Desk, form: str, words: Json) -> None:
    import_reviews(desk, review())
    assert counts(import_reviews(desk, deletion(form, **words))) == {"retracted": 1}
    assert tally(desk) == {}


def test_a_deletion_finds_every_form_that_is_stored(desk: Desk) -> None:
    """An earlier version stored a review once for each form of its address."""
    import_reviews(desk, review(), review(url=f"{HERE}-other"))
    desk.store.database.run(
        "UPDATE verdicts SET url = ?, page_key = (SELECT v.page_key FROM verdicts v WHERE v.url = ?) WHERE url = ?",
        (FORMS[0], HERE, f"{HERE}-other"),
    )
    assert counts(import_reviews(desk, deletion(FORMS[1]))) == {"retracted": 1}
    assert only_claim(desk)["verdicts"]["current"] == []


def test_the_other_form_is_another_review_of_another_publisher_or_claim(desk: Desk) -> None:
    other = {"@type": "Organization", "name": "Other Checks", "url": "https://other.example/"}
    import_reviews(desk, review(), review(url=FORMS[0], author=other))
    assert only_claim(desk)["verdicts"]["checkers"] == 2
    # The address alone does not tell which of them was deleted; its very form does.
    assert codes(import_reviews(desk, deletion(FORMS[1]))) == ["several_reviews"]
    assert counts(import_reviews(desk, deletion(FORMS[0]))) == {"retracted": 1}
    assert [each["checker"] for each in only_claim(desk)["verdicts"]["current"]] == ["Example Checks"]
    answer = import_reviews(desk, review(url=FORMS[2], claimReviewed="The tunnel cost 5 million."))
    assert counts(answer) == {"created": 1}


def test_two_parts_of_a_page_are_two_reviews(desk: Desk) -> None:
    import_reviews(desk, review(url=f"{HERE}#first"), review(url=f"{HERE}#second", reviewRating=TRUE))
    assert len(only_claim(desk)["verdicts"]["current"]) == 2
    assert not is_same_part(f"{HERE}#first", f"{HERE}#second")
    assert is_same_part(f"{HERE}#first", HERE)
    assert is_same_part(f"{HERE}#:~:text=the%20bridge", f"{HERE}#first")


@pytest.mark.parametrize("form", [HERE, *FORMS])
def test_verdicts_are_listed_by_any_form_of_their_address(desk: Desk, form: str) -> None:
    import_reviews(desk, review(), OLD)
    found = desk.walk(f"/v1/verdicts?url={form.replace('#', '%23')}")
    assert [verdict["url"] for verdict in found] == [HERE]
    assert desk.walk("/v1/verdicts?url=https://checks.example.org/") == []
