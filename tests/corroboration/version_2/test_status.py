"""The status, the quorum, the documents and the date, each on cases small enough to count by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from service.model.entities import DEFAULT_POLICY, Basis, Independence, Mention, Policy, Stance, Status
from tests.corroboration.factories import DIFFERS, PARTLY, PARTLY_REFUTES, REFUTES, compute, document, mention

NIS, HUR, LAB = mention("a", "bbc-1", "nis"), mention("b", "ap-1", "hur"), mention("c", "wsj-1", "lab")
GUESSED = mention("g", "wsj-1", "lab", basis=Basis.INFERRED)
UNNAMED = mention("d", "unknown-1")
BOTH = mention("e", "bbc-1", "hur")


@pytest.mark.parametrize(
    ("mentions", "policy", "status"),
    [
        ((NIS, HUR), Policy(), Status.CORROBORATED),
        ((NIS, HUR), Policy(quorum=3), Status.POSSIBLY_CORROBORATED),
        ((NIS, HUR, LAB), Policy(quorum=3), Status.CORROBORATED),
        ((NIS, HUR), Policy(documents=3), Status.POSSIBLY_CORROBORATED),
        ((NIS, HUR, GUESSED), Policy(quorum=3), Status.POSSIBLY_CORROBORATED),
        ((NIS,), Policy(), Status.SINGLE_ORIGIN),
        ((NIS, UNNAMED), Policy(), Status.POSSIBLY_CORROBORATED),
        ((NIS, GUESSED), Policy(), Status.POSSIBLY_CORROBORATED),
        # All named in one document.
        ((NIS, BOTH), Policy(), Status.POSSIBLY_CORROBORATED),
        ((NIS, BOTH), Policy(documents=1), Status.CORROBORATED),
        ((NIS, BOTH, HUR), Policy(), Status.CORROBORATED),
        # Unknown is not independent, however many there are.
        ((UNNAMED,), Policy(), Status.UNATTRIBUTED),
        ((GUESSED,), Policy(), Status.UNATTRIBUTED),
        ((UNNAMED, GUESSED, mention("u", "bbc-1")), Policy(), Status.UNATTRIBUTED),
    ],
)
def test_what_is_named_decides(mentions: tuple[Mention, ...], policy: Policy, status: Status) -> None:
    assert compute(*mentions, policy=policy).status == status


@pytest.mark.parametrize(
    ("second", "status"),
    [
        (document("second", "bbc"), Status.POSSIBLY_CORROBORATED),  # of the same publisher
        (document("second", derived_from="bbc-1"), Status.SINGLE_ORIGIN),  # a copy names nobody
        (document("second", merged_into="bbc-1"), Status.POSSIBLY_CORROBORATED),  # the same page
        (document("second", "ap"), Status.CORROBORATED),
        (document("second"), Status.CORROBORATED),  # of an unknown publisher: counts as itself
    ],
)
def test_two_origins_in_two_documents_that_may_be_one(second: object, status: Status) -> None:
    documents = (document("bbc-1", "bbc"), second)
    result = compute(NIS, mention("b", "second", "hur"), documents=documents)  # type: ignore[arg-type]
    assert result.status == status


def test_documents_of_publishers_of_one_house_are_one() -> None:
    mentions = mention("a", "nis-1", "us"), mention("b", "jcs-1", "lab")
    documents = document("nis-1", "nis"), document("jcs-1", "jcs")
    assert compute(*mentions, documents=documents).supports.naming_documents == 1
    apart = Policy(independence=Independence.SOURCE)
    assert compute(*mentions, documents=documents, policy=apart).status is Status.CORROBORATED


def test_what_stands_against_a_claim() -> None:
    differs, refutes = mention("x", "wsj-1", "us", stance=DIFFERS), mention("y", "wsj-2", "us", stance=REFUTES)
    unnamed, partly = mention("z", "unknown-2", stance=REFUTES), mention("p", "wsj-1", "us", stance=PARTLY)
    partly_refutes = mention("q", "wsj-1", "us", stance=PARTLY_REFUTES)
    cases: dict[Status, list[tuple[Mention, ...]]] = {
        Status.CONTESTED: [(NIS, HUR, differs), (NIS, refutes), (NIS, unnamed), (UNNAMED, differs, refutes)],
        Status.REFUTED: [(refutes,), (unnamed,), (refutes, differs), (refutes, partly)],
        Status.UNSUPPORTED: [(differs,), (partly,), (differs, partly), (partly_refutes,)],
        Status.SINGLE_ORIGIN: [(NIS, partly), (NIS, partly_refutes)],
    }
    for status, sets in cases.items():
        assert [compute(*mentions).status for mentions in sets] == [status] * len(sets)


def test_a_guess_in_another_stance_is_no_named_denial() -> None:
    denied = mention("y", "wsj-2", "us", stance=Stance.REFUTES, basis=Basis.INFERRED)
    assert compute(NIS, denied).refutes.origins.named == 0


def test_as_of_today_is_now() -> None:
    seen = dt.date(2025, 3, 1)
    documents = (
        document("dated", latest=dt.date(2024, 10, 18), first_seen=seen),
        document("undated", first_seen=seen),
        document("vague", latest=dt.date(2026, 1, 1), first_seen=seen),
    )
    mentions = mention("a", "dated", "nis"), mention("b", "undated", "hur"), mention("c", "vague", "lab")
    named = {
        day: compute(*mentions, documents=documents, as_of=day).supports.origins.named
        for day in (dt.date(2024, 10, 17), dt.date(2024, 10, 18), dt.date(2025, 2, 28), seen, None)
    }
    assert list(named.values()) == [0, 1, 1, 3, 3]


def test_a_merged_document_counts_from_the_earlier_day_of_the_two() -> None:
    early, late = dt.date(2024, 1, 1), dt.date(2025, 1, 1)
    documents = document("old", first_seen=early), document("new", first_seen=late, merged_into="old")
    assert compute(mention("a", "new", "nis"), documents=documents, as_of=early).status is Status.SINGLE_ORIGIN


def test_a_policy_is_named_after_all_that_it_decides() -> None:
    policies = [Policy(q, i, documents=d) for q in (2, 3) for i in Independence for d in (1, 2)]
    policies += [Policy(q, i, version=1) for q in (2, 100) for i in Independence]
    assert len({policy.id for policy in policies}) == len(policies)
    assert DEFAULT_POLICY.id == "v2-organisation-2-2"
    assert [Policy.named(policy.id) for policy in policies] == policies


@pytest.mark.parametrize(
    "text",
    [
        *("", "v2", "v2-organisation", "v2-organisation-2", "v1-organisation-2-2", "v3-organisation-2-2"),
        *(
            "v2-planet-2-2",
            "v2-organisation-1-2",
            "v2-organisation-2-0",
            "v2-organisation-02-2",
            "v2-organisation-101-2",
        ),
        *(
            "v2-source-2-2-2",
            "V2-organisation-2-2",
            " v2-organisation-2-2",
            "v2-organisation-２-2",
        ),
    ],
)
def test_what_is_no_policy(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Policy.named(text)
