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
from service.interchange.importing.import_stream import import_stream
from service.interchange.importing.outcomes import ItemResult
from service.interchange.importing.reviews import Importer
from service.model.entities import Basis
from service.operations import import_upgrade
from service.operations.consistency_check import examine
from service.operations.import_upgrade import Upgraded, upgrade_imports
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
def earlier(store: Store) -> Store:
    """Return a store with what the earlier version imported."""
    import_bytes(store, (EARLIER / "export.ndjson").read_bytes())
    return store


def import_feed(store: Store) -> list[ItemResult]:
    """Import the feed and return the results."""
    feed = io.BytesIO((EARLIER / "feed.json").read_bytes())
    batches: Iterable[list[ItemResult]] = import_stream(
        Importer(store, "Ann", load_collectives()), feed, table=load_table()
    )
    return [result for batch in batches for result in batch]


def kinds(store: Store, *ids: str) -> list[str]:
    """Return the kinds of sources."""
    return [str(record.source.kind) for i in ids for record in store.catalogue.sources([i])]


def bases(store: Store) -> dict[str, Basis | None]:
    """Return the bases of all mentions by id."""
    ids = list(store.events.public_ids("mentions"))
    return {i: mention.basis for i, (mention, _) in store.evidence.stated_mentions(ids).items()}


def upgraded(store: Store) -> Upgraded:
    """Upgrade the imports of a store, and recompute its claims; return how many records changed."""
    done = upgrade_imports(store, load_collectives())
    renew(store)
    return done


def test_imported_records_are_upgraded_once(earlier: Store) -> None:
    assert kinds(earlier, X, MULTIPLE) == ["unspecified", "unspecified"]
    assert set(bases(earlier).values()) == {Basis.INFERRED}

    assert upgraded(earlier) == Upgraded(sources=2, mentions=len(bases(earlier)))

    assert kinds(earlier, X, MULTIPLE) == ["collective", "collective"]
    assert set(bases(earlier).values()) == {Basis.EXPLICIT}
    stated = earlier.evidence.stated_mentions([STATEMENT])[STATEMENT][0].note
    assert stated == "The review at https://desk.example/5 names the claimant."
    assert list(examine(earlier)) == list(audit(earlier)) == []
    end = earlier.events.log_end()
    assert upgraded(earlier) == Upgraded()
    assert earlier.events.log_end() == end


def test_an_interrupted_upgrade_continues(earlier: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> int:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(import_upgrade, "_upgrade_mentions", fails)
        with pytest.raises(RuntimeError):
            upgraded(earlier)
    assert upgraded(earlier) == Upgraded(sources=0, mentions=len(bases(earlier)))


def test_what_somebody_has_edited_stays(desk: Desk) -> None:
    import_bytes(desk.store, (EARLIER / "export.ndjson").read_bytes())
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
