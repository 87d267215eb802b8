"""Fixtures of the tests of importing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from service.config import Settings
from service.storage.database import Database
from service.storage.migrations import migrate
from service.store import Store
from tests.interchange.claimreview.samples import rating, review
from tests.interchange.importing.helpers import by, import_bytes
from tests.operations.everything import fill
from tests.servers import fresh_database
from tests.settings import make_settings


@pytest.fixture
def world(database_url: str, settings: Settings) -> Iterator[Store]:
    """Return a store with records of every kind and state, imported reviews included."""
    fill(database_url)
    database = Database(settings)
    store = Store(database)
    dates = (None, "2019-11-01", "2019-11-02T10:00:00Z")
    versions = [
        review(number, headline=f"Version {v}", dateModified=dates[v]) for number in range(3) for v in range(number + 1)
    ]
    body = json.dumps(
        [*versions, by("Other Checks", "other.example"), review(9, reviewRating=rating(alternateName="?"))]
    )
    import_bytes(store, body.encode())
    yield store
    database.close()


@pytest.fixture
def empty(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[], AbstractContextManager[Store]]:
    """Return a function that opens an empty store on the same engine."""

    @contextmanager
    def make() -> Iterator[Store]:
        if engine == "sqlite":
            url = f"sqlite:///{tmp_path / 'other.db'}"
            (tmp_path / "other.db").unlink(missing_ok=True)
            yield from _opened(url)
            return
        with fresh_database(request.getfixturevalue("postgres_server")) as url:
            yield from _opened(url)

    return make


def _opened(url: str) -> Iterator[Store]:
    database = Database(make_settings(url))
    migrate(database)
    yield Store(database)
    database.close()
