"""The changes that a suggestion names are those that following it makes; and it never raises a count."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.model.actors import Caller, KeyRole
from service.model.entities import Basis, Claim, Document, Mention, Source, SourceKind, Stance
from service.model.suggestions import Pair, SuggestionKind
from service.store import Store
from service.use_cases import suggestion_effects
from service.use_cases.document_merging import merge_document
from service.use_cases.mentions_and_links import add_mention
from service.use_cases.merging import merge_claim, merge_source
from service.use_cases.suggestion_effects import effects_of
from service.use_cases.unit_of_work import unit_of_work
from tests.use_cases.desk import Desk
from tests.web.helpers import Json

ED = Caller("Ed", KeyRole.EDITOR, "")


def effects(desk: Desk, kind: str = "source") -> Json:
    """Return the effects of the one suggestion of a kind."""
    [found] = desk.walk(f"/v1/suggestions?kind={kind}")
    shown: Json = desk.get(f"/v1/suggestions/{found['id']}")["effects"]
    return shown


@pytest.fixture
def ships(desk: Desk) -> Desk:
    """Return a desk with a claim of two origins that look like one, each in a document that looks like the other."""
    desk.source("gull", kind="outlet")
    desk.claim("ships", text="ICE has ships.")
    for number, name in ((1, "Harbour Board"), (2, "HarbourBoard")):
        desk.source(f"board-{number}", name=name)
        desk.document(f"d{number}", title="Ships sink in the harbour", publisher="gull")
        desk.mention("ships", f"d{number}", f"board-{number}")
    return desk


def test_two_origins_become_one(ships: Desk) -> None:
    shown = effects(ships)
    assert (shown["summary"], shown["counted"]) == ("2 named origins become 1 in “ICE has ships.”.", 1)
    [effect] = shown["claims"]
    assert (effect["claim"], effect["text"]) == ("ships", "ICE has ships.")
    assert effect["before"]["origins"] == {"named": 2, "at_least": 2, "at_most": 2}
    assert effect["after"] == {
        "status": "single_origin",
        "origins": {"named": 1, "at_least": 1, "at_most": 1},
    }


def test_what_is_said_is_what_happens(ships: Desk) -> None:
    effect = effects(ships)["claims"][0]
    ships.merge("/v1/sources/board-2", "board-1")
    counts = ships.get("/v1/claims/ships")["corroboration"]
    assert {"status": counts["status"], "origins": counts["origins"]} == effect["after"]


def test_nothing_changes(ships: Desk) -> None:
    assert effects(ships, "document")["summary"] == "No count changes in the claim that rests on it."
    ships.claim("other")
    for number in (1, 2):
        ships.mention("other", f"d{number}")
    assert effects(ships, "document")["summary"] == "No count changes in 2 claims that rest on it."
    ships.source("x", name="x.com", kind="person")
    assert effects(ships, "collective") == {"summary": "No claim rests on it.", "counted": 0, "claims": []}


def test_a_collective_is_no_origin(ships: Desk) -> None:
    ships.source("x", name="x.com", kind="person")
    ships.document("d3")
    ships.mention("ships", "d3", "x")
    assert effects(ships, "collective")["summary"] == "3 named origins become 2 in “ICE has ships.”."


def test_a_status_may_change_alone(desk: Desk) -> None:
    desk.claim("ships")
    for number in (1, 2):
        desk.source(f"board-{number}")
        desk.document(f"d{number}")
        desk.mention("ships", f"d{number}", f"board-{number}")
    found = effects_of(desk.store, Pair(SuggestionKind.DOCUMENT, "d1", "d2"), "d1")
    assert found.summary == "corroborated becomes possibly corroborated in “Statement of ships.”."


def test_possible_origins_may_change(desk: Desk) -> None:
    desk.claim("ships")
    for number in (1, 2):
        desk.document(f"d{number}", url=f"https://gull-{number}.example/1")
        desk.mention("ships", f"d{number}")
    found = effects_of(desk.store, Pair(SuggestionKind.DOCUMENT, "d1", "d2"), "d1")
    assert found.summary == "2 possible origins become 1 in “Statement of ships.”."


def test_claims_become_one(ships: Desk) -> None:
    ships.claim("other", text="Ice has ships.")
    ships.mention("other", "d1", "board-1")
    shown = effects(ships, "claim")
    expected = "Two claims with 1 and 2 named origins become one with 2 (possibly corroborated)."
    assert shown["summary"] in (expected, expected.replace("1 and 2", "2 and 1"))
    assert [each["after"]["origins"]["named"] for each in shown["claims"]] == [2, 2]


def test_the_number_of_claims_is_bounded(ships: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggestion_effects, "COUNTED_AT_MOST", 2)
    for name in ("a", "b"):
        ships.claim(name)
        for number in (1, 2):
            ships.mention(name, f"d{number}", f"board-{number}")
    shown = effects(ships)
    assert (shown["counted"], len(shown["claims"])) == (2, 2)
    assert shown["summary"].endswith(", and 1 other claim changes.")


# --- Promises -------------------------------------------------------------------------------

_MENTIONS = st.lists(
    st.tuples(
        st.sampled_from(("c0", "c1")),
        st.integers(0, 3),
        st.lists(st.sampled_from(("s0", "s1", "s2")), max_size=2, unique=True),
        st.sampled_from(Basis),
        st.sampled_from((Stance.SUPPORTS, Stance.DIFFERS, Stance.REFUTES)),
    ),
    max_size=7,
    unique_by=lambda mention: (mention[0], mention[1], *mention[2]),
)
_PAIRS = (
    Pair(SuggestionKind.SOURCE, "s0", "s1"),
    Pair(SuggestionKind.DOCUMENT, "d0", "d1"),
    Pair(SuggestionKind.CLAIM, "c0", "c1"),
)
_MERGE = {
    SuggestionKind.SOURCE: merge_source,
    SuggestionKind.DOCUMENT: merge_document,
    SuggestionKind.CLAIM: merge_claim,
}


class _Undone(Exception):
    """Takes back an example."""


@pytest.mark.one_engine
def test_following_a_suggestion_does_what_it_says_and_raises_no_count(store: Store) -> None:
    @settings(max_examples=40, deadline=None)
    @given(_MENTIONS, st.sampled_from(_PAIRS), st.booleans())
    def examine(mentions: list[Any], pair: Pair, turned: bool) -> None:
        with suppress(_Undone), store.write():
            _fill(store, mentions)
            _follow(store, pair, turned)
            raise _Undone

    examine()


def _fill(store: Store, mentions: list[Any]) -> None:
    with unit_of_work(store, "Ed") as work:
        kinds = (SourceKind.GOVERNMENT, SourceKind.UNSPECIFIED, SourceKind.OUTLET)
        sources = [Source(f"s{number}", f"Name {number}", kind) for number, kind in enumerate(kinds)]
        store.evidence_writes.insert_sources(sources, work.now_us)
        documents = [Document(f"d{number}", publisher=(None, "s2", "s0", None)[number]) for number in range(4)]
        store.evidence_writes.insert_documents(documents, work.now_us)
        store.evidence_writes.insert_claims([Claim("c0", "One.", "s"), Claim("c1", "Two.", "s")], work.now_us)
        work.touch(store.claims.public_keys("claims", ("c0", "c1")).values())
    for claim, document, chain, basis, stance in mentions:
        mention = Mention("", claim, f"d{document}", stance, tuple(chain), basis if chain else None)
        add_mention(store, ED, claim, mention)


def _follow(store: Store, pair: Pair, turned: bool) -> None:
    assert pair.other is not None
    gone, into = (pair.other, pair.one) if turned else (pair.one, pair.other)
    promised = {each.claim: each for each in effects_of(store, pair, into).claims}
    before = _counts(store)
    _MERGE[pair.kind](store, ED, gone, into, "One.")
    after = _counts(store)
    if pair.kind is SuggestionKind.CLAIM:
        assert after[into] == _pair_of(promised[into].after)
        assert after[into][1] <= before[gone][1] + before[into][1], "no more than both have"
        return
    for claim, counts in before.items():
        assert after[claim] == (_pair_of(promised[claim].after) if claim in promised else counts)
        assert all(new <= old for new, old in zip(after[claim][1:], counts[1:], strict=True)), "no count is raised"


def _counts(store: Store) -> dict[str, tuple[str, int, int, int]]:
    keys = sorted(store.claims.public_keys("claims", ("c0", "c1")).values())
    states = store.claims.claim_states(keys)
    return {
        each.claim.id: (
            each.counts.status,
            each.counts.origins_named,
            each.counts.origins_at_least,
            each.counts.origins_at_most,
        )
        for each in states
    }


def _pair_of(counted: suggestion_effects.CountedClaim) -> tuple[str, int, int, int]:
    origins = counted.origins
    return counted.status, origins.named or 0, origins.at_least, origins.at_most
