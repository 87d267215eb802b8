"""One edit of a seed file after another: what is written, and which claims get a new version."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from service.operations.consistency_check import examine
from service.storage.database import Database
from service.storage.migrations import migrate
from service.store import Store
from tests.operations.seeding.made_up import LATER, SeedFolder, renewed, states
from tests.servers import fresh_database
from tests.settings import make_settings


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for all edits: a database each would take most of the time."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            url = f"sqlite:///{tmp_path_factory.mktemp('edits') / 'claims.db'}"
        else:
            url = stack.enter_context(fresh_database(request.getfixturevalue("postgres_server")))
        database = Database(make_settings(url))
        stack.callback(database.close)
        migrate(database)
        yield Store(database)


Edit = Callable[[SeedFolder], object]
EDITS: dict[str, tuple[Edit, set[str]]] = {
    "claim text": (lambda s: s.entry("many-gulls").update(text="Gulls abound."), {"many-gulls"}),
    "claim note": (lambda s: s.entry("many-gulls").update(note="A leaflet."), {"many-gulls"}),
    "claim place": (lambda s: s.entry("many-gulls").update(place="Oldport"), {"many-gulls"}),
    "claim quantity": (
        lambda s: s.entry("ships-arrived").update(quantity={"low": 12, "high": None, "unit": "ships"}),
        {"ships-arrived"},
    ),
    "claim time frame": (lambda s: s.entry("many-gulls").update(time_frame={"label": "2025"}), {"many-gulls"}),
    "claim topics": (lambda s: s.entry("fee-doubled").update(topics=["fees"]), {"fee-doubled"}),
    "order of topics": (lambda s: s.entry("ships-arrived")["topics"].reverse(), {"ships-arrived"}),
    "mention stance": (
        lambda s: s.entry("ships-arrived")["mentions"][1].update(stance="refutes"),
        {"ships-arrived"},
    ),
    "mention note": (lambda s: s.entry("ships-arrived")["mentions"][1].update(note="By the way."), set()),
    "attribution": (
        lambda s: s.entry("ships-arrived")["mentions"][1].update(attribution=["dockers"]),
        {"ships-arrived"},
    ),
    "link note": (
        lambda s: s.entry("ships-arrived")["links"][0].update(note="Other things."),
        {"ships-arrived", "fee-doubled"},
    ),
    "link type": (
        lambda s: s.entry("ships-arrived")["links"][0].update(type="refines"),
        {"ships-arrived", "fee-doubled"},
    ),
    "link removed": (lambda s: s.entry("ships-arrived").pop("links"), {"ships-arrived", "fee-doubled"}),
    "mention removed": (lambda s: s.entry("fee-doubled")["mentions"].pop(), {"fee-doubled"}),
    "part_of removed": (lambda s: s.entry("harbour-office").pop("part_of"), {"ships-arrived"}),
    "part_of added": (lambda s: s.entry("dockers").update(part_of="ministry"), {"fee-doubled"}),
    "kind of source": (lambda s: s.entry("dockers").update(kind="anonymous"), {"fee-doubled"}),
    "name of source": (lambda s: s.entry("dockers").update(name="Union of Dockers"), {"fee-doubled"}),
    "aliases of source": (lambda s: s.entry("dockers").update(aliases=["stevedores"]), set()),
    "document derived": (lambda s: s.entry("doc-heron").update(derived_from="doc-gull"), {"fee-doubled"}),
    "title of document": (lambda s: s.entry("doc-heron").update(title="Ships"), set()),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_renews_exactly_the_claims_whose_shown_state_changes(shared: Store, tmp_path: Path, edit: str) -> None:
    seeds = SeedFolder(tmp_path)
    seeds.load(shared)
    assert list(examine(shared)) == []
    change, expected = EDITS[edit]
    before = states(shared)
    change(seeds)

    outcome = seeds.load(shared, LATER)

    assert outcome.changed
    assert renewed(before, states(shared), LATER) == expected
    assert outcome.recomputed == len(expected)
    assert list(examine(shared)) == []
    assert not seeds.load(shared, LATER).changed
