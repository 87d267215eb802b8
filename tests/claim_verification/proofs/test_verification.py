"""Nothing that a log shows gets past the checks when it is not what it was."""

import copy
from collections.abc import Callable, Iterator
from hashlib import sha256

import pytest

from claim_verification.errors import LogMismatch
from claim_verification.proofs.merkle import EMPTY_ROOT
from claim_verification.proofs.verification import (
    Head,
    check_chain,
    check_consistency,
    check_inclusion,
    check_log,
    event_hash,
    is_withheld,
)
from tests.claim_verification.cli.loopback import Answer, Event, chain, honest, plain

SIZE = 11
OTHER = "ab" * 32


def head_of(events: list[Event]) -> Head:
    return Head.parse(honest("/v1/events/head", {}, events))


def inclusion(events: list[Event], seq: int) -> Answer:
    answer = honest(f"/v1/events/{seq}/proof", {"size": str(len(events))}, events)
    assert answer is not None
    return copy.deepcopy(answer)


def consistency(events: list[Event]) -> Callable[[int, int], Answer | None]:
    return lambda first, second: honest("/v1/events/consistency", {"from": str(first), "to": str(second)}, events)


def test_the_hash_of_an_event_is_what_anyone_can_compute() -> None:
    """Changing it would break every hash that was ever handed out."""
    event = {"seq": 1, "payload": {"ü": 1.0, "b": [True, None], "a": 1e21}, "previous": None}
    canonical = '{"payload":{"a":1e+21,"b":[true,null],"ü":1},"previous":null,"seq":1}'
    assert event_hash(event) == sha256(b"\x00" + canonical.encode()).hexdigest()
    assert event_hash(event | {"hash": OTHER}) == event_hash(event)


@pytest.mark.parametrize("size", [0, 1, 2, SIZE])
def test_an_honest_log_passes(size: int) -> None:
    events = plain(size)
    head = head_of(events)
    assert check_log(head, events) == 0
    for seq in range(1, size + 1):
        assert check_inclusion(seq, head, inclusion(events, seq)) == events[seq - 1]
    for old in range(size + 1):
        check_consistency(head_of(events[:old]), head, consistency(events))


def test_a_chain_is_checked_from_any_event_on() -> None:
    events = plain(SIZE)
    assert list(check_chain(events[4:], events[3]["hash"], 4)) == events[4:]
    with pytest.raises(LogMismatch, match=r"^event 5 names "):
        list(check_chain(events[4:], events[2]["hash"], 4))


def test_events_that_came_after_the_head_are_not_read() -> None:
    events = plain(SIZE)

    def growing() -> Iterator[Event]:
        yield from events[:5]
        pytest.fail("read on")

    assert check_log(head_of(events[:5]), growing()) == 0


def test_withheld_events_are_counted_and_their_place_is_checked() -> None:
    events = chain(range(SIZE), withheld=[3, SIZE])
    head = head_of(events)
    assert check_log(head, events) == 2
    assert is_withheld(check_inclusion(3, head, inclusion(events, 3)))
    events[2]["hash"] = OTHER
    with pytest.raises(LogMismatch, match=r"^event 4 names "):
        check_log(head, events)


def changed(seq: int, **members: object) -> Callable[[list[Event]], list[Event]]:
    return lambda events: [*events[: seq - 1], events[seq - 1] | members, *events[seq:]]


def swapped(events: list[Event]) -> list[Event]:
    return [*events[:4], events[5], events[4], *events[6:]]


def rewritten(events: list[Event]) -> list[Event]:
    """Return a new history that is consistent in itself."""
    return chain(range(len(events)))


def without_hash(events: list[Event]) -> list[Event]:
    return [{name: value for name, value in event.items() if name != "hash"} for event in events]


LIES = {
    "payload": (changed(5, payload={"value": 2}), r"^event 5 claims the hash \w+, its content has \w+$"),
    "actor": (changed(1, actor="eve"), r"^event 1 claims"),
    "added-member": (changed(5, more=1), r"^event 5 claims"),
    "said-to-be-withheld": (changed(5, withheld=True), r"^event 5 claims"),
    "hash": (changed(SIZE, hash=OTHER), rf"^event {SIZE} claims"),
    "hash-in-capitals": (lambda events: changed(5, hash=events[4]["hash"].upper())(events), r"^event 5 has no hash$"),
    "no-hash": (without_hash, r"^event 1 has no hash$"),
    "not-canonical": (changed(5, payload=2**60), r"^event 5 has no canonical form: "),
    "not-a-number": (changed(5, payload=float("nan")), r"^event 5 has no canonical form: "),
    "not-text": (changed(5, payload="\ud800"), r"^event 5 has no canonical form: "),
    "swapped": (swapped, r"^event 5 is missing: found 6 in its place$"),
    "left-out": (lambda events: [*events[:4], *events[5:]], r"^event 5 is missing: found 6 in its place$"),
    "twice": (lambda events: [*events[:5], *events[4:]], r"^event 6 is missing: found 5 in its place$"),
    "no-event": (lambda events: [*events[:4], "x", *events[5:]], r"^event 5 is missing: found 'x' in its place$"),
    "cut-short": (lambda events: events[:-1], rf"^the log ends after {SIZE - 1} events, the head says {SIZE}$"),
    "rewritten": (rewritten, rf"^the {SIZE} events have the root \w+, the head says \w+$"),
    "spliced": (lambda events: [*events[:4], *rewritten(events)[4:]], r"^event 5 names '\w+' as the previous hash"),
}


