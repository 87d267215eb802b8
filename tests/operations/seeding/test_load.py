"""Loading seeds: what is written, what is left alone, and that it is all or nothing."""

import datetime as dt
from pathlib import Path
from typing import Any

import orjson
import pytest

from service.model.actors import SEEDS, Caller, KeyRole
from service.model.entities import (
    Basis,
    Claim,
    ClaimLink,
    Document,
    LinkType,
    Locator,
    Mark,
    Mention,
    Role,
    Source,
    SourceKind,
    Stance,
)
from service.model.filters import ClaimFilters
from service.model.ids import stated_id
from service.model.timestamps import to_us
from service.operations.consistency_check import examine
from service.operations.log_audit import audit
from service.storage.database import Database
from service.storage.migrations import migrate
from service.store import Store
from service.use_cases.bulk_counts import bulk_counts
from service.use_cases.document_merging import unmerge_document
from service.use_cases.editing import create_document
from service.use_cases.mentions_and_links import withdraw_link, withdraw_mention
from service.use_cases.merging import merge_source
from tests.operations.seeding.made_up import FIRST, GULL, HERON, LATER, SeedFolder, dump, mention, states
from tests.settings import make_settings


@pytest.fixture
def seeds(tmp_path: Path) -> SeedFolder:
    """Made-up seeds, not loaded yet."""
    return SeedFolder(tmp_path / "seeds")


@pytest.fixture
def loaded(store: Store, seeds: SeedFolder) -> Store:
    """Return a store that holds them."""
    seeds.load(store)
    return store


def shown(store: Store, claim: str) -> dict[str, Any]:
    """Return a claim as it is served."""
    stored = store.claims.get(claim)
    assert stored is not None
    shape: dict[str, Any] = orjson.loads(stored.json)
    return shape


def test_what_the_files_say_is_in_the_store(store: Store, seeds: SeedFolder) -> None:
    outcome = seeds.load(store)

    assert {kind: (c.added, c.updated, c.removed) for kind, c in outcome.changes.items()} == {
        "sources": (6, 0, 0),
        "documents": (3, 0, 0),
        "claims": (3, 0, 0),
        "mentions": (5, 0, 0),
        "links": (1, 0, 0),
    }
    assert outcome.recomputed == 3
    assert outcome.changed
    assert {name: state.version for name, state in states(store).items()} == {
        "ships-arrived": 1,
        "fee-doubled": 1,
        "many-gulls": 1,
    }
    ships = shown(store, "ships-arrived")
    assert ships["text"] == "Twelve ships arrived in Oldport."
    assert ships["quantity"] == {"low": 12, "high": 12, "unit": "ships", "qualifier": "exact"}
    assert ships["topics"] == ["harbour", "ships"]
    assert ships["corroboration"]["status"] == "single_origin"
    assert ships["corroboration"]["origins"] == {"named": 1, "at_least": 1, "at_most": 1}
    [link] = ships["links"]
    assert link == {
        "id": stated_id("l", "ships-arrived", "distinct_from", "fee-doubled"),
        "type": "distinct_from",
        "direction": "outgoing",
        "claim": "fee-doubled",
        "note": "Ships, not money.",
    }
    assert shown(store, "fee-doubled")["corroboration"]["status"] == "corroborated"
    assert shown(store, "fee-doubled")["links"] == [link | {"direction": "incoming", "claim": "ships-arrived"}]


def test_a_second_run_changes_nothing(loaded: Store, seeds: SeedFolder) -> None:
    before = dump(loaded)

    outcome = seeds.load(loaded, LATER)

    assert not outcome.changed
    assert outcome.recomputed == 0
    assert {c.unchanged for c in outcome.changes.values()} == {6, 3, 5, 1}
    assert dump(loaded) == before


def test_the_order_of_entries_and_keys_in_the_files_does_not_matter(loaded: Store, seeds: SeedFolder) -> None:
    before = dump(loaded)
    seeds.sources.reverse()
    seeds.documents.reverse()
    seeds.claims = [dict(reversed(claim.items())) for claim in reversed(seeds.claims)]
    for claim in seeds.claims:
        claim["mentions"].reverse()

    assert not seeds.load(loaded, LATER).changed
    assert dump(loaded) == before


