"""The log over HTTP: what is in it, in which order, and who may read which of it."""

from __future__ import annotations

from typing import Any

import pytest

from claim_verification.proofs.verification import (
    Head,
    check_consistency,
    check_inclusion,
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
# Who may read what Ana did, by the type of event; what is not here anybody may.
HIDDEN = {
    "verdict.drafted": {ANA, EDITH, ADA},
    "verdict.withdrawn": {ANA, EDITH, ADA},
    "verdict.reviewed": {BEN, EDITH, ADA},
    "assignment.made": {ANA, BEN, EDITH, ADA},
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
    """Every row of every table but when keys were used."""
    names = [
        "sources",
        "source_aliases",
        "documents",
        "claims",
        "claim_topics",
        "mentions",
        "attributions",
        "claim_links",
        "verdicts",
        "reviews",
        "assignments",
        "events",
        "event_subjects",
        "event_nodes",
        "claim_facets",
        "answered_requests",
    ]
    return {name: sorted(map(repr, store.database.rows(f"SELECT * FROM {name}"))) for name in names}  # noqa: S608


@pytest.fixture
def told(world: World) -> World:
    """A world in which everything has happened once, as Ana's doing where she may."""
    claim, gone = world.claim(), world.claim()
    draft = world.verdict(claim, ANA, draft=True)
    world.done(Request("POST", f"/v1/verdicts/{draft}/reviews", {"decision": "approve"}, 201), BEN)
    world.done(Request("POST", f"/v1/verdicts/{draft}/withdrawal", WHY), ANA)
    world.done(Request("POST", f"/v1/claims/{claim}/assignment", {}, 201), ANA)
    world.done(Request("POST", f"/v1/claims/{claim}/verdicts", VERDICT, 201), ANA)
    world.mention(claim, attribution=[world.source()], basis="explicit")
    world.done(Request("POST", f"/v1/claims/{gone}/merge", {"into": claim, **WHY}), EDITH)
    return world


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


def test_what_is_refused_or_only_read_is_not_logged(told: World) -> None:
    size = told.size()
    for request in (Request("POST", "/v1/claims", {"text": ""}), Request("POST", "/v1/sources/none/merge", WHY)):
        assert told.send(request).status_code in (404, 422)
    for path in ("/v1/claims", "/v1/events", "/v1/verdicts", "/v1/queue"):
        told.get(path, ADA)
    assert told.size() == size


def test_the_chain_holds_whoever_reads_it(told: World) -> None:
    head = Head.parse(told.get("/v1/events/head"))
    assert head.size == told.size()
    for name in READERS:
        events = _log(told, name, limit=3)
        withheld = check_log(head, events)
        assert withheld == len([event for event in events if is_withheld(event)])
        assert (withheld == 0) is (name == ADA)


def test_pages_go_on_from_any_event_to_the_last(told: World) -> None:
    size = told.size()
    everything = [event["seq"] for event in _log(told, None, limit=200)]
    assert everything == list(range(1, size + 1))
    for limit in (1, 2, size - 1, size):
        numbers = [len(page.get_json()["data"]) for page in pages(told.client(), "/v1/events", limit=limit)]
        assert sum(numbers) == size
        assert set(numbers[:-1]) <= {limit}
    for after in (0, 1, size - 1):
        assert [event["seq"] for event in _log(told, None, after=after)] == everything[after:]
    for after in (size, size + 1, 2**63 - 1):
        assert told.get(f"/v1/events?after={after}") == {"data": [], "next": None}
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
        assert_problem(told.client().get(f"/v1/events?{bad}"), 422)


def test_each_may_read_what_concerns_them(told: World) -> None:
    """What is withheld is there as its hash; with a filter it is not there at all, nor by its number."""
    whole = {event["seq"]: event for event in _log(told, ADA)}
    assert set(HIDDEN) <= {event["type"] for event in whole.values()}
    for name in READERS:
        for event in _log(told, name):
            full = whole[event["seq"]]
            may_read = name in HIDDEN.get(full["type"], READERS)
            if may_read:
                assert event == full
                assert event_hash(event) == event["hash"]
            else:
                chain = {"seq": full["seq"], "previous": full["previous"], "hash": full["hash"], "withheld": True}
                assert event == chain, (name, full["type"])
            assert told.get(f"/v1/events/{full['seq']}", name) == event
            assert told.get(f"/v1/events/{full['seq']}/proof", name)["event"] == event
            by_type = _log(told, name, type=full["type"])
            assert (full["seq"] in [e["seq"] for e in by_type]) is may_read
            by_subject = _log(told, name, subject=full["subject"])
            assert (full["seq"] in [e["seq"] for e in by_subject]) is may_read
            assert not [e for e in by_type + by_subject if is_withheld(e)]


def test_what_is_withheld_cannot_be_guessed_from_its_hash(told: World) -> None:
    """Two drafts that say the same have different hashes even apart from their ids: each has a nonce."""
    hidden = [event for event in _log(told, ADA) if event["type"] in HIDDEN]
    nonces = [event["payload"]["nonce"] for event in hidden]
    assert len(set(nonces)) == len(nonces)
    assert all(len(nonce) == 32 for nonce in nonces)
    assert not [event for event in _log(told, ADA) if event["type"] not in HIDDEN and "nonce" in event["payload"]]


def test_a_page_of_what_is_hidden_costs_the_public_no_more_than_any(told: World) -> None:
    """However many drafts there are: nobody shall be kept busy by a filter that lets nothing through."""
    database, counted = told.store.database, []
    real = database.rows

    def rows(sql: str, parameters: Any = ()) -> Any:
        counted.append(sql)
        return real(sql, parameters)

    claim = told.claim()
    for _ in range(12):
        told.verdict(claim, ANA, draft=True)
    database.rows = rows  # type: ignore[method-assign]
    try:
        for filters in ("type=verdict.drafted", f"subject=claim:{claim}", "type=verdict.published"):
            counted.clear()
            told.get(f"/v1/events?limit=1&{filters}", BEN)
            assert len(counted) <= 2, filters
    finally:
        database.rows = real  # type: ignore[method-assign]


def test_filters_find_all_that_an_event_is_about(told: World) -> None:
    everything = _log(told, ADA)
    kinds = {event["type"] for event in everything}
    subjects = {name for event in everything for name in (event["subject"], *event["about"])}
    for kind in kinds:
        assert _log(told, ADA, type=kind, limit=1) == [event for event in everything if event["type"] == kind]
    for name in subjects:
        about = [event for event in everything if name in (event["subject"], *event["about"])]
        assert _log(told, ADA, subject=name, limit=1) == about
        assert _log(told, ADA, subject=name, type=kind, after=about[0]["seq"]) == [
            event for event in about[1:] if event["type"] == kind
        ]
    assert _log(told, ADA, subject="claim:none") == []


def test_numbers_that_no_event_has_are_not_found(told: World) -> None:
    size = told.size()
    for seq in (0, size + 1, 2**63 - 1, 2**63, 10**30):
        assert_problem(told.client().get(f"/v1/events/{seq}"), 404, "not_found")
        assert_problem(told.client().get(f"/v1/events/{seq}/proof"), 404, "not_found")
    for bad in ("-1", "1.0", "x", "1e3", "%20"):
        assert told.client().get(f"/v1/events/{bad}").status_code == 404


def test_every_event_is_proven_under_every_head(told: World) -> None:
    size = min(told.size(), 12)
    heads = {number: _head(told, number) for number in range(1, size + 1)}
    for number, head in heads.items():
        for seq in range(1, number + 1):
            check_inclusion(seq, head, told.get(f"/v1/events/{seq}/proof?size={number}"))
        for earlier in range(number + 1):
            if earlier:
                proof = _proof(told)
                check_consistency(heads[earlier], head, proof)
    whole = told.get(f"/v1/events/{size}/proof")
    assert (whole["index"], whole["size"]) == (size - 1, told.size())
    check_inclusion(size, Head.parse(told.get("/v1/events/head")), whole)


def test_sizes_that_the_log_does_not_have_are_refused(told: World) -> None:
    size = told.size()
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
        assert_problem(told.client().get(path), 422, "invalid_request", field)
    empty = told.get("/v1/events/consistency?from=0")
    assert (empty["from"]["size"], empty["path"]) == (0, [])
    same = told.get(f"/v1/events/consistency?from={size}")
    assert (same["from"], same["path"]) == (same["to"], [])


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


def test_sums_that_changed_are_logged_as_they_were_shown(world: World) -> None:
    """Before and after each write: what the public sees is what the log says it went from and to."""
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
    """What a claim adds up to, by the type of event that tells of its change."""
    rows = world.get("/v1/corroboration")["data"]
    [row] = [row for row in rows if row["id"] == claim]
    verdicts = world.get(f"/v1/claims/{claim}")["verdicts"]
    return {
        "corroboration.changed": {
            name: value for name, value in row.items() if name not in ("id", "policy", "version", "updated_at")
        },
        "agreement.changed": {name: verdicts[name] for name in ("agreement", "tally")},
    }


def _head(world: World, size: int) -> Head:
    tree = world.get(f"/v1/events/consistency?from={size}")["from"]
    last = world.get(f"/v1/events/{size}", ADA)
    return Head(size, tree["root_hash"], last["hash"], last["at"])


def _proof(world: World) -> Any:
    return lambda first, second: world.get(f"/v1/events/consistency?from={first}&to={second}")
