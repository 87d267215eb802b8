"""The records that a review becomes, and the outcome of importing it again."""

from __future__ import annotations

import pytest

from tests.interchange.claimreview.samples import google_claim, rating, review
from tests.interchange.importing.helpers import (
    FIRST,
    SECOND,
    by,
    claimed,
    codes,
    counts,
    import_reviews,
    only_claim,
    origins,
    post,
)
from tests.use_cases.desk import Desk, done
from tests.web.helpers import assert_problem

pytestmark = pytest.mark.one_engine

PLACE = review()["claimReviewed"]


def test_a_review_becomes_a_claim_with_its_evidence_and_a_verdict(desk: Desk) -> None:
    answer = import_reviews(desk, review())

    assert (counts(answer), answer["report"]) == ({"created": 1}, [])
    claim = only_claim(desk)
    assert (claim["text"], claim["topics"]) == (PLACE, ["imported"])
    assert [claimant["name"] for claimant in claim["claimants"]] == ["Jane Roe"]
    # The other supporting document has no date, so it may be the first.
    assert claim["first_stated"] == {"earliest": None, "latest": "2019-10-28"}
    assert origins(claim) == (1, 1)
    [verdict] = claim["verdicts"]["current"]
    assert (verdict["checker"], verdict["site"], verdict["rating"]) == (
        "Example Checks",
        "checks.example.org",
        "refuted",
    )
    assert (verdict["textual_rating"], verdict["url"]) == ("False", "https://checks.example.org/reviews/1")
    assert {document["url"] for document in desk.walk("/v1/documents")} == {FIRST, SECOND}
    kinds = {source["name"]: source["kind"] for source in desk.walk("/v1/sources")}
    assert kinds == {"Jane Roe": "person", "Example Checks": "outlet"}


def test_an_unchanged_review_changes_nothing(desk: Desk) -> None:
    import_reviews(desk, review(), by("Other Checks", "other.example"))
    before = desk.rows()

    assert counts(import_reviews(desk, review(), by("Other Checks", "other.example"))) == {"unchanged": 2}
    assert desk.rows() == before


def test_a_changed_review_supersedes_the_kept_version(desk: Desk) -> None:
    corrected = review(reviewRating=rating(ratingValue=5, bestRating=5, worstRating=1, alternateName="True"))
    import_reviews(desk, review())

    assert counts(import_reviews(desk, corrected)) == {"superseded": 1}
    claim = only_claim(desk)
    [current] = claim["verdicts"]["current"]
    verdicts = desk.walk(f"/v1/claims/{claim['id']}/verdicts")
    assert [v["textual_rating"] for v in verdicts] == ["True", "False"]
    assert (verdicts[0]["supersedes"], verdicts[1]["superseded_by"]) == (verdicts[1]["id"], current["id"])
    assert "rating" in verdicts[0]["reason"]

    before = desk.rows()
    older = import_reviews(desk, review())
    assert (counts(older), codes(older)) == ({"unchanged": 1, "warned": 1}, ["older_version"])
    assert counts(import_reviews(desk, corrected)) == {"unchanged": 1}
    assert desk.rows() == before


def test_several_versions_in_one_file_end_with_the_last(desk: Desk) -> None:
    versions = [review(headline=f"Version {number}") for number in range(4)]
    assert counts(import_reviews(desk, *versions)) == {"created": 1, "superseded": 3}

    before = desk.rows()
    assert counts(import_reviews(desk, *versions)) == {"unchanged": 4, "warned": 3}
    assert desk.rows() == before
    [current] = only_claim(desk)["verdicts"]["current"]
    assert current["title"] == "Version 3"


def test_an_earlier_review_does_not_supersede(desk: Desk) -> None:
    import_reviews(desk, review(datePublished="2020-01-01", headline="Later"))
    answer = import_reviews(desk, review(datePublished="2019-01-01", headline="Earlier"))

    assert (counts(answer), codes(answer)) == ({"unchanged": 1, "warned": 1}, ["older_version"])


def test_one_page_reviews_two_claims(desk: Desk) -> None:
    both = review(claimReviewed=["Snow is black.", "Grass is red."])
    answer = import_reviews(desk, both)

    assert (answer["created"], set(codes(answer))) == (2, {"several_claims"})
    assert {claim["text"] for claim in desk.walk("/v1/claims")} == {"Snow is black.", "Grass is red."}
    assert import_reviews(desk, both)["unchanged"] == 2


