"""What an event log shows, held against itself and against what it showed before. Trusts nobody's word for it.

An event's hash is the Merkle leaf over its canonical JSON (RFC 8785) without the member ``hash``, in lower-case hex.
Each event names the hash of the one before, and the leaf of event ``seq`` is at the index ``seq - 1`` of the tree.
A withheld event shows its hash but not its content: its place can be checked, its content cannot.
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
    """A log of ``size`` events: the root of its tree, and the hash and the time of its last event, if any."""

    size: int
    root_hash: str
    last_hash: str | None
    last_at: str | None

    @classmethod
    def parse(cls, value: object) -> Head:
        """A head from its JSON; members that it does not know are left out. ValueError: it is none."""
        match value:
            case {"size": 0, "root_hash": root, "last_hash": None, "last_at": None} if root == EMPTY_ROOT.hex():
                return cls(0, root, None, None)
            case {"size": int(size), "root_hash": root, "last_hash": last, "last_at": str(at)} if (
                0 < size < 2**53 and size is not True and _is_hash(root) and _is_hash(last)
            ):
                return cls(size, root, last, at)
        raise ValueError("not the head of a log")

    def json(self) -> dict[str, int | str | None]:
        """What ``parse`` reads."""
        return asdict(self)


def event_hash(event: Event) -> str:
    """The hash that ``event`` should have. ValueError: JSON's numbers or text cannot hold what is in it."""
    return leaf_hash(rfc8785.dumps({name: value for name, value in event.items() if name != "hash"})).hex()


def is_withheld(event: Event) -> bool:
    """Whether ``event`` shows its place and its hash, and no more."""
    return event.keys() == _WITHHELD and event["withheld"] is True


def check_chain(events: Iterable[object], previous: str | None = None, after: int = 0) -> Iterator[Event]:
    """Pass on events that follow event ``after``, whose hash is ``previous``, as far as they follow one another.

    Lazy, in constant memory. LogMismatch names the first that has another ``seq``, ``previous`` or ``hash``.
    """
    for seq, event in enumerate(events, after + 1):
        checked = _check_event(event, seq)
        if checked.get("previous") != previous:
            shown = checked.get("previous")
            raise LogMismatch(f"event {seq} names {shown!r:.80} as the hash before it, which is {previous!r}")
        previous = checked["hash"]
        yield checked


def check_whole(head: Head, events: Iterable[object]) -> int:
    """Recompute the chain and the root of ``head`` from the events since the first; the number of withheld ones.

    Events beyond the head are not read: a log may grow meanwhile. O(log n) memory. LogMismatch: something differs.
    """
    frontier, withheld = Frontier(), 0
    last: Event = {"hash": None, "at": None}
    for event in check_chain(islice(events, head.size)):
        frontier.append(bytes.fromhex(event["hash"]))
        withheld += is_withheld(event)
        last = {"at": head.last_at, **event}
    if frontier.size < head.size:
        raise LogMismatch(f"the log ends after {frontier.size} events, its head says {head.size}")
    if (root := frontier.root().hex()) != head.root_hash:
        raise LogMismatch(f"the {head.size} events have the root {root}, the head says {head.root_hash}")
    if (last["hash"], last["at"]) != (head.last_hash, head.last_at):
        raise LogMismatch(
            f"event {head.size} has the hash {last['hash']} and is of {last['at']!r:.40}, "
            f"the head says {head.last_hash} and {head.last_at!r:.40}"
        )
    return withheld


def check_included(seq: int, head: Head, answer: object) -> Event:
    """The event ``seq`` in the ``answer`` to a request for its proof under ``head``. LogMismatch: not proven."""
    path = _path(answer, {"index": seq - 1, "size": head.size, "root_hash": head.root_hash}, f"event {seq}")
    event = _check_event(answer.get("event") if isinstance(answer, dict) else None, seq)
    leaf, root = bytes.fromhex(event["hash"]), bytes.fromhex(head.root_hash)
    if not verify_inclusion(leaf, seq - 1, head.size, path, root):
        raise LogMismatch(f"event {seq}: the proof does not lead from its hash to the root {head.root_hash}")
    return event


def check_extends(old: Head, new: Head, proof: Callable[[int, int], object]) -> None:
    """That the log of ``new`` begins with that of ``old``. LogMismatch: it does not, or it is not proven.

    ``proof`` asks for the consistency of two sizes and is called only when there is something to prove.
    """
    if new.size < old.size:
        raise LogMismatch(f"rolled back: the log had {old.size} events and now has {new.size}")
    if new.size == old.size and new != old:
        raise LogMismatch(f"forked: another log of {old.size} events, was {old.json()} and now is {new.json()}")
    if old.size in (0, new.size):
        return
    says = {name: {"size": each.size, "root_hash": each.root_hash} for name, each in (("from", old), ("to", new))}
    path = _path(proof(old.size, new.size), says, f"consistency of {old.size} and {new.size} events")
    roots = bytes.fromhex(old.root_hash), bytes.fromhex(new.root_hash)
    if not verify_consistency(old.size, new.size, *roots, path):
        raise LogMismatch(
            f"forked: no proof that the log of {new.size} events with the root {new.root_hash} "
            f"begins with that of {old.size} events with the root {old.root_hash}"
        )


def _check_event(event: object, seq: int) -> Event:
    """``event`` when it is number ``seq`` and has the hash that it says it has."""
    if not isinstance(event, dict) or event.get("seq") != seq:
        shown = event.get("seq") if isinstance(event, dict) else event
        raise LogMismatch(f"event {seq} is missing: {shown!r:.40} is in its place")
    if not _is_hash(event.get("hash")):
        raise LogMismatch(f"event {seq} has no hash")
    if not is_withheld(event):
        try:
            actual = event_hash(event)
        except (ValueError, RecursionError) as error:
            raise LogMismatch(f"event {seq} has no canonical form: {error}") from None
        if actual != event["hash"]:
            raise LogMismatch(f"event {seq} says it has the hash {event['hash']}, its content has {actual}")
    return event


def _path(answer: object, expected: Mapping[str, object], what: str) -> list[bytes]:
    """The path of a proof that says it is for what was asked."""
    if not isinstance(answer, dict) or any(answer.get(name) != value for name, value in expected.items()):
        shown = {name: answer.get(name) for name in expected} if isinstance(answer, dict) else answer
        raise LogMismatch(f"{what}: asked for a proof of {dict(expected)}, got one of {shown!r:.400}")
    path = answer.get("path")
    if not isinstance(path, list) or not all(map(_is_hash, path)):
        raise LogMismatch(f"{what}: the path of the proof is not a list of hashes")
    return [bytes.fromhex(step) for step in path]


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and _HASH.fullmatch(value) is not None
