"""Web pages whose ClaimReview markup is kept here."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

import peewee as pw

from service.identity.web_addresses import document_key, is_same_part
from service.model.records import MarkupPage, PageRecord
from service.model.site_names import site_of
from service.model.timestamps import to_us
from service.storage.prepared import Prepared, param, params, prepared
from service.storage.queries.base import Queries, from_json, given, mark, to_json
from service.storage.tables import Page


class PageRow(NamedTuple):
    """A page of markup."""

    key: int
    public_id: str
    url: str
    content: str
    verdicts: str
    version: int
    withdrawn_us: int | None
    withdrawn_by: str
    withdrawn_reason: str
    created_us: int
    updated_us: int


class _Verdicts(NamedTuple):
    verdicts: str


class _Address(NamedTuple):
    public_id: str
    url: str
    site: str
    page_key: str | None


def select_pages() -> pw.ModelSelect[Page]:
    """Return the query of all pages, whose rows are ``PageRow``."""
    return Page.select(
        Page.id.alias("key"),
        Page.public_id,
        Page.url,
        Page.content,
        Page.verdicts,
        Page.version,
        Page.withdrawn_us,
        Page.withdrawn_by,
        Page.withdrawn_reason,
        Page.created_us,
        Page.updated_us,
    )


_STANDS = Page.withdrawn_us.is_null()
_BY_ID = prepared(select_pages().where(Page.public_id == param("public_id")), PageRow)
_BY_URL = prepared(select_pages().where((Page.url == param("url")) & _STANDS), PageRow)
_BY_PAGE = prepared(select_pages().where((Page.page_key == param("page_key")) & _STANDS).order_by(Page.id), PageRow)
_ADDRESSES = prepared(Page.select(Page.public_id, Page.url, Page.site, Page.page_key), _Address)
_VERDICTS = prepared(Page.select(Page.verdicts).where(_STANDS & Page.url.in_(params("urls"))), _Verdicts)


@lru_cache
def _list(*, site: bool, before: bool) -> Prepared[PageRow]:
    """Return the query of the pages of a ``site`` or of all, from the latest or ``before`` a key."""
    query = select_pages().where(_STANDS)
    if site:
        query = query.where(Page.site == param("site"))
    if before:
        query = query.where(Page.id < param("before"))
    return prepared(query.order_by(Page.id.desc()).limit(param("limit")).offset(param("skip")), PageRow)


class PageQueries(Queries):
    """Pages of markup."""

    def page(self, public_id: str) -> PageRecord | None:
        """Return one page, which may be withdrawn."""
        row = self.database.one(_BY_ID, public_id=public_id)
        return None if row is None else _record(row)

    def page_at(self, url: str) -> PageRecord | None:
        """Return the page at an address, if its markup is kept here."""
        row = self.database.one(_BY_URL, url=url)
        return None if row is None else _record(row)

    def pages_like(self, url: str) -> list[PageRecord]:
        """Return the pages at an address or at other forms of it, that of this very address first."""
        rows = [row for row in self.database.all(_BY_PAGE, page_key=document_key(url)) if is_same_part(row.url, url)]
        return list(map(_record, sorted(rows, key=lambda row: row.url != url)))

    def on_pages(self, urls: Iterable[str]) -> set[str]:
        """Return the verdicts of the pages at these addresses, looked up with their anchors and without."""
        addresses = sorted({part for url in urls for part in (url, url.partition("#")[0])})
        return {verdict for row in self.batched(_VERDICTS, "urls", addresses) for verdict in from_json(row.verdicts)}

    def misplaced_pages(self) -> list[str]:
        """Return the pages whose stored site or key is not that of their url. Reads every row."""
        return [
            row.public_id
            for row in self.database.all(_ADDRESSES)
            if (row.site, row.page_key) != (site_of(row.url) or "", document_key(row.url))
        ]

    def pages_of(self, site: str | None, before: int | None, skip: int, limit: int) -> list[PageRecord]:
        """Return pages, the latest first, of a site or all, with keys less than ``before``."""
        query = _list(site=site is not None, before=before is not None)
        values = given(site=site, before=before)
        return [_record(row) for row in self.database.all(query, limit=limit, skip=skip, **values)]

    def insert_page(self, page: MarkupPage, now_us: int) -> None:
        """Add a page."""
        self.insert(Page, [{"public_id": page.id, "version": 1, "created_us": now_us} | _columns(page, now_us)])

    def save_page(self, record: PageRecord, page: MarkupPage, now_us: int) -> bool:
        """Replace the content of a page. Return false if it is no longer at the version of ``record``."""
        row = _columns(page, now_us) | {"version": record.version + 1}
        return self.update_if(Page, row, record.key, record.version)


def _columns(page: MarkupPage, now_us: int) -> dict[str, Any]:
    withdrawn = page.withdrawn
    return {
        "url": page.url,
        "site": site_of(page.url) or "",
        "page_key": document_key(page.url),
        "content": to_json(dict(page.content)),
        "verdicts": to_json(page.verdicts),
        "updated_us": now_us,
        "withdrawn_us": withdrawn and to_us(withdrawn.at),
        "withdrawn_by": withdrawn and withdrawn.by,
        "withdrawn_reason": withdrawn and withdrawn.reason,
    }


def page_from(row: PageRow) -> MarkupPage:
    """Return the page of a row."""
    return MarkupPage(
        row.public_id,
        row.url,
        from_json(row.content),
        tuple(from_json(row.verdicts)),
        mark(row.withdrawn_us, row.withdrawn_by, row.withdrawn_reason),
    )


def _record(row: PageRow) -> PageRecord:
    return PageRecord(row.key, page_from(row), row.version)
