"""No input raises an error: it gives items that fit the service's fields, or refusals."""

import datetime as dt
import gzip
import io
import json
from dataclasses import fields, is_dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import validate

from service.eventlog.events import plain
from service.interchange.claimreview import finding_codes
from service.interchange.claimreview.reader import read
from service.interchange.claimreview.review_items import Appearance, DeletedReview, Finding, Party, Refused, ReviewItem
from service.model.verdicts import Rating
from service.schemas.fields import ID_PATTERN, WebAddress, matching
from service.schemas.request_bodies import ClaimBody, DocumentBody, SourceBody, language
from service.schemas.time_fields import Timestamp
from service.schemas.verdict_bodies import AuthorBody, VerdictBody
from tests.interchange.claimreview.samples import as_bytes, google_claim, item, outcomes, review

WILD = settings(max_examples=60, deadline=None)
NAMES = (
    *("@type", "@id", "@graph", "@value", "@language", "claims", "claimReview", "dataFeedElement", "item", "review"),
    *("claimReviewed", "author", "publisher", "url", "sameAs", "name", "headline", "text", "identifier", "inLanguage"),
    *("datePublished", "reviewRating", "ratingValue", "bestRating", "worstRating", "alternateName", "itemReviewed"),
    *("appearance", "firstAppearance", "propertyID", "value", "site", "textualRating", "schema:name", "correction"),
)
WORDS = (
    *(
        "ClaimReview",
        "Claim",
        "Rating",
        "AggregateRating",
        "Person",
        "Organization",
        "False",
        "Half true",
        "5",
        "-1",
        "#a",
    ),
    *("https://example.org/1", "2019-10-30", "05/04/2019", "en_US", "<b>x</b>", "&amp;lt;", "x" * 3000),
    "claim-verification",
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(WORDS),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(NAMES), inner, max_size=6)),
)
REVIEWS = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=8).map(lambda changes: review() | changes)


def check(found: list[ReviewItem | Refused]) -> None:
    """Check that an item has the documented shape, and fits the fields of the service."""
    assert found
    for each in found:
        assert each.place.item >= 0
        if isinstance(each, Refused):
            assert each.code in list(finding_codes.ReadRefusal)
            assert each.message
        else:
            check_item(each)


def check_item(each: ReviewItem) -> None:
    claim = {"text": each.claim, "subject": each.claim[:200], "topics": ["imported"], "id": each.claim_identifier}
    ClaimBody().load({name: value for name, value in claim.items() if value is not None})
    verdict = {"claim_version": 1, "rating": "refuted", "textual_rating": each.textual_rating, "url": each.url}
    VerdictBody().load(verdict | {"language": each.language, "rationale": each.explanation})
    assert each.rating in Rating
    assert 0 < len(each.claim_reviewed) <= 2000
    assert 0 < len(each.rating_basis) <= 2000
    for party in (each.publisher, *each.claimants):
        check_party(party)
    authors = [plain(author) for author in each.authors]
    AuthorBody(many=True).load([author | {"type": author["type"] or "person"} for author in authors])
    for appearance in (each.first_appearance, *each.appearances):
        if appearance:
            check_appearance(appearance)
    if each.reviewed_at and "T" in each.reviewed_at:
        Timestamp().deserialize(each.reviewed_at)
    for warning in each.warnings:
        assert warning.code in list(finding_codes.ReadWarning)
        assert not warning.field or warning.field in {field.name for field in fields(ReviewItem)}
        assert len(warning.message) < 500
    json.dumps([each.warnings and [warning.message for warning in each.warnings], each.title]).encode("ascii")


def check_party(party: Party) -> None:
    SourceBody().load({"name": party.name, "kind": "outlet"})
    if party.url:
        WebAddress("", "").deserialize(party.url)
    if party.identifier:
        matching(ID_PATTERN, "")(party.identifier)


def check_appearance(appearance: Appearance) -> None:
    days = appearance.published
    document = {
        "url": appearance.url,
        "title": appearance.title,
        "language": appearance.language,
        "published_earliest": days and days.earliest.isoformat(),
        "published_latest": days and days.latest.isoformat(),
    }
    DocumentBody().load(document)
    assert appearance.url or appearance.title
    for party in (*appearance.authors, *([appearance.publisher] if appearance.publisher else [])):
        check_party(party)


@WILD
@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    check(outcomes(data))


@WILD
@given(st.binary(max_size=60), st.sampled_from(["utf-8", "utf-16", "latin-1"]), st.booleans(), st.integers(0, 2000))
def test_a_feed_with_any_bytes_in_it(data: bytes, encoding: str, packed: bool, at: int) -> None:
    feed = as_bytes([review(1), review(2)], encoding)
    at = min(at, len(feed))
    feed = feed[:at] + data + feed[at:]
    check(outcomes(gzip.compress(feed)[: 100 + at] if packed else feed))


@WILD
@given(VALUES)
def test_any_json(value: Any) -> None:
    check(outcomes(json.dumps(value).encode()))


@WILD
@given(REVIEWS)
def test_any_review(value: Any) -> None:
    check(outcomes(json.dumps([value, review(1)]).encode()))
    check(outcomes((json.dumps(value) + "\n" + json.dumps(review(1))).encode()))


@WILD
@given(VALUES, VALUES)
def test_any_google_claim(text: Any, reviews: Any) -> None:
    check(outcomes(json.dumps({"claims": [google_claim(text=text, claimReview=reviews)]}).encode()))


@WILD
@given(st.text(max_size=200), st.sampled_from(["<html>", "<script type='application/ld+json'>", "<!--"]))
def test_any_page(text: str, start: str) -> None:
    check(outcomes((start + text).encode("utf-8", "replace")))


def test_items_can_be_hashed_and_compared() -> None:
    found = item(review(1))

    assert is_dataclass(found)
    assert len({found, item(review(1)), item(review(2))}) == 2
    assert Finding("a", "b", "c") == Finding("a", "b", "c")
    assert validate.Length(max=40)(str(found.language))
    assert language("").deserialize(found.language) == "en"


@WILD
@given(st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6) | VALUES, st.sampled_from(["2020-02-02"]) | VALUES)
def test_any_deletion(thing: Any, deleted: Any) -> None:
    """It is a deletion on a certain day, or a refusal; never a review."""
    element = {"@type": "DataFeedItem", "dateDeleted": deleted, "item": thing}
    for each in read(io.BytesIO(as_bytes({"@type": "DataFeed", "dataFeedElement": [element]}))):
        if isinstance(each, DeletedReview):
            assert dt.datetime.fromisoformat(each.deleted_at).year >= 1800
            assert each.identifier or each.url
        else:
            assert isinstance(each, Refused) or not deleted
