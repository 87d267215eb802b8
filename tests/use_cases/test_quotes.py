"""Quotes of mentions: verified by the hash of their span, kept outside the log, and removed for a reason."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from service.model.actors import Caller, KeyRole
from service.operations.consistency_check import examine
from service.operations.log_audit import audit
from service.store import Store
from service.use_cases.mentions_and_links import add_quote
from tests.operations.seeding.made_up import FIRST, GULL, LATER, SeedFolder
from tests.use_cases.desk import WHY, Desk, done
from tests.web.helpers import Json

QUOTE = "“Twelve ships – with 船 – came”, he said."


def _span(text: str, start: int = 7) -> Json:
    return {"start": start, "end": start + len(text), "sha256": sha256(text.encode()).hexdigest()}


@pytest.fixture
def ships(desk: Desk) -> Desk:
    """Return a newsroom with a claim and two documents."""
    desk.claim("ships")
    desk.document("d1", title="Ships", language="en")
    desk.document("d2")
    return desk


def _everywhere(desk: Desk, mention: str) -> dict[str, bool]:
    """Return where the quote of a mention stands."""
    page = desk.call("GET", "/claims/ships", headers={"Accept": "text/html"}).get_data(as_text=True)
    events = desk.store.database.rows("SELECT payload FROM events")
    return {
        "mention": desk.get(f"/v1/mentions/{mention}")["quote"] == QUOTE,
        "list": desk.walk("/v1/claims/ships/mentions")[0]["quote"] == QUOTE,
        "page": QUOTE in page,
        "export": QUOTE in desk.call("GET", "/v1/export").get_data(as_text=True),
        "row": desk.store.database.rows("SELECT quote FROM mentions WHERE quote IS NOT NULL") != [],
        "log": any("Twelve" in payload for [payload] in events),
    }


@pytest.mark.parametrize("later", [False, True], ids=["with the mention", "later"])
def test_a_quote_is_shown_with_its_mention_and_is_not_in_the_log(ships: Desk, later: bool) -> None:
    more: Json = {} if later else {"quote": QUOTE}
    mention = ships.mention("ships", "d1", locator=_span(QUOTE), **more)["id"]
    if later:
        assert ships.post(f"/v1/mentions/{mention}/quote", "Ed", {"quote": QUOTE})["quote"] == QUOTE
        ships.refused(f"/v1/mentions/{mention}/quote", "Ed", {"quote": QUOTE}, 409, "quoted")
    shown = {"mention": True, "list": True, "page": True, "export": True, "row": True, "log": False}
    assert _everywhere(ships, mention) == shown
    [event] = [each for each in ships.walk("/v1/events", "Ann") if "quote_sha256" in each["payload"].get("state", {})]
    assert event["type"] == ("mention.quoted" if later else "mention.added")
    assert event["payload"]["state"]["quote_sha256"] == _span(QUOTE)["sha256"]
    ships.assert_whole()

    ships.refused(f"/v1/mentions/{mention}/quote/removal", "Jane", {"reason": WHY}, 403)
    assert ships.post(f"/v1/mentions/{mention}/quote/removal", "Eve", {"reason": WHY}, 200)["quote"] is None
    assert not any(_everywhere(ships, mention).values())
    ships.refused(f"/v1/mentions/{mention}/quote/removal", "Eve", {"reason": WHY}, 409, "not_quoted")
    told = ships.walk("/v1/claims/ships/history")[-1]
    assert (told["text"], told["reason"]) == ("Eve removed the quote of a mention in “Ships”.", WHY)
    assert ships.get("/v1/claims/ships/corroboration")["mentions"] == 1
    ships.assert_whole()


@pytest.mark.parametrize(
    ("quote", "locator", "right"),
    [
        (QUOTE, None, "Needs a `locator`"),
        (QUOTE[:-1], _span(QUOTE), f"whole span of the locator, {len(QUOTE)} characters; this has {len(QUOTE) - 1}"),
        (QUOTE.replace("–", "-"), _span(QUOTE), f"whose SHA-256 is {_span(QUOTE)['sha256']}"),
        ("a" * 301, _span("a" * 301), "Longer than maximum length 300"),
        (" ", _span(" "), "blank"),
    ],
)
def test_another_text_is_refused_with_the_right_one(ships: Desk, quote: str, locator: Json | None, right: str) -> None:
    body: dict[str, Any] = {"document": "d1", "stance": "supports", "quote": quote, "locator": locator}
    problem = ships.refused("/v1/claims/ships/mentions", "Ed", body, 422, field="/quote")
    assert right in problem["errors"][0]["detail"]
    mention = ships.mention("ships", "d1", locator=locator)["id"]
    problem = ships.refused(f"/v1/mentions/{mention}/quote", "Ed", {"quote": quote}, 422, field="/quote")
    assert right in problem["errors"][0]["detail"]


def test_the_quote_of_a_withdrawn_mention_can_be_removed(ships: Desk) -> None:
    mention = ships.mention("ships", "d1", locator=_span(QUOTE), quote=QUOTE)["id"]
    ships.withdraw(f"/v1/mentions/{mention}")
    ships.post(f"/v1/mentions/{mention}/quote/removal", "Ed", {"reason": WHY}, 200)
    assert ships.store.database.rows("SELECT quote FROM mentions") == [(None,)]
    assert done(ships.call("GET", f"/v1/mentions/{mention}"), 410)["code"] == "withdrawn"
    ships.refused(f"/v1/mentions/{mention}/quote", "Ed", {"quote": QUOTE}, 410)


def test_a_quote_that_was_changed_in_the_database_is_found(ships: Desk) -> None:
    mention = ships.mention("ships", "d1", locator=_span(QUOTE), quote=QUOTE)["id"]
    ships.mention("ships", "d2", locator=_span("Ten."), quote="Ten.")
    ships.store.database.run("UPDATE mentions SET quote = 'Nine' WHERE quote <> 'Ten.'")
    [found] = examine(ships.store)
    assert found == f"mention {mention}: the stored quote is not the text of its span, by its hash: remove it"
    assert any(mention in line for line in audit(ships.store))
    ships.post(f"/v1/mentions/{mention}/quote/removal", "Ed", {"reason": "It was changed."}, 200)
    ships.assert_whole()


def test_loading_the_seeds_again_keeps_a_quote(store: Store, tmp_path: Path) -> None:
    seeds = SeedFolder(tmp_path)
    seeds.load(store, FIRST)
    entry = seeds.entry("ships-arrived")["mentions"][0]
    quote = GULL[entry["locator"]["start"] : entry["locator"]["end"]]
    rows = store.database.rows("SELECT public_id, span_sha256 FROM mentions")
    [mention] = [name for name, span in rows if span == entry["locator"]["sha256"]]
    add_quote(store, Caller("Ed", KeyRole.EDITOR, "k"), mention, quote)
    seeds.load(store, LATER)
    entry["note"] = "Another remark."
    seeds.load(store, LATER)
    [(shown, _)] = store.evidence.stated_mentions([mention]).values()
    assert (shown.quote, shown.note) == (quote, "Another remark.")
    assert [*audit(store), *examine(store)] == []
