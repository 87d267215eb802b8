"""The status, the quorum and the date, each on cases small enough to count by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from service.model.entities import Independence, Mention, Status
from tests.corroboration.factories import DIFFERS, DOCUMENTS, PARTLY, PARTLY_REFUTES, REFUTES, bounds, document, mention
from tests.corroboration.version_1.world import compute, policy

NIS, HUR, LAB = mention("a", "bbc-1", "nis"), mention("b", "ap-1", "hur"), mention("c", "wsj-1", "lab")
UNNAMED = mention("d", "unknown-1")


@pytest.mark.parametrize(
    ("mentions", "quorum", "status"),
    [
        ((NIS, HUR), 2, Status.CORROBORATED),
        ((NIS, HUR), 3, Status.POSSIBLY_CORROBORATED),
        ((NIS, HUR, UNNAMED), 3, Status.POSSIBLY_CORROBORATED),
        ((NIS, HUR, LAB), 3, Status.CORROBORATED),
        ((NIS,), 3, Status.SINGLE_ORIGIN),
        ((NIS, UNNAMED), 2, Status.POSSIBLY_CORROBORATED),
        ((UNNAMED,), 2, Status.SINGLE_ORIGIN),
    ],
)
def test_the_quorum_decides(mentions: tuple[Mention, ...], quorum: int, status: Status) -> None:
    assert compute(*mentions, policy=policy(quorum)).status == status


def test_what_stands_against_a_claim() -> None:
    differs, refutes = mention("x", "wsj-1", "us", stance=DIFFERS), mention("y", "wsj-2", "us", stance=REFUTES)
    unnamed, partly = mention("z", "unknown-2", stance=REFUTES), mention("p", "wsj-1", "us", stance=PARTLY)
    denied = mention("q", "wsj-1", "us", stance=PARTLY_REFUTES)
    cases: dict[Status, list[tuple[Mention, ...]]] = {
        Status.CONTESTED: [(NIS, HUR, differs), (NIS, refutes), (NIS, unnamed), (UNNAMED, differs, refutes)],
        Status.REFUTED: [(refutes,), (unnamed,), (refutes, differs), (refutes, partly, denied)],
        Status.UNSUPPORTED: [(differs,), (partly,), (denied,), (differs, partly)],
        Status.SINGLE_ORIGIN: [(NIS, partly), (NIS, denied)],
    }
    for status, sets in cases.items():
        assert [compute(*mentions).status for mentions in sets] == [status] * len(sets)


def test_a_date_leaves_out_what_is_not_certainly_published() -> None:
    day = dt.date(2024, 10, 18)
    week = dt.timedelta(days=7)
    documents = (
        document("on-the-day", latest=day),
        document("some-time-this-week", earliest=day, latest=day + week),
        document("undated"),
        *DOCUMENTS,
    )
    chains = {"on-the-day": "nis", "some-time-this-week": "hur", "undated": "lab"}
    mentions = [mention(f"m-{place}", place, origin) for place, origin in chains.items()]
    mentions.append(mention("again", "undated", "us"))
    counts = [
        bounds(compute(*mentions, documents=documents, as_of=each).supports)
        for each in (day - week, day, day + week - dt.timedelta(days=1), day + week, None)
    ]
    assert counts == [(0, 0), (1, 1), (1, 1), (2, 2), (4, 4)]
    assert compute(*mentions, documents=documents, as_of=day).undated_documents == 1


def test_a_policy_is_named_after_all_that_it_decides() -> None:
    ids = [policy(quorum, independence).id for quorum in (2, 3) for independence in Independence]
    assert len(set(ids)) == len(ids)
    assert policy().id == "v1-organisation-2"
