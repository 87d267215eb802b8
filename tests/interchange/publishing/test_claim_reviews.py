"""Claims and verdicts as schema.org ClaimReviews, by ``Accept``."""

from __future__ import annotations

from typing import Any

import pytest

from service.model.verdicts import Author, AuthorType, Rating
from tests.interchange.publishing.reading import (
    HERE,
    LD_JSON,
    elsewhere,
    every_node,
    feed,
    identified,
    linked,
    without_ids,
)
from tests.long_forms import by_form
from tests.use_cases.desk import WHY, Desk
from tests.web.helpers import assert_problem

pytestmark = by_form([pytest.mark.one_engine], [])


@pytest.fixture
def ships(desk: Desk) -> str:
    """Create a claim with a claimant and two dated documents, the second of them the earlier one."""
    desk.source("ministry", name="Ministry of Ships", url="https://ministry.example")
    desk.source("gazette", name="The Gazette", kind="outlet")
    desk.source("example-checks", name="Example Checks", kind="outlet", url="https://checks.example")
    desk.document(
        "d-late",
        title="Ships",
        url="https://gazette.example/1",
        author="Jo Roe",
        language="en",
        publisher="gazette",
        published_earliest="2024-05-02",
        published_latest="2024-05-02",
    )
    desk.document("d-sooner", published_earliest="2024-04-01", published_latest="2024-04-30")
    desk.document("d-undated", published_latest="2023-01-01")
    desk.claim("ships", text="Twelve ships came.")
    desk.mention("ships", "d-late", "gazette", "ministry")
    desk.mention("ships", "d-sooner", "ministry")
    desk.mention("ships", "d-undated")
    desk.mention("ships", "d-undated", "gazette", stance="refutes")
    return "ships"


def test_a_verdict_is_a_claim_review_of_a_claim_with_its_appearances(desk: Desk, ships: str) -> None:
    verdict = desk.judge(
        ships,
        "Jane",
        "refuted",
        textual_rating="Mostly false",
        rationale="There were ten.",
        language="en",
        evidence=[
            {"url": "https://archive.example/1", "note": "A list."},
            {"document": "d-late"},
            {"document": "d-sooner"},
        ],
    )
    review = without_ids(linked(desk, f"/v1/verdicts/{verdict['id']}"))
    claim = review.pop("itemReviewed")
    author = review.pop("author")
    assert review == {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "identifier": {"@type": "PropertyValue", "propertyID": "claim-verification", "value": verdict["id"]},
        "url": f"{HERE}/verdicts/{verdict['id']}",
        "datePublished": verdict["published_at"],
        "inLanguage": "en",
        "claimReviewed": "Twelve ships came.",
        "citation": [
            {"@type": "CreativeWork", "url": "https://archive.example/1", "description": "A list."},
            {"@type": "CreativeWork", "url": "https://gazette.example/1"},
        ],
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": 1,
            "bestRating": 5,
            "worstRating": 1,
            "alternateName": "Mostly false",
            "ratingExplanation": "There were ten.",
        },
    }
    assert (author["@type"], author["name"]) == ("Person", "Jane")
    assert (claim["@type"], identified(claim), claim["text"]) == ("Claim", ships, "Twelve ships came.")
    [claimant] = claim["author"]
    assert identified(claimant) == "ministry"
    assert (claimant["@type"], claimant["name"], claimant["url"]) == (
        "Organization",
        "Ministry of Ships",
        "https://ministry.example",
    )
    late, early, undated = claim["appearance"]
    assert [identified(document) for document in (late, early, undated)] == ["d-late", "d-sooner", "d-undated"]
    assert (late["headline"], late["url"], late["inLanguage"]) == ("Ships", "https://gazette.example/1", "en")
    assert (late["author"]["name"], late["publisher"]["name"]) == ("Jo Roe", "The Gazette")
    assert [document.get("datePublished") for document in (late, early, undated)] == ["2024-05-02", "2024-04", None]
    assert claim["firstAppearance"] == early
    assert claim["datePublished"] == "2024-04"