@pytest.mark.parametrize(("lie", "finding"), LIES.values(), ids=LIES.keys())
def test_a_whole_log_that_was_tampered_with_is_named(lie: Callable[[list[Event]], list[Event]], finding: str) -> None:
    events = plain(SIZE)
    with pytest.raises(LogMismatch, match=finding):
        check_log(head_of(events), lie(events))


def test_a_withheld_event_in_place_of_another_changes_the_root() -> None:
    events = plain(SIZE)
    head = head_of(events)
    events[-1] = {"seq": SIZE, "previous": events[-1]["previous"], "hash": OTHER, "withheld": True}
    with pytest.raises(LogMismatch, match="the root"):
        check_log(head, events)


@pytest.mark.parametrize("member", [{"last_hash": OTHER}, {"last_at": "2026-03-01T12:00:59Z"}], ids=["hash", "time"])
def test_a_head_that_misstates_its_last_event_is_found(member: dict[str, str]) -> None:
    events = plain(SIZE)
    with pytest.raises(LogMismatch, match=rf"^event {SIZE} has the hash"):
        check_log(Head.parse(head_of(events).json() | member), events)


@pytest.mark.parametrize(
    "change",
    [
        {"index": 3},
        {"size": SIZE + 1},
        {"root_hash": OTHER},
        {"event": None},
        {"event": plain(SIZE)[3]},
        {"event": plain(SIZE)[4] | {"payload": 1}},
        {"path": []},
        {"path": [OTHER] * 4},
        {"path": None},
        {"path": ["x"]},
        {"path": [1]},
        {"path": inclusion(plain(SIZE), 6)["path"]},
    ],
    ids=str,
)
def test_a_tampered_inclusion_proof_is_refused(change: Answer) -> None:
    events = plain(SIZE)
    with pytest.raises(LogMismatch, match=r"^event 5\b"):
        check_inclusion(5, head_of(events), inclusion(events, 5) | change)


@pytest.mark.parametrize("answer", [None, [], "x", {}, 1], ids=str)
def test_what_is_no_proof_is_refused(answer: object) -> None:
    events = plain(SIZE)
    with pytest.raises(LogMismatch, match=r"^event 5: requested a proof"):
        check_inclusion(5, head_of(events), answer)
    with pytest.raises(LogMismatch, match=r"requested a proof"):
        check_consistency(head_of(events[:5]), head_of(events), lambda first, second: answer)


def test_an_event_of_another_history_is_not_included() -> None:
    """Even with that history's own proof."""
    events = plain(SIZE)
    head = head_of(events)
    forged = inclusion(rewritten(events), 5) | {"root_hash": head.root_hash}
    with pytest.raises(LogMismatch, match="does not lead from its hash to the root"):
        check_inclusion(5, head, forged)


def test_a_log_that_was_rolled_back_or_forked_is_found() -> None:
    events = plain(SIZE)
    saved = head_of(events[:6])
    fork = rewritten(events)
    with pytest.raises(LogMismatch, match=r"^rolled back: the log had 6 events and now has 5$"):
        check_consistency(saved, head_of(events[:5]), consistency(events))
    with pytest.raises(LogMismatch, match=r"^rolled back"):
        check_consistency(saved, head_of([]), consistency(events))
    with pytest.raises(LogMismatch, match=r"^forked: another log of 6 events"):
        check_consistency(saved, head_of(fork[:6]), consistency(fork))
    with pytest.raises(LogMismatch, match=r"^consistency of 6 and 11 events: requested"):
        check_consistency(saved, head_of(fork), consistency(fork))

    def forged(first: int, second: int) -> object:
        return (consistency(fork)(first, second) or {}) | {"from": {"size": 6, "root_hash": saved.root_hash}}

    with pytest.raises(LogMismatch, match=r"^forked: no proof that the log of 11 events"):
        check_consistency(saved, head_of(fork), forged)


def test_nothing_is_asked_where_nothing_is_to_be_proven() -> None:
    head = head_of(plain(3))
    for old in (head, head_of([])):
        check_consistency(old, head, lambda first, second: pytest.fail("asked"))


HEAD = {"size": 2, "root_hash": OTHER, "last_hash": OTHER, "last_at": "2026-03-01T12:00:00Z"}
NOTHING = {"size": 0, "root_hash": EMPTY_ROOT.hex(), "last_hash": None, "last_at": None}


@pytest.mark.parametrize("value", [HEAD, NOTHING], ids=["two", "none"])
def test_a_head_survives_its_json(value: dict[str, int | str | None]) -> None:
    assert Head.parse(value).json() == value


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        HEAD | {"size": -1},
        HEAD | {"size": True},
        HEAD | {"size": 2.0},
        HEAD | {"size": "2"},
        HEAD | {"size": 2**63},
        HEAD | {"root_hash": "ab"},
        HEAD | {"root_hash": OTHER.upper()},
        HEAD | {"root_hash": None},
        HEAD | {"last_hash": None},
        HEAD | {"last_at": None},
        NOTHING | {"root_hash": OTHER},
        NOTHING | {"last_hash": OTHER},
        NOTHING | {"last_at": "2026"},
    ],
    ids=str,
)
def test_what_is_no_head_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="not the head of a log"):
        Head.parse(value)