def test_two_publishers_review_one_claim(desk: Desk) -> None:
    import_reviews(desk, review(), by("Other Checks", "other.example"))

    claim = only_claim(desk)
    assert {verdict["site"] for verdict in claim["verdicts"]["current"]} == {"checks.example.org", "other.example"}
    assert (claim["verdicts"]["checkers"], origins(claim)) == (2, (1, 1))


def test_the_same_words_by_another_claimant_are_another_claim(desk: Desk) -> None:
    import_reviews(desk, review(), review(2, claimReviewed=PLACE.upper() + "!", itemReviewed=claimed("Jane Roe")))
    assert len(desk.walk("/v1/claims")) == 1

    import_reviews(desk, review(3, claimReviewed=PLACE, itemReviewed=claimed("John Roe")))
    assert [origins(claim) for claim in desk.walk("/v1/claims")] == [(1, 1), (1, 1)]


def test_several_claimants_are_one_origin(desk: Desk) -> None:
    answer = import_reviews(desk, review(itemReviewed=claimed("Jane Roe", "John Roe")))

    assert codes(answer) == ["several_claimants"]
    assert origins(only_claim(desk)) == (1, 1)
    # In any order of the claimants, and with other appearances.
    found = claimed("John Roe", "Jane Roe", appearance=["https://social.example.net/posts/3"])
    import_reviews(desk, by("Other Checks", "other.example", itemReviewed=found))
    assert origins(only_claim(desk)) == (1, 1)


@pytest.mark.parametrize("name", ["Facebook posts", "Usuarios de WhatsApp", "viral image", "Multiple sources"])
def test_a_collective_is_not_an_origin(desk: Desk, name: str) -> None:
    sites = ["https://one.example/posts/1", "https://two.example/posts/1", "https://two.example/posts/2"]
    import_reviews(desk, review(itemReviewed=claimed(name, appearance=sites, firstAppearance=[])))

    claim = only_claim(desk)
    assert claim["claimants"] == []
    assert claim["corroboration"]["status"] == "unattributed"
    assert origins(claim) == (1, 2), "the pages of one site are one possible origin"
    assert {source["kind"] for source in desk.walk("/v1/sources") if source["name"] == name} == {"collective"}


def test_a_platform_is_not_the_publisher_of_an_appearance(desk: Desk) -> None:
    on = {"@type": "CreativeWork", "url": FIRST, "publisher": {"@type": "Organization", "name": "Facebook"}}
    import_reviews(desk, review(itemReviewed=claimed("Jane Roe", firstAppearance=on, appearance=[])))

    [document] = desk.walk("/v1/documents")
    assert document["publisher"] is None


def test_a_claim_without_appearances_gets_a_statement(desk: Desk) -> None:
    import_reviews(desk, google_claim())

    [document] = desk.walk("/v1/documents")
    assert (document["url"], document["title"]) == (None, "Statement by Jane Roe")
    assert document["published_earliest"] == document["published_latest"] == "2019-10-28"
    assert origins(only_claim(desk)) == (1, 1)


def test_a_known_document_is_used_unchanged(desk: Desk) -> None:
    desk.document(
        "theirs", url=FIRST, title="As entered", published_earliest="2018-01-01", published_latest="2018-02-01"
    )
    before = desk.get("/v1/documents/theirs")
    answer = import_reviews(desk, review())

    assert codes(answer) == ["document_differs"]
    assert {k: v for k, v in desk.get("/v1/documents/theirs").items() if k != "claims"} == {
        k: v for k, v in before.items() if k != "claims"
    }
    documents = {m["document"]["id"] for m in desk.walk(f"/v1/claims/{only_claim(desk)['id']}/mentions")}
    assert "theirs" in documents


def test_more_appearances_complete_a_review(desk: Desk) -> None:
    import_reviews(desk, review(itemReviewed=claimed("Jane Roe", appearance=[])))
    answer = import_reviews(desk, review())

    assert counts(answer) == {"completed": 1}
    assert len(desk.walk(f"/v1/claims/{only_claim(desk)['id']}/mentions")) == 2


