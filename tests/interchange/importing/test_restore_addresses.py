"""Addresses with characters that one may not have, in exports of earlier versions: percent-encoded, not refused."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from service.interchange.claimreview.collective_names import load_collectives
from service.interchange.claimreview.ratings import load_table
from service.interchange.importing.import_stream import import_stream
from service.interchange.importing.outcomes import ItemResult, Outcome
from service.interchange.importing.reviews import Importer
from service.operations.stored_addresses import encode_stored_addresses
from service.store import Store
from tests.interchange.importing.helpers import exported

RAW, ENCODED = 'https://raw.example/"><b>{x}', "https://raw.example/%22%3E%3Cb%3E%7Bx%7D"


def _with_raw_addresses(export: bytes) -> bytes:
    """Return an export with this address in a source, a document, a verdict with evidence, and a page of markup."""
    lines = [json.loads(line) for line in export.splitlines()]
    changed = set()
    for line in lines:
        if line["kind"] in ("source", "document", "verdict") and line["kind"] not in changed:
            line["url"] = RAW
            changed.add(line["kind"])
        if line["kind"] == "verdict" and line["evidence"] and "evidence" not in changed:
            line["evidence"][0] = {"url": RAW, "document": None, "mention": None, "note": None}
            changed.add("evidence")
        if line["kind"] == "page" and "page" not in changed:
            line["url"] = line["content"]["pageUrl"] = RAW
            line["content"]["claimReviewMarkups"][0]["claimAppearances"] = [RAW]
            changed.add("page")
    assert changed == {"source", "document", "verdict", "evidence", "page"}
    return b"".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for line in lines)


def _restored(store: Store, export: bytes) -> list[ItemResult]:
    batches = import_stream(Importer(store, "Ann", load_collectives()), io.BytesIO(export), table=load_table())
    return [result for batch in batches for result in batch]


def test_addresses_are_encoded_with_a_finding(world: Store, empty: Callable[[], AbstractContextManager[Store]]) -> None:
    export = _with_raw_addresses(exported(world))
    with empty() as other:
        results = _restored(other, export)
        assert {result.outcome for result in results} == {Outcome.CREATED}
        found = [finding for result in results for finding in result.findings if finding.code == "encoded_url"]
        assert {finding.field.split("/")[1] for finding in found} == {"url", "evidence", "content"}
        assert RAW in found[0].message

        restored = exported(other)
        assert restored.count(ENCODED.encode()) == 7
        assert RAW.encode() not in restored.replace(b'\\"', b'"')
        assert {result.outcome for result in _restored(other, export)} == {Outcome.UNCHANGED}


@pytest.mark.one_engine
def test_an_export_with_addresses_of_this_store_is_unchanged_before_and_after_an_upgrade(
    world: Store,
) -> None:
    world.database.run("UPDATE documents SET url = ? WHERE public_id = 'copy'", (RAW,))
    world.database.run("UPDATE sources SET url = ? WHERE public_id = 'gull'", (RAW,))
    world.database.run("UPDATE pages SET content = REPLACE(content, 'facts.example/1', 'facts.example/`1')")
    world.database.run("UPDATE pages SET url = REPLACE(url, 'facts.example/1', 'facts.example/`1')")
    export = exported(world)

    assert {result.outcome for result in _restored(world, export)} == {Outcome.UNCHANGED}
    assert encode_stored_addresses(world) == 3
    assert {result.outcome for result in _restored(world, export)} == {Outcome.UNCHANGED}
