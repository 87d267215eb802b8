"""Exports from a real server and imports into it with the client, also over a broken connection."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator

import pytest
import requests

from claim_verification import BadAnswer, Client, Invalid, NotAllowed, Unreachable
from service.model.actors import KeyRole
from tests.claim_verification.conftest import Served
from tests.claim_verification.proxy import Proxy
from tests.interchange.claimreview.samples import review


@pytest.fixture
def client(proxy: Proxy, served: Served, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """Return an editor's client of the proxy that retries at once."""
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    with Client(proxy.url, served.keys[KeyRole.EDITOR], timeout=(5, 10)) as client:
        yield client


def whole(served: Served) -> list[str]:
    """Return the public export."""
    return requests.get(f"{served.url}/v1/export", timeout=60).text.splitlines()


def test_what_texts_repeat(reader: Client) -> None:
    claim = reader.get_claim("nk-15000-workers-in-russia")
    answer = reader.match_texts([claim["text"], "zzzz"], limit=1, threshold=0.5)
    assert answer["threshold"] == 0.5
    [found, nothing] = answer["results"]
    assert [match["claim"]["id"] for match in found["matches"]] == [claim["id"]]
    assert (nothing["answer"], nothing["matches"]) == ("none", [])
    with pytest.raises(Invalid) as told:
        reader.match_texts([])
    assert [error["pointer"] for error in told.value.errors] == ["/texts"]


@pytest.mark.parametrize("broken", ["drop", "lose", "half", 429, 502, 503])
def test_a_question_is_asked_again(proxy: Proxy, client: Client, broken: str | int) -> None:
    proxy.plan = [broken]
    assert client.match_texts(["North Korea sent 12,000 soldiers in 2024 to help Russia in the war."])["results"][0][
        "matches"
    ]
    assert [request.target for request in proxy.seen] == ["/v1/match"] * 2
    assert all("Idempotency-Key" not in request.headers for request in proxy.seen)


def test_an_export_is_everything(reader: Client, editor: Client, served: Served) -> None:
    lines = whole(served)
    assert list(reader.export_lines()) == lines
    records = list(reader.export())
    assert records == [json.loads(line) for line in lines]
    assert (records[0]["kind"], records[-1]["kind"]) == ("export", "end")
    assert "assignment" in {record["kind"] for record in editor.export()} - {record["kind"] for record in records}
    assert list(editor.export_lines(public=True)) == lines
    last = records[100]
    assert list(reader.export_lines(after=f"{last['kind']}:{last['id']}")) == lines[101:]
    with pytest.raises(Invalid):
        next(reader.export(after="claim:none-such"))


def test_an_export_goes_on_where_it_broke_off(proxy: Proxy, client: Client, served: Served) -> None:
    lines = whole(served)
    for plan in (["half"], ["half", "half", "drop", 503, "half"]):
        proxy.seen.clear()
        proxy.plan = [*plan]
        assert list(client.export_lines(public=True)) == lines
        assert len(proxy.seen) == len(plan) + 1
        assert all(("after=" in request.target) == (place > 0) for place, request in enumerate(proxy.seen))


def test_an_export_without_its_end_is_none(proxy: Proxy, client: Client, served: Served) -> None:
    head, first = whole(served)[:2]
    proxy.plan = [f"{head}\n{first}\n".encode(), b""]
    records = client.export()
    assert [next(records)["kind"] for _ in range(2)] == ["export", "source"]
    with pytest.raises(Unreachable, match="before its last line"):
        next(records)
    assert [request.target.partition("?")[2] for request in proxy.seen] == [
        "",
        f"after=source%3A{json.loads(first)['id']}",
    ]


@pytest.mark.parametrize("line", [b"<html>\n", b"[]\n", b'{"kind":"claim"}\n', b'{"id":"a"}\n', b"[" * 100_000 + b"\n"])
def test_an_export_of_something_else_is_told(proxy: Proxy, client: Client, line: bytes) -> None:
    proxy.plan = [line]
    with pytest.raises(BadAnswer, match="not a record of an export"):
        list(client.export())
    assert len(proxy.seen) == 1


@pytest.mark.parametrize("broken", ["drop", "lose", "half", 429, 503])
def test_reviews_are_taken_in_once(proxy: Proxy, client: Client, broken: str | int) -> None:
    body = json.dumps(review(url=f"https://checks.example.org/{broken}", claimReviewed=f"{broken} ships.")).encode()
    proxy.plan = [broken]
    done = client.import_reviews(io.BytesIO(body))
    assert (done["created"], done["refused"]) == (1, 0)
    assert len(proxy.seen) == 2
    assert len({request.headers["Idempotency-Key"] for request in proxy.seen}) == 1
    again = client.import_reviews(body, "application/json")
    assert (again["created"], again["unchanged"]) == (0, 1)


def test_what_cannot_be_taken_in_is_told(reader: Client, editor: Client, served: Served) -> None:
    done = editor.import_reviews(b'{"@type":"ClaimReview"}\n', "application/x-ndjson")
    assert (done["refused"], done["report"][0]["line"]) == (1, 1)
    with pytest.raises(Invalid) as told:
        editor.import_reviews(b"x", "image/png")
    assert told.value.status == 415
    with pytest.raises(NotAllowed):
        reader.import_reviews(b"{}")
    with pytest.raises(NotAllowed):
        editor.import_reviews("\n".join(whole(served)).encode(), "application/x-ndjson")
