"""Restoring a whole export into an empty store gives the same export, to the byte; also after an interruption."""

from __future__ import annotations

import gzip
import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from service.interchange.claimreview.collective_names import load_collectives
from service.interchange.claimreview.ratings import load_table
from service.interchange.importing import restore
from service.interchange.importing.import_stream import import_stream
from service.interchange.importing.outcomes import Outcome
from service.interchange.importing.reviews import Importer
from service.model.actors import Caller, KeyRole
from service.model.record_kinds import Kind, Scope
from service.operations.consistency_check import examine
from service.operations.log_audit import audit
from service.store import Store
from service.use_cases.mentions_and_links import remove_quote
from service.use_cases.merging import merge_claim
from tests.interchange.importing.helpers import exported, import_bytes
from tests.long_forms import by_form
from tests.use_cases.desk import Desk


@pytest.mark.parametrize("size", [1, 3, 500])
def test_a_whole_export_is_restored_exactly(
    world: Store, empty: Callable[[], AbstractContextManager[Store]], size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restore, "BATCH", size)
    export = exported(world)
    with empty() as other:
        first = import_bytes(other, gzip.compress(export))
        assert set(first.outcomes) == {Outcome.CREATED}
        assert exported(other) == export
        assert exported(other, Scope.PUBLIC) == exported(world, Scope.PUBLIC)

        events = other.events.log_end()
        assert set(import_bytes(other, export).outcomes) == {Outcome.UNCHANGED}
        assert other.events.log_end() == events
    events = world.events.log_end()
    assert set(import_bytes(world, export).outcomes) == {Outcome.UNCHANGED}
    assert world.events.log_end() == events


def test_an_old_export_does_not_bring_a_removed_quote_back(world: Store) -> None:
    export = exported(world)
    [(mention, quote)] = world.database.rows("SELECT public_id, quote FROM mentions WHERE quote IS NOT NULL")
    assert quote.encode() in export
    remove_quote(world, Caller("Edith", KeyRole.EDITOR, "k"), mention, "The publisher asked for it.")
    told = import_bytes(world, export)
    assert (told.outcomes[Outcome.REFUSED], told.outcomes[Outcome.UNCHANGED]) == (1, sum(told.outcomes.values()) - 1)
    assert quote.encode() not in exported(world)
    assert [*examine(world), *audit(world)] == []


def test_an_export_keeps_the_day_on_which_a_document_was_first_seen(
    world: Store, empty: Callable[[], AbstractContextManager[Store]]
) -> None:
    world.database.run("UPDATE documents SET first_seen = '2024-02-03' WHERE public_id = 'copy'")
    export = exported(world)
    with empty() as other:
        import_bytes(other, export)
        [record] = other.catalogue.documents(["copy"])
        assert str(record.document.first_seen) == "2024-02-03"
        assert exported(other) == export


def test_an_export_from_before_that_day_means_the_day_of_creation(
    world: Store, empty: Callable[[], AbstractContextManager[Store]]
) -> None:
    world.database.run("UPDATE documents SET created_us = 0, first_seen = '1970-01-01' WHERE public_id = 'copy'")
    export = exported(world)
    before = re.sub(rb'"first_seen":"[0-9-]*",', b"", export)
    assert before != export
    assert set(import_bytes(world, before, audited=False).outcomes) == {Outcome.UNCHANGED}
    with empty() as other:
        import_bytes(other, before)
        assert exported(other) == export


def test_an_export_without_later_members_is_restored_whole(
    world: Store, empty: Callable[[], AbstractContextManager[Store]]
) -> None:
    export = re.sub(rb',"distinct_from":\[\]', b"", exported(world))
    with empty() as other:
        assert set(import_bytes(other, export).outcomes) == {Outcome.CREATED}
        assert exported(other) == exported(world)


def test_namesakes_are_restored(desk: Desk, empty: Callable[[], AbstractContextManager[Store]]) -> None:
    """A store of an earlier version may have two sources of one name, and a source may refer to a later one."""
    desk.source("first", name="Harbour Board")
    desk.source("second", name="Harbour Boards")
    desk.patch("/v1/sources/first", "Ed", {"distinct_from": ["second"]})
    desk.source("third", name="Harbour Board Two", distinct_from=["first"])
    export = re.sub(b"Harbour Board(s| Two)", b"Harbour Board", exported(desk.store))
    export = export.replace(b'"distinct_from":["first"]', b'"distinct_from":[]')
    with empty() as other:
        assert set(import_bytes(other, export).outcomes) == {Outcome.CREATED}
        assert exported(other) == export


