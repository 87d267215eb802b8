"""Web pages whose ClaimReview markup is kept here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from service.model.records import MarkupPage, PageRecord
from service.model.site_names import site_of
from service.model.timestamps import to_us
from service.storage.database import Row
from service.storage.queries.base import Queries, batches, from_json, mark, marks, to_json
from service.storage.tables import Page

PAGES = (
    "SELECT p.id, p.public_id, p.url, p.content, p.verdicts, p.version, p.withdrawn_us, p.withdrawn_by, "
    "p.withdrawn_reason, p.created_us, p.updated_us FROM pages p"
)


class PageQueries(Queries):
    """Pages of markup."""

    def page(self, public_id: str) -> PageRecord | None:
        """One page, also a withdrawn one."""
        row = self.database.row(f"{PAGES} WHERE public_id = ?", (public_id,))
        return None if row is None else _page(row)

    def page_at(self, url: str) -> PageRecord | None:
        """The page at an address, if its markup is here."""
        row = self.database.row(f"{PAGES} WHERE url = ? AND withdrawn_us IS NULL", (url,))
        return None if row is None else _page(row)

    def on_pages(self, urls: Iterable[str]) -> set[str]:
        """The verdicts of the pages at these addresses, which may have an anchor, whose markup is here."""
        found: set[str] = set()
        for batch in batches(sorted({part for url in urls for part in (url, url.partition("#")[0])})):
            sql = f"SELECT verdicts FROM pages WHERE withdrawn_us IS NULL AND url IN ({marks(batch)})"
            for (verdicts,) in self.database.rows(sql, batch):
                found.update(from_json(verdicts))
        return found

    def pages_of(self, site: str | None, before: int | None, skip: int, limit: int) -> list[PageRecord]:
        """Pages, the latest first: those of a site, or all, that came before the key ``before``."""
        where, parameters = ["withdrawn_us IS NULL"], list[object]()
        if site is not None:
            where.append("site = ?")
            parameters.append(site)
        if before is not None:
            where.append("id < ?")
            parameters.append(before)
        sql = f"{PAGES} WHERE {' AND '.join(where)} ORDER BY id DESC LIMIT ? OFFSET ?"
        return [_page(row) for row in self.database.rows(sql, (*parameters, limit, skip))]

    def insert_page(self, page: MarkupPage, now_us: int) -> None:
        """Add a page."""
        self.insert(Page, [{"public_id": page.id, "version": 1, "created_us": now_us} | _row(page, now_us)])

    def save_page(self, record: PageRecord, page: MarkupPage, now_us: int) -> bool:
        """Replace what a page says; false when it is not at the version of ``record`` any more."""
        row = _row(page, now_us) | {"version": record.version + 1}
        return self.update_if(Page, row, record.key, record.version)


def _row(page: MarkupPage, now_us: int) -> dict[str, Any]:
    withdrawn = page.withdrawn
    return {
        "url": page.url,
        "site": site_of(page.url) or "",
        "content": to_json(dict(page.content)),
        "verdicts": to_json(page.verdicts),
        "updated_us": now_us,
        "withdrawn_us": withdrawn and to_us(withdrawn.at),
        "withdrawn_by": withdrawn and withdrawn.by,
        "withdrawn_reason": withdrawn and withdrawn.reason,
    }


def page_of(row: Row) -> MarkupPage:
    """The page of a row."""
    _, public_id, url, content, verdicts, _, *withdrawal = row[:9]
    return MarkupPage(public_id, url, from_json(content), tuple(from_json(verdicts)), mark(*withdrawal))


def _page(row: Row) -> PageRecord:
    return PageRecord(row[0], page_of(row), row[5])
