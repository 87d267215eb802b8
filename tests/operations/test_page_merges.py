"""A store from before pages were told by their address: its documents of one page are merged, once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from service.config import Settings
from service.eventlog.events import EventType
from service.model.actors import Caller, KeyRole
from service.model.entities import Claim, Document, Mention, Stance
from service.operations import page_merges
from service.operations.consistency_check import examine
from service.operations.log_audit import audit
from service.operations.page_merges import merge_pages
from service.operations.startup import prepare
from service.store import Store
from service.use_cases.document_merging import merge_same_pages, unmerge_document
from service.use_cases.event_payloads import record_claim, record_document, record_mention
from service.use_cases.unit_of_work import transaction, unit_of_work

FORMS = (
    "https://post.example/p/{}",
    "http://www.post.example/p/{}/",
    "https://web.archive.org/web/2/post.example/p/{}",
)


@pytest.fixture
def older(store: Store) -> Store:
    """Return a store with three pages under three addresses each, as the version before allowed."""
    documents = [Document(f"d-{page}-{n}", url=form.format(page)) for n, form in enumerate(FORMS) for page in "abc"]
    documents += [Document("other", url="https://post.example/p/d"), Document("bare")]
    with unit_of_work(store, "Ed") as work:
        documents = [replace(document, first_seen=work.today) for document in documents]
        store.evidence_writes.insert_documents(documents, work.now_us)
        store.evidence_writes.insert_claims([Claim("c", "A mast fell.", "masts")], work.now_us)
        mentions = [Mention(f"m-{d.id}", "c", d.id, Stance.SUPPORTS) for d in documents]
        store.evidence_writes.insert_mentions(mentions, seeded=False)
        for document in documents:
            record_document(work, EventType.DOCUMENT_CREATED, document)
        record_claim(work, EventType.CLAIM_CREATED, Claim("c", "A mast fell.", "masts"))
        for mention in mentions:
            record_mention(work, EventType.MENTION_ADDED, mention)
        work.touch(store.claims.public_keys("claims", ["c"]).values())
    return store


def _merged(store: Store) -> dict[str, str]:
    found = store.catalogue.documents(list(store.events.public_ids("documents")))
    return {r.document.id: r.document.merged_into for r in found if r.document.merged_into is not None}


ALL = {f"d-{page}-{n}": f"d-{page}-0" for page in "abc" for n in (1, 2)}


def test_a_start_merges_them_once_and_says_how_many(older: Store, settings: Settings) -> None:
    said: list[str] = []
    prepare(settings, said.append)
    assert [step for step in said if step.startswith("merged: ")] == [
        "merged: 6 documents, each of a page that another document has under another address"
    ]
    assert _merged(older) == ALL
    assert [event.type for event in older.events.all_events()].count("document.merged") == 6
    assert list(examine(older)) == list(audit(older)) == []
    unmerge_document(older, Caller("Ed", KeyRole.EDITOR, "k"), "d-a-1", "Another page.")
    assert merge_pages(older) == 0
    assert "d-a-1" not in _merged(older)


def test_it_goes_on_where_it_was_interrupted(older: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_merges, "_BATCH", 1)
    steps: Iterator[bool] = iter([True, False])
    merge = merge_same_pages

    def interrupted(*given: object) -> dict[str, str]:
        if not next(steps, True):
            raise KeyboardInterrupt
        return merge(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(page_merges, "merge_same_pages", interrupted)
    with pytest.raises(KeyboardInterrupt):
        merge_pages(older)
    assert len(_merged(older)) == 2
    assert merge_pages(older) == 4
    assert _merged(older) == ALL
    assert list(examine(older)) == list(audit(older)) == []


def test_addresses_that_this_version_knows_better_are_merged_once(older: Store) -> None:
    """A login for a post was a page of its own. What an editor has parted stays so."""
    merge_pages(older)
    unmerge_document(older, Caller("Ed", KeyRole.EDITOR, "k"), "d-b-1", "Another page.")
    post = "https://www.facebook.com/jo/posts/1"
    login = "https://www.facebook.com/login/?next=https%3A%2F%2Fwww.facebook.com%2Fjo%2Fposts%2F1"
    with unit_of_work(older, "Ed") as work:
        documents = [Document(name, url=url, first_seen=work.today) for name, url in (("login", login), ("post", post))]
        older.evidence_writes.insert_documents(documents, work.now_us)
        for document in documents:
            record_document(work, EventType.DOCUMENT_CREATED, document)
    older.database.run("UPDATE documents SET page_key = 'facebook.com/login' WHERE public_id = 'login'")
    with transaction(older):
        older.projections.set_derived_version("pages of documents", 1)

    assert merge_pages(older) == 1

    assert _merged(older) == {name: into for name, into in ALL.items() if name != "d-b-1"} | {"post": "login"}
    assert list(examine(older)) == list(audit(older)) == []
    assert merge_pages(older) == 0
