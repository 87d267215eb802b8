"""Find the documents of a page, by the key that all of its addresses have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import peewee as pw

from service.identity.near_statements import title_key
from service.identity.web_addresses import document_key
from service.storage.prepared import Prepared, param, params, prepared
from service.storage.queries.base import BATCH, Queries, batches
from service.storage.tables import Document, Source


class PageRoot(NamedTuple):
    """A document that stands for a page."""

    key: int
    public_id: str


class _Row(NamedTuple):
    page_key: str
    key: int
    public_id: str
    merged_into: int | None


class _PageKey(NamedTuple):
    page_key: str


class _Address(NamedTuple):
    key: int
    public_id: str
    url: str | None
    page_key: str | None
    title: str | None
    publisher: str | None
    title_key: str | None


_Moved = tuple[_Address, dict[str, str | None]]
"""A document, and the keys that it should have."""


def _rows(condition: pw.Node) -> Prepared[_Row]:
    columns = (
        Document.page_key,
        Document.id.alias("key"),
        Document.public_id,
        Document.merged_into.alias("merged_into"),
    )
    return prepared(Document.select(*columns).where(condition), _Row)


_AT_PAGES = _rows(Document.page_key.in_(params("keys")))
_BY_KEY = _rows(Document.id.in_(params("keys")))
_WITH_SEVERAL = prepared(
    Document.select(Document.page_key)
    .where(Document.page_key > param("after"))
    .group_by(Document.page_key)
    # A condition on the rows would make SQLite take the index of merges, and sort.
    .having(pw.fn.SUM(pw.Case(None, ((Document.merged_into.is_null(), 1),), 0)) > 1)
    .order_by(Document.page_key)
    .limit(param("limit")),
    _PageKey,
)
_ADDRESSES = prepared(
    Document.select(
        Document.id.alias("key"),
        Document.public_id,
        Document.url,
        Document.page_key,
        Document.title,
        Source.public_id.alias("publisher"),
        Document.title_key,
    )
    .join(Source, pw.JOIN.LEFT_OUTER, on=Source.id == Document.publisher)
    .where(Document.id > param("after"))
    .order_by(Document.id)
    .limit(param("limit")),
    _Address,
)


class PageIdentityQueries(Queries):
    """The documents of pages."""

    def roots_of_pages(self, page_keys: Iterable[str]) -> dict[str, list[PageRoot]]:
        """Return the documents that stand for pages, by the keys of these: the oldest first, none of them merged."""
        at_pages = list(self.batched(_AT_PAGES, "keys", sorted(set(page_keys))))
        rows = {row.key: row for row in at_pages}
        while missing := {row.merged_into for row in rows.values() if row.merged_into is not None} - rows.keys():
            rows.update((row.key, row) for row in self.batched(_BY_KEY, "keys", sorted(missing)))
        found: dict[str, set[PageRoot]] = {}
        for row in at_pages:
            root = row
            while root.merged_into is not None:
                root = rows[root.merged_into]
            found.setdefault(row.page_key, set()).add(PageRoot(root.key, root.public_id))
        return {page: sorted(roots) for page, roots in found.items()}

    def with_several_documents(self, after: str, limit: int) -> list[str]:
        """Return the keys after ``after``, in order, of pages with more than one document that is not merged."""
        return [row.page_key for row in self.database.all(_WITH_SEVERAL, after=after, limit=limit)]

    def misplaced_documents(self) -> list[str]:
        """Return the documents whose stored keys differ from those of their url and title. Reads every row."""
        return [row.public_id for row, _ in self._misplaced()]

    def renew_keys(self) -> None:
        """Store the keys of the documents anew where they differ from those of their url and title."""
        for batch in batches(self._misplaced()):
            self._save(batch)

    def renew_keys_after(self, after: int) -> tuple[dict[str, list[PageRoot]], int | None]:
        """Store the keys of the next documents after the key ``after`` anew.

        Return the pages that got documents by it, with the documents that they had before, and the last key; ``None``
        at the end.
        """
        rows = self.database.all(_ADDRESSES, after=after, limit=BATCH)
        moved = list(_differing(rows))
        found = {page for row, keys in moved if (page := keys["page_key"]) is not None and page != row.page_key}
        roots = self.roots_of_pages(found)
        self._save(moved)
        return {page: roots.get(page, []) for page in found}, rows[-1].key if rows else None

    def _save(self, moved: Iterable[_Moved]) -> None:
        self.update(Document, [{"id": row.key, **keys} for row, keys in moved])

    def _misplaced(self) -> Iterator[_Moved]:
        """Yield the documents whose stored keys differ, with the keys that they should have."""
        return _differing(self.walk(_ADDRESSES))


def _differing(rows: Iterable[_Address]) -> Iterator[_Moved]:
    for row in rows:
        keys = {"page_key": document_key(row.url), "title_key": title_key(row.title, row.publisher)}
        if keys != {"page_key": row.page_key, "title_key": row.title_key}:
            yield row, keys
