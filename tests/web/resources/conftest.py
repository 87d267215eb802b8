"""Fixtures of the tests of resources."""

from __future__ import annotations

import pytest

from tests.world import ANA, BEN, EDITH, VERDICT, WHY, Request, World


@pytest.fixture
def eventful(world: World) -> World:
    """Return a world with one event of most types, caused by Ana where her role allows."""
    claim, gone = world.claim(), world.claim()
    draft = world.verdict(claim, ANA, draft=True, reviewers=[BEN])
    world.done(Request("POST", f"/v1/verdicts/{draft}/reviews", {"decision": "approve"}, 201), BEN)
    world.done(Request("POST", f"/v1/verdicts/{draft}/withdrawal", WHY), ANA)
    world.done(Request("POST", f"/v1/claims/{claim}/assignment", {}, 201), ANA)
    world.done(Request("POST", f"/v1/claims/{claim}/assignment/offer", {"checker": BEN}), ANA)
    world.done(Request("POST", f"/v1/claims/{claim}/assignment/refusal"), ANA)
    world.done(Request("POST", f"/v1/claims/{claim}/verdicts", VERDICT, 201), ANA)
    world.mention(claim, attribution=[world.source()], basis="explicit")
    world.done(Request("POST", f"/v1/claims/{gone}/merge", {"into": claim, **WHY}), EDITH)
    return world
