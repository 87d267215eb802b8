"""The timeline of a claim says at each point what the corroboration says as of that day, and as known at that time."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest

from service.provenance.timeline import LEAST_POINTS, WORK, grouped
from tests.use_cases.desk import Desk, done
from tests.use_cases.test_recorded import last_write, ships  # noqa: F401 - the fixture
from tests.web.helpers import Json

_TIMES = {"published": "as_of", "recorded": "known_at"}


def _counted(corroboration: Json) -> tuple[object, ...]:
    sides = (corroboration[side]["origins"] for side in ("supports", "differs", "refutes"))
    return corroboration["status"], *sides, corroboration["mentions"], corroboration["documents"]


def _shown(point: Json) -> tuple[object, ...]:
    short = point["corroboration"]
    sides = (short[side] for side in ("origins", "differing", "refuting"))
    return short["status"], *sides, short["mentions"], short["documents"]


def _agrees(desk: Desk, query: str) -> Json:
    """Check every point of a timeline against the corroboration, and return the timeline."""
    timeline = desk.get(f"/v1/claims/ships/timeline?limit=100&{query}")
    given = {part.partition("=")[0] for part in query.split("&")}
    for axis, parameter in _TIMES.items():
        points = timeline[axis]["points"]
        assert points
        assert timeline[axis]["every"] == 1
        assert [point["at"] for point in points] == sorted(point["at"] for point in points)
        for point in points:
            # A parameter that is given bounds the axis of its own time, and holds for each point of the other one.
            others = "&".join(part for part in query.split("&") if part and part.partition("=")[0] != parameter)
            path = f"/v1/claims/ships/corroboration?{others}&{parameter}={point['at']}".replace("?&", "?")
            if point["merged_into"] is None:
                assert _shown(point) == _counted(desk.get(path)), (path, point)
            else:
                assert done(desk.call("GET", path), 308)["merged_into"] == point["merged_into"]
            assert point["causes"]
        if parameter in given:
            bound = next(part.partition("=")[2] for part in query.split("&") if part.startswith(parameter))
            assert points[-1]["at"] <= bound
    return timeline


def _history(desk: Desk) -> list[Callable[[], object]]:
    """Return changes of every kind that a claim's count or verdicts can have."""

    def same() -> None:
        desk.claim("same")
        desk.document("d4", publisher="gull", published_latest="2026-01-20")
        desk.mention("same", "d4", "ministry")

    verdicts: dict[str, str] = {}
    return [
        lambda: verdicts.update(jane=desk.judge("ships", "Jane", "supported")["id"]),
        lambda: desk.judge("ships", "John", "refuted"),
        lambda: desk.judge("ships", "John", "refuted", draft=True),
        lambda: desk.judge("ships", "Jane", "refuted", supersedes=verdicts["jane"]),
        lambda: desk.document("d3", published_latest="2026-02-01"),
        lambda: desk.mention("ships", "d3", "other-name"),
        lambda: desk.merge("/v1/sources/other-name", "office"),
        lambda: desk.patch("/v1/sources/office", "Ed", {"part_of": "ministry"}),
        lambda: desk.mention("ships", "d3", "gull", stance="differs", reported={"text": "Ten."}),
        lambda: desk.withdraw(f"/v1/mentions/{desk.walk('/v1/claims/ships/mentions')[-1]['id']}"),
        lambda: desk.patch("/v1/documents/d2", "Ed", {"published_latest": "2025-12-01"}),
        same,
        lambda: desk.merge("/v1/claims/same", "ships"),
        lambda: desk.unmerge("/v1/claims/same"),
        lambda: desk.merge("/v1/claims/ships", "same"),
        lambda: desk.unmerge("/v1/claims/ships"),
        lambda: (desk.claim("stranger"), desk.claim("further")),
        lambda: desk.merge("/v1/claims/ships", "stranger"),
        lambda: desk.merge("/v1/claims/stranger", "further"),
        lambda: desk.unmerge("/v1/claims/ships"),
    ]


