"""Verification of an event log, against itself and against what it showed before, without trust in the service.

The hash of an event is the Merkle leaf over its canonical JSON (RFC 8785) without the member ``hash``, in lower-case
hex. Each event names the hash of the previous one, and the leaf of event ``seq`` has the index ``seq - 1`` in the tree.
A withheld event shows its hash but not its content: its place can be verified, its content cannot.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

import rfc8785

from claim_verification.errors import LogMismatch
from claim_verification.proofs.merkle import EMPTY_ROOT, Frontier, leaf_hash
from claim_verification.proofs.merkle_proofs import verify_consistency, verify_inclusion

Event = Mapping[str, Any]

_WITHHELD = {"seq", "previous", "hash", "withheld"}
_HASH = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a log of ``size`` events: the root of its tree, and the hash and time of the last event, if any."""

    size: int
    root_hash: str
    last_hash: str | None
    last_at: str | None

    @classmethod
    def parse(cls, value: object) -> Head:
        """Return a head from its JSON, ignoring unknown members. Raise ``ValueError`` if it is not a head."""
        match value:
            case {"size": 0, "root_hash": root, "last_hash": None, "last_at": None} if root == EMPTY_ROOT.hex():
                return cls(0, root, None, None)
            case {"size": int(size), "root_hash": root, "last_hash": last, "last_at": str(at)} if (
                0 < size < 2**53 and size is not True and _is_hash(root) and _is_hash(last)
            ):
                return cls(size, root, last, at)
        raise ValueError("not the head of a log: expected size, root_hash, last_hash and last_at")

    def json(self) -> dict[str, int | str | None]:
        """Return the JSON that ``parse`` reads."""
        return asdict(self)


def event_hash(event: Event) -> str:
    """Return the hash that ``event`` should have. Raise ``ValueError`` if it has no canonical JSON."""
    return leaf_hash(rfc8785.dumps({name: value for name, value in event.items() if name != "hash"})).hex()


def is_withheld(event: Event) -> bool:
    """Return ``True`` if ``event`` shows its place and hash only."""
    return event.keys() == _WITHHELD and event["withheld"] is True


def check_chain(events: Iterable[object], previous: str | None = None, after: int = 0) -> Iterator[Event]:
    """Iterate over the events after number ``after``, whose hash is ``previous``, checking that each follows the last.

    Lazy, in constant memory. Raises ``LogMismatch`` at the first event with a wrong ``seq``, ``previous`` or ``hash``.
    """
    for seq, event in enumerate(events, after + 1):
        checked = _check_event(event, seq)
        if checked.get("previous") != previous:
            shown = checked.get("previous")
            raise LogMismatch(f"event {seq} names {shown!r:.80} as the previous hash, expected {previous!r}")
        previous = checked["hash"]
        yield checked


def check_log(head: Head, events: Iterable[object]) -> int:
    """Recompute the chain and the root of ``head`` from all events; return the number of withheld events.

    Events after the head are not read: the log may grow meanwhile. Uses O(log n) memory. Raises ``LogMismatch`` if
    anything differs.
    """
    frontier, withheld = Frontier(), 0
    last: Event = {"hash": None, "at": None}
    for event in check_chain(islice(events, head.size)):
        frontier.append(bytes.fromhex(event["hash"]))
        withheld += is_withheld(event)
        last = {"at": head.last_at, **event}
    if frontier.size < head.size:
        raise LogMismatch(f"the log ends after {frontier.size} events, the head says {head.size}")
    if (root := frontier.root().hex()) != head.root_hash:
        raise LogMismatch(f"the {head.size} events have the root {root}, the head says {head.root_hash}")
    if (last["hash"], last["at"]) != (head.last_hash, head.last_at):
        raise LogMismatch(
            f"event {head.size} has the hash {last['hash']} and the time {last['at']!r:.40}, "
            f"the head says {head.last_hash} and {head.last_at!r:.40}"
        )
    return withheld


def check_inclusion(seq: int, head: Head, answer: object) -> Event:
    """Return event ``seq`` of ``answer``, its inclusion proof. Raise ``LogMismatch`` if the proof does not hold."""
    path = _path(answer, {"index": seq - 1, "size": head.size, "root_hash": head.root_hash}, f"event {seq}")
    event = _check_event(answer.get("event") if isinstance(answer, dict) else None, seq)
    leaf, root = bytes.fromhex(event["hash"]), bytes.fromhex(head.root_hash)
    if not verify_inclusion(leaf, seq - 1, head.size, path, root):
        raise LogMismatch(f"event {seq}: the proof does not lead from its hash to the root {head.root_hash}")
    return event


def check_consistency(old: Head, new: Head, proof: Callable[[int, int], object]) -> None:
    """Check that the log of ``new`` begins with that of ``old``. Raise ``LogMismatch`` if that is not proven.

    ``proof`` requests the consistency proof of two sizes; it is called only if one is needed.
    """
    if new.size < old.size:
        raise LogMismatch(f"rolled back: the log had {old.size} events and now has {new.size}")
    if new.size == old.size and new != old:
        raise LogMismatch(f"forked: another log of {old.size} events; it was {old.json()} and now is {new.json()}")
    if old.size in (0, new.size):
        return
    ends = {name: {"size": each.size, "root_hash": each.root_hash} for name, each in (("from", old), ("to", new))}
    path = _path(proof(old.size, new.size), ends, f"consistency of {old.size} and {new.size} events")
    roots = bytes.fromhex(old.root_hash), bytes.fromhex(new.root_hash)
    if not verify_consistency(old.size, new.size, *roots, path):
        raise LogMismatch(
            f"forked: no proof that the log of {new.size} events with the root {new.root_hash} "
            f"begins with that of {old.size} events with the root {old.root_hash}"
        )


def _check_event(event: object, seq: int) -> Event:
    """Return ``event`` if it is number ``seq`` and its hash is right; raise ``LogMismatch`` otherwise."""
    if not isinstance(event, dict) or event.get("seq") != seq:
        shown = event.get("seq") if isinstance(event, dict) else event
        raise LogMismatch(f"event {seq} is missing: found {shown!r:.40} in its place")
    if not _is_hash(event.get("hash")):
        raise LogMismatch(f"event {seq} has no hash")
    if not is_withheld(event):
        try:
            actual = event_hash(event)
        except (ValueError, RecursionError) as error:
            raise LogMismatch(f"event {seq} has no canonical form: {error}") from None
        if actual != event["hash"]:
            raise LogMismatch(f"event {seq} claims the hash {event['hash']}, its content has {actual}")
    return event


def _path(answer: object, expected: Mapping[str, object], what: str) -> list[bytes]:
    """Return the path of a proof whose other members are as ``expected``."""
    if not isinstance(answer, dict) or any(answer.get(name) != value for name, value in expected.items()):
        shown = {name: answer.get(name) for name in expected} if isinstance(answer, dict) else answer
        raise LogMismatch(f"{what}: requested a proof of {dict(expected)}, got one of {shown!r:.400}")
    path = answer.get("path")
    if not isinstance(path, list) or not all(map(_is_hash, path)):
        raise LogMismatch(f"{what}: the path of the proof is not a list of hashes")
    return [bytes.fromhex(node) for node in path]


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and _HASH.fullmatch(value) is not None
