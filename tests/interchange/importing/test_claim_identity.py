"""The claims that reviews are imported to: those with the same words, claimants and time."""

from __future__ import annotations

from typing import Any

import pytest

from service.interchange.claimreview.review_items import ReviewItem
from service.interchange.importing import stable_ids
from service.interchange.importing.claim_resolver import ClaimResolver
from service.model.records import ClaimPlace
from tests.interchange.claimreview.samples import review
from tests.interchange.importing.helpers import by, claimed, codes, counts, import_reviews, only_claim
from tests.use_cases.desk import Desk
from tests.web.helpers import Json, ids

WORDS = "The lock of Eastmoor was closed in 2019."
OTHER = {"@type": "Organization", "name": "Other Checks", "url": "https://other.example/"}
MINUS, FIVE = "-5 degrees were measured.", "5 degrees were measured."


def of_nobody(number: int = 1, words: str = WORDS, **changes: Any) -> Json:
    """Return a review of a claim of which neither claimant, date nor appearance is known."""
    return review(number, claimReviewed=words, itemReviewed=None, **changes)


def said_by(name: str, number: int, words: str = WORDS, **changes: Any) -> Json:
    """Return a review of a claimant's statement without an appearance."""
    claim = claimed(name, firstAppearance=None, appearance=None, datePublished=None) | changes
    return review(number, claimReviewed=words, itemReviewed={k: v for k, v in claim.items() if v is not None})


def checkers(desk: Desk) -> dict[str, int]:
    """Return the number of checkers of each claim."""
    return {claim["id"]: claim["verdicts"]["checkers"] for claim in desk.walk("/v1/claims")}


@pytest.mark.parametrize(
    "words", [WORDS, f"the{WORDS[3:-1]}", f"“{WORDS}”", WORDS.replace("lock", "lo\u200bck"), WORDS.upper()]
)
def test_a_review_joins_the_claim_with_its_words(desk: Desk, words: str) -> None:
    desk.claim("lock", text=WORDS)
    before = desk.get("/v1/claims/lock")
    assert counts(import_reviews(desk, of_nobody(words=words))) == {"created": 1}
    assert checkers(desk) == {"lock": 1}
    after = desk.get("/v1/claims/lock")
    assert {name: after[name] for name in ("text", "subject", "topics", "claimants", "corroboration")} == {
        name: before[name] for name in ("text", "subject", "topics", "claimants", "corroboration")
    }
    assert counts(import_reviews(desk, of_nobody(words=words))) == {"unchanged": 1}


def test_a_review_of_a_claimant_joins_a_claim_of_theirs_or_without_mentions(desk: Desk) -> None:
    desk.source("jane", name="Jane Roe", kind="person")
    desk.document("d1")
    desk.claim("lock", text=WORDS)
    desk.mention("lock", "d1", "jane")
    import_reviews(desk, said_by("Jane Roe", 1), of_nobody(2))
    assert checkers(desk) == {"lock": 1}
    assert ids(desk.get("/v1/claims/lock")["claimants"]) == ["jane"]

    import_reviews(desk, said_by("John Roe", 3))
    assert sorted(checkers(desk).values()) == [1, 1]
    assert ids(desk.get("/v1/claims/lock")["claimants"]) == ["jane"]

    desk.claim("bare", text="The lock was opened.")
    import_reviews(desk, said_by("Jane Roe", 4, "The lock was opened."), said_by("John Roe", 5, "The lock was opened."))
    assert len(checkers(desk)) == 4
    assert ids(desk.get("/v1/claims/bare")["claimants"]) == ["jane"]


def test_a_claim_with_mentions_of_nobody_is_not_a_claimants(desk: Desk) -> None:
    desk.document("d1")
    desk.claim("lock", text=WORDS)
    desk.mention("lock", "d1")
    import_reviews(desk, said_by("Jane Roe", 1))
    assert checkers(desk)["lock"] == 0
    assert len(checkers(desk)) == 2


