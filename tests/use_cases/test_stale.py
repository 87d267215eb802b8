"""A verdict is stale when the claim says something else than what was judged, or rests on something else."""

from collections.abc import Callable

import pytest

from tests.long_forms import by_form
from tests.use_cases.desk import Desk
from tests.web.helpers import Json, ids

pytestmark = by_form([pytest.mark.one_engine], [])


@pytest.fixture
def claim(desk: Desk) -> str:
    """Return a claim that two ministries of two governments support, judged by Jane as it is."""
    for source in ("kr", "us"):
        desk.source(source)
        desk.source(f"{source}-ministry", part_of=source)
    desk.document("d1", publisher="kr")
    desk.document("d2")
    desk.claim("c1", quantity={"low": 1, "high": 2, "unit": "ships"}, place="Busan", note="A note.")
    desk.mention("c1", "d1", "kr-ministry")
    desk.mention("c1", "d2", "us-ministry")
    desk.claim("c2")
    desk.judge("c1", "Jane", "supported")
    assert not is_stale(desk)
    return "c1"


def is_stale(desk: Desk) -> bool:
    """Return whether Jane's verdict is stale; the claim, the verdict, the lists and the queue must agree."""
    current = desk.judgement("c1")["current"]
    [shown] = [verdict for verdict in current if verdict["checker"] == "Jane"]
    alone = desk.get(f"/v1/verdicts/{shown['id']}")
    [of_claim] = [one for one in desk.walk("/v1/claims/c1/verdicts") if one["id"] == shown["id"]]
    [of_all] = desk.walk("/v1/verdicts?checker=Jane&current=true")
    waits = "c1" in ids([waiting["claim"] for waiting in desk.walk("/v1/queue?need=stale&everything=true", "Joan")])
    assert {shown["stale"], alone["stale"], of_claim["stale"], of_all["stale"]} == {shown["stale"]}
    assert waits == any(verdict["stale"] for verdict in current)
    stale: bool = shown["stale"]
    return stale


CHANGES: list[Json] = [
    {"text": "Another statement."},
    {"subject": "Another subject"},
    {"quantity": {"high": 3}},
    {"quantity": {"unit": "boats"}},
    {"quantity": None},
    {"time_frame": {"label": "In May", "start": "2026-05-01", "end": "2026-05-31"}},
    {"place": "Incheon"},
    {"place": None},
]


@pytest.mark.parametrize("change", CHANGES, ids=[str(number) for number in range(len(CHANGES))])
def test_a_verdict_is_stale_when_the_claim_says_something_else(desk: Desk, claim: str, change: Json) -> None:
    desk.patch(f"/v1/claims/{claim}", "Ed", change)
    assert is_stale(desk)


def test_what_is_not_judged_makes_nothing_stale(desk: Desk, claim: str) -> None:
    desk.patch(f"/v1/claims/{claim}", "Ed", {"note": "Another note."})
    desk.patch(f"/v1/claims/{claim}", "Ed", {"topics": ["other", "general"]})
    link = desk.link(claim, "contradicts", "c2")
    desk.withdraw(f"/v1/links/{link['id']}")
    desk.link("c2", "refines", claim)
    first = desk.judge(claim, "John", "refuted")
    desk.judge(claim, "John", None, supersedes=first["id"])
    desk.judge(claim, "Joan", draft=True)
    desk.post(f"/v1/claims/{claim}/assignment", "Joan", {})
    desk.patch("/v1/sources/kr", "Ed", {"name": "Korea", "reliability": "B"})
    desk.patch("/v1/documents/d1", "Ed", {"title": "A title"})
    desk.patch(f"/v1/claims/{claim}", "Ed", {"text": desk.get(f"/v1/claims/{claim}")["text"]})
    assert not is_stale(desk)


def more_support(desk: Desk) -> None:
    """Another mention."""
    desk.mention("c1", "d1", "us-ministry")


def less_support(desk: Desk) -> None:
    """One mention less."""
    [first, _] = desk.walk("/v1/claims/c1/mentions")
    desk.withdraw(f"/v1/mentions/{first['id']}")


def one_source(desk: Desk) -> None:
    """Merge the two ministries."""
    desk.merge("/v1/sources/kr-ministry", "us-ministry")


def one_government(desk: Desk) -> None:
    """Merge the two governments, and with them the origins."""
    desk.merge("/v1/sources/us", "kr")


def one_organisation(desk: Desk) -> None:
    """Make a ministry part of the other one's government."""
    desk.patch("/v1/sources/us-ministry", "Ed", {"part_of": "kr"})


