"""The log over HTTP: its events, their order, and the readers of each."""

from __future__ import annotations

from typing import Any

import pytest

from claim_verification.proofs.verification import (
    Head,
    check_log,
    event_hash,
    is_withheld,
)
from service.model.errors import StoreFull
from service.storage.queries.events import EventQueries
from service.store import Store
from tests.operations.tampering import unguard
from tests.web.helpers import assert_problem, pages, walk
from tests.world import ADA, ANA, BEN, EDITH, VERDICT, WHY, WRITES, Json, Request, World, code_of

READERS = (None, ANA, BEN, EDITH, ADA)
# The readers of Ana's events, by type. Everybody may read the other types.
HIDDEN = {
    "verdict.drafted": {ANA, EDITH, ADA},
    "verdict.withdrawn": {ANA, EDITH, ADA},
    "verdict.reviewed": {BEN, EDITH, ADA},
    "assignment.made": {ANA, BEN, EDITH, ADA},
    "assignment.offered": {ANA, BEN, EDITH, ADA},
    "assignment.declined": {ANA, BEN, EDITH, ADA},
    "assignment.ended": {ANA, BEN, EDITH, ADA},
    "key.created": {ADA},
}


def _log(world: World, name: str | None = ADA, **filters: object) -> list[Json]:
    return walk(_as(world, name), "/v1/events", **filters)


def _as(world: World, name: str | None) -> Any:
    client = world.client()
    if name is not None:
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {world.keys[name]}"
    return client


def _tables(store: Store) -> dict[str, list[str]]:
    """Return all rows of all tables, except the times when keys were used."""
    names = [
        "sources",
        "source_aliases",
        "documents",
        "claims",
        "claim_topics",
        "mentions",
        "claim_links",
        "verdicts",
        "reviews",
        "assignments",
        "events",
        "event_subjects",
        "event_nodes",
        "claim_facets",
        "claim_sort_keys",
        "answered_requests",
    ]
    return {name: sorted(map(repr, store.database.rows(f"SELECT * FROM {name}"))) for name in names}  # noqa: S608


