"""The documents of a claim as pages: records of one page are one, and a derived document has originals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from service.corroboration.independence import DisjointSets
from service.identity.archive_copies import is_opaque_archive
from service.identity.web_addresses import page_key
from service.model.entities import Document


class Pages:
    """The pages of the documents ``names``, with those that they were merged into and the originals of both.

    Records are one page if one was merged into the other, or if their addresses are of one page.
    """

    def __init__(self, documents: Mapping[str, Document], names: Iterable[str]) -> None:
        self._documents = _with_originals(documents, names)
        sets = DisjointSets()
        by_address: dict[str, str] = {}
        for document in self._documents.values():
            if document.merged_into in self._documents:
                sets.unite(document.id, document.merged_into)
            address = page_key(document.url) if document.url else None
            if address is not None:
                sets.unite(document.id, by_address.setdefault(address, document.id))
        self._page = {name: sets.find(name) for name in self._documents}
        self._records: dict[str, list[str]] = {}
        for name in sorted(self._documents):
            self._records.setdefault(self._page[name], []).append(name)
        self._ancestors: dict[str, frozenset[str]] = {}

    def page(self, document: str) -> str:
        """Return the id of a document's page: the smallest id of its records."""
        return self._page[document]

    def records(self, document: str) -> list[Document]:
        """Return the records of a document's page, by id."""
        return [self._documents[name] for name in self._records[self.page(document)]]

    def is_opaque(self, document: str) -> bool:
        """Return whether the address of a document is an archive copy that does not show what it archives."""
        url = self._documents[document].url
        return url is not None and is_opaque_archive(url)

    def lineage(self, document: str) -> frozenset[str]:
        """Return a document, the other records of its page, and all originals of these."""
        own = self._records[self.page(document)]
        return frozenset(own).union(*(self._originals(name) for name in own))

    def first(self, among: Iterable[str]) -> dict[str, str]:
        """Return the first original of each document, out of ``among``; a document without one there is its own.

        In a circle of derivations the document with the smallest id is the first.
        """
        known = set(among)
        members = sorted(known)
        if not any(map(self._originals, members)):
            return dict(zip(members, members, strict=True))
        founding = {
            name
            for name in members
            if not any(self._precedes(other, name) for other in self._originals(name).intersection(known))
        }
        for name in members:
            if name not in founding and not self._originals(name).intersection(founding):
                founding.add(name)
        return {
            name: name if name in founding else min(self._originals(name).intersection(founding)) for name in members
        }

    def _precedes(self, original: str, document: str) -> bool:
        """Return whether ``original`` is an original of ``document``, and not rather the other way round."""
        if original == document or original not in self._originals(document):
            return False
        if document not in self._originals(original):
            return True
        direct, reverse = original in self._chain(document), document in self._chain(original)
        return direct if direct != reverse else original < document

    def _originals(self, document: str) -> frozenset[str]:
        """Return all that the records of a document's page are derived from, with their pages; never the document."""
        if document not in self._ancestors:
            own = self._records[self.page(document)]
            open_ends = [self._documents[name].derived_from for name in own]
            self._ancestors[document] = frozenset(self._walk(open_ends)) - {document}
        return self._ancestors[document]

    def _walk(self, open_ends: list[str | None]) -> set[str]:
        found: set[str] = set()
        while open_ends:
            name = open_ends.pop()
            if name in self._documents and name not in found:
                records = self._records[self.page(name)]
                found.update(records)
                open_ends += [self._documents[record].derived_from for record in records]
        return found

    def _chain(self, document: str) -> set[str]:
        """Return the originals of the records of a page by their own links alone; never the document."""
        chain: set[str] = set()
        for record in self._records[self.page(document)]:
            parent = self._documents[record].derived_from
            while parent in self._documents and parent not in chain:
                chain.add(parent)
                parent = self._documents[parent].derived_from
        return chain - {document}


def _with_originals(documents: Mapping[str, Document], names: Iterable[str]) -> dict[str, Document]:
    """Return the documents ``names`` with everything that they are derived from or merged into.

    Other documents must not make two of these one: a count depends on its own claim's documents only.
    """
    found: dict[str, Document] = {}
    open_ends: list[str | None] = list(names)
    while open_ends:
        name = open_ends.pop()
        if name is not None and name in documents and name not in found:
            found[name] = documents[name]
            open_ends += [documents[name].derived_from, documents[name].merged_into]
    return found