def nobody_in_particular(desk: Desk) -> None:
    """Make a source a collective."""
    desk.patch("/v1/sources/us-ministry", "Ed", {"kind": "collective"})


def one_document(desk: Desk) -> None:
    """Make a document a copy of the other one."""
    desk.mention("c1", "d1")
    desk.judge("c1", "Jane", "supported", supersedes=desk.judgement("c1")["current"][0]["id"])
    assert not is_stale(desk)
    desk.patch("/v1/documents/d2", "Ed", {"derived_from": "d1"})
    # d1 names another origin, so this changes nothing; without that, d2 has none of its own.
    [first, _, _] = desk.walk("/v1/claims/c1/mentions")
    desk.withdraw(f"/v1/mentions/{first['id']}")


@pytest.mark.parametrize(
    "happens",
    [more_support, less_support, one_document],
)
def test_a_verdict_is_stale_when_the_claim_rests_on_something_else(
    desk: Desk, claim: str, happens: Callable[[Desk], None]
) -> None:
    happens(desk)
    assert is_stale(desk)


@pytest.mark.parametrize("happens", [one_source, one_government, one_organisation, nobody_in_particular])
def test_what_a_policy_makes_of_the_evidence_makes_nothing_stale(
    desk: Desk, claim: str, happens: Callable[[Desk], None]
) -> None:
    """The mentions and chains are those that were judged; that two origins count as one now, the claim says itself."""
    before = desk.get(f"/v1/claims/{claim}")["corroboration"]
    happens(desk)
    assert desk.get(f"/v1/claims/{claim}")["corroboration"] != before
    assert not is_stale(desk)


def test_a_document_of_another_date_changes_what_was_known_when(desk: Desk, claim: str) -> None:
    """Dates decide what a claim rested on as of a day; today's corroboration they leave, and so what was judged."""
    desk.patch("/v1/documents/d1", "Ed", {"published_earliest": "2026-01-01", "published_latest": "2026-01-02"})
    as_of = desk.get(f"/v1/claims/{claim}/corroboration?as_of=2026-01-02")
    assert as_of["supports"]["origins"] == {"named": 1, "at_least": 1, "at_most": 1}
    desk.patch("/v1/documents/d1", "Ed", {"published_latest": "2026-01-03"})
    as_of = desk.get(f"/v1/claims/{claim}/corroboration?as_of=2026-01-02")
    assert as_of["supports"]["origins"] == {"named": 0, "at_least": 0, "at_most": 0}
    assert not is_stale(desk)


def test_a_stale_verdict_counts_until_its_checker_judges_again(desk: Desk, claim: str) -> None:
    desk.patch(f"/v1/claims/{claim}", "Ed", {"place": "Incheon"})
    assert desk.judgement(claim)["tally"]["supported"] == 1
    [old] = desk.judgement(claim)["current"]
    desk.judge(claim, "Jane", "refuted", supersedes=old["id"])
    assert not is_stale(desk)
    assert desk.walk("/v1/queue?need=stale", "Jane") == []


def test_a_verdict_on_an_earlier_version_is_stale_at_once_if_the_claim_said_something_else(
    desk: Desk, claim: str
) -> None:
    judged = desk.get(f"/v1/claims/{claim}")["version"]
    desk.patch(f"/v1/claims/{claim}", "Ed", {"note": "Only a note."})
    assert not desk.judge(claim, "John", claim_version=judged)["stale"]
    desk.patch(f"/v1/claims/{claim}", "Ed", {"place": "Incheon"})
    assert desk.judge(claim, "Joan", claim_version=judged)["stale"]
    assert not desk.judge(claim, "Ed")["stale"]


def test_what_is_undone_makes_nothing_stale(desk: Desk, claim: str) -> None:
    """A merge that was a mistake leaves no trace in what checkers said: the claim is again what they judged."""
    desk.document("d3")
    desk.mention("c2", "d3", "us")
    own = desk.judge("c2", "Joan")
    desk.merge("/v1/claims/c2", claim)
    assert is_stale(desk)
    assert desk.get(f"/v1/verdicts/{own['id']}")["stale"]
    assert not desk.judge(claim, "John")["stale"]
    desk.unmerge("/v1/claims/c2")
    assert not is_stale(desk)
    assert not desk.get(f"/v1/verdicts/{own['id']}")["stale"]
    [on_both] = desk.walk("/v1/verdicts?checker=John")
    assert on_both["stale"], "he judged the two as one"