def test_a_second_run_changes_nothing_where_the_database_orders_names_its_own_way(tmp_path: Path) -> None:
    """Most servers order "apple" before "Zed"; Python and the C locale do not."""
    database = Database(make_settings(f"sqlite:///{tmp_path / 'claims.db'}"))
    migrate(database)
    database.run("DROP TABLE source_aliases")
    database.run("CREATE TABLE source_aliases (source_id INTEGER NOT NULL, name TEXT COLLATE NOCASE NOT NULL)")
    seeds = SeedFolder(tmp_path / "seeds")
    seeds.entry("dockers")["aliases"] = ["apple", "Zed"]
    seeds.load(Store(database))

    again = seeds.load(Store(database), LATER)

    assert not again.changed
    database.close()


def test_another_publisher_moves_the_claim_in_the_filters(loaded: Store, seeds: SeedFolder) -> None:
    assert loaded.catalogue.sources(["heron"])[0].claims[Role.PUBLISHER] == 2
    seeds.entry("doc-heron")["publisher"] = "gull"

    seeds.load(loaded, LATER)

    assert loaded.catalogue.sources(["heron"])[0].claims[Role.PUBLISHER] == 0
    assert [c.id for c in bulk_counts(loaded, ClaimFilters(publisher="heron"))] == []
    assert loaded.catalogue.documents(["doc-heron"])[0].document.publisher == "gull"
    assert list(examine(loaded)) == []


def test_a_changed_source_and_document_count_one_version_on(loaded: Store, seeds: SeedFolder) -> None:
    seeds.entry("dockers")["note"] = "Since 1890."
    seeds.entry("doc-gull")["author"] = "A. Gull"

    seeds.load(loaded, LATER)

    [docker], [gull] = loaded.catalogue.sources(["dockers"]), loaded.catalogue.sources(["gull"])
    [changed], [same] = loaded.catalogue.documents(["doc-gull"]), loaded.catalogue.documents(["doc-heron"])
    assert (docker.version, gull.version, changed.version, same.version) == (2, 1, 2, 1)
    assert to_us(docker.updated_at) == to_us(changed.updated_at) == to_us(LATER)
    assert to_us(gull.updated_at) == to_us(same.updated_at) == to_us(FIRST)


def test_a_removed_mention_and_link_are_gone_and_the_counts_follow(loaded: Store, seeds: SeedFolder) -> None:
    """They are withdrawn: their addresses say why."""
    link = shown(loaded, "ships-arrived")["links"][0]["id"]
    seeds.entry("fee-doubled")["mentions"].pop()
    seeds.entry("ships-arrived")["links"].clear()
    before = set(loaded.seeds.seeded_mentions())

    outcome = seeds.load(loaded, LATER)

    assert (outcome.changes["mentions"].removed, outcome.changes["links"].removed) == (1, 1)
    fee = shown(loaded, "fee-doubled")
    assert fee["links"] == []
    assert fee["corroboration"]["mentions"] == 1
    assert fee["corroboration"]["status"] == "single_origin"
    assert loaded.catalogue.documents(["doc-heron"])[0].claims == 1
    assert loaded.catalogue.sources(["dockers"])[0].claims[Role.ORIGIN] == 1
    assert {c.id: c.mentions for c in bulk_counts(loaded, ClaimFilters())}["fee-doubled"] == 1
    [gone] = before - set(loaded.seeds.seeded_mentions())
    mention, mark = loaded.evidence.stated_mentions([gone])[gone]
    assert (mention.document, mark) == ("doc-heron", Mark(LATER, SEEDS, "No longer in the seed files."))
    record = loaded.merges.link(link)
    assert record is not None
    assert record.withdrawn == mark


def test_what_comes_back_into_the_files_stands_again(loaded: Store, seeds: SeedFolder) -> None:
    before = shown(loaded, "ships-arrived"), shown(loaded, "fee-doubled")
    kept = seeds.entry("fee-doubled")["mentions"].pop()
    links = seeds.entry("ships-arrived").pop("links")
    seeds.load(loaded, LATER)
    seeds.entry("fee-doubled")["mentions"].append(kept)
    seeds.entry("ships-arrived")["links"] = links

    outcome = seeds.load(loaded, LATER)

    assert {kind: change.added for kind, change in outcome.changes.items() if change.added} == {
        "mentions": 1,
        "links": 1,
    }
    for earlier in before:
        now = shown(loaded, earlier["id"])
        assert now["corroboration"] == earlier["corroboration"]
        assert [link["claim"] for link in now["links"]] == [link["claim"] for link in earlier["links"]]
    assert not seeds.load(loaded, LATER).changed
    assert list(examine(loaded)) == []
    assert list(audit(loaded)) == []


