"""An event is hashed as a whole, and its values are canonical."""

from __future__ import annotations

import datetime as dt

import pytest

from service.eventlog.events import EventType, PendingEvent, canonical, hash_of, next_event, plain
from service.model.entities import Quantity, Stance, TimeFrame


@pytest.mark.parametrize("word", ['","previous":', ',"previous":null', "\\", '\\"', "previous", "\u00e9"])
def test_the_hash_is_that_of_the_whole_event(word: str) -> None:
    pending = PendingEvent(EventType.CLAIM_CREATED, word, f"claim:{word}", {"state": {word: word}}, (word, "claim:b"))
    event = next_event(pending, 7, "2026-01-01T00:00:00Z", "ab" * 32)
    assert event.hash == hash_of(event)
    assert event.content()["about"] == [word, "claim:b"]


def test_values_are_canonical_without_being_made_plain_first() -> None:
    value = {
        "z": Quantity(2.0, 3, "b"),
        "a": (TimeFrame("x", dt.date(2025, 1, 2), None), Stance.SUPPORTS),
        "at": dt.datetime(2026, 1, 2, tzinfo=dt.UTC),
    }
    assert canonical(value) == canonical(plain(value))
    assert canonical(value).startswith('{"a":[{"end":null,"label":"x"')


def test_a_value_that_cannot_be_logged_is_refused() -> None:
    for value in (object(), Quantity):
        with pytest.raises(TypeError):
            canonical([value])
