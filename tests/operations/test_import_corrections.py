"""Mistakes of an earlier version's imports are corrected once: by the upgrade of a store, and by restoring its export.

``earlier_imports/mistakes.json`` is a feed, ``mistakes.ndjson`` the export of a store into which that version had
imported it. Jane, a checker, had judged four of its claims.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import orjson
import pytest

from service.interchange.importing.earlier_imports import Corrected
from service.interchange.importing.outcomes import Outcome
from service.model.entities import Mark, Mention
from service.operations.consistency_check import examine
from service.operations.log_audit import audit
from service.store import Store
from service.use_cases.unit_of_work import transaction
from tests.interchange.importing.helpers import import_bytes
from tests.long_forms import by_form
from tests.operations.test_import_upgrade import EARLIER, as_it_was, import_feed, upgraded
from tests.use_cases.desk import Desk

pytestmark = by_form([pytest.mark.one_engine], [])

FEED, EXPORT = (EARLIER / "mistakes.json").read_bytes(), (EARLIER / "mistakes.ndjson").read_bytes()
ALDHAM, ELHAM = "c-821d24d39f78cb6f", "c-e2df2b69ddf9aabe"
CORRECTED = Corrected(documents=3, mentions=15)
POST, FIRST = "https://social.example.net/posts/", ("2026-03-01", "2026-03-01")
RIGHT: set[tuple[object, ...]] = {
    ("Aldham", ("Ann Ash",), "explicit", "Statement by Ann Ash", None, None),
    ("Burham", (), None, f"{POST}1", None, None),
    ("Colham", ("Bob Birch",), "explicit", f"{POST}2", None, None),
    ("Elham", ("Cat Cedar",), "explicit", f"{POST}3", None, None),
    ("Fordham", (), None, f"{POST}4", None, None),
    ("Grantham", ("Dan Dogwood",), "explicit", "Statement by Dan Dogwood", None, None),
    ("Hexham", ("Eve Elm",), "explicit", f"{POST}5", None, None),
    ("Ingham", ("Fay Fir",), "explicit", "Statement by Fay Fir", None, None),
    ("Jesham", ("Gus Gorse",), "explicit", f"{POST}6", *FIRST),
    ("Lenham", (), None, "Statement", "2026-03-02", "2026-03-02"),
    ("Marham", ("Health Board",), "explicit", f"{POST}7", None, None),
    # Whom that version took for the publisher of the newspaper that it was linked to.
    ("Norham", ("Health Board",), "explicit", f"{POST}8", None, None),
    ("Kelham", ("Hal Hazel",), "explicit", "Statement by Hal Hazel", None, None),
}


def stated(store: Store) -> set[tuple[object, ...]]:
    """Return what the current mentions say: place, names of the attribution, basis, document and its days."""
    found: set[tuple[object, ...]] = set()
    for mention in (m for m, withdrawn in _mentions(store).values() if withdrawn is None):
        [document] = [record.document for record in store.catalogue.documents([mention.document])]
        names = tuple(store.catalogue.sources([source])[0].source.name for source in mention.attribution)
        days = [day and str(day) for day in (document.published_earliest, document.published_latest)]
        claim = orjson.loads(store.claims.by_ids([mention.claim])[0].json)["text"]
        place = claim.removeprefix("The bridge at ").removesuffix(" has closed.")
        found.add((place, names, mention.basis and str(mention.basis), document.url or document.title, *days))
    return found


def _mentions(store: Store) -> dict[str, tuple[Mention, object]]:
    return dict(store.evidence.stated_mentions(list(store.events.public_ids("mentions"))))


def stale(store: Store) -> list[bool]:
    """Return of each verdict of a checker whether it is stale."""
    listed = [store.verdicts.verdict(public_id) for public_id in store.events.public_ids("verdicts")]
    return [each.stale for each in listed if each is not None and each.verdict.review is None]


def test_an_import_by_this_version_makes_no_such_mistakes(store: Store) -> None:
    import_bytes(store, FEED)
    assert stated(store) == RIGHT


def test_an_upgrade_gives_what_an_import_would_give(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    as_it_was(store, EXPORT, monkeypatch)
    assert stated(store) != RIGHT

    assert upgraded(store) == CORRECTED

    assert stated(store) == RIGHT
    assert stale(store) == [False] * 4, "no verdict becomes stale"
    assert list(examine(store)) == list(audit(store)) == []
    size = store.events.log_end()
    assert not upgraded(store)
    assert store.events.log_end() == size


@pytest.mark.parametrize("members", [{}, {"document": {"merged": None}, "source": {"distinct_from": []}}])
def test_a_restored_export_of_an_earlier_version_is_corrected(store: Store, members: dict[str, Any]) -> None:
    """Also if it has all members that the last version wrote."""
    lines = [orjson.loads(line) for line in EXPORT.splitlines()]
    export = b"\n".join(orjson.dumps(line | members.get(line["kind"], {})) for line in lines)
    import_bytes(store, export)

    assert stated(store) == RIGHT
    assert stale(store) == [False] * 4
    assert list(examine(store)) == list(audit(store)) == []
    assert set(import_bytes(store, export).outcomes) == {Outcome.UNCHANGED}
    assert not upgraded(store), "nothing is left to correct"


def test_an_interrupted_restore_continues_although_records_were_corrected(store: Store) -> None:
    lines = EXPORT.splitlines(keepends=True)
    import_bytes(store, b"".join(lines[:-3]))
    assert set(import_bytes(store, EXPORT).outcomes) == {Outcome.UNCHANGED, Outcome.CREATED}
    assert stated(store) == RIGHT


def test_the_feed_is_unchanged_but_for_what_a_finding_explains(store: Store) -> None:
    import_bytes(store, EXPORT)
    results = import_feed(store, FEED)
    different = {r.url: [f.code for f in r.findings] for r in results if str(r.outcome) != "unchanged"}
    assert different == {
        "https://gazette.example/fact/1": ["publisher_differs"],
        "https://desk.example/fact/zero-review": ["placeholder_date"],
    }
    assert stated(store) == RIGHT


def test_a_verdict_given_after_the_upgrade_to_this_policy_stays_current(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = as_it_was(desk.store, EXPORT, monkeypatch)
    for claim in ("c-dc3c4a89b29c4893", "c-2db8432de0bf3c34"):
        version = desk.client.get(f"/v1/claims/{claim}").get_json()["version"]
        desk.post(f"/v1/claims/{claim}/verdicts", "Jane", {"claim_version": version, "rating": "supported"})
    upgraded(store)
    assert not any(stale(store)[-2:])


def test_what_somebody_has_edited_stays(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    store = as_it_was(desk.store, EXPORT, monkeypatch)
    dated = [r.document for r in store.catalogue.documents(list(store.events.public_ids("documents")))]
    [zero] = [document.id for document in dated if str(document.published_earliest) == "1970-01-01"]
    desk.patch(f"/v1/documents/{zero}", "Ed", {"language": "en"})
    [page] = [m.id for m, _ in _mentions(store).values() if m.claim == ALDHAM]
    desk.withdraw(f"/v1/mentions/{page}")

    assert upgraded(store) == Corrected(documents=2, mentions=14)

    [record] = store.catalogue.documents([zero])
    assert str(record.document.published_earliest) == "1970-01-01"
    assert [m for m, _ in _mentions(store).values() if m.claim == ALDHAM and m.id != page] == []


def test_what_somebody_has_entered_already_is_not_added(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    store = as_it_was(desk.store, EXPORT, monkeypatch)
    [(own, _)] = [each for each in _mentions(store).values() if each[0].claim == ELHAM]
    desk.post(
        f"/v1/claims/{ELHAM}/mentions",
        "Ed",
        {"document": own.document, "stance": "supports", "attribution": [own.attribution[-1]], "basis": "explicit"},
    )
    upgraded(store)
    current = [m for m, withdrawn in _mentions(store).values() if m.claim == ELHAM and withdrawn is None]
    assert [mention.attribution for mention in current] == [own.attribution[-1:]]


def test_what_was_withdrawn_before_is_not_added(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    as_it_was(store, EXPORT, monkeypatch)
    upgraded(store)
    entered = {m.id: m for m, withdrawn in _mentions(store).values() if m.claim == ELHAM}
    with transaction(store):
        for name, mention in entered.items():
            mark = None if len(mention.attribution) == 2 else Mark(dt.datetime.now(dt.UTC), "Ed", "An error.")
            store.evidence_writes.withdraw_mention(name, mark)
        store.projections.set_derived_version("imports", 2)
    assert upgraded(store) == Corrected(mentions=1)
    assert {withdrawn is None for m, withdrawn in _mentions(store).values() if m.claim == ELHAM} == {False}


def test_an_interrupted_upgrade_goes_on(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    as_it_was(store, EXPORT, monkeypatch)
    upgraded(store)
    with transaction(store):
        store.projections.set_derived_version("imports", 2)
    assert not upgraded(store), "what was corrected is not corrected again"


def test_corrected_sources_are_unchanged_when_their_export_comes_again(store: Store) -> None:
    export = (EARLIER / "export.ndjson").read_bytes()
    for expected in (Outcome.CREATED, Outcome.UNCHANGED):
        assert set(import_bytes(store, export).outcomes) == {expected}


@pytest.mark.parametrize(
    ("kind", "member", "value"),
    [
        ("document", "author", "Somebody"),
        ("document", "version", 7),
        ("mention", "passage", "headline"),
        ("mention", "withdrawn", {"at": "2026-11-30T12:00:00Z", "by": "Ed", "reason": "An error."}),
        ("source", "country", "SE"),
        ("source", "created_at", "2020-01-01T00:00:00Z"),
    ],
)
def test_a_record_that_differs_otherwise_is_refused(store: Store, kind: str, member: str, value: object) -> None:
    import_bytes(store, EXPORT)
    lines = [orjson.loads(line) for line in EXPORT.splitlines()]
    for line in lines:
        line |= {member: value} if line["kind"] == kind else {}
    tally = import_bytes(store, b"\n".join(map(orjson.dumps, lines)))
    # Of the documents, those whose version the correction has changed are no others.
    assert tally.refused >= sum(line["kind"] == kind for line in lines) - (4 if member == "version" else 0)
