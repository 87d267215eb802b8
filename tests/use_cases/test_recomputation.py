"""Claims are recomputed in the write that changes a source or document they rest on."""

from typing import Any

import pytest

from tests.long_forms import by_form
from tests.use_cases.desk import Desk
from tests.web.helpers import Json, ids

pytestmark = by_form([pytest.mark.one_engine], [])


@pytest.fixture
def resting(desk: Desk) -> str:
    """Return a claim that two organisations support, and an unattributed document that is derived from another."""
    for source in ("kr", "us", "paper", "owner"):
        desk.source(source)
    desk.source("nis", part_of="kr")
    desk.source("cia", part_of="us")
    desk.document("d1", published_latest="2026-01-01")
    desk.document("d2", published_latest="2026-02-01")
    desk.document("original", publisher="paper")
    desk.document("copy", derived_from="original")
    desk.claim("c1")
    desk.mention("c1", "d1", "nis")
    desk.mention("c1", "d2", "cia")
    desk.mention("c1", "copy")
    return "c1"


def origins(desk: Desk) -> tuple[int, int]:
    """Return the interval of supporting origins; the stored JSON and the full reasoning must agree."""
    shown = desk.get("/v1/claims/c1")["corroboration"]
    reasoned = desk.get("/v1/claims/c1/corroboration")
    assert reasoned["status"] == shown["status"]
    for side, name in (("supports", "origins"), ("differs", "differing"), ("refutes", "refuting")):
        assert reasoned[side]["origins"] == shown[name]
    counted = {counts["id"]: counts for counts in desk.get("/v1/corroboration")["data"]}
    assert counted["c1"]["status"] == shown["status"]
    return shown["origins"]["at_least"], shown["origins"]["at_most"]


@pytest.mark.parametrize(
    ("path", "patch", "expected"),
    [
        ("/v1/sources/nis", {"part_of": "us"}, (1, 2)),
        ("/v1/sources/us", {"part_of": "kr"}, (1, 2)),
        ("/v1/sources/cia", {"kind": "anonymous"}, (1, 3)),
        ("/v1/sources/paper", {"part_of": "us"}, (2, 2)),
        ("/v1/sources/paper", {"part_of": "owner"}, (2, 3)),
        ("/v1/documents/original", {"publisher": "kr"}, (2, 2)),
        ("/v1/documents/copy", {"derived_from": None, "publisher": "cia"}, (2, 2)),
        ("/v1/documents/copy", {"derived_from": "d1"}, (2, 2)),
        ("/v1/documents/original", {"derived_from": "d2"}, (2, 2)),
        ("/v1/documents/d2", {"derived_from": "d1"}, (1, 2)),
        ("/v1/documents/d2", {"url": "https://archive.ph/AbCdE"}, (1, 2)),
    ],
)
def test_what_rests_on_a_change_is_recomputed(
    desk: Desk, resting: str, path: str, patch: Json, expected: tuple[int, int]
) -> None:
    assert origins(desk) == (2, 3)
    desk.patch(path, "Ed", patch)
    assert origins(desk) == expected


def test_what_the_publisher_of_an_original_becomes_reaches_the_copies(desk: Desk, resting: str) -> None:
    """A copy stands for its original: whose that is decides, and the copy names nobody."""
    desk.patch("/v1/sources/paper", "Ed", {"part_of": "owner"})
    assert origins(desk) == (2, 3)
    desk.patch("/v1/sources/owner", "Ed", {"part_of": "kr"})
    assert origins(desk) == (2, 2)
    desk.patch("/v1/sources/owner", "Ed", {"part_of": None})
    assert origins(desk) == (2, 3)
    desk.merge("/v1/sources/paper", "cia")
    assert origins(desk) == (2, 2)
    desk.unmerge("/v1/sources/paper")
    assert origins(desk) == (2, 3)
    desk.merge("/v1/sources/us", "owner")
    assert origins(desk) == (2, 2)
    desk.unmerge("/v1/sources/us")
    desk.patch("/v1/sources/paper", "Ed", {"kind": "collective"})
    assert origins(desk) == (2, 3)
    assert desk.get("/v1/claims/c1/corroboration")["supports"]["groups"][0]["id"] == "document:original"


def test_dates_decide_what_was_known_when(desk: Desk, resting: str) -> None:
    def known(day: str) -> Any:
        return desk.get(f"/v1/claims/c1/corroboration?as_of={day}")["supports"]["origins"]["at_least"]

    assert [known(day) for day in ("2025-12-31", "2026-01-01", "2026-02-01")] == [0, 1, 2]
    desk.patch("/v1/documents/d2", "Ed", {"published_latest": "2025-12-31"})
    assert [known(day) for day in ("2025-12-30", "2025-12-31", "2026-01-01")] == [0, 1, 2]
    desk.patch("/v1/documents/d2", "Ed", {"published_latest": None})
    assert known("2026-12-31") == 2, "the service has it, so it was published"


def test_counts_and_lists_follow_a_change(desk: Desk, resting: str) -> None:
    desk.patch("/v1/claims/c1", "Ed", {"topics": ["ships", "labour"]})
    assert {t["id"]: t["claims"] for t in desk.walk("/v1/topics")} == {"labour": 1, "ships": 1}
    assert desk.walk("/v1/claims?topic=general") == []
    desk.patch("/v1/sources/nis", "Ed", {"part_of": "us"})
    assert desk.get("/v1/sources/us")["parts"] == ["cia", "nis"]
    assert desk.get("/v1/sources/kr")["claims"]["origin"] == 0
    assert desk.walk("/v1/sources/kr/claims") == []
    assert ids(desk.walk("/v1/claims?source=us&min_origins=1")) == ["c1"]


def test_what_one_claim_rests_on_makes_nothing_one_for_another(desk: Desk) -> None:
    """A part of two organisations joins them where it is named; not for other claims that are computed with it."""
    for source, whole in {"x": None, "y": None, "a": "x", "b": "y"}.items():
        desk.source(source, part_of=whole)
        desk.document(f"d-{source}")
    for claim in ("c1", "c2"):
        desk.claim(claim)
        desk.mention(claim, "d-x", "x")
        desk.mention(claim, "d-y", "y")
    desk.mention("c2", "d-a", "a")
    desk.mention("c1", "d-b", "y", stance="refutes")
    desk.merge("/v1/sources/a", "b")
    assert origins(desk) == (2, 2)
    assert desk.get("/v1/claims/c2")["corroboration"]["origins"] == {"named": 1, "at_least": 1, "at_most": 1}
    desk.link("c1", "contradicts", "c2")
    reasoned = {one: desk.get(f"/v1/claims/{one}/corroboration") for one in ("c1", "c2")}
    for entry in desk.walk("/v1/conflicts"):
        assert entry["conflicts"] == reasoned[entry["claim"]]["conflicts"]
