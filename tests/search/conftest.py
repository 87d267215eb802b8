"""Fixtures of the tests of the search."""

from collections.abc import Iterator

import pytest

from service.config import Settings
from service.store import Store
from tests.search.languages import CLAIMS
from tests.writing.desk import Desk


@pytest.fixture
def desk(store: Store, settings: Settings) -> Iterator[Desk]:
    """A newsroom over an empty store; at the end everything in it must be whole."""
    desk = Desk(store, settings)
    yield desk
    desk.assert_whole()


@pytest.fixture
def languages(desk: Desk) -> Desk:
    """A newsroom with one claim in each of many languages."""
    for name, text in CLAIMS.items():
        desk.claim(name, text=text, subject="language")
    return desk
