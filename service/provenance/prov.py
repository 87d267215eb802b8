"""Write the provenance of a claim as PROV-JSON (W3C Member Submission of 24 April 2013), a serialisation of PROV-DM.

Claim, mentions and documents are entities, sources are agents, and origins are collections of mentions. A mention is
quoted from its document, attributed to the sources of its chain and a specialisation of the claim; a merge is an
influence of its left side on its right one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from service.corroboration.results import MergeRule
from service.model.entities import Document, Mention, Source
from service.provenance.building import split_chain
from service.provenance.graph import Graph
from service.provenance.wording import published

Record = dict[str, Any]
_OF_SOURCES = (MergeRule.MERGED_SOURCE, MergeRule.PART_OF, MergeRule.COUNTRY)
_OF_DOCUMENTS = (MergeRule.DERIVATION, MergeRule.SAME_PAGE)


def prov_document(
    graph: Graph,
    mentions: Iterable[Mention],
    documents: Mapping[str, Document],
    sources: Mapping[str, Source],
    base: str,
) -> dict[str, dict[str, Any]]:
    """Return the PROV-JSON document of a graph that is not folded; ``base`` is the address of the service."""
    return _Writer(graph, documents, sources, base).written(sorted(mentions, key=lambda mention: mention.id))


class _Writer:
    def __init__(
        self, graph: Graph, documents: Mapping[str, Document], sources: Mapping[str, Source], base: str
    ) -> None:
        self._graph = graph
        self._documents = documents
        self._sources = sources
        kinds = ("claim", "mention", "document", "source")
        self._records: dict[str, dict[str, Any]] = {
            "prefix": {
                **{kind: f"{base}/v1/{kind}s/" for kind in kinds},
                "origin": f"{base}/v1/claims/{graph.claim.id}/provenance#",
                "cv": f"{base}/docs#",
            }
        }

    def written(self, mentions: list[Mention]) -> dict[str, dict[str, Any]]:
        """Return the document with all records."""
        result = self._graph.result
        claim = f"claim:{self._graph.claim.id}"
        about = {"cv:status": str(result.status), "cv:policy": result.policy.id}
        self._add("entity", claim, {"prov:label": self._graph.claim.text, "prov:type": _type("cv:Claim"), **about})
        for name in sorted(self._lineage({mention.document for mention in mentions})):
            self._document(self._documents[name])
        for mention in mentions:
            self._mention(mention, claim)
        for name in sorted(self._wholes({link for mention in mentions for link in mention.attribution})):
            self._source(self._sources[name])
        self._origins()
        return self._records

    def _add(self, kind: str, name: str, attributes: Record) -> None:
        self._records.setdefault(kind, {})[name] = attributes

    def _relate(self, kind: str, attributes: Record) -> None:
        known = self._records.setdefault(kind, {})
        known[f"_:{kind}{len(known) + 1}"] = attributes

    def _lineage(self, names: Iterable[str]) -> set[str]:
        """Return documents with those that they are derived from or merged into."""
        found: set[str] = set()
        open_ends: list[str | None] = list(names)
        while open_ends:
            name = open_ends.pop()
            if name is not None and name not in found and name in self._documents:
                found.add(name)
                open_ends += [self._documents[name].derived_from, self._documents[name].merged_into]
        return found

    def _wholes(self, names: set[str]) -> set[str]:
        """Return sources, the publishers of the documents, and all that these are part of or merged into."""
        found: set[str] = set()
        records = self._records.get("entity", {})
        shown = (document for name, document in self._documents.items() if f"document:{name}" in records)
        open_ends: list[str | None] = [*names, *(document.publisher for document in shown)]
        while open_ends:
            name = open_ends.pop()
            if name is not None and name not in found and name in self._sources:
                found.add(name)
                open_ends += [self._sources[name].part_of, self._sources[name].merged_into]
        return found

    def _document(self, document: Document) -> None:
        name = f"document:{document.id}"
        about: Record = {"prov:type": _type("cv:Document"), "cv:published": published(document)}
        about |= {"prov:label": document.title} if document.title else {}
        about |= {"prov:location": document.url} if document.url else {}
        self._add("entity", name, about)
        if document.publisher is not None:
            self._attribute(name, document.publisher, "publisher")
        if document.derived_from in self._documents:
            derived = {"prov:generatedEntity": name, "prov:usedEntity": f"document:{document.derived_from}"}
            self._relate("wasDerivedFrom", derived)
        if document.merged_into in self._documents:
            self._relate(
                "alternateOf", {"prov:alternate1": name, "prov:alternate2": f"document:{document.merged_into}"}
            )

    def _mention(self, mention: Mention, claim: str) -> None:
        name = f"mention:{mention.id}"
        left_out = next((entry for entry in self._graph.result.uncounted if entry.mention == mention.id), None)
        about: Record = {"prov:type": _type("cv:Mention"), "cv:stance": str(mention.stance)}
        about |= {"cv:notCounted": str(left_out.rule), "cv:reason": left_out.reason} if left_out else {}
        self._add("entity", name, about)
        self._relate("specializationOf", {"prov:specificEntity": name, "prov:generalEntity": claim})
        quoted = {"prov:generatedEntity": name, "prov:usedEntity": f"document:{mention.document}"}
        self._relate("wasDerivedFrom", {**quoted, "prov:type": _type("prov:Quotation")})
        relays, origin, beyond = split_chain(mention.attribution, self._sources)
        for role, links in (("relay", relays), ("origin", (origin,) if origin else ()), ("cited", beyond)):
            for link in links:
                self._attribute(name, link, role)

    def _alternate(self, one: str, other: str) -> None:
        self._relate("alternateOf", {"prov:alternate1": one, "prov:alternate2": other})

    def _attribute(self, entity: str, source: str, role: str) -> None:
        self._relate("wasAttributedTo", {"prov:entity": entity, "prov:agent": f"source:{source}", "cv:role": role})

    def _source(self, source: Source) -> None:
        name = f"source:{source.id}"
        self._add("agent", name, {"prov:label": source.name, "cv:kind": str(source.kind)})
        if source.part_of in self._sources:
            above = {"prov:delegate": name, "prov:responsible": f"source:{source.part_of}"}
            self._relate("actedOnBehalfOf", above)
        if source.merged_into in self._sources:
            self._alternate(name, f"source:{source.merged_into}")

    def _origins(self) -> None:
        """Write the groups of all sides, with their merges."""
        for side in (self._graph.result.supports, self._graph.result.differs, self._graph.result.refutes):
            for group in side.groups:
                name = f"origin:{side.stance}.{group.id.replace(':', '.')}"
                kinds = [_type("prov:Collection"), _type("cv:Origin")]
                named = {"cv:side": str(side.stance), "cv:named": group.named}
                self._add("entity", name, {"prov:label": group.name or group.id, "prov:type": kinds, **named})
                for mention in group.mentions:
                    self._relate("hadMember", {"prov:collection": name, "prov:entity": f"mention:{mention}"})
            for merge in side.merges:
                kind = "mention"
                kind = "source" if merge.rule in _OF_SOURCES else "document" if merge.rule in _OF_DOCUMENTS else kind
                ends = {"prov:influencee": f"{kind}:{merge.right}", "prov:influencer": f"{kind}:{merge.left}"}
                self._relate("wasInfluencedBy", {**ends, "cv:merge": str(merge.rule), "prov:label": merge.reason})


def _type(name: str) -> Record:
    return {"$": name, "type": "prov:QUALIFIED_NAME"}
