"""The Atom feed follows RFC 4287 and RFC 5005, and can be parsed by a feed reader."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as Xml

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.interchange.publishing.verdict_changes import VerdictChange
from service.model.entities import Claim
from service.model.timestamps import rfc3339
from service.model.verdicts import Author, AuthorType, PublishedReview, Rating, Verdict, VerdictState
from service.storage.queries import feeds
from service.web.resources.atom import Feed, feed_document
from service.web.resources.atom_entries import verdict_items
from tests.interchange.publishing.reading import HERE, elsewhere, furnished
from tests.use_cases.desk import WHY, Desk
from tests.web.helpers import Json, assert_problem

pytestmark = pytest.mark.one_engine

PATH = "/feeds/verdicts.atom"
ATOM = "{http://www.w3.org/2005/Atom}"
TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}"
_NAMES = [
    "feed",
    "entry",
    "id",
    "title",
    "updated",
    "published",
    "author",
    "name",
    "uri",
    "link",
    "category",
    "summary",
    "generator",
]
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def parsed(document: bytes) -> Any:
    """Parse a feed like a feed reader, and check that it is well-formed and follows RFC 4287."""
    read = feedparser.parse(document)
    assert not read.bozo, read.get("bozo_exception")
    assert read.version == "atom10"
    assert list(broken(tree(document))) == []
    return read


def tree(document: str | bytes) -> Xml.Element:
    """Parse a document of our own."""
    return Xml.fromstring(document)  # noqa: S314


def broken(feed: Xml.Element) -> Iterator[str]:
    """Yield the rules of RFC 4287 that a feed violates."""
    entries = feed.findall(f"{ATOM}entry")
    if feed.tag != f"{ATOM}feed":
        yield "4.1.1: the document is no feed"
    for element, section in [(feed, "4.1.1"), *((entry, "4.1.2") for entry in entries)]:
        for name in ("id", "title", "updated"):
            if len(element.findall(f"{ATOM}{name}")) != 1:
                yield f"{section}: not exactly one {name}"
        if not urlsplit(element.findtext(f"{ATOM}id", "")).scheme:
            yield "4.2.6: an id is no IRI"
        links = [link.attrib for link in element.findall(f"{ATOM}link")]
        if any(not link.get("href") for link in links):
            yield "4.2.7.1: a link leads nowhere"
        alternates = [(link.get("type"), link.get("hreflang")) for link in links if link.get("rel") == "alternate"]
        if len(alternates) != len(set(alternates)):
            yield f"{section}: two alternates of one type and language"
        for name in ("updated", "published"):
            for date in element.findall(f"{ATOM}{name}"):
                if not _RFC3339.fullmatch(date.text or ""):
                    yield f"3.3: {date.text} is no date"
    if not feed.findall(f"{ATOM}author") and not all(entry.findall(f"{ATOM}author/{ATOM}name") for entry in entries):
        yield "4.1.1: somebody wrote nothing"
    if "self" not in [link.get("rel") for link in feed.findall(f"{ATOM}link")]:
        yield "4.1.1: no link to itself"
    names = [entry.findtext(f"{ATOM}id") for entry in entries]
    if len(names) != len(set(names)):
        yield "4.2.6: two entries of one id"
    for entry in entries:
        if not entry.findall(f"{ATOM}link[@rel='alternate']") and not entry.findall(f"{ATOM}content"):
            yield "4.1.2: neither content nor an alternate"
    for element in feed.iter():
        if element.tag.removeprefix(ATOM) not in _NAMES and not element.tag.startswith(TOMBSTONE):
            yield f"6: {element.tag} is not of Atom"
    for deleted in feed.iter(f"{TOMBSTONE}deleted-entry"):
        if not urlsplit(deleted.get("ref", "")).scheme or not _RFC3339.fullmatch(deleted.get("when", "")):
            yield "RFC 6721, 3: a tombstone without ref or when"
        if deleted.get("ref") in names:
            yield "RFC 6721, 4: an entry that is deleted on the same page"
    order = [entry.findtext(f"{ATOM}updated", "") for entry in entries]
    if order != sorted(order, reverse=True):
        yield "the latest entry is not the first"


def pages(desk: Desk, path: str) -> Iterator[Any]:
    """Yield every page, by the links ``next``."""
    following: str | None = path
    while following is not None:
        answer = desk.call("GET", following)
        assert answer.status_code == 200
        assert answer.mimetype == "application/atom+xml"
        page = parsed(answer.data)
        yield page
        links = {link["rel"]: link["href"] for link in page.feed.links}
        assert links["self"] == f"{HERE}{following}"
        assert ("next" in links) == ("Link" in answer.headers)
        following = links["next"].removeprefix(HERE) if "next" in links else None


def test_the_rules_can_be_broken(desk: Desk) -> None:
    furnished(desk)
    document = desk.call("GET", PATH).get_data(as_text=True)
    assert list(broken(tree(document))) == []
    for pattern, instead in [
        (r"<id>.*?</id>", ""),
        (r"<id>.*?</id>", "<id>one</id>"),
        (r"<updated>.*?</updated>", "<updated>today</updated>"),
        (r"<author>.*?</author>", ""),
        (r'<link rel="self".*?/>', ""),
        (r'href="[^"]*"', 'href=""'),
        (r"<generator>", "<rights/><generator>"),
        (r"<summary>", "<text/><summary>"),
    ]:
        other = re.sub(pattern, instead, document, flags=re.S)
        assert other != document
        assert list(broken(tree(other))) != [], pattern


def test_the_latest_publication_comes_first(desk: Desk) -> None:
    furnished(desk)
    feed = parsed(desk.call("GET", PATH).data)
    shown = desk.walk("/v1/verdicts?current=true")
    addresses = [
        next(link["href"] for link in entry.links if link["rel"] == "alternate" and link["type"] == "application/json")
        for entry in feed.entries
    ]
    assert addresses == [f"{HERE}/v1/verdicts/{verdict['id']}" for verdict in shown]
    assert [entry.authors[0].name for entry in feed.entries] == [verdict["checker"] for verdict in shown]
    assert [entry.updated for entry in feed.entries] == [verdict["published_at"] for verdict in shown]
    assert feed.feed.updated == feed.entries[0].updated
    ratings = [[tag["term"] for tag in entry.get("tags", []) if tag["scheme"] is None] for entry in feed.entries]
    assert ratings == [[] if verdict["retraction"] else [verdict["rating"]] for verdict in shown]


def test_the_content_of_an_entry(desk: Desk) -> None:
    desk.claim("ships", text="Twelve ships came.")
    desk.source("example-checks", kind="outlet")
    desk.judge("ships", "Jane", "refuted", rationale="There were ten.\n\nWe counted.", url="https://jane.example/1")
    jane = Author(AuthorType.PERSON, "Jane Doe", "https://checks.example/jane")
    elsewhere(desk, "ships", authors=(jane, Author(AuthorType.ORGANIZATION, "Example Checks")))
    own, other = parsed(desk.call("GET", PATH).data).entries
    assert own.title == "Refuted: Twelve ships came."
    assert own.summary == "Refuted: Twelve ships came.\n\nThere were ten.\n\nWe counted."
    assert own.link == "https://jane.example/1"
    assert {link["href"] for link in own.links if link["rel"] == "related"} == {f"{HERE}/v1/claims/ships"}
    assert other.title == "Did twelve ships come?"
    assert other.summary.startswith("Mostly false: Twelve ships came.")
    assert [author.get("href") for author in own.authors] == [None]
    assert [(author.name, author.get("href")) for author in other.authors] == [
        ("Example Checks", None),
        ("Jane Doe", "https://checks.example/jane"),
    ]


def test_pages_have_every_verdict_once(desk: Desk) -> None:
    names = ("Jane", "John", "Joan", "Ed", "Eve")
    for claim in "ab":
        desk.claim(claim)
    for claim in "ab":
        for who in names:
            desk.judge(claim, who)
    [whole] = pages(desk, PATH)
    walked = list(pages(desk, f"{PATH}?limit=3"))
    assert [len(page.entries) for page in walked] == [3, 3, 3, 1]
    assert [entry.id for page in walked for entry in page.entries] == [entry.id for entry in whole.entries]
    assert {page.feed.id for page in walked} == {whole.feed.id}
    assert {link["href"] for page in walked for link in page.feed.links if link["rel"] == "first"} == {
        f"{HERE}{PATH}?limit=3"
    }


@pytest.mark.parametrize(
    ("stated", "published"),
    [
        ("2019-03-01", "2019-03-01T00:00:00.000000Z"),
        ("2019-03-01T09:30:00Z", "2019-03-01T09:30:00.000000Z"),
        ("2019-03-01T23:30:00-02:00", "2019-03-02T01:30:00.000000Z"),
        (None, None),
    ],
)
def test_published_is_the_date_that_the_review_states(desk: Desk, stated: str | None, published: str | None) -> None:
    desk.claim("ships")
    desk.source("example-checks", kind="outlet")
    elsewhere(desk, "ships", reviewed_at=stated)
    [entry] = parsed(desk.call("GET", PATH).data).entries
    assert (entry.get("published"), entry.updated) == (published, "2026-03-01T09:30:00.000000Z")


def deleted(document: bytes) -> list[tuple[str, str, str, str]]:
    """Return the tombstones of a feed: the id, the time, who, and why."""
    return [
        (
            tombstone.get("ref", ""),
            tombstone.get("when", ""),
            tombstone.findtext(f"{TOMBSTONE}by/{ATOM}name", ""),
            tombstone.findtext(f"{TOMBSTONE}comment", ""),
        )
        for tombstone in tree(document).iter(f"{TOMBSTONE}deleted-entry")
    ]


def test_a_correction_says_so_and_why(desk: Desk) -> None:
    desk.claim("a", text="Twelve ships came.")
    first = desk.judge("a", "Jane", "supported")
    [before] = parsed(desk.call("GET", PATH).data).entries
    second = desk.judge("a", "Jane", "refuted", supersedes=first["id"], rationale="There were ten.")
    document = desk.call("GET", PATH).data
    [entry] = parsed(document).entries
    assert entry.title == "Corrected: Refuted: Twelve ships came."
    assert entry.summary == (
        f"Refuted: Twelve ships came.\n\nCorrection: {WHY}\n\nBefore: Supported: Twelve ships came.\n\nThere were ten."
    )
    assert ("urn:claim-verification:change", "correction") in [(tag["scheme"], tag["term"]) for tag in entry.tags]
    assert f"{HERE}/v1/verdicts/{first['id']}" in [
        link["href"] for link in entry.links if link["rel"] == "predecessor-version"
    ]
    assert deleted(document) == [(before.id, second["published_at"], "Jane", f"Superseded: {WHY}")]


def test_a_retraction_says_so_and_why(desk: Desk) -> None:
    desk.claim("a", text="Twelve ships came.")
    first = desk.judge("a", "Jane")
    before = desk.call("GET", PATH)
    [entry] = parsed(before.data).entries
    tag = {"If-None-Match": before.headers["ETag"]}
    assert desk.call("GET", PATH, headers=tag).status_code == 304
    retraction = desk.judge("a", "Jane", None, supersedes=first["id"])
    after = desk.call("GET", PATH, headers=tag)
    assert after.status_code == 200
    feed = parsed(after.data)
    [told] = feed.entries
    assert told.title == "Retracted: Refuted: Twelve ships came."
    assert told.summary == f"Retracted: Refuted: Twelve ships came.\n\nReason: {WHY}"
    assert told.updated == told.published == feed.feed.updated == retraction["published_at"]
    assert [tag["term"] for tag in told.tags] == ["retraction"]
    assert deleted(after.data) == [(entry.id, retraction["published_at"], "Jane", f"Retracted: {WHY}")]


def test_a_review_that_its_publisher_retracts_says_so(desk: Desk) -> None:
    desk.claim("ships")
    desk.source("example-checks", kind="outlet")
    page = {"pageUrl": "https://checks.example/1", "claimReviewMarkups": [{"claimReviewed": "Ten ships came."}]}
    name = desk.call("POST", "/v1alpha1/pages", "Ed", page).get_json()["name"]
    desk.call("DELETE", f"/v1alpha1/{name}", "Ed")
    document = desk.call("GET", PATH).data
    [entry] = parsed(document).entries
    assert entry.title == "Retracted: Ten ships came."
    assert "Reason: The markup of its page was deleted." in entry.summary
    assert len(deleted(document)) == 1


def test_a_verdict_that_was_corrected_twice_has_two_tombstones(desk: Desk) -> None:
    desk.claim("a")
    first = desk.judge("a", "Jane")["id"]
    second = desk.judge("a", "Jane", "supported", supersedes=first)["id"]
    desk.judge("a", "Jane", supersedes=second)
    document = desk.call("GET", PATH).data
    assert len(parsed(document).entries) == 1
    assert len({ref for ref, *_ in deleted(document)}) == 2
    assert [len(page.entries) for page in pages(desk, f"{PATH}?limit=1")] == [1, 0]


def test_filters_of_the_feed_of_verdicts(desk: Desk) -> None:
    for claim, topic in (("a", "ships"), ("b", "ships"), ("c", "rain")):
        desk.claim(claim, topics=[topic])
        desk.judge(claim, "Jane")
    desk.judge("a", "John")
    desk.judge("c", "John")
    desk.merge("/v1/claims/b", "a")

    def found(query: str) -> list[str]:
        addresses = [link["href"] for page in pages(desk, f"{PATH}?{query}") for e in page.entries for link in e.links]
        return [address.rsplit("/", 1)[1] for address in addresses if "/v1/verdicts/" in address]

    every = {verdict["id"]: verdict for verdict in desk.walk("/v1/verdicts")}
    cases: list[tuple[str, Callable[[Json], bool]]] = [
        ("claim=a", lambda v: v["claim"] in "ab"),
        ("claim=b", lambda v: v["claim"] in "ab"),
        ("topic=ships", lambda v: v["claim"] in "ab"),
        ("topic=rain&limit=1", lambda v: v["claim"] == "c"),
        ("checker=John", lambda v: v["checker"] == "John"),
        ("checker=John&topic=ships", lambda v: v["checker"] == "John" and v["claim"] in "ab"),
        ("claim=a&topic=rain", lambda v: False),
        ("claim=none", lambda v: False),
        ("topic=none", lambda v: False),
        ("checker=Nobody", lambda v: False),
    ]
    for query, wanted in cases:
        assert found(query) == [name for name, verdict in every.items() if wanted(verdict)], query
    assert (
        len({parsed(desk.call("GET", f"{PATH}?{q}").data).feed.id for q in ("", "claim=a", "claim=c", "topic=a")}) == 4
    )
    one, other = (parsed(desk.call("GET", f"{PATH}?{q}").data).feed for q in ("claim=a&topic=b", "topic=b&claim=a"))
    assert one.id == other.id
    assert one.title == "Verdicts on claims: claim a, topic b"


def test_the_verdicts_of_a_large_topic_are_read_along_the_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for claim, topic in (("a", "ships"), ("b", "rain"), ("c", "ships")):
        desk.claim(claim, topics=[topic])
        desk.judge(claim, "Jane")
    desk.merge("/v1/claims/c", "a")
    few = desk.call("GET", f"{PATH}?topic=ships").data
    monkeypatch.setattr(feeds, "FEW_CLAIMS", 0)
    assert desk.call("GET", f"{PATH}?topic=ships").data == few
    assert len(parsed(few).entries) == 2
    by_page = [entry.id for page in pages(desk, f"{PATH}?topic=ships&limit=1") for entry in page.entries]
    assert by_page == [entry.id for entry in parsed(few).entries]


def test_an_empty_feed_is_a_feed(desk: Desk) -> None:
    feed = parsed(desk.call("GET", PATH).data)
    assert feed.entries == []
    assert feed.feed.title == "Verdicts on claims"


def test_an_invalid_cursor_is_refused(desk: Desk) -> None:
    assert_problem(desk.call("GET", f"{PATH}?cursor=abc"), 404)
    assert_problem(desk.call("GET", f"{PATH}?limit=0"), 422, "invalid_request", "/limit")
    assert desk.call("GET", PATH, headers={"Accept": "application/json"}).status_code == 406


ANY_TEXT = st.text(st.characters(codec="utf-8"), min_size=1)


@given(ANY_TEXT, ANY_TEXT, st.sampled_from(Rating))
def test_any_text_at_all_makes_a_feed_that_can_be_read(text: str, more: str, rating: Rating) -> None:
    now = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    verdict = Verdict(
        "v-1", "c", 1, more, now, VerdictState.PUBLISHED, now, rating, textual_rating=text, rationale=text + more,
        url=f"https://e.example/{more}", title=more, review=PublishedReview("s", claim_reviewed=text),
    )  # fmt: skip
    links = {"self": f"{HERE}{PATH}", "next": f"{HERE}{PATH}?cursor={more}"}
    change = VerdictChange(verdict, Claim("c", text, "subject"))
    items = verdict_items(change, HERE)
    document = tree(feed_document(Feed(HERE, more, rfc3339(now), links, "claims"), items))
    assert list(broken(document)) == []
    summary = document.findtext(f"{ATOM}entry/{ATOM}summary", "")
    kept = re.sub(
        r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", f"{text}: {text}\n\n{text}{more}"
    )
    # XML normalises line ends.
    assert summary == re.sub(r"\r\n?", "\n", kept)
