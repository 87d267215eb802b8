# ruff: noqa: S608  # statements made of the constants below
"""The derived data of claims follows from their mentions; `doctor` reports differences, and `rebuild` repairs them."""

import datetime as dt
from dataclasses import asdict
from pathlib import Path

import orjson
import pytest

from service.config import PROJECT
from service.corroboration.corroborate import corroborate
from service.corroboration.results import Corroboration
from service.model.records import ClaimState, Evidence
from service.model.timestamps import from_us, to_us
from service.model.verdicts import Rating, judge
from service.operations.consistency_check import examine, rebuild
from service.operations.seeding.files import read_seeds
from service.operations.seeding.load import load_seeds
from service.store import Store
from service.use_cases.claim_shape import claim_json, claim_shape
from service.use_cases.projections import recompute
from tests.operations.seeding.made_up import LATER, SeedFolder, dump, evidence, renewed, say, states

REBUILT = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


@pytest.fixture
def filled(store: Store, tmp_path: Path) -> Store:
    """Return a sound store."""
    SeedFolder(tmp_path / "seeds").load(store)
    return store


@pytest.mark.parametrize("folder", ["made up", "the project's own"])
def test_what_is_stored_is_what_follows(store: Store, tmp_path: Path, folder: str) -> None:
    if folder == "made up":
        SeedFolder(tmp_path / "seeds").load(store)
    else:
        load_seeds(store, read_seeds(PROJECT / "seeds"), LATER)
    say(store, sorted(states(store))[0], ANN=Rating.SUPPORTED, BEN=Rating.SUPPORTED)
    known = evidence(store)
    columns = "status, policy, origins_at_least, origins_at_most, differing_at_least, differing_at_most, "
    columns += (
        "refuting_at_least, refuting_at_most, mentions, documents, origins_named, differing_named, refuting_named"
    )
    stored = {row[0]: row[1:] for row in store.database.rows(f"SELECT public_id, {columns} FROM claims")}
    for name, state in states(store).items():
        members = known.mentions[name]
        result = corroborate(state.claim, members, known.documents, known.sources)
        sides = (result.supports.origins, result.differs.origins, result.refutes.origins)

        assert stored[name] == (
            result.status,
            "v2-organisation-2-2",
            *(bound for side in sides for bound in (side.at_least, side.at_most)),
            len(members),
            len({mention.document for mention in members}),
            *(side.named for side in sides),
        )
        assert state.json == _json(state, result, known)
        shown = orjson.loads(state.json)["corroboration"]
        assert (shown["status"], shown["mentions"]) == (result.status, len(members))
        assert shown["origins"] == asdict(sides[0])
    judged = orjson.loads(states(store)[min(states(store))].json)["verdicts"]
    assert (judged["agreement"], judged["checkers"], judged["tally"]["supported"]) == ("unanimous", 2, 2)
    assert [verdict["checker"] for verdict in judged["current"]] == ["ANN", "BEN"]
    assert list(examine(store)) == []


def _json(state: ClaimState, result: Corroboration, known: Evidence) -> str:
    shape = claim_shape(state, result, judge(state.verdicts), known)
    return claim_json(shape, state.version, state.judged_version, state.updated_at)


def test_nothing_is_to_be_renewed_in_a_sound_store(filled: Store) -> None:
    before = dump(filled)

    assert list(examine(filled)) == []
    [batch] = recompute(filled, filled.claims.all_claim_keys(), LATER)
    assert (batch.projections, batch.documents) == ([], {})
    assert rebuild(filled, REBUILT) == 0
    assert dump(filled) == before


@pytest.mark.parametrize("json", ['{"id":"x"}', '{"verdicts":null}', "[1]", "{", ""])
def test_looking_changes_nothing(filled: Store, json: str) -> None:
    filled.database.run("UPDATE claims SET json = ?", (json,))
    before = dump(filled)

    assert len(list(examine(filled))) == 3
    assert dump(filled) == before


