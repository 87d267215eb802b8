"""Merkle proofs over HTTP: an event is in the log, and the log was only appended to."""

from __future__ import annotations

from typing import Any

from claim_verification.proofs.verification import Head, check_consistency, check_inclusion
from tests.web.helpers import assert_problem
from tests.world import ADA, World


def test_every_event_is_proven_under_every_head(eventful: World) -> None:
    size = min(eventful.size(), 12)
    heads = {number: _head(eventful, number) for number in range(1, size + 1)}
    for number, head in heads.items():
        for seq in range(1, number + 1):
            check_inclusion(seq, head, eventful.get(f"/v1/events/{seq}/proof?size={number}"))
        for earlier in range(number + 1):
            if earlier:
                proof = _proof(eventful)
                check_consistency(heads[earlier], head, proof)
    whole = eventful.get(f"/v1/events/{size}/proof")
    assert (whole["index"], whole["size"]) == (size - 1, eventful.size())
    check_inclusion(size, Head.parse(eventful.get("/v1/events/head")), whole)


def test_sizes_beyond_the_log_are_refused(eventful: World) -> None:
    size = eventful.size()
    for path, field in (
        (f"/v1/events/1/proof?size={size + 1}", "/size"),
        ("/v1/events/5/proof?size=4", "/size"),
        ("/v1/events/1/proof?size=0", "/size"),
        (f"/v1/events/1/proof?size={2**63}", "/size"),
        ("/v1/events/1/proof?size=-1", "/size"),
        ("/v1/events/consistency", "/from"),
        ("/v1/events/consistency?from=-1", "/from"),
        (f"/v1/events/consistency?from={size + 1}", "/from"),
        (f"/v1/events/consistency?from=1&to={size + 1}", "/to"),
        ("/v1/events/consistency?from=5&to=4", "/from"),
        (f"/v1/events/consistency?from={2**70}", "/from"),
    ):
        assert_problem(eventful.client().get(path), 422, "invalid_request", field)
    empty = eventful.get("/v1/events/consistency?from=0")
    assert (empty["from"]["size"], empty["path"]) == (0, [])
    same = eventful.get(f"/v1/events/consistency?from={size}")
    assert (same["from"], same["path"]) == (same["to"], [])


def _head(world: World, size: int) -> Head:
    tree = world.get(f"/v1/events/consistency?from={size}")["from"]
    last = world.get(f"/v1/events/{size}", ADA)
    return Head(size, tree["root_hash"], last["hash"], last["at"])


def _proof(world: World) -> Any:
    return lambda first, second: world.get(f"/v1/events/consistency?from={first}&to={second}")
