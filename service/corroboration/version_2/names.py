"""Names of sources and titles of documents, for reasons that a reader understands without looking ids up."""

from __future__ import annotations

from collections.abc import Mapping

from service.model.entities import Document, Source


class Names:
    """The names of ``sources`` and the titles of ``documents``, both by id."""

    def __init__(self, documents: Mapping[str, Document], sources: Mapping[str, Source]) -> None:
        self._documents = documents
        self._sources = sources

    def source(self, public_id: str) -> str:
        """Return the name of a source."""
        return self._sources[public_id].name

    def title(self, public_id: str) -> str | None:
        """Return the title of a document, or ``None`` if it has none."""
        return self._documents[public_id].title

    def document(self, public_id: str) -> str:
        """Return a document as a sentence has it: its title in quotes, or its id."""
        title = self.title(public_id)
        return public_id if title is None else f"“{title}”"

    def origin(self, group: str) -> str:
        """Return the name of an origin group: that of its source, its site, its country code, or its title."""
        kind, _, public_id = group.partition(":")
        if kind == "source":
            return self.source(public_id)
        return self.document(public_id) if kind == "document" else public_id
