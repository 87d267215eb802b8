"""Values are read back from the plain JSON of a state as they were before."""

from __future__ import annotations

import datetime as dt

from hypothesis import given

from service.eventlog.events import plain
from service.eventlog.logged_values import value_of
from service.model.entities import (
    Basis,
    Claim,
    Document,
    Locator,
    Mention,
    Passage,
    Reliability,
    Reported,
    Source,
    SourceKind,
    Stance,
    TimeFrame,
)
from tests.corroboration.factories import claim, quantity
from tests.corroboration.strategies import World, kernel, worlds

DAY = dt.date(2025, 5, 2)
FULL = (
    Source("s", "S", SourceKind.OUTLET, "NO", "part", Reliability.B, ("A", "B"), "N.", "into", "https://s.example"),
    Document("d", "T", "https://d.example", "A", "en", "p", "R.", "a" * 64, 9, DAY, DAY, "R.", "o", DAY),
    Claim("c", "T.", "s", quantity(1.5), TimeFrame("May", DAY, None), "P", ("t", "u"), "N."),
    Mention(
        "m",
        "c",
        "d",
        Stance.DIFFERS,
        ("s", "t"),
        Basis.CARRIED_OVER,
        Passage.LIST,
        Locator(1, 9, "b" * 64),
        Reported(quantity(8_000), TimeFrame("in May"), "T."),
        "N.",
    ),
)


@kernel
@given(worlds())
def test_a_record_is_read_back_from_its_state(world: World) -> None:
    for record in (*FULL, claim(), *world.sources, *world.documents, *world.mentions):
        assert value_of(type(record), plain(record)) == record


def test_other_members_of_a_state_are_left_out_and_missing_ones_have_their_defaults() -> None:
    state = {"id": "d", "title": "T", "withdrawn": None, "colour": "red"}
    assert value_of(Document, state) == Document("d", title="T")
