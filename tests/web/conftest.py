"""Fixtures of the HTTP tests."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.actors import KeyRole
from service.api import build_app
from service.db import Database
from service.store import Store
from tests.conftest import make_settings
from tests.furnished import Reader


@pytest.fixture(scope="session")
def seeded_store(seeded_url: str) -> Iterator[Store]:
    """The store behind ``seeded``. For reading only: tests share it."""
    database = Database(make_settings(seeded_url))
    yield Store(database)
    database.close()


@pytest.fixture(scope="session")
def seeded_app(seeded_store: Store, seeded_url: str) -> Flask:
    """The application over the project's seeds, built once an engine: building it costs more than most tests."""
    return build_app(seeded_store, make_settings(seeded_url))


@pytest.fixture
def seeded(seeded_app: Flask, seeded_keys: dict[KeyRole, str]) -> FlaskClient:
    """A client of the application over the project's seeds. For reading only.

    It shows an admin's key to what cannot be read without, and to nothing else.
    """
    return Reader(seeded_app, seeded_keys[KeyRole.ADMIN])
