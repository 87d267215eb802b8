"""Read the provenance of a claim: its graph, with the evidence that it was made from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from service.model.entities import Policy
from service.provenance.building import provenance_graph
from service.provenance.graph import Graph
from service.provenance.prov import prov_document
from service.store import Store
from service.use_cases.claims import ExplainedCorroboration, get_corroboration


@dataclass(frozen=True, slots=True)
class Provenance:
    """A provenance graph, not folded, and the corroboration and evidence that it shows."""

    graph: Graph
    explained: ExplainedCorroboration

    def prov(self, base: str) -> dict[str, dict[str, object]]:
        """Return it as PROV-JSON; ``base`` is the address of the service."""
        evidence = self.explained.evidence
        mentions = evidence.mentions.get(self.graph.claim.id, ())
        return prov_document(self.graph, mentions, evidence.documents, evidence.sources, base)


def get_provenance(
    store: Store,
    claim_id: str,
    policy: Policy,
    as_of: dt.date | None,
    known_at: dt.datetime | dt.date | None = None,
) -> Provenance:
    """Return the provenance of a claim; the arguments and errors are those of ``get_corroboration``."""
    explained = get_corroboration(store, claim_id, policy, as_of, known_at)
    evidence = explained.evidence
    mentions = evidence.mentions.get(claim_id, ())
    graph = provenance_graph(explained.claim, mentions, evidence.documents, evidence.sources, explained.result)
    return Provenance(graph, explained)
