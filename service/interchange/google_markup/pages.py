"""Use cases of pages of ClaimReview markup: each review on a page is a verdict that was published there.

A change of the markup supersedes verdicts, what is taken off a page is retracted: nothing is lost.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from service.eventlog.events import EventType
from service.interchange.claimreview.collective_names import Collectives
from service.interchange.claimreview.ratings import RatingTable
from service.interchange.google_markup.review_markup import check, review_items
from service.interchange.importing.plan import Plan
from service.interchange.importing.reviews import save, take
from service.model.actors import Caller
from service.model.entities import Mark
from service.model.errors import Conflict, Duplicate, NotFound
from service.model.ids import new_id
from service.model.records import MarkupPage, PageRecord
from service.model.verdicts import Verdict
from service.store import Store
from service.use_cases.event_payloads import record_page
from service.use_cases.unit_of_work import UnitOfWork, unit_of_work

Content = Mapping[str, Any]

_TAKEN_OFF = "Taken off the page that published it."
_DELETED = "The markup of the page that published it was deleted."


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages in a store. ``table`` says what ratings come to, ``collectives`` who is nobody in particular."""

    store: Store
    table: RatingTable
    collectives: Collectives

    def get(self, page_id: str) -> PageRecord:
        """A page; raises ``NotFound``."""
        record = self.store.pages.page(page_id)
        if record is None or record.page.withdrawn is not None:
            raise NotFound("page", page_id)
        return record

    def at(self, url: str) -> list[PageRecord]:
        """The page at an address, if its markup is here."""
        record = self.store.pages.page_at(url)
        return [] if record is None else [record]

    def of_site(self, site: str | None, before: int | None, skip: int, limit: int) -> list[PageRecord]:
        """Pages of a site, or all, the latest first, and one more when there is a next page."""
        return self.store.pages.pages_of(site, before, skip, limit + 1)

    def create(self, caller: Caller, content: Content) -> PageRecord:
        """Publish the reviews of a page; raises ``InvalidInput``, or ``Duplicate`` when its markup is here already."""
        check(content)
        with unit_of_work(self.store, caller.name) as write:
            self._refuse_another(content, None)
            verdicts, findings = self._published(write, content)
            page = MarkupPage(new_id("p"), content["page_url"], content, verdicts)
            self.store.pages.insert_page(page, write.now_us)
            record_page(write, EventType.PAGE_CREATED, page, findings)
        return self.get(page.id)

    def update(self, caller: Caller, page_id: str, version: int, content: Content) -> PageRecord:
        """Publish what a page says now in place of what it said at ``version``.

        Raises ``NotFound``, ``InvalidInput``, ``Duplicate``, or ``Conflict`` when it is not at that version any more.
        """
        check(content)
        with unit_of_work(self.store, caller.name) as write:
            record = self.get(page_id)
            if record.version != version:
                raise _conflict()
            self._refuse_another(content, page_id)
            verdicts, findings = self._published(write, content)
            _retract(write, record.page.verdicts, _TAKEN_OFF, but=verdicts)
            page = replace(record.page, url=content["page_url"], content=content, verdicts=verdicts)
            if page != record.page:
                self._save(write, record, page)
                record_page(write, EventType.PAGE_CHANGED, page, findings)
        return self.get(page_id)

    def delete(self, caller: Caller, page_id: str) -> None:
        """Take all reviews of a page back; raises ``NotFound``."""
        with unit_of_work(self.store, caller.name) as write:
            record = self.get(page_id)
            _retract(write, record.page.verdicts, _DELETED)
            page = replace(record.page, verdicts=(), withdrawn=Mark(write.now, caller.name, _DELETED))
            self._save(write, record, page)
            record_page(write, EventType.PAGE_WITHDRAWN, page)

    def _save(self, write: UnitOfWork, record: PageRecord, page: MarkupPage) -> None:
        if not self.store.pages.save_page(record, page, write.now_us):
            raise _conflict()

    def _refuse_another(self, content: Content, page_id: str | None) -> None:
        there = self.store.pages.page_at(content["page_url"])
        if there is not None and there.page.id != page_id:
            raise Duplicate(f"The markup of this page is here already, as pages/{there.page.id}: update that.")

    def _published(self, write: UnitOfWork, content: Content) -> tuple[tuple[str, ...], list[str]]:
        """The verdicts that the reviews of a page have become, and what was noted of them."""
        taken = take(write, review_items(content, self.table), self.collectives, is_authoritative=True)
        findings = [f"{each.place.pointer}: {finding.message}" for each in taken for finding in each.findings]
        return tuple((each.subject or "").removeprefix("verdict:") for each in taken), findings


def _conflict() -> Conflict:
    return Conflict("version_conflict", "The page has changed since you read it: read it again, and change that.")


def _retract(write: UnitOfWork, verdicts: Iterable[str], reason: str, but: Container[str] = ()) -> None:
    """Take back what a page said, ``but`` what it still says. What a person has said in its place since stands."""
    plan = Plan()
    for verdict_id in verdicts:
        standing = _standing(write.store, verdict_id)
        if standing is None or standing.id in but or standing.review is None or standing.retraction:
            continue
        plan.supersede(standing, standing.taken_back(new_id("v"), write.now, reason))
        plan.touched[standing.claim] = None
    save(write, plan)


def _standing(store: Store, verdict_id: str) -> Verdict | None:
    """The last of the verdicts that have come in the place of this one."""
    listed = store.verdicts.verdict(verdict_id)
    while listed is not None and listed.verdict.superseded_by is not None:
        listed = store.verdicts.verdict(listed.verdict.superseded_by)
    return None if listed is None else listed.verdict
