"""Names of sources and titles of documents, for reasons that a reader understands without looking ids up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from service.corroboration.results import Merge, MergeRule
from service.model.entities import Document, Source

_OF_SOURCES = (MergeRule.MERGED_SOURCE, MergeRule.PART_OF, MergeRule.COUNTRY)
_OF_DOCUMENTS = (MergeRule.DERIVATION, MergeRule.SAME_PAGE)


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

    def named(self, merge: Merge, places: Mapping[str, str]) -> Merge:
        """Return a merge with the names of its group and sides; ``places`` has the documents of mentions."""
        return replace(
            merge,
            group_name=self.origin(merge.group),
            left_name=self._side(merge.rule, merge.left, places),
            right_name=self._side(merge.rule, merge.right, places),
        )

    def _side(self, rule: MergeRule, side: str, places: Mapping[str, str]) -> str | None:
        if rule in _OF_SOURCES:
            return self.source(side)
        return self.title(side if rule in _OF_DOCUMENTS else places[side])
