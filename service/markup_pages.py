"""Use cases of pages of ClaimReview markup: each review on a page is a verdict that was published there.

A change of the markup supersedes verdicts, what is taken off a page is retracted: nothing is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import replace
from typing import Any

from service.actors import Caller
from service.errors import Conflict, Duplicate, NotFound
from service.events import EventType
from service.ids import new_id
from service.importing.parties import load_parties
from service.importing.reviews import take
from service.judging import Verdict, VerdictState
from service.markup import check, review_items
from service.recording import record_page, record_verdict
from service.records import MarkupPage, PageRecord
from service.store import Store
from service.types import Mark
from service.writing import Writing, writing

Content = Mapping[str, Any]

_TAKEN_OFF = "Taken off the page that published it."
_DELETED = "The markup of the page that published it was deleted."


def get(store: Store, page_id: str) -> PageRecord:
    """A page; raises ``NotFound``."""
    record = store.page(page_id)
    if record is None or record.page.withdrawn is not None:
        raise NotFound("page", page_id)
    return record


def at(store: Store, url: str) -> list[PageRecord]:
    """The page at an address, if its markup is here."""
    record = store.page_at(url)
    return [] if record is None else [record]


def of_site(store: Store, site: str | None, before: int | None, skip: int, limit: int) -> list[PageRecord]:
    """Pages of a site, or all, the latest first, and one more when there is a next page."""
    return store.pages_of(site, before, skip, limit + 1)


def create(store: Store, caller: Caller, content: Content) -> PageRecord:
    """Publish the reviews of a page; raises ``InvalidInput``, or ``Duplicate`` when its markup is here already."""
    check(content)
    with writing(store, caller.name) as write:
        _refuse_another(store, content["page_url"], None)
        verdicts, findings = _published(write, content)
        page = MarkupPage(new_id("p"), content["page_url"], content, verdicts)
        store.insert_page(page, write.now_us)
        record_page(write, EventType.PAGE_CREATED, page, findings)
    return get(store, page.id)


def update(store: Store, caller: Caller, page_id: str, version: int | None, content: Content) -> PageRecord:
    """Publish what a page says now in place of what it said at ``version``.

    Raises ``NotFound``, ``InvalidInput``, ``Duplicate``, or ``Conflict`` when it is not at that version any more.
    """
    check(content)

    def changed(write: Writing, page: MarkupPage) -> tuple[MarkupPage, list[str]]:
        _refuse_another(store, content["page_url"], page_id)
        verdicts, findings = _published(write, content)
        _retract(write, page.verdicts, _TAKEN_OFF, but=verdicts)
        return replace(page, url=content["page_url"], content=content, verdicts=verdicts), findings

    return _change(store, caller, page_id, version, EventType.PAGE_CHANGED, changed)


def delete(store: Store, caller: Caller, page_id: str) -> None:
    """Take all reviews of a page back; raises ``NotFound``."""

    def withdrawn(write: Writing, page: MarkupPage) -> tuple[MarkupPage, list[str]]:
        _retract(write, page.verdicts, _DELETED)
        return replace(page, verdicts=(), withdrawn=Mark(write.now, caller.name, _DELETED)), []

    _change(store, caller, page_id, None, EventType.PAGE_WITHDRAWN, withdrawn)


def _change(
    store: Store,
    caller: Caller,
    page_id: str,
    version: int | None,
    what: EventType,
    edit: Callable[[Writing, MarkupPage], tuple[MarkupPage, list[str]]],
) -> PageRecord:
    with writing(store, caller.name) as write:
        record = get(store, page_id)
        changed, findings = record.page, list[str]()
        if version in (None, record.version):
            changed, findings = edit(write, record.page)
        elif version is not None:
            raise _conflict()
        if changed != record.page:
            if not store.save_page(record, changed, write.now_us):
                raise _conflict()
            record_page(write, what, changed, findings)
        found = store.page(page_id)
    assert found is not None  # noqa: S101 - nothing deletes rows
    return found


def _conflict() -> Conflict:
    return Conflict("version_conflict", "The page has changed since you read it: read it again, and change that.")


def _refuse_another(store: Store, url: str, page_id: str | None) -> None:
    there = store.page_at(url)
    if there is not None and there.page.id != page_id:
        raise Duplicate(f"The markup of this page is here already, as pages/{there.page.id}: update that.")


def _published(write: Writing, content: Content) -> tuple[tuple[str, ...], list[str]]:
    """The verdicts that the reviews of a page have become, and what was noted of them."""
    taken = take(write, review_items(content), load_parties(), insists=True)
    findings = [f"{each.place.pointer}: {finding.message}" for each in taken for finding in each.findings]
    return tuple((each.subject or "").removeprefix("verdict:") for each in taken), findings


def _retract(write: Writing, verdicts: Iterable[str], reason: str, but: Container[str] = ()) -> None:
    """Take back what a page said, ``but`` what it still says. What a person has said in its place since stands."""
    for verdict_id in verdicts:
        standing = _standing(write.store, verdict_id)
        if standing is None or standing.id in but or standing.review is None or standing.retraction:
            continue
        retraction = replace(
            standing,
            id=new_id("v"),
            created_at=write.now,
            state=VerdictState.PUBLISHED,
            state_at=write.now,
            rating=None,
            textual_rating=None,
            rationale=None,
            evidence=(),
            supersedes=standing.id,
            reason=reason,
            judged_hash=None,
        )
        write.store.insert_verdict(retraction)
        record_verdict(write, EventType.VERDICT_PUBLISHED, retraction)
        superseded = replace(standing, superseded_by=retraction.id)
        write.store.save_verdict_state(superseded)
        record_verdict(write, EventType.VERDICT_SUPERSEDED, superseded)
        write.touch(write.store.public_keys("claims", [standing.claim]).values())


def _standing(store: Store, verdict_id: str) -> Verdict | None:
    """The last of the verdicts that have come in the place of this one."""
    listed = store.verdict(verdict_id)
    while listed is not None and listed.verdict.superseded_by is not None:
        listed = store.verdict(listed.verdict.superseded_by)
    return None if listed is None else listed.verdict
