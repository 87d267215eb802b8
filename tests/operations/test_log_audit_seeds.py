"""``claims audit`` of what came from seed files, and of a store from before there was a log."""

from __future__ import annotations

from pathlib import Path

from service.model.actors import Caller, KeyRole
from service.operations.log_audit import audit
from service.operations.log_backfill import backfill_log
from service.store import Store
from service.use_cases.merging import merge_claim, merge_source, unmerge_claim
from tests.operations.seeding.made_up import LATER, SeedFolder
from tests.operations.tampering import GUARDED, unguard

EDITH = Caller("Edith", KeyRole.EDITOR, "none")


def test_the_log_follows_the_seed_files_through_every_change(store: Store, tmp_path: Path) -> None:
    seeds = SeedFolder(tmp_path)
    seeds.load(store)
    assert list(audit(store)) == []
    seeds.entry("ships-arrived")["mentions"].pop()
    seeds.entry("ships-arrived")["links"].clear()
    seeds.entry("gull")["name"] = "The Evening Gull"
    seeds.load(store, LATER)
    assert list(audit(store)) == []


def test_what_was_merged_stays_merged_when_the_seed_files_change_it(store: Store, tmp_path: Path) -> None:
    seeds = SeedFolder(tmp_path)
    seeds.load(store)
    merge_claim(store, EDITH, "many-gulls", "fee-doubled", "Same.")
    merge_source(store, EDITH, "heron", "gull", "Same.")
    seeds.entry("many-gulls")["text"] = "There are many gulls."
    seeds.entry("heron")["note"] = "Closed."
    seeds.load(store, LATER)
    assert list(audit(store)) == []
    unmerge_claim(store, EDITH, "many-gulls", "Not the same.")
    assert list(audit(store)) == []


def test_the_sums_of_a_store_from_before_the_log_are_in_it_from_the_first(store: Store, tmp_path: Path) -> None:
    SeedFolder(tmp_path).load(store)
    unguard(store)
    for table in reversed(GUARDED):
        store.database.run(f"DELETE FROM {table}")  # noqa: S608
    assert backfill_log(store)
    assert list(audit(store)) == []
    store.database.run("UPDATE claims SET mentions = 9 WHERE public_id = 'ships-arrived'")
    [finding] = audit(store)
    assert finding.endswith("claim:ships-arrived differs in the tables: summary")
