"""Documents of one page in whole exports: merges are restored, and pages that are here already are merged."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from service.interchange.claimreview.collective_names import load_collectives
from service.interchange.claimreview.ratings import load_table
from service.interchange.importing import restore
from service.interchange.importing.import_stream import import_stream
from service.interchange.importing.outcomes import ItemResult, Outcome
from service.interchange.importing.reviews import Importer
from service.model.actors import Caller, KeyRole
from service.model.entities import Document
from service.store import Store
from service.use_cases.editing import create_document
from tests.interchange.importing.helpers import exported, import_bytes
from tests.use_cases.desk import Desk

Empty = Callable[[], AbstractContextManager[Store]]
PAGE, FORM = "https://post.example/p/1", "http://www.post.example/p/1/"


@pytest.fixture
def merged(desk: Desk) -> Desk:
    """Return a store with a page under two ids, merged, and a claim that both mention."""
    desk.document("first", url=PAGE)
    desk.document("second", url="https://post.example/print/1")
    desk.document("third", derived_from="second")
    desk.claim("a")
    for document in ("first", "second", "third"):
        desk.mention("a", document)
    desk.merge("/v1/documents/first", "second")
    return desk


@pytest.mark.parametrize("size", [1, 500])
def test_merged_documents_are_restored_exactly(
    merged: Desk, empty: Empty, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restore, "BATCH", size)
    export = exported(merged.store)
    with empty() as other:
        assert set(import_bytes(other, export).outcomes) == {Outcome.CREATED}
        assert exported(other) == export
        assert set(import_bytes(other, export).outcomes) == {Outcome.UNCHANGED}


def test_a_page_that_an_editor_unmerged_stays_so(desk: Desk, empty: Empty) -> None:
    desk.document("first", url=PAGE)
    desk.document("second", url="https://post.example/print/1")
    desk.merge("/v1/documents/second", "first")
    desk.patch("/v1/documents/first", "Ed", {"url": "https://www.post.example/print/1"})
    desk.unmerge("/v1/documents/second")
    export = exported(desk.store)
    with empty() as other:
        assert import_bytes(other, export).refused == 0
        assert exported(other) == export


def test_a_page_that_is_here_under_another_id_is_merged_into_it(merged: Desk, empty: Empty) -> None:
    export = exported(merged.store)
    caller = Caller("Ann", KeyRole.ADMIN, "k")
    with empty() as other:
        create_document(other, caller, Document("own", url="https://m.post.example/print/1?utm_source=x"))
        results = [each for batch in _results(other, export) for each in batch]
        assert {each.outcome for each in results} == {Outcome.CREATED}
        assert [(each.subject, f.code) for each in results for f in each.findings] == [("document:second", "same_page")]
        records = other.catalogue.documents(["first", "own", "second"])
        assert [r.document.merged_into for r in records] == ["second", None, "own"]
        assert set(import_bytes(other, export).outcomes) == {Outcome.UNCHANGED}


def _results(store: Store, export: bytes) -> Iterator[list[ItemResult]]:
    importer = Importer(store, "Ann", load_collectives())
    return import_stream(importer, io.BytesIO(export), table=load_table())


def test_an_export_from_before_documents_were_merged_is_restored_whole(desk: Desk, empty: Empty) -> None:
    desk.document("first", url=PAGE)
    desk.document("second", url="https://post.example/p/2")
    desk.claim("a")
    for document in ("first", "second"):
        desk.mention("a", document)
    lines = [json.loads(line) for line in exported(desk.store).splitlines()]
    for line in lines:
        if line["kind"] == "document":
            del line["merged_into"], line["merged"]
            line["url"] = PAGE if line["id"] == "first" else FORM
    older = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    with empty() as other:
        assert set(import_bytes(other, older).outcomes) == {Outcome.CREATED}
        records = other.catalogue.documents(["first", "second"])
        assert [(r.document.merged_into, r.version) for r in records] == [(None, 1), ("first", 1)]
        assert set(import_bytes(other, older).outcomes) == {Outcome.UNCHANGED}
        assert [event.type for event in other.events.all_events()].count("document.merged") == 1


@pytest.mark.parametrize("mark", [{"merged": None}, {}], ids=["null", "absent"])
def test_a_merge_needs_its_mark(merged: Desk, empty: Empty, mark: dict[str, None]) -> None:
    lines = [json.loads(line) for line in exported(merged.store).splitlines()]
    [spoilt] = [line for line in lines if line.get("merged_into") == "second"]
    del spoilt["merged"]
    spoilt |= mark
    with empty() as other:
        results = _results(other, b"".join(json.dumps(line).encode() + b"\n" for line in lines))
        [finding, *_] = [f for batch in results for each in batch for f in each.findings]
        assert (finding.code, finding.field) == ("invalid", "/merged")


def test_a_circle_of_merges_is_refused(merged: Desk, empty: Empty) -> None:
    lines = [json.loads(line) for line in exported(merged.store).splitlines()]
    documents = {line["id"]: line for line in lines if line["kind"] == "document"}
    documents["second"] |= {"merged_into": "first", "merged": documents["first"]["merged"]}
    with empty() as other:
        export = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
        assert import_bytes(other, export).refused > 0
        assert None in [record.document.merged_into for record in other.catalogue.documents(["first", "second"])]
