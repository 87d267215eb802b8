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


@pytest.fixture
def claims(desk: Desk) -> list[str]:
    """Three claims, each with a mention of its own government, a verdict and a topic; and one they relate to."""
    desk.claim("x")
    for number, claim in enumerate("abc"):
        desk.source(f"gov-{claim}")
        desk.document(f"d-{claim}", publisher=f"gov-{claim}")
        desk.claim(claim, topics=["general", f"only-{claim}"])
        desk.mention(claim, f"d-{claim}", f"gov-{claim}")
        desk.judge(claim, ("Jane", "John", "Joan")[number], ("supported", "refuted", "refuted")[number])
    desk.link("a", "contradicts", "x")
    desk.link("b", "refines", "x")
    return ["a", "b", "c"]