def test_each_point_is_what_the_corroboration_says(ships: Desk) -> None:  # noqa: F811
    told = [(last_write(ships), ships.get("/v1/claims/ships"))]
    for change in _history(ships):
        change()
        # A merged claim redirects.
        answer = ships.call("GET", "/v1/claims/ships")
        told += [(last_write(ships), answer.get_json())] if answer.status_code == 200 else []
    middle = told[len(told) // 2][0]
    stricter = f"known_at={middle}&independence=source&quorum=3"
    queries = ("policy=v1-organisation-2", "as_of=2026-01-25", stricter, "")
    timelines = [_agrees(ships, query) for query in queries]
    timeline = timelines[-1]
    # The verdicts at a time are those that the claim had then.
    for at, shape in told:
        point = [point for point in timeline["recorded"]["points"] if point["at"] <= at][-1]
        now = {name: shape["verdicts"][name] for name in ("agreement", "checkers", "tally")}
        assert (point["verdicts"], point["corroboration"]) == (now, shape["corroboration"]), at
    rows = ships.get("/v1/corroboration?details=true&as_of=2026-12-31&format=json")["data"]
    agreed = [row["agreement"] for row in rows if row["id"] == "ships"]
    assert agreed == [timeline["published"]["points"][-1]["verdicts"]["agreement"]]
    points = [point for each in timelines for point in each["recorded"]["points"]]
    reached = {cause["record"].partition(":")[0] for point in points for cause in point["causes"]}
    assert reached == {"claim", "mention", "source", "document", "verdict"}
    words = {cause["text"] for point in points for cause in point["causes"]}
    assert {
        "Ed changed the source office: part of.",
        "Ed merged the source other-name into office: it is the same.",
        "Ed changed the document d2: published latest.",
        "Ed merged the claim same into this one: it is the same.",
    } <= words
    # Drafts are not for everybody: no point tells of one.
    events = {cause["event"] for point in timeline["recorded"]["points"] for cause in point["causes"]}
    types = {event["type"] for event in ships.walk("/v1/events", "Ann") if event["seq"] in events}
    assert not types & {"verdict.drafted", "verdict.reviewed"}


def test_the_picture_has_the_same_points(ships: Desk) -> None:  # noqa: F811
    timeline = ships.get("/v1/claims/ships/timeline")
    pictures = [ships.call("GET", "/v1/claims/ships/timeline?format=svg").text for _ in range(2)]
    assert pictures[0] == pictures[1]
    root = ET.fromstring(pictures[0])  # noqa: S314 - our own output
    for form in [each for each in root if each.attrib.get("class") in ("columns", "rows")]:
        for axis in ("published", "recorded"):
            [drawn] = [each for each in form.iter() if each.attrib.get("data-axis") == axis]
            points = [each.attrib for each in drawn.iter() if "data-at" in each.attrib]
            names = (
                "data-at",
                "data-status",
                "data-at-least",
                "data-at-most",
                "data-mentions-counted",
                "data-agreement",
            )
            assert [tuple(point[name] for name in names) for point in points] == [
                (
                    point["at"],
                    (short := point["corroboration"])["status"],
                    str(short["origins"]["at_least"]),
                    str(short["origins"]["at_most"]),
                    str(short["mentions"]),
                    point["verdicts"]["agreement"],
                )
                for point in timeline[axis]["points"]
            ]
            words = " ".join("".join(each.itertext()) for each in drawn.iter() if each.tag.endswith("}text"))
            assert all(point["text"][1:].split(",")[0] in words for point in timeline[axis]["points"])


def test_many_changes_get_fewer_points_and_the_answer_says_how_many_each_stands_for(ships: Desk) -> None:  # noqa: F811
    whole = ships.get("/v1/claims/ships/timeline")["recorded"]
    fewer = ships.get("/v1/claims/ships/timeline?limit=2")["recorded"]
    assert (whole["every"], len(whole["points"])) == (1, 3)
    assert (fewer["every"], len(fewer["points"])) == (2, 2)
    assert fewer["points"][-1]["corroboration"] == whole["points"][-1]["corroboration"]
    assert fewer["points"][-1]["further_causes"] + len(fewer["points"][-1]["causes"]) == 2


@pytest.mark.parametrize(
    ("changes", "mentions", "limit"), [(0, 0, 9), (1, 1, 9), (7, 1, 3), (100, 1, 10), (500, WORK, 100)]
)
def test_groups_are_bounded_by_the_work_and_lose_no_change(changes: int, mentions: int, limit: int) -> None:
    groups, every = grouped(range(changes), mentions, limit)
    assert [change for group in groups for change in group] == list(range(changes))
    assert len(groups) <= (limit if mentions < WORK else LEAST_POINTS)
    assert all(len(group) == every for group in groups[1:])


def test_a_claim_that_is_not_there_and_one_that_was_not_yet(ships: Desk) -> None:  # noqa: F811
    then = last_write(ships)
    ships.claim("later")
    assert done(ships.call("GET", f"/v1/claims/later/timeline?known_at={then}"), 404)["detail"].startswith(
        "There was no"
    )
    assert done(ships.call("GET", "/v1/claims/never/timeline"), 404)["code"] == "not_found"
    assert ships.get("/v1/claims/later/timeline")["published"] == {"points": [], "every": 1}
    assert ships.call("GET", "/v1/claims/later/timeline?format=svg").status_code == 200