CLAIM = "(SELECT id FROM claims WHERE public_id = 'fee-doubled')"
FACET = "(SELECT id FROM facets WHERE kind = 'topic' AND value = 'harbour')"
COLUMNS = (
    "status = 'refuted'",
    "policy = 'v0'",
    "judged_hash = ''",
    "origins_at_least = 0",
    "origins_at_most = 7",
    "differing_at_least = 7",
    "differing_at_most = 7",
    "refuting_at_least = 7",
    "refuting_at_most = 7",
    "mentions = 7",
    "documents = 7",
    "origins_named = 7",
    "differing_named = 7",
    "refuting_named = 7",
)
COLUMN_DAMAGE = {name: f"UPDATE claims SET {name} WHERE public_id = 'fee-doubled'" for name in COLUMNS}
DAMAGE = {
    "shape": "UPDATE claims SET json = REPLACE(json, 'berth', 'boat') WHERE public_id = 'fee-doubled'",
    "shape broken": "UPDATE claims SET json = '{' WHERE public_id = 'fee-doubled'",
    "verdict lost": f"DELETE FROM verdicts WHERE claim_id = {CLAIM}",
    "rating": f"UPDATE verdicts SET rating = 'supported' WHERE claim_id = {CLAIM}",
    "state of a verdict": f"UPDATE verdicts SET state = 'withdrawn' WHERE claim_id = {CLAIM}",
    "link withdrawn": "UPDATE claim_links SET withdrawn_us = 1",
    "mention withdrawn": f"UPDATE mentions SET withdrawn_us = 1 WHERE claim_id = {CLAIM}",
    "merge": f"UPDATE claims SET root_id = {CLAIM} WHERE public_id = 'many-gulls'",
    "shape lost": "UPDATE claims SET json = '{}' WHERE public_id = 'fee-doubled'",
    "version": "UPDATE claims SET version = 9 WHERE public_id = 'fee-doubled'",
    "facet row lost": f"DELETE FROM claim_facets WHERE claim_id = {CLAIM} AND facet_id = {FACET}",
    "all facet rows lost": "DELETE FROM claim_facets",
    "facet row added": f"INSERT INTO claim_facets (facet_id, claim_id) SELECT id, {CLAIM} FROM facets "
    "WHERE value = 'birds'",
    "sort keys lost": f"DELETE FROM claim_sort_keys WHERE claim_id = {CLAIM}",
    **{
        f"sort key {name}": f"UPDATE claim_sort_keys SET {name} = 9 WHERE claim_id = {CLAIM}"
        for name in ("updated_us", "origins", "mentions", "named", "signature_0", "signature_1")
    },
    "total": "UPDATE facets SET claims = 9 WHERE value = 'harbour'",
    "total of nothing": "INSERT INTO facets (kind, value, claims) VALUES ('topic', 'ghost', 1)",
    "total lost": "UPDATE facets SET claims = 0 WHERE value = 'harbour'",
    "mention lost": "DELETE FROM mentions WHERE note IS NULL AND document_id IN "
    f"(SELECT id FROM documents WHERE public_id = 'doc-heron') AND claim_id = {CLAIM}",
    "stance": f"UPDATE mentions SET stance = 'refutes' WHERE claim_id = {CLAIM}",
    "words of a claim": "UPDATE claims SET text = 'Other.' WHERE public_id = 'fee-doubled'",
    "parent of a source": "UPDATE sources SET part_of_id = (SELECT id FROM sources s WHERE s.public_id = 'gull') "
    "WHERE public_id = 'dockers'",
}


@pytest.mark.parametrize("damages", [DAMAGE, COLUMN_DAMAGE], ids=["shapes, facets and totals", "counts of a claim"])
def test_doctor_sees_every_damage_and_rebuild_mends_it(filled: Store, damages: dict[str, str]) -> None:
    say(filled, "fee-doubled", ANN=Rating.REFUTED)
    unseen, unmended = [], []
    for damage, statement in damages.items():
        before = dump(filled)
        with filled.write(), filled.database.peewee.atomic() as undone:
            assert filled.database.run(statement) >= 1, damage
            if not _examined(filled):
                unseen.append(damage)
            rebuild(filled, REBUILT)
            if not _sound(filled):
                unmended.append(damage)
            undone.rollback()
        assert dump(filled) == before

    assert {"not seen": unseen, "not mended": unmended} == {"not seen": [], "not mended": []}


def _examined(store: Store) -> list[str]:
    """As ``examine``, inside a transaction that has written: its snapshot is one that only reads."""
    store.snapshot, kept = store.write, store.snapshot  # type: ignore[method-assign]
    try:
        return list(examine(store))
    finally:
        store.snapshot = kept  # type: ignore[method-assign]


def _sound(store: Store) -> bool:
    """Return whether the counts in the columns are those of the JSON, and the doctor reports nothing."""
    columns = "status, origins_named, origins_at_least, origins_at_most, differing_named, differing_at_least, "
    columns += (
        "differing_at_most, refuting_named, refuting_at_least, refuting_at_most, mentions, documents, policy, json"
    )
    for status, *numbers, policy, json in store.database.rows(f"SELECT {columns} FROM claims"):
        shown = orjson.loads(json)["corroboration"]
        bounds = [shown[side][bound] for side in ("origins", "differing", "refuting") for bound in shown[side]]
        if [shown["status"], *bounds, shown["mentions"], shown["documents"], shown["policy"]] != [
            status,
            *numbers,
            policy,
        ]:
            return False
    return not _examined(store)


def test_doctor_names_the_claim_and_the_facet(filled: Store) -> None:
    filled.database.run("UPDATE claims SET text = 'Other.' WHERE public_id = 'many-gulls'")
    filled.database.run("UPDATE facets SET claims = 9 WHERE kind = 'topic' AND value = 'harbour'")

    first, *_, second = examine(filled)

    assert first.startswith("claim many-gulls: ")
    assert second == "facet topic=harbour: 9 claims stored, 2 counted"


def test_doctor_names_the_claim_whose_words_would_not_be_found(filled: Store) -> None:
    filled.database.run("UPDATE claims SET statement_key = '' WHERE public_id = 'many-gulls'")
    assert list(examine(filled)) == ["claim many-gulls: the stored key of its words is out of date"]
    rebuild(filled, REBUILT)
    assert list(examine(filled)) == []


def test_rebuild_renews_what_was_wrong_and_nothing_else(filled: Store) -> None:
    before = states(filled)
    filled.database.run("UPDATE claims SET text = 'Gulls.' WHERE public_id = 'many-gulls'")

    assert rebuild(filled, REBUILT) == 1

    assert renewed(before, states(filled), REBUILT) == {"many-gulls"}
    rows = filled.database.rows("SELECT claim_id, updated_us FROM claim_sort_keys")
    times = {state.key: to_us(state.updated_at) for state in states(filled).values()}
    assert dict(rows) == times
    assert from_us(to_us(REBUILT)) == REBUILT
