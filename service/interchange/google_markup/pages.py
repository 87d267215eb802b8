"""Use cases of pages with ClaimReview markup: each review on a page is a verdict published there.

A change of the markup supersedes verdicts; the verdict of a removed review is retracted. No history is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from service.eventlog.events import EventType
from service.interchange.claimreview.collective_names import Collectives
from service.interchange.claimreview.ratings import RatingTable
from service.interchange.google_markup.review_markup import check, review_items
from service.interchange.importing.plan import Plan
from service.interchange.importing.reviews import import_batch, save
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

_REMOVED = "The review was removed from its page."
_DELETED = "The markup of its page was deleted."


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages in a store. ``table`` maps ratings to labels, ``collectives`` recognises collective names."""

    store: Store
    table: Callable[[], RatingTable]
    collectives: Collectives

    def get(self, page_id: str) -> PageRecord:
        """Return a page. Raises ``NotFound``."""
        record = self.store.pages.page(page_id)
        if record is None or record.page.withdrawn is not None:
            raise NotFound("page", page_id)
        return record

    def at(self, url: str) -> list[PageRecord]:
        """Return the page at an address, or at another form of it: a list of one or none."""
        return self.store.pages.pages_like(url)[:1]

    def of_site(self, site: str | None, before: int | None, skip: int, limit: int) -> list[PageRecord]:
        """Return up to ``limit`` + 1 pages of a site, or of all, latest first: the extra one if more follow."""
        return self.store.pages.pages_of(site, before, skip, limit + 1)

    def create(self, caller: Caller, content: Content) -> PageRecord:
        """Publish the reviews of a page. Raises ``InvalidInput``, or ``Duplicate`` if its markup is stored already."""
        check(content)
        with unit_of_work(self.store, caller.name) as work:
            self._refuse_another(content, None)
            verdicts, findings = self._published(work, content)
            page = MarkupPage(new_id("p"), content["page_url"], content, verdicts)
            self.store.pages.insert_page(page, work.now_us)
            record_page(work, EventType.PAGE_CREATED, page, findings)
        return self.get(page.id)

    def update(self, caller: Caller, page_id: str, version: int, content: Content) -> PageRecord:
        """Replace the markup that a page had at ``version``, and publish its reviews.

        Raises ``NotFound``, ``InvalidInput``, ``Duplicate``, or ``Conflict`` if the page has another version by now.
        """
        check(content)
        with unit_of_work(self.store, caller.name) as work:
            record = self.get(page_id)
            if record.version != version:
                raise _conflict()
            if content["page_url"] != record.page.url:
                self._refuse_another(content, page_id)
            verdicts, findings = self._published(work, content)
            _retract(work, record.page.verdicts, _REMOVED, but=verdicts)
            page = replace(record.page, url=content["page_url"], content=content, verdicts=verdicts)
            if page != record.page:
                self._save(work, record, page)
                record_page(work, EventType.PAGE_CHANGED, page, findings)
        return self.get(page_id)

    def delete(self, caller: Caller, page_id: str) -> None:
        """Retract all reviews of a page. Raises ``NotFound``."""
        with unit_of_work(self.store, caller.name) as work:
            record = self.get(page_id)
            _retract(work, record.page.verdicts, _DELETED)
            page = replace(record.page, verdicts=(), withdrawn=Mark(work.now, caller.name, _DELETED))
            self._save(work, record, page)
            record_page(work, EventType.PAGE_WITHDRAWN, page)

    def _save(self, work: UnitOfWork, record: PageRecord, page: MarkupPage) -> None:
        if not self.store.pages.save_page(record, page, work.now_us):
            raise _conflict()

    def _refuse_another(self, content: Content, page_id: str | None) -> None:
        others = [each.page for each in self.store.pages.pages_like(content["page_url"]) if each.page.id != page_id]
        if others:
            raise Duplicate(f"The markup of this page is stored already, as pages/{others[0].id}: update that page.")

    def _published(self, work: UnitOfWork, content: Content) -> tuple[tuple[str, ...], list[str]]:
        """Import the reviews of a page. Return the ids of their verdicts, and the findings as texts."""
        results = import_batch(work, review_items(content, self.table()), self.collectives, is_authoritative=True)
        findings = [f"{each.place.pointer}: {finding.message}" for each in results for finding in each.findings]
        return tuple((each.subject or "").removeprefix("verdict:") for each in results), findings


def _conflict() -> Conflict:
    return Conflict(
        "version_conflict", "The page has changed since you read it: read it again, and repeat your change on that."
    )


def _retract(work: UnitOfWork, verdicts: Iterable[str], reason: str, but: Container[str] = ()) -> None:
    """Retract the verdicts of a page, except those in ``but``. Verdicts by which people superseded them are kept."""
    plan = Plan()
    for verdict_id in verdicts:
        current = _current_version(work.store, verdict_id)
        if current is None or current.id in but or current.review is None or current.retraction:
            continue
        plan.supersede(current, current.taken_back(new_id("v"), work.now, reason))
        plan.touched[current.claim] = None
    save(work, plan)


def _current_version(store: Store, verdict_id: str) -> Verdict | None:
    """Return the verdict at the end of the chain that supersedes this one."""
    listed = store.verdicts.verdict(verdict_id)
    while listed is not None and listed.verdict.superseded_by is not None:
        listed = store.verdicts.verdict(listed.verdict.superseded_by)
    return None if listed is None else listed.verdict