@pytest.mark.parametrize(
    ("rating", "value", "words"),
    [
        ("supported", 5, "Supported"),
        ("conflicting_evidence", 3, "Conflicting evidence"),
        ("refuted", 1, "Refuted"),
        ("not_enough_evidence", None, "Not enough evidence"),
    ],
)
def test_labels_have_a_number_on_the_scale_if_there_is_one(
    desk: Desk, rating: str, value: int | None, words: str
) -> None:
    desk.claim("c")
    given = without_ids(linked(desk, f"/v1/verdicts/{desk.judge('c', 'Jane', rating)['id']}")["reviewRating"])
    assert given["alternateName"] == words
    bounds = {} if value is None else {"ratingValue": value, "bestRating": 5, "worstRating": 1}
    assert given == {"@type": "Rating", "alternateName": words} | bounds


def test_an_imported_review_is_published_unchanged(desk: Desk, ships: str) -> None:
    elsewhere(desk, ships, rating=Rating.UNMAPPED, textual_rating="Four Pinocchios", review={"rating_value": 4.5})
    review = linked(desk, "/v1/verdicts/v-elsewhere")
    assert review["url"] == "https://checks.example/ships"
    assert review["headline"] == "Did twelve ships come?"
    assert review["datePublished"] == "2024-05-03"
    assert review["creditText"] == "Jane Doe"
    assert "creator" not in review
    assert (identified(review["author"]), review["author"]["name"]) == ("example-checks", "Example Checks")
    assert review["author"]["url"] == "https://checks.example"
    assert without_ids(review["reviewRating"]) == {
        "@type": "Rating",
        "ratingValue": 4.5,
        "bestRating": 5,
        "worstRating": 1,
        "alternateName": "Four Pinocchios",
        "ratingExplanation": "There were ten.",
    }


def test_a_review_without_a_rating_is_published_without_one(desk: Desk, ships: str) -> None:
    unrated: dict[str, Any] = dict.fromkeys(("textual_rating", "rationale", "title", "author", "reviewed_at"))
    none = dict.fromkeys(("rating_value", "best_rating", "worst_rating", "claim_reviewed"))
    elsewhere(desk, ships, rating=Rating.UNMAPPED, review=none, **unrated)
    review = linked(desk, "/v1/verdicts/v-elsewhere")
    assert set(review) & {"reviewRating", "headline", "creditText", "datePublished"} == set()
    assert review["claimReviewed"] == "Twelve ships came."


def test_a_claim_is_published_as_its_reviews_or_alone(desk: Desk, ships: str) -> None:
    alone = linked(desk, f"/v1/claims/{ships}")
    assert (alone["@type"], identified(alone)) == ("Claim", ships)

    first = desk.judge(ships, "Jane", "refuted")
    one = linked(desk, f"/v1/claims/{ships}")
    assert one == linked(desk, f"/v1/verdicts/{first['id']}")

    second = desk.judge(ships, "John", "supported")
    both = linked(desk, f"/v1/claims/{ships}")["@graph"]
    assert [identified(review) for review in both] == [first["id"], second["id"]]
    assert [review["@type"] for review in both] == ["ClaimReview", "ClaimReview"]

    desk.judge(ships, "Jane", None, supersedes=first["id"])
    assert identified(linked(desk, f"/v1/claims/{ships}")) == second["id"]


def test_superseded_and_retracted_reviews_are_marked(desk: Desk) -> None:
    desk.claim("c")
    first = desk.judge("c", "Jane", "refuted")
    second = desk.judge("c", "Jane", "supported", supersedes=first["id"])
    third = desk.judge("c", "Jane", None, supersedes=second["id"])

    superseded, retracted = (linked(desk, f"/v1/verdicts/{given['id']}") for given in (first, second))
    assert superseded["reviewRating"]["alternateName"] == "Refuted"
    assert superseded["creativeWorkStatus"] == "Superseded"
    assert superseded["correction"] == {
        "@type": "CorrectionComment",
        "@id": f"{HERE}/v1/verdicts/{second['id']}#correction",
        "url": f"{HERE}/verdicts/{second['id']}",
        "datePublished": second["published_at"],
        "text": WHY,
    }
    assert retracted["creativeWorkStatus"] == "Retracted"
    assert retracted["correction"]["url"].endswith(third["id"])

    retraction = linked(desk, f"/v1/verdicts/{third['id']}")
    assert (retraction["@type"], identified(retraction), retraction["text"]) == ("CorrectionComment", third["id"], WHY)
    assert identified(retraction["about"]) == second["id"]