def test_a_merged_claim_stands_for_the_one_that_it_was_merged_into(desk: Desk) -> None:
    desk.claim("lock", text=WORDS)
    desk.claim("whole")
    desk.merge("/v1/claims/lock", "whole")
    review_with_place = said_by("Jane Roe", 1)
    assert counts(import_reviews(desk, review_with_place)) == {"created": 1}
    assert checkers(desk) == {"whole": 1}
    assert counts(import_reviews(desk, review_with_place)) == {"unchanged": 1}


def test_signs_part_claims_whose_ids_would_be_the_same(desk: Desk) -> None:
    five, minus = "5 degrees were measured.", "-5 degrees were measured."
    assert stable_ids.claim_id(five, []) == stable_ids.claim_id(minus, [])
    reviews = [of_nobody(1, five), of_nobody(2, minus)]
    assert counts(import_reviews(desk, *reviews)) == {"created": 2}
    assert {claim["text"]: claim["verdicts"]["checkers"] for claim in desk.walk("/v1/claims")} == {five: 1, minus: 1}
    assert counts(import_reviews(desk, *reversed(reviews))) == {"unchanged": 2}


def test_statements_of_other_years_are_other_claims(desk: Desk) -> None:
    def at(number: int, date: str | None) -> Json:
        return said_by("Jane Roe", number, datePublished=date) | {"datePublished": "2021-06-01"}

    import_reviews(desk, at(1, "2015-03-01"), at(2, "2016-03-01"))
    assert len(checkers(desk)) == 1, "a year is not far enough"
    import_reviews(desk, at(3, "2019-03-01"))
    assert sorted(checkers(desk).values()) == [1, 1]

    answer = import_reviews(desk, at(4, None))
    assert codes(answer) == ["ambiguous_claim"]
    first = min(desk.walk("/v1/claims"), key=lambda claim: claim["first_stated"]["latest"])
    assert answer["report"][0]["claim"] == first["id"]
    assert counts(import_reviews(desk, *(at(n, d) for n, d in ((1, "2015-03-01"), (3, "2019-03-01"), (4, None))))) == {
        "unchanged": 3
    }


def test_the_date_of_the_first_appearance_counts_and_that_of_the_review_does_not(desk: Desk) -> None:
    def first(number: int, date: str) -> Json:
        appearance = {"@type": "CreativeWork", "url": f"https://social.example.net/{number}", "datePublished": date}
        return said_by("Jane Roe", number, firstAppearance=appearance)

    import_reviews(desk, first(1, "2012-01-01"), first(2, "2018-01-01"))
    assert len(checkers(desk)) == 2
    import_reviews(desk, said_by("John Roe", 3), said_by("John Roe", 4) | {"datePublished": "2012-01-01"})
    assert len(checkers(desk)) == 3


def test_shortened_claims_are_one_only_if_the_rest_is_the_same(desk: Desk) -> None:
    long = "A word. " * 80
    import_reviews(desk, of_nobody(1, long + "Yes."), of_nobody(2, long + "No."), of_nobody(3, long + "Yes."))
    assert len(checkers(desk)) == 2
    assert counts(import_reviews(desk, of_nobody(2, long + "No."))) == {"unchanged": 1, "warned": 1}


