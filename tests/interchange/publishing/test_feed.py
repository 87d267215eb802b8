"""The DataFeed of ClaimReviews: current verdicts in a stable order, and changes since a time."""

from __future__ import annotations

import datetime as dt

import pytest

from service.store import Store
from tests.interchange.publishing.reading import HERE, LD_JSON, elsewhere, feed, furnished, identified, linked
from tests.use_cases.desk import WHY, Desk
from tests.web.helpers import Json, a_claim, assert_problem, load, seeds_of

pytestmark = pytest.mark.one_engine


def items(document: Json) -> list[str]:
    """Return the current verdicts of a feed, in its order."""
    elements = document["dataFeedElement"]
    return [identified(element["item"]) for element in elements if "dateDeleted" not in element]


def gone(document: Json) -> dict[str, Json]:
    """Return the elements of a feed for superseded and retracted verdicts."""
    return {identified(e["item"]): e for e in document["dataFeedElement"] if "dateDeleted" in e}


def test_the_feed_has_exactly_the_current_verdicts(desk: Desk) -> None:
    furnished(desk)
    document = feed(desk)
    current = [v for v in desk.walk("/v1/verdicts?current=true") if not v["retraction"]]
    assert sorted(items(document)) == sorted(verdict["id"] for verdict in current) != []
    assert gone(document) == {}
    created = {identified(element["item"]): element["dateCreated"] for element in document["dataFeedElement"]}
    assert created == {verdict["id"]: verdict["published_at"] for verdict in current}
    assert document["dateModified"] == max(created.values())
    for element in document["dataFeedElement"]:
        alone = linked(desk, f"/v1/verdicts/{identified(element['item'])}")
        claim = alone["itemReviewed"]
        assert element["item"]["itemReviewed"] in (claim, {"@id": claim["@id"]})
        assert {"@context": "https://schema.org", **element["item"], "itemReviewed": claim} == alone


def test_an_empty_store_has_an_empty_feed(desk: Desk) -> None:
    assert feed(desk) == {
        "@context": "https://schema.org",
        "@type": "DataFeed",
        "@id": f"{HERE}/feeds/claimreview.json",
        "name": "Claim reviews",
        "dataFeedElement": [],
    }
    assert feed(desk, since="2020-01-01T00:00:00Z") == feed(desk)


def test_the_feed_is_in_the_order_of_writing(desk: Desk) -> None:
    names = ("Jane", "John", "Joan")
    for claim in "abc":
        desk.claim(claim)
    written = [desk.judge(claim, who)["id"] for claim in "cab" for who in names]
    assert items(feed(desk)) == written
    desk.judge("a", "Ann", supersedes=None)
    assert items(feed(desk))[:9] == written


def test_a_feed_of_several_batches_is_complete(desk: Desk, store: Store) -> None:
    load(store, seeds_of([a_claim(f"c{number:03}") for number in range(250)]))
    desk.source("example-checks", kind="outlet")
    for number in range(250):
        elsewhere(desk, f"c{number:03}", f"v-{number:03}", url=f"https://checks.example/{number}")
    assert items(feed(desk)) == [f"v-{number:03}" for number in range(250)]
    assert items(feed(desk, since="2020-01-01T00:00:00Z")) == [f"v-{number:03}" for number in range(250)]


def test_since_gives_published_and_deleted_reviews(desk: Desk) -> None:
    for claim in "abc":
        desk.claim(claim)
    kept, superseded, retracted = (desk.judge(claim, "Jane")["id"] for claim in "abc")
    asked = _now()
    assert feed(desk, since=asked)["dataFeedElement"] == []

    better = desk.judge("b", "Jane", "supported", supersedes=superseded)
    retraction = desk.judge("c", "Jane", None, supersedes=retracted)
    new = desk.judge("a", "John")["id"]
    changes = feed(desk, since=asked)
    assert items(changes) == [better["id"], new]
    assert kept in items(feed(desk))
    assert list(gone(changes)) == [superseded, retracted]
    assert [gone(changes)[name]["dateDeleted"] for name in (superseded, retracted)] == [
        better["published_at"],
        retraction["published_at"],
    ]
    item = gone(changes)[superseded]["item"]
    assert (item["url"], item["creativeWorkStatus"]) == (f"{HERE}/verdicts/{superseded}", "Superseded")
    assert item["correction"]["text"] == WHY
    assert item["correction"]["url"] == f"{HERE}/verdicts/{better['id']}"
    assert gone(changes)[retracted]["item"]["creativeWorkStatus"] == "Retracted"
    latest = max(element.get("dateDeleted", element["dateCreated"]) for element in changes["dataFeedElement"])
    assert changes["dateModified"] == latest

    # A later time gives fewer changes, one after everything none, and one before everything all.
    assert items(feed(desk, since=changes["dateModified"])) == [new]
    assert feed(desk, since=_now())["dataFeedElement"] == []
    assert items(feed(desk, since="2020-01-01T00:00:00Z")) == [kept, better["id"], new]


def test_since_is_compared_with_the_time_of_arrival(desk: Desk) -> None:
    desk.claim("a")
    desk.source("example-checks", kind="outlet")
    elsewhere(desk, "a", "v-early")
    asked = _now()
    desk.claim("b")
    elsewhere(desk, "b", "v-late")
    [element] = feed(desk, since=asked)["dataFeedElement"]
    assert element["dateCreated"] < asked
    assert items(feed(desk, since=asked)) == ["v-late"]


def test_a_verdict_published_and_superseded_meanwhile_is_a_deletion(desk: Desk) -> None:
    desk.claim("a")
    asked = _now()
    first = desk.judge("a", "Jane")["id"]
    second = desk.judge("a", "Jane", supersedes=first)["id"]
    desk.judge("a", "Jane", None, supersedes=second)
    changes = feed(desk, since=asked)
    assert items(changes) == []
    assert list(gone(changes)) == [first, second]


def test_applying_the_changes_gives_the_feed(desk: Desk) -> None:
    """The changes, applied in order, lead from the feed before to the feed after."""
    desk.claim("a")
    desk.claim("b")
    first = desk.judge("a", "Jane")["id"]
    followed, asked = set(items(feed(desk))), _now()
    for step in range(4):
        if step == 0:
            first = desk.judge("a", "Jane", "supported", supersedes=first)["id"]
        elif step == 1:
            desk.judge("b", "John")
        elif step == 2:
            desk.judge("a", "Jane", None, supersedes=first)
        changes, asked = feed(desk, since=asked), _now()
        followed = (followed - set(gone(changes))) | set(items(changes))
        assert followed == set(items(feed(desk)))


@pytest.mark.parametrize("since", ["yesterday", "2024-1-1", "2024-01-01T00:00:00", "", "2024-13-01T00:00:00Z"])
def test_an_invalid_time_is_refused(desk: Desk, since: str) -> None:
    answer = desk.call("GET", f"/feeds/claimreview.json?since={since}")
    assert_problem(answer, 422, "invalid_request", "/since")


def test_the_feed_is_available_as_plain_json(desk: Desk) -> None:
    furnished(desk)
    for accept, media_type in [(None, LD_JSON), ("*/*", LD_JSON), ("application/json", "application/json")]:
        answer = desk.call("GET", "/feeds/claimreview.json", headers={"Accept": accept} if accept else None)
        assert (answer.status_code, answer.mimetype) == (200, media_type)
        assert answer.get_json(force=True) == feed(desk)
    assert desk.call("GET", "/feeds/claimreview.json", headers={"Accept": "text/html"}).status_code == 406


def _now() -> str:
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
