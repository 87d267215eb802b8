"""Addresses that an earlier version stored with characters that an address may not have: an upgrade encodes them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from service.config import Settings
from service.eventlog.events import Event, EventType
from service.identity.web_addresses import document_key
from service.operations import stored_addresses
from service.operations.consistency_check import doubts, examine
from service.operations.log_audit import audit
from service.operations.startup import prepare
from service.operations.stored_addresses import encode_stored_addresses
from service.storage.database import Database
from service.storage.migrations import migrate
from service.store import Store
from service.use_cases.event_payloads import record_document
from service.use_cases.history import list_history
from service.use_cases.unit_of_work import unit_of_work
from tests.interchange.importing.helpers import exported
from tests.storage import last_version

RAW, ENCODED = 'https://raw.example/"><script>{x}', "https://raw.example/%22%3E%3Cscript%3E%7Bx%7D"
PAGE, ENCODED_PAGE = "https://facts.example/`1`", "https://facts.example/%601%60"
# A per cent sign that encodes nothing: the encoded address is that of another page.
HALF, ENCODED_HALF = "https://gull.example/50%", "https://gull.example/50%25"


@pytest.fixture
def older(settings: Settings) -> Iterator[Store]:
    """Yield a store that an earlier version has filled, with such addresses in each place that can have one."""
    database = Database(settings)
    last_version.fill(database, "0011_policy_2")
    migrate(database)
    evidence = json.dumps([{"mention": None, "document": None, "url": RAW, "note": None}], separators=(",", ":"))
    author = {"type": "person", "name": "Jo", "url": RAW, "same_as": [RAW, ENCODED_HALF]}
    markup = {
        "page_url": PAGE,
        "claim_review_author": {"name": "Facts", "image_url": RAW},
        "claim_review_markups": [
            {"claim_reviewed": "<b>", "url": PAGE, "claim_appearances": [RAW], "claim_author": {"same_as": RAW}}
        ],
    }
    content = json.dumps(markup, separators=(",", ":"), sort_keys=True)
    is_withdrawn = "(SELECT withdrawn_by FROM verdicts v WHERE v.id = verdicts.id) IS NOT NULL"
    for change, values in (
        ("sources SET url = ?, site = 'raw.example' WHERE public_id = 'gull'", (RAW,)),
        ("sources SET same_as = ? WHERE public_id = 'office'", (json.dumps([RAW]),)),
        ("documents SET url = ?, page_key = ? WHERE public_id = 'copy'", (RAW, document_key(RAW))),
        ("documents SET url = ?, page_key = ? WHERE public_id = 'post'", (HALF, document_key(HALF))),
        (f"verdicts SET evidence = ? WHERE {is_withdrawn}", (evidence,)),
        ("verdicts SET url = ?, authors = ? WHERE public_id = 'v-9dfdc854242d4d09'", (RAW, json.dumps([author]))),
        ("pages SET url = ?, content = ? WHERE url = 'https://facts.example/1'", (PAGE, content)),
    ):
        database.run(f"UPDATE {change}", values)
    store = Store(database)
    with unit_of_work(store, "Ed") as work:
        [login] = store.catalogue.documents(["login"])
        document = replace(login.document, url=ENCODED_HALF)
        store.evidence_writes.update_document(document, login.version, work.now_us)
        record_document(work, EventType.DOCUMENT_CHANGED, document, login.document)
    yield store
    database.close()


def _logged(store: Store, size: int) -> list[Event]:
    return [event for event in store.events.page(size, 1000) if "percent-encoded" in event.payload]


def test_an_upgrade_encodes_them_once_with_an_event_each(older: Store, settings: Settings) -> None:
    size, said = older.events.log_end()[0], list[str]()
    assert len(list(doubts(older))) == 7

    prepare(settings, said.append)

    assert "percent-encoded: addresses of 7 records, with characters that an address may not have" in said
    assert sorted((event.type, event.subject.partition(":")[0]) for event in _logged(older, size)) == [
        ("document.changed", "document"),
        ("document.changed", "document"),
        ("page.changed", "page"),
        ("source.changed", "source"),
        ("source.changed", "source"),
        ("verdict.changed", "verdict"),
        ("verdict.withdrawn", "verdict"),
    ]
    assert list(audit(older)) == list(examine(older)) == list(doubts(older)) == []
    now = exported(older).replace(b'\\"', b'"')
    addresses = (RAW, PAGE, f'{HALF}"', ENCODED, ENCODED_PAGE)
    assert [now.count(address.encode()) for address in addresses] == [0, 0, 0, 10, 3]
    history = list_history(older, "c-484472126bc46b95", 0, 100)
    [entry] = [entry for entry in history if entry.type == "verdict.changed"]
    assert entry.text.endswith("changed the verdict v-9dfdc854242d4d09.")
    assert "percent-encoded" in (entry.reason or "")
    [post] = older.catalogue.documents(["post"])
    assert post.document.merged_into == "login"

    end = older.events.log_end()
    prepare(settings, said.append)
    assert older.events.log_end() == end


@pytest.mark.one_engine
def test_it_continues_where_it_was_killed(older: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(stored_addresses, "record_verdict", killed)
        with pytest.raises(KeyboardInterrupt):
            encode_stored_addresses(older)
    assert {finding.split()[0] for finding in doubts(older)} == {"verdict", "page"}

    prepare(settings, lambda step: None)

    assert list(audit(older)) == list(examine(older)) == list(doubts(older)) == []


@pytest.mark.one_engine
def test_what_cannot_be_encoded_stays_and_is_reported(older: Store, settings: Settings) -> None:
    long = "https://gull.example/" + '"' * 1000
    older.database.run("UPDATE documents SET url = ? WHERE public_id = 'copy'", (long,))
    older.database.run("UPDATE pages SET url = ?, withdrawn_us = NULL WHERE url LIKE '%/2'", (ENCODED_PAGE,))

    prepare(settings, lambda step: None)

    [document, page] = doubts(older)
    assert document.startswith('document copy: the address \'https://gull.example/"""')
    assert page.endswith("the address 'https://facts.example/`1`' has characters that an address may not have")
