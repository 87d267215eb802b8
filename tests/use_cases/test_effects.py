"""The effects of a write are said by doing it and taking it back; it is done if somebody agreed to just these."""

from __future__ import annotations

from functools import partial

import pytest

from service.model.actors import Caller, KeyRole
from service.model.entities import Basis, Mention, Stance
from service.model.errors import NotFound
from service.store import Store
from service.use_cases.effects import Outcome, with_consent
from service.use_cases.mentions_and_links import add_mention
from tests.use_cases.desk import Desk

EDITOR = Caller("Edith", KeyRole.EDITOR, "")


def _mention(store: Store, claim: str, document: str, agreed: str = "", *chain: str) -> Outcome[object]:
    mention = Mention("", claim, document, Stance.SUPPORTS, chain, Basis.EXPLICIT if chain else None)
    return with_consent(store, partial(add_mention, store, EDITOR, claim, mention), agreed, lambda _: ())


@pytest.fixture
def counted(desk: Desk) -> str:
    """Return a claim with one origin, and what it takes to add another."""
    desk.claim("ships")
    for name in ("ministry", "agency"):
        desk.source(name)
        desk.document(f"of-{name}")
    desk.mention("ships", "of-ministry", "ministry")
    return "ships"


def test_what_would_change_is_said_and_taken_back(desk: Desk, counted: str) -> None:
    store = desk.store
    before = store.events.log_end(), desk.get(f"/v1/claims/{counted}")
    told = _mention(store, counted, "of-agency", "", "agency")
    assert not told.done
    [effect] = told.effects
    assert effect.claim == counted
    assert effect.changes == (
        "Single origin becomes corroborated.",
        "1 origin becomes 2.",
        "1 mention becomes 2.",
    )
    assert (store.events.log_end(), desk.get(f"/v1/claims/{counted}")) == before


def test_it_is_done_if_it_changes_just_what_was_agreed_to(desk: Desk, counted: str) -> None:
    store = desk.store
    told = _mention(store, counted, "of-agency", "", "agency")
    desk.mention(counted, "of-agency", "ministry")
    again = _mention(store, counted, "of-agency", told.seal, "agency")
    assert not again.done
    assert again.effects[0].changes[-1] == "2 mentions become 3."
    assert _mention(store, counted, "of-agency", again.seal, "agency").done
    assert desk.get(f"/v1/claims/{counted}")["corroboration"]["mentions"] == 3


def test_what_changes_nothing_is_done_at_once_and_what_fails_raises(desk: Desk, counted: str) -> None:
    done = with_consent(desk.store, lambda: "done", "", lambda _: ())
    assert (done.result, done.done, done.effects) == ("done", True, ())
    asked = with_consent(desk.store, lambda: "done", "", lambda _: ["Something else."])
    assert not asked.done
    assert with_consent(desk.store, lambda: "done", asked.seal, lambda _: ["Something else."]).done
    assert not with_consent(desk.store, lambda: "done", asked.seal, lambda _: ["Another thing."]).done
    with pytest.raises(NotFound):
        _mention(desk.store, "no-such", "of-agency")
