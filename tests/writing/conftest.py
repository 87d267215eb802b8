"""Fixtures of the tests of the writing rules."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from service.config import Settings
from service.store import Store
from tests.conftest import make_settings
from tests.writing.desk import Desk


@pytest.fixture
def desk(store: Store, settings: Settings) -> Iterator[Desk]:
    """A newsroom over an empty store; at the end everything in it must be whole."""
    desk = Desk(store, settings)
    yield desk
    desk.assert_whole()


@pytest.fixture
def desk_with(store: Store, database_url: str) -> Callable[..., Desk]:
    """A newsroom under settings of its own."""

    def make(**changes: Any) -> Desk:
        return Desk(store, make_settings(database_url, **changes))

    return make