def test_what_somebody_withdrew_or_merged_is_not_brought_back_by_the_files(loaded: Store, seeds: SeedFolder) -> None:
    """Decisions made in the store outlast the next load."""
    caller = Caller("Jane", KeyRole.EDITOR, "key")
    mention = next(i for i, claim in loaded.seeds.seeded_mentions().items() if claim == "many-gulls")
    withdraw_mention(loaded, caller, mention, "It says nothing of the kind.")
    withdraw_link(loaded, caller, shown(loaded, "ships-arrived")["links"][0]["id"], "They are.")
    merge_source(loaded, caller, "dockers", "ministry", "One and the same.")
    before = dump(loaded)

    assert not seeds.load(loaded, LATER).changed

    assert dump(loaded) == before
    assert shown(loaded, "many-gulls")["corroboration"]["mentions"] == 0
    assert shown(loaded, "ships-arrived")["links"] == []

    seeds.entry("dockers")["name"] = "Union of Dockers"
    seeds.load(loaded, LATER)

    [dockers] = loaded.catalogue.sources(["dockers"])
    assert (dockers.source.name, dockers.source.merged_into) == ("Union of Dockers", "ministry")
    assert list(audit(loaded)) == list(examine(loaded)) == []


def test_a_page_that_is_there_is_the_document_of_the_files_too(store: Store, seeds: SeedFolder) -> None:
    """Its mentions point into the text of the document in the files, which is merged into the one that was there."""
    caller = Caller("Jane", KeyRole.EDITOR, "key")
    create_document(store, caller, Document("there", url="http://www.gull.example/1/"))
    create_document(store, caller, Document("also-there", url="https://heron.example/2"))
    seeds.entry("doc-gull")["url"] = "https://gull.example/1"
    seeds.load(store)
    seeds.entry("doc-heron")["url"] = "https://m.heron.example/2"
    seeds.load(store, LATER)

    records = store.catalogue.documents(["doc-gull", "doc-heron", "doc-leaflet"])
    assert [r.document.merged_into for r in records][:2] == ["there", "also-there"]
    assert [event.type for event in store.events.all_events()].count("document.merged") == 2
    assert store.catalogue.documents(["there"])[0].claims > 0
    assert not seeds.load(store, LATER).changed
    unmerge_document(store, caller, "doc-gull", "Another page.")
    assert not seeds.load(store, LATER).changed
    assert list(audit(store)) == list(examine(store)) == []


def test_an_intermediate_original_matters_to_claims_that_it_does_not_make(store: Store, seeds: SeedFolder) -> None:
    """The Heron copies a wire text that copies the Gull; the wire text itself is no mention of the claim."""
    seeds.documents.append({"id": "doc-wire", "sha256": "c" * 64, "length": 9, "derived_from": "doc-gull"})
    seeds.entry("doc-heron")["derived_from"] = "doc-wire"
    seeds.load(store)
    assert shown(store, "fee-doubled")["corroboration"]["origins"] == {"named": 1, "at_least": 1, "at_most": 1}
    del seeds.documents[-1]["derived_from"]

    seeds.load(store, LATER)

    assert shown(store, "fee-doubled")["corroboration"]["origins"] == {"named": 2, "at_least": 2, "at_most": 2}
    assert list(examine(store)) == []


def test_a_claim_that_is_in_no_file_any_more_is_kept_and_reported(loaded: Store, seeds: SeedFolder) -> None:
    seeds.claims.remove(seeds.entry("many-gulls"))

    outcome = seeds.load(loaded, LATER)

    assert outcome.kept == {"claims": 1}
    assert "many-gulls" in states(loaded)


def test_a_kept_claim_shows_what_still_stands_behind_it(loaded: Store, seeds: SeedFolder) -> None:
    seeds.claims.remove(seeds.entry("many-gulls"))

    seeds.load(loaded, LATER)

    mentions = loaded.database.row(
        "SELECT COUNT(*) FROM mentions m JOIN claims c ON c.id = m.claim_id WHERE c.public_id = ?", ("many-gulls",)
    )
    assert mentions is not None
    assert shown(loaded, "many-gulls")["corroboration"]["mentions"] == mentions[0]
    assert list(examine(loaded)) == []


def test_sources_and_documents_in_no_file_are_kept_and_reported(loaded: Store, seeds: SeedFolder) -> None:
    seeds.claims.remove(seeds.entry("many-gulls"))
    seeds.documents.remove(seeds.entry("doc-leaflet"))
    seeds.sources.remove(seeds.entry("rumour"))

    assert seeds.load(loaded, LATER).kept == {"sources": 1, "documents": 1, "claims": 1}


