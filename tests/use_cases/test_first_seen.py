"""The service sets the day on which it first had a document, and nobody else can."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from service.operations.consistency_check import doubts
from tests.interchange.claimreview.samples import review
from tests.interchange.importing.helpers import import_bytes
from tests.use_cases.desk import Desk
from tests.web.helpers import Json

SET_BY_THE_SERVICE = "Cannot be set: the service sets it to the day on which it first has the document. Leave it out."


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def _in_days(number: int) -> str:
    return (_today() + dt.timedelta(days=number)).isoformat()


def _logged(desk: Desk, document: str) -> Any:
    [*_, event] = desk.walk(f"/v1/events?subject=document:{document}")
    return event["payload"]["state"]["first_seen"]


def test_a_posted_document_is_first_seen_today(desk: Desk) -> None:
    assert desk.document("d")["first_seen"] == _logged(desk, "d") == _today().isoformat()
    assert [document["first_seen"] for document in desk.walk("/v1/documents")] == [_today().isoformat()]


def test_a_change_keeps_the_day(desk: Desk) -> None:
    desk.document("d")
    desk.store.database.run("UPDATE documents SET first_seen = '2026-01-05'")
    desk.post("/v1/documents", "Ed", {"id": "other"})
    assert desk.patch("/v1/documents/d", "Ed", {"title": "T"})["first_seen"] == _logged(desk, "d") == "2026-01-05"


@pytest.mark.parametrize("day", ["2020-01-01", _in_days(0)])
def test_a_request_that_sets_the_day_is_refused(desk: Desk, day: str) -> None:
    desk.document("d")
    for method, path, body in (
        ("POST", "/v1/documents", {"id": "e", "first_seen": day}),
        ("PATCH", "/v1/documents/d", {"first_seen": day}),
    ):
        problem = desk.refuses(method, path, "Ed", body, 422, "invalid_request", "/first_seen")
        assert problem["errors"][0]["detail"] == SET_BY_THE_SERVICE


def test_documents_of_an_import_are_first_seen_today(desk: Desk) -> None:
    import_bytes(desk.store, json.dumps([review()]).encode())
    documents = desk.walk("/v1/documents")
    assert {document["first_seen"] for document in documents} == {_today().isoformat()}
    assert len(documents) == 2


def test_a_document_cannot_be_published_after_the_service_had_it(desk: Desk) -> None:
    """A day later it can be, by the calendar of a time zone that is ahead of UTC."""
    desk.document("d", published_earliest=_in_days(1))
    detail = f"Must not be after {_today()}, the day on which the service first had the document, not {_in_days(2)}."
    for method, path, more in (("POST", "/v1/documents", {"id": "e"}), ("PATCH", "/v1/documents/d", {})):
        body: Json = {"published_earliest": _in_days(2), **more}
        problem = desk.refuses(method, path, "Ed", body, 422, "invalid_request", "/published_earliest")
        assert problem["errors"][0]["detail"] == detail


def test_a_document_that_has_such_a_date_is_doubted_but_can_be_changed(desk: Desk) -> None:
    desk.document("d", published_earliest="2026-01-10")
    desk.document("sound", published_earliest="2026-01-10")
    desk.document("a-time-zone-ahead", published_earliest="2026-01-10")
    for document, day in (("d", "2026-01-08"), ("sound", "2026-01-10"), ("a-time-zone-ahead", "2026-01-09")):
        desk.store.database.run("UPDATE documents SET first_seen = ? WHERE public_id = ?", (day, document))

    assert list(doubts(desk.store)) == [
        "document d: `published_earliest` (2026-01-10) is after `first_seen` (2026-01-08), the day on which the "
        "service first had it"
    ]
    desk.patch("/v1/documents/d", "Ed", {"title": "T"})
    desk.patch("/v1/documents/d", "Ed", {"published_earliest": "2026-01-09"})
    assert list(doubts(desk.store)) == []
    for document in ("sound", "a-time-zone-ahead"):
        desk.patch(f"/v1/documents/{document}", "Ed", {"title": "T"})
