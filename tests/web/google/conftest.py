"""A newsroom's store behind a real server, on either engine. For reading only: tests share it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from service.model.actors import KeyRole
from service.storage.database import Database
from service.storage.migrations import migrate
from service.store import Store
from tests.processes import Service
from tests.servers import fresh_database
from tests.settings import make_settings
from tests.web.google.newsroom import fill, library, serving


@dataclass(frozen=True)
class Newsroom:
    """A running service over a full store."""

    service: Service
    database_url: str
    keys: dict[KeyRole, str]
    google: Any

    @property
    def url(self) -> str:
        """Where its part of Google's API is."""
        return f"{self.service.url}/v1alpha1"


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def newsroom(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """Yield the service, and the library pointed at it."""
    folder = tmp_path_factory.mktemp("newsroom")
    with ExitStack() as stack:
        url = f"sqlite:///{folder / 'claims.db'}"
        if request.param == "postgres":
            url = stack.enter_context(fresh_database(request.getfixturevalue("postgres_server")))
        database = Database(make_settings(url))
        stack.callback(database.close)
        migrate(database)
        keys = fill(Store(database))
        service = stack.enter_context(serving(url, folder))
        google = library(service.url)
        stack.callback(google.close)
        yield Newsroom(service, url, keys, google)