def test_every_write_is_logged_in_its_own_transaction(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    real = EventQueries.append_events

    def fails(self: EventQueries, *arguments: Any) -> None:
        real(self, *arguments)
        raise StoreFull("the disk is full")

    for operation, make in WRITES.items():
        request = make(world)
        before = _tables(world.store)
        with monkeypatch.context() as patch:
            patch.setattr(EventQueries, "append_events", fails)
            refused = world.send(request)
            assert (operation, refused.status_code, code_of(refused)) == (operation, 507, "insufficient_storage")
        assert _tables(world.store) == before, operation
        world.done(request)
        after = _tables(world.store)
        assert len(after["events"]) > len(before["events"]), operation
        assert set(before["events"]) <= set(after["events"]), operation
        [*_, last] = _log(world, after=world.size() - 1)
        assert last["actor"] == ADA, operation


def test_refused_and_reading_requests_are_not_logged(eventful: World) -> None:
    size = eventful.size()
    for request in (Request("POST", "/v1/claims", {"text": ""}), Request("POST", "/v1/sources/none/merge", WHY)):
        assert eventful.send(request).status_code in (404, 422)
    for path in ("/v1/claims", "/v1/events", "/v1/verdicts", "/v1/queue"):
        eventful.get(path, ADA)
    assert eventful.size() == size


def test_the_chain_holds_whoever_reads_it(eventful: World) -> None:
    head = Head.parse(eventful.get("/v1/events/head"))
    assert head.size == eventful.size()
    for name in READERS:
        events = _log(eventful, name, limit=3)
        withheld = check_log(head, events)
        assert withheld == len([event for event in events if is_withheld(event)])
        assert (withheld == 0) is (name == ADA)


def test_pages_go_on_from_any_event_to_the_last(eventful: World) -> None:
    size = eventful.size()
    everything = [event["seq"] for event in _log(eventful, None, limit=200)]
    assert everything == list(range(1, size + 1))
    for limit in (1, 2, size - 1, size):
        numbers = [len(page.get_json()["data"]) for page in pages(eventful.client(), "/v1/events", limit=limit)]
        assert sum(numbers) == size
        assert set(numbers[:-1]) <= {limit}
    for after in (0, 1, size - 1):
        assert [event["seq"] for event in _log(eventful, None, after=after)] == everything[after:]
    for after in (size, size + 1, 2**63 - 1):
        assert eventful.get(f"/v1/events?after={after}") == {"data": [], "next": None}
    for bad in (
        "after=-1",
        f"after={2**63}",
        "limit=0",
        "limit=201",
        "after=x",
        "type=none",
        "subject=claim",
        "page=2",
    ):
        assert_problem(eventful.client().get(f"/v1/events?{bad}"), 422)


def test_an_event_can_be_read_by_its_audience_only(eventful: World) -> None:
    """A withheld event is listed as its hash; with a filter it is not listed at all."""
    whole = {event["seq"]: event for event in _log(eventful, ADA)}
    assert set(HIDDEN) <= {event["type"] for event in whole.values()}
    for name in READERS:
        for event in _log(eventful, name):
            full = whole[event["seq"]]
            may_read = name in HIDDEN.get(full["type"], READERS)
            if may_read:
                assert event == full
                assert event_hash(event) == event["hash"]
            else:
                chain = {"seq": full["seq"], "previous": full["previous"], "hash": full["hash"], "withheld": True}
                assert event == chain, (name, full["type"])
            assert eventful.get(f"/v1/events/{full['seq']}", name) == event
            assert eventful.get(f"/v1/events/{full['seq']}/proof", name)["event"] == event
            by_type = _log(eventful, name, type=full["type"])
            assert (full["seq"] in [e["seq"] for e in by_type]) is may_read
            by_subject = _log(eventful, name, subject=full["subject"])
            assert (full["seq"] in [e["seq"] for e in by_subject]) is may_read
            assert not [e for e in by_type + by_subject if is_withheld(e)]


def test_a_withheld_event_cannot_be_guessed_from_its_hash(eventful: World) -> None:
    """Events of drafts have a nonce, so that equal drafts have different hashes and none can be brute-forced."""
    hidden = [event for event in _log(eventful, ADA) if event["type"] in HIDDEN]
    nonces = [event["payload"]["nonce"] for event in hidden]
    assert len(set(nonces)) == len(nonces)
    assert all(len(nonce) == 32 for nonce in nonces)
    assert not [event for event in _log(eventful, ADA) if event["type"] not in HIDDEN and "nonce" in event["payload"]]


def test_a_page_of_hidden_events_costs_no_more_queries_than_another(eventful: World) -> None:
    """The number of queries does not grow with the number of hidden events that a filter skips."""
    database, counted = eventful.store.database, []
    real = database.rows

    def rows(sql: str, parameters: Any = ()) -> Any:
        counted.append(sql)
        return real(sql, parameters)

    claim = eventful.claim()
    for _ in range(12):
        eventful.verdict(claim, ANA, draft=True)
    database.rows = rows  # type: ignore[method-assign]
    try:
        for filters in ("type=verdict.drafted", f"subject=claim:{claim}", "type=verdict.published"):
            counted.clear()
            eventful.get(f"/v1/events?limit=1&{filters}", BEN)
            assert len(counted) <= 2, filters
    finally:
        database.rows = real  # type: ignore[method-assign]


def test_filters_find_all_that_an_event_is_about(eventful: World) -> None:
    everything = _log(eventful, ADA)
    kinds = {event["type"] for event in everything}
    subjects = {name for event in everything for name in (event["subject"], *event["about"])}
    for kind in kinds:
        assert _log(eventful, ADA, type=kind, limit=1) == [event for event in everything if event["type"] == kind]
    for name in subjects:
        about = [event for event in everything if name in (event["subject"], *event["about"])]
        assert _log(eventful, ADA, subject=name, limit=1) == about
        assert _log(eventful, ADA, subject=name, type=kind, after=about[0]["seq"]) == [
            event for event in about[1:] if event["type"] == kind
        ]
    assert _log(eventful, ADA, subject="claim:none") == []


def test_an_unknown_event_number_is_not_found(eventful: World) -> None:
    size = eventful.size()
    for seq in (0, size + 1, 2**63 - 1, 2**63, 10**30):
        assert_problem(eventful.client().get(f"/v1/events/{seq}"), 404, "not_found")
        assert_problem(eventful.client().get(f"/v1/events/{seq}/proof"), 404, "not_found")
    for bad in ("-1", "1.0", "x", "1e3", "%20"):
        assert eventful.client().get(f"/v1/events/{bad}").status_code == 404


def test_an_empty_log_has_a_head_and_nothing_else(store: Store, world: World) -> None:
    unguard(store)
    for table in ("event_subjects", "event_nodes", "events"):
        store.database.run(f"DELETE FROM {table}")  # noqa: S608
    head = world.get("/v1/events/head")
    assert (head["size"], head["last_hash"], head["last_at"]) == (0, None, None)
    Head.parse(head)
    assert world.get("/v1/events") == {"data": [], "next": None}
    assert_problem(world.client().get("/v1/events/1"), 404)
    assert world.get("/v1/events/consistency?from=0")["path"] == []


def test_a_lost_node_of_the_tree_is_told_and_nothing_is_written_over_it(world: World) -> None:
    for name in ("a", "b", "c"):
        world.done(Request("POST", "/v1/sources", {"name": name * 3, "kind": "outlet"}, 201))
    unguard(world.store)
    size, _, _ = world.store.events.log_end()
    world.store.database.run("DELETE FROM event_nodes")

    for path in ("/v1/events/head", "/v1/events/1/proof", f"/v1/events/consistency?from={size - 1}"):
        problem = assert_problem(world.client().get(path), 503, "log_damaged")
        assert "claims audit" in problem["detail"]
    assert_problem(world.send(Request("POST", "/v1/sources", {"name": "Ddd", "kind": "outlet"})), 503, "log_damaged")
    assert world.store.events.log_end()[0] == size
    assert world.get("/v1/events?limit=1")["data"][0]["seq"] == 1


SIDES = ("origins", "differing", "refuting")


def test_changed_counts_are_logged_as_they_were_shown(world: World) -> None:
    """After each write, ``from`` and ``to`` of the event are the counts that the public saw before and after it."""
    claim, source, other = world.claim(), world.source(), world.source()
    document = world.document()
    with_source = {"document": document, "stance": "supports", "basis": "explicit"}
    mention = world.mention(claim)
    steps: list[tuple[Request, str]] = [
        (Request("POST", f"/v1/claims/{claim}/mentions", with_source | {"attribution": [source]}, 201), EDITH),
        (Request("POST", f"/v1/claims/{claim}/mentions", with_source | {"attribution": [other]}, 201), EDITH),
        (Request("POST", f"/v1/sources/{source}/merge", {"into": other, **WHY}), EDITH),
        (Request("POST", f"/v1/sources/{source}/unmerge", WHY), EDITH),
        (Request("PATCH", f"/v1/sources/{source}", {"part_of": other}), EDITH),
        (Request("POST", f"/v1/mentions/{mention}/withdrawal", WHY), EDITH),
        (Request("POST", f"/v1/claims/{claim}/verdicts", VERDICT, 201), ANA),
        (Request("POST", f"/v1/claims/{claim}/verdicts", VERDICT | {"rating": "supported"}, 201), BEN),
        (Request("POST", f"/v1/claims/{world.claim()}/merge", {"into": claim, **WHY}), EDITH),
    ]
    changed = {"corroboration.changed": 0, "agreement.changed": 0}
    for request, name in steps:
        before, size = _shown(world, claim), world.size()
        world.done(request, name)
        after = _shown(world, claim)
        logged = {event["type"]: event for event in _log(world, None, after=size, subject=f"claim:{claim}")}
        for kind in changed:
            event = logged.get(kind)
            assert (event is not None) is (before[kind] != after[kind]), (request.path, kind)
            if event is not None:
                changed[kind] += 1
                assert event["actor"] == name
                assert (event["payload"]["from"], event["payload"]["to"]) == (before[kind], after[kind])
    assert changed == {"corroboration.changed": 6, "agreement.changed": 2}


def _shown(world: World, claim: str) -> dict[str, Any]:
    """Return the counts of a claim as the public sees them, by the type of event for their changes."""
    rows = world.get("/v1/corroboration")["data"]
    [row] = [row for row in rows if row["id"] == claim]
    verdicts = world.get(f"/v1/claims/{claim}")["verdicts"]
    counts = {name: value for name, value in row.items() if name not in ("id", "policy", "version", "updated_at")}
    # Left out where it is the lower bound.
    same = [f"{side}_named" for side in SIDES if counts[f"{side}_named"] == counts[f"{side}_at_least"]]
    return {
        "corroboration.changed": {name: value for name, value in counts.items() if name not in same},
        "agreement.changed": {name: verdicts[name] for name in ("agreement", "tally")},
    }