def test_entries_that_are_not_from_seeds_survive(loaded: Store, seeds: SeedFolder) -> None:
    chain, where = ("poster",), Locator(0, 6, "d" * 64)
    ours = Mention("m-own", "ships-arrived", "doc-own", Stance.SUPPORTS, chain, Basis.EXPLICIT, locator=where)
    with loaded.write():
        loaded.evidence_writes.insert_sources([Source("poster", "Poster", SourceKind.PERSON)], 0)
        loaded.evidence_writes.insert_documents([Document("doc-own", sha256="e" * 64, length=9)], 0)
        loaded.evidence_writes.insert_claims([Claim("own-claim", "Own.", "own", topics=("own",))], 0)
        loaded.evidence_writes.insert_mentions([ours], seeded=False)
        loaded.evidence_writes.insert_links(
            [("own-claim", ClaimLink(LinkType.REFINES, "ships-arrived", id="l-own"))], seeded=False
        )
    seeds.entry("ships-arrived")["text"] = "A dozen ships arrived in Oldport."

    seeds.load(loaded, LATER)

    ships = shown(loaded, "ships-arrived")
    assert ships["corroboration"]["mentions"] == 3
    assert ships["corroboration"]["origins"] == {"named": 2, "at_least": 2, "at_most": 2}
    incoming = {"type": "refines", "direction": "incoming", "claim": "own-claim", "note": None}
    assert incoming | {"id": "l-own"} in ships["links"]
    assert [record.source.id for record in loaded.catalogue.sources(["poster"])] == ["poster"]


def test_a_first_load_that_fails_leaves_nothing_behind(
    store: Store, seeds: SeedFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    for queries, failing in (
        (store.evidence_writes, "insert_documents"),
        (store.evidence_writes, "insert_mentions"),
        (store.evidence_writes, "insert_links"),
        (store.projections, "save_projections"),
        (store.catalogue, "sizes"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(queries, failing, fail)
            with pytest.raises(ZeroDivisionError):
                seeds.load(store)

        assert set(map(len, dump(store).values())) == {0}, failing


def test_a_later_load_that_fails_changes_nothing(
    loaded: Store, seeds: SeedFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = dump(loaded)
    seeds.entry("dockers")["name"] = "Stevedores"
    seeds.entry("fee-doubled")["mentions"] = [mention("doc-gull", GULL, "The fee", "gull")]
    monkeypatch.setattr(loaded.projections, "save_projections", lambda *_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        seeds.load(loaded, LATER)

    monkeypatch.undo()
    assert dump(loaded) == before
    assert seeds.load(loaded, LATER).changed


def test_the_files_set_the_day_on_which_a_document_was_first_seen(loaded: Store, seeds: SeedFolder) -> None:
    """Without one the document keeps its day, which is that of the first load."""

    def day() -> str:
        return str(loaded.catalogue.documents(["doc-gull"])[0].document.first_seen)

    assert day() == str(FIRST.date())
    assert shown(loaded, "ships-arrived")["first_stated"] == {"earliest": None, "latest": str(FIRST.date())}
    seeds.load(loaded, LATER)
    assert day() == str(FIRST.date())
    seeds.entry("doc-gull")["first_seen"] = dt.date(2025, 11, 22)
    assert seeds.load(loaded, LATER).changes["documents"].updated == 1
    assert day() == "2025-11-22"
    assert shown(loaded, "ships-arrived")["first_stated"] == {"earliest": None, "latest": "2025-11-22"}
    del seeds.entry("doc-gull")["first_seen"]
    assert not seeds.load(loaded, LATER).changed
    assert day() == "2025-11-22"


def test_documents_may_swap_what_is_unique(loaded: Store, seeds: SeedFolder) -> None:
    gull, heron = seeds.entry("doc-gull"), seeds.entry("doc-heron")
    gull["url"], heron["url"] = "https://a.example/1", "https://a.example/2"
    seeds.load(loaded, LATER)
    gull["url"], heron["url"] = heron["url"], gull["url"]

    seeds.load(loaded, LATER)

    assert loaded.catalogue.documents(["doc-heron"])[0].document.url == "https://a.example/1"


def test_the_same_span_may_say_two_things_with_two_chains(loaded: Store, seeds: SeedFolder) -> None:
    seeds.entry("ships-arrived")["mentions"].append(mention("doc-heron", HERON, "twelve ships in Oldport", "dockers"))

    seeds.load(loaded, LATER)

    assert shown(loaded, "ships-arrived")["corroboration"]["origins"] == {"named": 2, "at_least": 2, "at_most": 2}