@pytest.mark.parametrize("length", [2_400, 5_600, 40_000])
def test_claims_are_compared_by_all_their_words(desk: Desk, length: int) -> None:
    """Beyond the part of them that is stored, too; in reviews of their own, and in one of both."""
    long = "A word. " * (length // 8)
    both = review(3, claimReviewed=[f"{long}Yes.", f"{long}No."], itemReviewed=None)
    feed = of_nobody(1, f"{long}Yes."), of_nobody(2, f"{long}No."), of_nobody(4, f"{long}Yes."), both
    import_reviews(desk, *feed)
    assert len(checkers(desk)) == 2
    rows = desk.rows()
    assert import_reviews(desk, *feed)["unchanged"] == 5
    assert desk.rows() == rows


def test_reviews_without_an_address_are_found_by_their_publisher(desk: Desk) -> None:
    desk.claim("lock", text=WORDS)
    for expected in ({"created": 1, "warned": 1}, {"unchanged": 1, "warned": 1}):
        assert counts(import_reviews(desk, of_nobody(url=None))) == expected
    assert checkers(desk) == {"lock": 1}


def test_a_claim_whose_text_was_edited_stays_the_claim_of_its_reviews(desk: Desk) -> None:
    import_reviews(desk, of_nobody())
    claim = only_claim(desk)["id"]
    desk.patch(f"/v1/claims/{claim}", "Ed", {"text": "The lock of Eastmoor was closed for all of 2019."})
    answer = import_reviews(
        desk, of_nobody(), by("Other Checks", "other.example", claimReviewed=WORDS, itemReviewed=None)
    )
    assert (counts(answer), codes(answer)) == ({"created": 1, "unchanged": 1, "warned": 1}, ["claim_differs"])
    assert checkers(desk) == {claim: 2}


def test_a_claim_with_an_id_of_more_than_its_words_can_be_edited_too(desk: Desk) -> None:
    import_reviews(desk, of_nobody(1, MINUS), of_nobody(2, FIVE))
    [five] = [claim["id"] for claim in desk.walk("/v1/claims") if claim["text"] == FIVE]
    desk.patch(f"/v1/claims/{five}", "Ed", {"text": "Five degrees were measured."})
    impossible = {"datePublished": "2099-01-01", "@type": "Claim"}
    theirs = by("Other Checks", "other.example", claimReviewed=FIVE, itemReviewed=impossible)
    assert counts(import_reviews(desk, theirs)) == {"created": 1, "warned": 1}
    assert checkers(desk)[five] == 2


def test_a_review_of_our_own_export_stays_with_its_claim(desk: Desk) -> None:
    desk.claim("lock", text=WORDS)
    desk.judge("lock", "Jane", url="https://jane.example/1")
    accept = {"Accept": "application/ld+json"}
    exported = desk.call("GET", "/v1/claims/lock", headers=accept).get_json()
    exported["identifier"]["value"] = "v-of-another-store"
    desk.patch("/v1/claims/lock", "Ed", {"text": "The lock was closed."})
    answer = import_reviews(desk, exported)
    assert codes(answer) == ["claim_differs"]
    assert answer["report"][0]["claim"] == "lock"


def test_a_review_of_another_stores_export_joins_the_claim_with_its_words(desk: Desk) -> None:
    import_reviews(desk, of_nobody())
    claim = only_claim(desk)["id"]
    accept = {"Accept": "application/ld+json"}
    exported = desk.call("GET", f"/v1/claims/{claim}", headers=accept).get_json()
    exported["itemReviewed"]["identifier"]["value"] = "claim-of-another-store"
    exported["identifier"]["value"] = "v-of-another-store"
    for _ in range(2):
        answer = import_reviews(desk, exported)
        assert (answer["unchanged"], codes(answer)) == (1, []), "the review at this address is here"
    elsewhere = exported | {"url": "https://checks.example.org/reviews/2"}
    assert counts(import_reviews(desk, elsewhere)) == {"created": 1}
    assert counts(import_reviews(desk, elsewhere)) == {"unchanged": 1}
    assert checkers(desk) == {claim: 1}


# A store of a version whose only identity was the id that is made of words and claimants.


@pytest.fixture
def as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Resolve claims by their old ids, until the test undoes it."""

    def resolve(
        self: ClaimResolver, item: ReviewItem, publisher: object, claimants: object, findings: object
    ) -> ClaimPlace:
        made = stable_ids.claim_id(item.claim_reviewed, (party.name for party in item.claimants))
        own_id = item.claim_identifier or made
        return self._known.claims.get(own_id) or self._add(item, own_id)

    monkeypatch.setattr(ClaimResolver, "resolve_claim", resolve)


def test_a_feed_of_the_last_version_is_unchanged(desk: Desk, as_before: None, monkeypatch: pytest.MonkeyPatch) -> None:
    feed = [
        *(review(number) for number in range(3)),
        by("Other Checks", "other.example"),
        review(claimReviewed="THE BRIDGE COST 1 MILLION IN ALL", url="https://checks.example.org/capitals"),
        review(claimReviewed="The bridge cost 1 million in all", url="https://checks.example.org/small"),
        said_by("Jane Roe", 10, datePublished="2010-01-01"),
        said_by("Jane Roe", 11, datePublished="2019-01-01"),
        of_nobody(12),
        of_nobody(url=None),
        of_nobody(13, "A word. " * 80),
        of_nobody(17, "A word. " * 400),
        review(14, claimReviewed=["Snow is black.", "Grass is red."]),
        said_by("Facebook posts", 15),
        review(16, itemReviewed=claimed("Jane Roe", "John Roe")),
    ]
    import_reviews(desk, *feed)
    claims, rows = len(desk.walk("/v1/claims")), desk.rows()
    monkeypatch.undo()
    answer = import_reviews(desk, *feed)
    assert answer["unchanged"] == len(feed) + 1
    assert set(codes(answer)) <= {"missing_url", "several_claims", "several_claimants", "cut", "document_differs"}
    assert (len(desk.walk("/v1/claims")), desk.rows()) == (claims, rows)


def test_what_was_taken_for_one_stays_until_it_is_split(
    desk: Desk, as_before: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    reviews = of_nobody(1, MINUS), of_nobody(2, FIVE, author=OTHER)
    import_reviews(desk, *reviews)
    monkeypatch.undo()
    claim = only_claim(desk)["id"]
    answer = import_reviews(desk, *reviews)
    assert (counts(answer), codes(answer)) == ({"unchanged": 2, "warned": 1}, ["claim_differs"])
    assert [(each.claim, each.claim_reviewed) for each in desk.store.statements.misfiled_reviews()] == [(claim, FIVE)]

    [misfiled] = desk.store.statements.misfiled_reviews()
    desk.judge(claim, "Ann", None, supersedes=misfiled.verdict)
    assert list(desk.store.statements.misfiled_reviews()) == []
    assert counts(import_reviews(desk, *reviews)) == {"created": 1, "unchanged": 1}
    assert {each["text"]: each["verdicts"]["checkers"] for each in desk.walk("/v1/claims")} == {MINUS: 1, FIVE: 1}
    assert counts(import_reviews(desk, *reviews)) == {"unchanged": 2}


def test_a_review_whose_cut_claim_was_merged_stays_where_it_is(
    desk: Desk, as_before: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_reviews(desk, of_nobody(17, "A word. " * 400))
    monkeypatch.undo()
    [cut] = desk.walk("/v1/claims")
    desk.claim("other", text="Many words.")
    desk.merge(f"/v1/claims/{cut['id']}", "other")
    assert counts(import_reviews(desk, of_nobody(17, "A word. " * 400)))["unchanged"] == 1
    assert [claim["id"] for claim in desk.walk("/v1/claims")] == ["other"]


@pytest.mark.parametrize(
    ("earlier", "now"),
    [("It cost 106 in all.", "It cost 10<sup>6</sup> in all."), ("NOx is a gas.", "NO<sub>x</sub> is a gas.")],
)
def test_a_review_whose_raised_figures_were_lost_stays_on_its_claim(
    desk: Desk, as_before: None, monkeypatch: pytest.MonkeyPatch, earlier: str, now: str
) -> None:
    import_reviews(desk, of_nobody(1, earlier))
    monkeypatch.undo()
    answer = import_reviews(desk, of_nobody(1, now))
    assert (answer["superseded"], codes(answer)) == (1, ["claim_differs"])
    assert list(checkers(desk).values()) == [1]
    assert counts(import_reviews(desk, of_nobody(1, now))) == {"unchanged": 1, "warned": 1}
    import_reviews(desk, of_nobody(2, now))
    assert sorted(checkers(desk).values()) == [1, 1], "a new review is of the claim with its words"


def test_a_new_review_of_other_signs_gets_a_claim_of_its_own(
    desk: Desk, as_before: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_reviews(desk, of_nobody(1, MINUS))
    monkeypatch.undo()
    import_reviews(desk, of_nobody(2, FIVE))
    assert sorted(checkers(desk).values()) == [1, 1]


def test_a_review_with_zero_width_spaces_is_unchanged(desk: Desk) -> None:
    """An earlier version read them as spaces."""
    import_reviews(desk, of_nobody(headline="A ble to run", words="The mill is a ble to run."))
    given = of_nobody(headline="A\u200bble to run", words="The mill is a\u200bble to run.")
    assert counts(import_reviews(desk, given)) == {"unchanged": 1, "warned": 1}