def test_an_assigned_claim_can_be_imported(desk: Desk) -> None:
    import_reviews(desk, review())
    claim = only_claim(desk)["id"]
    desk.post(f"/v1/claims/{claim}/assignment", "Jane", {}, 201)

    assert counts(import_reviews(desk, by("Other Checks", "other.example"))) == {"created": 1}
    assert desk.get(f"/v1/claims/{claim}/assignment", "Jane")["checker"] == "Jane"


def test_a_verdict_retracted_by_a_person_stays_retracted(desk: Desk) -> None:
    import_reviews(desk, review())
    claim = only_claim(desk)["id"]
    [verdict] = desk.walk(f"/v1/claims/{claim}/verdicts")
    desk.judge(claim, "Ann", None, supersedes=verdict["id"])

    before = desk.rows()
    for again in (review(), review(headline="Said otherwise")):
        answer = import_reviews(desk, again)
        assert (counts(answer), codes(answer)) == ({"unchanged": 1, "warned": 1}, ["kept_by_person"])
    assert desk.rows() == before


def test_a_withdrawn_mention_stays_withdrawn(desk: Desk) -> None:
    import_reviews(desk, review())
    claim = only_claim(desk)["id"]
    mention = desk.walk(f"/v1/claims/{claim}/mentions")[0]["id"]
    desk.withdraw(f"/v1/mentions/{mention}")

    answer = import_reviews(desk, review())
    assert (counts(answer), codes(answer)) == ({"unchanged": 1, "warned": 1}, ["kept_by_person"])
    assert len(desk.walk(f"/v1/claims/{claim}/mentions")) == 1


def test_records_of_merged_claims_go_to_the_root(desk: Desk) -> None:
    import_reviews(desk, review(), review(2, claimReviewed="It cost a million."), by("Other Checks", "other.example"))
    by_text = {claim["text"]: claim["id"] for claim in desk.walk("/v1/claims")}
    desk.merge(f"/v1/claims/{by_text[PLACE]}", by_text["It cost a million."])
    sources = {source["name"]: source["id"] for source in desk.walk("/v1/sources")}
    desk.merge(f"/v1/sources/{sources['Other Checks']}", sources["Example Checks"])

    before = desk.rows()
    again = import_reviews(
        desk, review(), review(2, claimReviewed="It cost a million."), by("Other Checks", "other.example")
    )
    assert counts(again) == {"unchanged": 3}
    assert desk.rows() == before

    assert counts(import_reviews(desk, review(headline="Corrected"), by("Third Checks", "third.example"))) == {
        "superseded": 1,
        "created": 1,
    }
    claim = only_claim(desk)
    assert claim["id"] == by_text["It cost a million."]
    assert sorted(verdict["site"] for verdict in claim["verdicts"]["current"]) == [
        "checks.example.org",
        "checks.example.org",
        "other.example",
        "third.example",
    ]


def test_a_repeated_idempotency_key_gets_the_first_answer(desk: Desk) -> None:
    first = post(desk, review(), headers={"Idempotency-Key": "one"})
    again = post(desk, review(), headers={"Idempotency-Key": "one"})

    assert again.headers["Idempotency-Replayed"] == "true"
    assert done(first, 200) == done(again, 200)
    assert_problem(post(desk, review(2), headers={"Idempotency-Key": "one"}), 422, "idempotency_key_reused")


def test_the_events_name_the_importer(desk: Desk) -> None:
    import_reviews(desk, review(), who="Eve")

    events = desk.get("/v1/events?limit=200", "Ann")["data"]
    kinds = {event["type"] for event in events if event["actor"] == "Eve"}
    assert {"source.created", "document.created", "claim.created", "mention.added", "verdict.published"} <= kinds


def test_without_addresses_two_publishers_have_two_reviews(desk: Desk) -> None:
    theirs = by("Other Checks", "other.example") | {"url": None}
    assert counts(import_reviews(desk, review(url=None), theirs)) == {"created": 2, "warned": 2}
    assert {v["checker"] for v in only_claim(desk)["verdicts"]["current"]} == {"Example Checks", "Other Checks"}
    assert counts(import_reviews(desk, review(url=None, headline="Corrected"), theirs)) == {
        "superseded": 1,
        "unchanged": 1,
        "warned": 2,
    }