def test_a_draft_is_not_published(desk: Desk) -> None:
    desk.claim("c")
    draft = desk.judge("c", "Jane", "refuted", draft=True)
    for who in (None, "Jane", "Ed", "Ann"):
        answer = desk.call("GET", f"/v1/verdicts/{draft['id']}", who, headers={"Accept": LD_JSON})
        assert answer.status_code == 404
    assert linked(desk, "/v1/claims/c", "Ann")["@type"] == "Claim"


def test_a_merged_claim_redirects_to_its_root(desk: Desk, ships: str) -> None:
    desk.claim("vessels", text="A dozen vessels came.")
    desk.document("d-4", url="https://gazette.example/4")
    desk.mention("vessels", "d-4")
    verdict = desk.judge("vessels", "Jane", "refuted")
    desk.merge("/v1/claims/vessels", ships)

    answer = desk.call("GET", "/v1/claims/vessels", headers={"Accept": LD_JSON})
    assert (answer.status_code, answer.headers["Location"]) == (308, f"/v1/claims/{ships}")
    review = linked(desk, f"/v1/verdicts/{verdict['id']}")
    assert review == linked(desk, f"/v1/claims/{ships}")
    assert identified(review["itemReviewed"]) == ships
    assert identified(review["itemReviewed"]["appearance"][-1]) == "d-4"


def test_a_merged_source_is_published_as_its_root(desk: Desk, ships: str) -> None:
    desk.source("the-ministry", name="The Ministry")
    desk.mention(ships, "d-undated", "the-ministry", locator={"start": 0, "end": 5, "sha256": "0" * 64})
    desk.merge("/v1/sources/the-ministry", "ministry")
    assert [identified(author) for author in linked(desk, f"/v1/claims/{ships}")["author"]] == ["ministry"]


def test_a_source_merged_with_its_owner_is_published_once(desk: Desk, ships: str) -> None:
    desk.source("navy", part_of="ministry")
    desk.document("d-navy", publisher="navy", url="https://navy.example/1")
    desk.mention(ships, "d-navy", "navy")
    verdict = desk.judge(ships, "Jane", "refuted")
    desk.merge("/v1/sources/ministry", "navy")
    claim = linked(desk, f"/v1/verdicts/{verdict['id']}")["itemReviewed"]
    assert [identified(author) for author in claim["author"]] == ["navy"]
    assert [node for node in every_node(claim) if "parentOrganization" in node] == []
    assert len(feed(desk)["dataFeedElement"]) == 1


def test_the_depth_of_published_owners_is_bounded(desk: Desk, ships: str) -> None:
    desk.source("unit-0")
    for number in range(1, 40):
        desk.source(f"unit-{number}", part_of=f"unit-{number - 1}")
    desk.document("d-unit", publisher="unit-39", url="https://unit.example/1")
    desk.mention(ships, "d-unit", "unit-39")
    author = linked(desk, f"/v1/claims/{ships}")["author"][-1]
    chain = []
    while author is not None:
        chain.append(identified(author))
        author = author.get("parentOrganization")
    assert chain == [f"unit-{number}" for number in range(39, 39 - 32, -1)]


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("application/ld+json", LD_JSON),
        ('application/ld+json;profile="https://schema.org"', LD_JSON),
        ("application/ld+json, application/json;q=0.9", LD_JSON),
        ("application/ld+json;q=0.5, application/json", "application/json"),
        ("application/ld+json, application/json", "application/json"),
        ("text/plain, application/ld+json;q=0.1", LD_JSON),
    ],
)
def test_accept_selects_the_format(desk: Desk, accept: str | None, media_type: str) -> None:
    desk.claim("c")
    verdict = desk.judge("c", "Jane")
    for path in ("/v1/claims/c", f"/v1/verdicts/{verdict['id']}"):
        answer = desk.call("GET", path, headers={"Accept": accept} if accept else None)
        assert (answer.status_code, answer.mimetype) == (200, media_type)
        assert "Accept" in answer.headers["Vary"]


