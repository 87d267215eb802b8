"""Decisions on suggestions are exported and restored; open suggestions are found again by the restore."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from service.interchange.claimreview.collective_names import load_collectives
from service.interchange.claimreview.ratings import load_table
from service.interchange.claimreview.review_items import Finding
from service.interchange.importing.import_stream import import_stream
from service.interchange.importing.outcomes import Outcome
from service.interchange.importing.reviews import Importer
from service.model.suggestions import Reason
from service.operations.consistency_check import examine
from service.store import Store
from tests.interchange.importing.helpers import exported, import_bytes
from tests.use_cases.desk import WHY, Desk
from tests.web.helpers import Json

Empty = Callable[[], AbstractContextManager[Store]]


@pytest.fixture
def export(desk: Desk) -> bytes:
    """Return the export of a store with a decision of each kind and an open suggestion."""
    for kind, names in (("a", ("Harbour Board", "HarbourBoard")), ("b", ("Dock Union", "DockUnion"))):
        for number, name in enumerate(names):
            desk.source(f"{kind}{number}", name=name)
    desk.source("x", name="x.com", kind="person")
    desk.claim("one", text="ICE decides.")
    desk.claim("two", text="Ice decides.")
    for record, decision in (("a0", "merge"), ("b0", "distinct"), ("x", "identifiable")):
        [found] = desk.walk(f"/v1/suggestions?record={record}")
        path = f"/v1/suggestions/{found['id']}/decision"
        desk.post(path, "Ed", {"decision": decision, "reason": WHY}, 200)
    return exported(desk.store)


def lines(export: bytes) -> list[Json]:
    """Return the lines of suggestions."""
    return [line for line in map(json.loads, export.splitlines()) if line["kind"] == "suggestion"]


def test_a_line_has_the_decision(export: bytes) -> None:
    assert [(line["suggestion_kind"], line["records"], line["decision"], line["into"]) for line in lines(export)] == [
        ("source", ["a0", "a1"], "merge", "a0"),
        ("source", ["b0", "b1"], "distinct", None),
        ("collective", ["x"], "identifiable", None),
    ]
    assert all(line["decided"]["by"] == "Ed" for line in lines(export))


def test_decisions_are_restored_exactly(export: bytes, empty: Empty) -> None:
    with empty() as other:
        assert set(import_bytes(other, export).outcomes) == {Outcome.CREATED}
        assert exported(other) == export
        states = {each.pair.records: str(each.state) for each in other.suggestions.all_suggestions()}
        assert states == {("a0", "a1"): "merged", ("b0", "b1"): "declined", ("x",): "declined", ("one", "two"): "open"}
        assert set(import_bytes(other, export).outcomes) == {Outcome.UNCHANGED}
        assert list(examine(other)) == []


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"id": "sg-other"}, "/id"),
        ({"records": ["b1", "b0"]}, "/records"),
        ({"records": ["b0"]}, "/records"),
        ({"suggestion_kind": "collective"}, "/records"),
        ({"decision": "collective"}, "/decision"),
        ({"decided": None}, "/decided"),
    ],
)
def test_a_line_that_cannot_be_is_refused(export: bytes, empty: Empty, changed: dict[str, Any], message: str) -> None:
    [line] = [each for each in lines(export) if each["decision"] == "distinct"]
    with empty() as other:
        import_bytes(other, export.replace(b'"kind":"suggestion"', b'"kind":"none"'))
        [refused, *_] = findings(other, {**line, **changed})
        assert refused.field == message
        assert other.suggestions.decisions([line["id"]]) == {}


def findings(store: Store, line: Json) -> list[Finding]:
    """Import a line and return what was found about it."""
    importer = Importer(store, "Ann", load_collectives())
    batches = import_stream(importer, io.BytesIO(json.dumps(line).encode()), table=load_table())
    return [finding for batch in batches for result in batch for finding in result.findings]


def test_two_documents_of_one_page_are_suggested_once_they_are_restored(desk: Desk, empty: Empty) -> None:
    """As a store of the last version has them, in which somebody has unmerged the two."""
    desk.document("one", url="https://gull.example/1")
    desk.document("two", url="https://gull.example/2")
    with empty() as other:
        import_bytes(other, exported(desk.store).replace(b"gull.example/2", b"www.gull.example/1/"))
        [found] = other.suggestions.all_suggestions()
        assert (found.pair.records, found.likeness.reasons) == (("one", "two"), (Reason.SAME_PAGE,))


def test_a_decision_on_records_that_are_not_there_is_refused(export: bytes, empty: Empty) -> None:
    with empty() as other:
        assert import_bytes(other, json.dumps(lines(export)[0]).encode()).outcomes[Outcome.REFUSED] == 2


def test_another_decision_than_the_one_there_is_refused(export: bytes, desk: Desk) -> None:
    changed = export.replace(b'"decision":"identifiable"', b'"decision":"collective"')
    outcome = import_bytes(desk.store, changed)
    assert outcome.outcomes[Outcome.REFUSED] == 1