def test_a_truncated_gzip_export_has_one_refusal(
    world: Store, empty: Callable[[], AbstractContextManager[Store]]
) -> None:
    export = exported(world)
    with empty() as other:
        tally = import_bytes(other, gzip.compress(export)[:-12])
        assert (tally.refused, tally.outcomes[Outcome.CREATED]) == (1, export.count(b"\n") - 2)
        assert set(import_bytes(other, export).outcomes) == {Outcome.UNCHANGED}


@pytest.mark.parametrize("part", by_form([0.5, 0.95], [0.2, 0.5, 0.8, 0.95]))
def test_an_interrupted_restore_can_be_resumed(
    world: Store, empty: Callable[[], AbstractContextManager[Store]], part: float
) -> None:
    export = exported(world)
    lines = export.splitlines(keepends=True)
    cut = lines[: int(len(lines) * part)]
    with empty() as other:
        first = import_bytes(other, b"".join(cut) + b'{"kind":"claim","te')
        # The incomplete line, the missing end, and references to lines that never came.
        assert first.outcomes[Outcome.CREATED] == len(cut) - 1
        assert first.refused >= 2
        second = import_bytes(other, export)
        assert (second.outcomes[Outcome.UNCHANGED], second.refused) == (len(cut) - 1, 0)
        assert exported(other) == export


def test_an_interruption_between_a_verdict_and_its_successor(
    world: Store, empty: Callable[[], AbstractContextManager[Store]]
) -> None:
    export = exported(world)
    lines = export.splitlines(keepends=True)
    first = next(
        n for n, text in enumerate(lines) if b'"kind":"verdict"' in text and b'"superseded_by":null' not in text
    )
    with empty() as other:
        assert import_bytes(other, b"".join(lines[: first + 1])).refused == 2
        assert import_bytes(other, export).refused == 0
        assert exported(other) == export


def test_merged_claims_are_restored_with_their_evidence(desk: Desk, empty: Callable[[], Iterator[Store]]) -> None:
    desk.document("d-1")
    for name in ("one", "two"):
        desk.claim(name)
        desk.source(f"source-{name}")
        desk.mention(name, "d-1", f"source-{name}")
        desk.judge(name, "Jane")
    desk.merge("/v1/claims/one", "two")
    export = exported(desk.store)
    with empty() as other:  # type: ignore[attr-defined]
        assert import_bytes(other, export).refused == 0
        assert exported(other) == export


@pytest.mark.parametrize("when", ["between two imports", "between two turns"])
def test_concurrent_merges_are_kept(
    desk: Desk, empty: Callable[[], Iterator[Store]], monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    monkeypatch.setattr(restore, "BATCH", 1)
    for name in ("one", "other", "two"):
        desk.claim(name)
    desk.merge("/v1/claims/one", "two")
    export = exported(desk.store)
    eve = Caller("Eve", KeyRole.EDITOR, "k")
    with empty() as other:  # type: ignore[attr-defined]
        if when == "between two imports":
            import_bytes(other, b"".join(export.splitlines(keepends=True)[:3]))
            merge_claim(other, eve, "one", "other", "The same.")
        refused: list[str | None] = []
        for batch in import_stream(Importer(other, "Ann", load_collectives()), io.BytesIO(export), table=load_table()):
            refused += [each.subject for each in batch if each.outcome is Outcome.REFUSED]
            there = other.exports.kept_called(Kind.CLAIM, ["one", "other"])
            if len(there) == 2 and there["one"].beside["merged_into"] is None:
                merge_claim(other, eve, "one", "other", "The same.")
        # And the other claim, if it arrived before the merge.
        assert refused[0] == "claim:one"
        assert set(refused) <= {"claim:one", "claim:other"}
        kept = other.exports.kept_called(Kind.CLAIM, ["one"])["one"].beside
        assert (kept["merged_into"], kept["merged"].by) == ("other", "Eve")
        assert list(examine(other)) == list(audit(other)) == []


def test_the_log_names_the_importer(world: Store, empty: Callable[[], AbstractContextManager[Store]]) -> None:
    with empty() as other:
        import_bytes(other, exported(world))
        events = list(other.events.all_events())

    assert {event.actor for event in events} == {"Ann"}
    published = [json.loads(event.payload)["state"] for event in events if event.type == "verdict.published"]
    assert {"Ana, Example Checks", "Example Checks"} <= {verdict["checker"] for verdict in published}