@pytest.mark.parametrize("host", ['a"b<c>', "x y", "ships.example:99999", "a/b"])
def test_an_invalid_host_is_refused(desk: Desk, host: str) -> None:
    desk.claim("c")
    verdict = desk.judge("c", "Jane")
    for path in ("/v1/claims/c", f"/v1/verdicts/{verdict['id']}", "/feeds/claimreview.json", "/feeds/verdicts.atom"):
        accept = {"Accept": f"{LD_JSON}, application/atom+xml"}
        assert_problem(desk.call("GET", path, headers=accept | {"Host": host}), 400)
        good = desk.call("GET", path, headers=accept | {"Host": "ships.example:8443"}).get_data(as_text=True)
        assert f"http://ships.example:8443/v1/verdicts/{verdict['id']}" in good


def test_other_formats_are_refused_and_tags_differ(desk: Desk) -> None:
    desk.claim("c")
    verdict = desk.judge("c", "Jane")
    for path in ("/v1/claims/c", f"/v1/verdicts/{verdict['id']}"):
        refused = desk.call("GET", path, headers={"Accept": "application/rdf+xml"})
        assert refused.status_code == 406
        assert LD_JSON in refused.get_json()["detail"]
        tags = {form: desk.call("GET", path, headers={"Accept": form}).headers["ETag"] for form in (LD_JSON, "*/*")}
        for asked, known, status in [
            (LD_JSON, LD_JSON, 304),
            ("*/*", "*/*", 304),
            (LD_JSON, "*/*", 200),
            ("*/*", LD_JSON, 200),
        ]:
            headers = {"Accept": asked, "If-None-Match": tags[known]}
            assert desk.call("GET", path, headers=headers).status_code == status


def test_the_tag_changes_with_everything_that_is_shown(desk: Desk, ships: str) -> None:
    """The tag also changes with the names of documents and sources, which the claim's own tag ignores."""
    verdict = desk.judge(ships, "Jane", "refuted", evidence=[{"document": "d-late"}])
    path = f"/v1/verdicts/{verdict['id']}"
    tags = [desk.call("GET", path, headers={"Accept": LD_JSON}).headers["ETag"]]
    for changed, body in [
        ("/v1/sources/ministry", {"url": "https://ministry.example/new"}),
        ("/v1/documents/d-late", {"title": "More ships"}),
        (f"/v1/claims/{ships}", {"text": "Twelve big ships came."}),
    ]:
        desk.patch(changed, "Ed", body)
        tags.append(desk.call("GET", path, headers={"Accept": LD_JSON}).headers["ETag"])
    assert len(set(tags)) == 4


AUTHORS = [
    {"type": "person", "name": "Jane Doe", "url": "https://e.example/jane", "same_as": ["https://e.example/q1"]},
    {"type": "organization", "name": "Data Desk"},
]


def test_title_date_and_authors_go_out_with_the_review(desk: Desk, ships: str) -> None:
    stated: dict[str, Any] = {
        "title": "Did they?",
        "author": "By Jane",
        "authors": AUTHORS,
        "reviewed_at": "2024-05-06",
    }
    review = linked(desk, f"/v1/verdicts/{desk.judge(ships, 'Jane', **stated)['id']}")
    assert (review["headline"], review["datePublished"], review["creditText"]) == ("Did they?", "2024-05-06", "By Jane")
    assert without_ids(review["creator"]) == [
        {
            "@type": "Person",
            "name": "Jane Doe",
            "url": "https://e.example/jane",
            "sameAs": ["https://e.example/q1"],
        },
        {"@type": "Organization", "name": "Data Desk"},
    ]


def test_an_author_of_unknown_type_is_in_the_byline_alone(desk: Desk, ships: str) -> None:
    elsewhere(desk, ships, author="Jo, Jane", authors=(Author(None, "Jo"), Author(AuthorType.PERSON, "Jane")))
    review = linked(desk, "/v1/verdicts/v-elsewhere")
    assert (without_ids(review["creator"]), review["creditText"]) == ([{"@type": "Person", "name": "Jane"}], "Jo, Jane")
