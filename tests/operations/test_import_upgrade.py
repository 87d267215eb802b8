"""Records that an earlier version imported: upgraded once, with events, and known when their feed comes again.

``earlier_imports`` has a feed, and the whole export of a store into which that version had imported it.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

import pytest

from service.interchange.claimreview.collective_names import load_collectives
from service.interchange.claimreview.ratings import load_table
from service.interchange.importing import restore
from service.interchange.importing.earlier_imports import Corrected
from service.interchange.importing.import_stream import import_stream
from service.interchange.importing.outcomes import ItemResult
from service.interchange.importing.reviews import Importer
from service.model.entities import Basis
from service.operations import import_upgrade
from service.operations.consistency_check import examine
from service.operations.import_upgrade import upgrade_imports
from service.operations.log_audit import audit
from service.operations.reprojection import renew
from service.store import Store
from tests.interchange.importing.helpers import import_bytes
from tests.use_cases.desk import Desk

EARLIER = Path(__file__).with_name("earlier_imports")
X, MULTIPLE = "s-8624e527780f3288", "s-47b2e27d621c54b8"
STATEMENT = "m-415db28e32c1a41a"
# Reviews that are not unchanged when they come again, and the findings that say why.
DIFFERENT = {
    "https://gazette.example/fact/1": ["publisher_differs"],
    "https://checkers.example/2": ["publisher_differs"],
    "https://portnews.example/1": ["syndicated", "publisher_differs"],
    "https://desk.example/26": ["taken_from"],
}


@pytest.fixture
def earlier(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Return a store with what the earlier version imported."""
    return as_it_was(store, (EARLIER / "export.ndjson").read_bytes(), monkeypatch)


def as_it_was(store: Store, export: bytes, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Fill a store with an export of the earlier version, without the corrections of restoring it."""
    with monkeypatch.context() as patch:
        patch.setattr(restore, "correct_reviewed_claims", lambda *_: None)
        import_bytes(store, export)
    return store


def import_feed(store: Store, feed: bytes | None = None) -> list[ItemResult]:
    """Import a feed, by default that of the earlier version, and return the results."""
    stream = io.BytesIO(feed or (EARLIER / "feed.json").read_bytes())
    batches: Iterable[list[ItemResult]] = import_stream(
        Importer(store, "Ann", load_collectives()), stream, table=load_table()
    )
    return [result for batch in batches for result in batch]


def kinds(store: Store, *ids: str) -> list[str]:
    """Return the kinds of sources."""
    return [str(record.source.kind) for i in ids for record in store.catalogue.sources([i])]


def bases(store: Store) -> dict[str, Basis | None]:
    """Return the bases of all mentions by id."""
    ids = list(store.events.public_ids("mentions"))
    return {i: mention.basis for i, (mention, _) in store.evidence.stated_mentions(ids).items()}


def upgraded(store: Store) -> Corrected:
    """Upgrade the imports of a store, and recompute its claims; return how many records changed."""
    done = upgrade_imports(store, load_collectives())
    renew(store)
    return done


def test_imported_records_are_upgraded_once(earlier: Store) -> None:
    assert kinds(earlier, X, MULTIPLE) == ["unspecified", "unspecified"]
    assert set(bases(earlier).values()) == {Basis.INFERRED}

    assert upgraded(earlier) == Corrected(sources=2, mentions=len(bases(earlier)))

    assert kinds(earlier, X, MULTIPLE) == ["collective", "collective"]
    assert set(bases(earlier).values()) == {Basis.EXPLICIT}
    stated = earlier.evidence.stated_mentions([STATEMENT])[STATEMENT][0].note
    assert stated == "The review at https://desk.example/5 names the claimant."
    assert list(examine(earlier)) == list(audit(earlier)) == []
    end = earlier.events.log_end()
    assert upgraded(earlier) == Corrected()
    assert earlier.events.log_end() == end


def test_an_interrupted_upgrade_continues(earlier: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> int:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(import_upgrade, "correct_imported_mentions", fails)
        with pytest.raises(RuntimeError):
            upgraded(earlier)
    assert upgraded(earlier) == Corrected(sources=0, mentions=len(bases(earlier)))


def test_what_somebody_has_edited_stays(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    as_it_was(desk.store, (EARLIER / "export.ndjson").read_bytes(), monkeypatch)
    desk.patch(f"/v1/sources/{X}", "Ed", {"note": "The company."})
    desk.withdraw(f"/v1/mentions/{STATEMENT}")

    upgraded(desk.store)

    assert kinds(desk.store, X, MULTIPLE) == ["unspecified", "collective"]
    assert [i for i, basis in bases(desk.store).items() if basis is Basis.INFERRED] == [STATEMENT]


def test_a_feed_of_the_earlier_version_is_unchanged_but_for_what_a_finding_explains(earlier: Store) -> None:
    upgraded(earlier)
    sources = len(list(earlier.events.public_ids("sources")))

    results = import_feed(earlier)

    changed = {result.url: [f.code for f in result.findings] for result in results if result.outcome != "unchanged"}
    assert changed == DIFFERENT
    names = {record.source.name for record in earlier.catalogue.sources(list(earlier.events.public_ids("sources")))}
    assert len(list(earlier.events.public_ids("sources"))) == sources + 2
    assert {"The Gazette", "Checkers United"} <= names
    assert {result.outcome for result in import_feed(earlier)} == {"unchanged"}
    assert list(examine(earlier)) == list(audit(earlier)) == []
