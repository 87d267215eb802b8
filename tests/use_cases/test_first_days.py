"""The first days of documents that are merged, and unmerged again."""

from __future__ import annotations

import datetime as dt

import pytest

from service.eventlog.events import EventType
from service.model.entities import Document
from service.operations.consistency_check import examine
from service.operations.log_audit import audit
from service.use_cases.event_payloads import record_document
from service.use_cases.unit_of_work import unit_of_work
from tests.interchange.importing.helpers import exported, import_bytes
from tests.use_cases.desk import Desk

DAYS = {name: dt.date(2026, 5, day) for name, day in {"a": 9, "b": 5, "c": 2}.items()}


@pytest.fixture
def dated(desk: Desk) -> Desk:
    """Return the desk with three documents of different first days."""
    with unit_of_work(desk.store, "Ed") as work:
        documents = [Document(name, first_seen=day) for name, day in DAYS.items()]
        desk.store.evidence_writes.insert_documents(documents, work.now_us)
        for document in documents:
            record_document(work, EventType.DOCUMENT_CREATED, document)
    return desk


def days(desk: Desk) -> dict[str, int]:
    """Return the first days by document."""
    return {d["id"]: int(d["first_seen"][-2:]) for d in desk.walk("/v1/documents")}


@pytest.mark.parametrize("order", ["bc", "cb"])
def test_an_unmerge_gives_a_document_its_own_day_again(dated: Desk, order: str) -> None:
    for name in "bc":
        dated.merge(f"/v1/documents/{name}", "a")
    assert days(dated) == {"a": 2, "b": 5, "c": 2}

    dated.unmerge(f"/v1/documents/{order[0]}")
    assert days(dated)["a"] == (2 if order[0] == "b" else 5), "the earliest of those that are one with it"
    dated.unmerge(f"/v1/documents/{order[1]}")
    assert days(dated) == {"a": 9, "b": 5, "c": 2}
    assert list(examine(dated.store)) == list(audit(dated.store)) == []


@pytest.mark.parametrize(("undone", "left"), [("c", {"a": 5, "b": 5, "c": 2}), ("b", {"a": 9, "b": 2, "c": 2})])
def test_a_day_that_came_through_another_document_is_undone_too(dated: Desk, undone: str, left: dict[str, int]) -> None:
    dated.merge("/v1/documents/c", "b")
    dated.merge("/v1/documents/b", "a")
    assert days(dated) == {"a": 2, "b": 2, "c": 2}
    dated.unmerge(f"/v1/documents/{undone}")
    assert days(dated) == left


def test_a_later_document_gave_no_day_that_could_be_undone(dated: Desk) -> None:
    dated.merge("/v1/documents/a", "b")
    end = dated.store.events.log_end()[0]
    dated.unmerge("/v1/documents/a")
    types = [event.type for event in dated.store.events.page(end, 10)]
    assert types == ["document.unmerged", "suggestion.decided"], "and no change of a first day"
    assert days(dated) == {"a": 9, "b": 5, "c": 2}


def test_a_restored_merge_keeps_the_day_whose_origin_the_log_does_not_have(dated: Desk) -> None:
    dated.merge("/v1/documents/c", "a")
    export = exported(dated.store)
    for name, other in (b"ax", b"by", b"cz"):
        export = export.replace(b'"%c"' % name, b'"%c"' % other)
    import_bytes(dated.store, export)
    dated.unmerge("/v1/documents/z")
    assert {name: day for name, day in days(dated).items() if name in "xyz"} == {"x": 2, "y": 5, "z": 2}
