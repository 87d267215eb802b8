"""What can be read. Lists are iterators over their items, and go on from page to page by themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Unpack

from claim_verification import models
from claim_verification.base import Calls, step
from claim_verification.errors import BadAnswer
from claim_verification.transport import NDJSON


class Reading(Calls):
    """What the API is asked, under its name in openapi.yaml. What was merged is followed to what stands for it."""

    # Claims.

    def list_claims(self, **query: Unpack[models.ListClaimsQuery]) -> Iterator[models.FoundClaim]:
        """The claims that all given filters let through; with ``q`` those that fit it, the best first."""
        return self._list("/v1/claims", query)

    def get_claim(self, claim_id: str, **query: Unpack[models.GetClaimQuery]) -> models.ClaimDetail:
        """One claim; ``include`` is some of ``mentions,sources,documents,links``."""
        claim: models.ClaimDetail = self._get(f"/v1/claims/{step(claim_id)}", query)
        return claim

    def list_mentions(self, claim_id: str, **query: Unpack[models.ListMentionsQuery]) -> Iterator[models.Mention]:
        """Who says it, where, by which chain."""
        return self._list(f"/v1/claims/{step(claim_id)}/mentions", query)

    def get_corroboration(self, claim_id: str, **query: Unpack[models.GetCorroborationQuery]) -> models.Corroboration:
        """The full reasoning, under any policy, as of any day."""
        reasoning: models.Corroboration = self._get(f"/v1/claims/{step(claim_id)}/corroboration", query)
        return reasoning

    def list_corroboration(self, **query: Unpack[models.ListCorroborationQuery]) -> Iterator[models.Counts]:
        """The counts of every claim that the filters let through, in one answer, as it comes."""
        for line in self._lines("/v1/corroboration", query, NDJSON):
            try:
                counts: models.Counts = json.loads(line)
            except ValueError:
                raise BadAnswer("/v1/corroboration: not one JSON object a line") from None
            yield counts

    def corroboration_csv(self, **query: Unpack[models.ListCorroborationQuery]) -> Iterator[str]:
        """The same as the lines of a CSV file, its header first."""
        return self._lines("/v1/corroboration", query, "text/csv")

    def list_history(self, claim_id: str, **query: Unpack[models.ListHistoryQuery]) -> Iterator[models.HistoryEntry]:
        """Who said what when, what changed and why."""
        return self._list(f"/v1/claims/{step(claim_id)}/history", query)

    def list_conflicts(self, **query: Unpack[models.ListConflictsQuery]) -> Iterator[models.ClaimConflicts]:
        """Everything in dispute."""
        return self._list("/v1/conflicts", query)

    def match_texts(
        self, texts: Sequence[str], *, limit: int | None = None, threshold: float | None = None
    ) -> models.Matches:
        """For each text the claims that it repeats, the likeliest first, with what they share and what differs."""
        options = {"limit": limit, "threshold": threshold}
        given = {name: value for name, value in options.items() if value is not None}
        matches: models.Matches = self._ask("/v1/match", {"texts": list(texts), **given})
        return matches

    # What claims rest on.

    def list_sources(self, **query: Unpack[models.ListSourcesQuery]) -> Iterator[models.Source]:
        """Who says things."""
        return self._list("/v1/sources", query)

    def get_source(self, source_id: str) -> models.Source:
        """One source."""
        source: models.Source = self._get(f"/v1/sources/{step(source_id)}")
        return source

    def list_source_claims(
        self, source_id: str, **query: Unpack[models.ListSourceClaimsQuery]
    ) -> Iterator[models.Claim]:
        """The claims that a source stands behind."""
        return self._list(f"/v1/sources/{step(source_id)}/claims", query)

    def list_documents(self, **query: Unpack[models.ListDocumentsQuery]) -> Iterator[models.Document]:
        """What was read."""
        return self._list("/v1/documents", query)

    def get_document(self, document_id: str) -> models.Document:
        """One document."""
        document: models.Document = self._get(f"/v1/documents/{step(document_id)}")
        return document

    def list_document_claims(
        self, document_id: str, **query: Unpack[models.ListDocumentClaimsQuery]
    ) -> Iterator[models.Claim]:
        """The claims that a document states."""
        return self._list(f"/v1/documents/{step(document_id)}/claims", query)

    def list_topics(self, **query: Unpack[models.ListTopicsQuery]) -> Iterator[models.Topic]:
        """What claims are filed under."""
        return self._list("/v1/topics", query)

    def get_mention(self, mention_id: str) -> models.Mention:
        """One mention."""
        mention: models.Mention = self._get(f"/v1/mentions/{step(mention_id)}")
        return mention

    def get_link(self, link_id: str) -> models.StatedLink:
        """One link between claims."""
        link: models.StatedLink = self._get(f"/v1/links/{step(link_id)}")
        return link

    # What checkers say.

    def list_verdicts(self, **query: Unpack[models.ListVerdictsQuery]) -> Iterator[models.Verdict]:
        """The verdicts on all claims, the latest first."""
        return self._list("/v1/verdicts", query)

    def list_claim_verdicts(
        self, claim_id: str, **query: Unpack[models.ListClaimVerdictsQuery]
    ) -> Iterator[models.Verdict]:
        """The verdicts on one claim, the latest first, superseded ones included."""
        return self._list(f"/v1/claims/{step(claim_id)}/verdicts", query)

    def get_verdict(self, verdict_id: str) -> models.Verdict:
        """One verdict."""
        verdict: models.Verdict = self._get(f"/v1/verdicts/{step(verdict_id)}")
        return verdict

    def list_queue(self, **query: Unpack[models.ListQueueQuery]) -> Iterator[models.QueuedClaim]:
        """The claims that wait to be judged (checkers)."""
        return self._list("/v1/queue", query)

    def get_assignment(self, claim_id: str) -> models.Assignment:
        """Who has taken a claim (checkers)."""
        assignment: models.Assignment = self._get(f"/v1/claims/{step(claim_id)}/assignment")
        return assignment

    # The service itself.

    def get_readiness(self) -> models.Health:
        """That it is ready, or an ``Unavailable``."""
        health: models.Health = self._get("/readyz")
        return health

    # The log, unchecked: ``claims log verify`` checks it.

    def list_events(self, **query: Unpack[models.ListEventsQuery]) -> Iterator[models.Event]:
        """The events of the log after number ``after``."""
        return self._list("/v1/events", query)

    def get_event(self, seq: int) -> models.Event:
        """One event."""
        event: models.Event = self._get(f"/v1/events/{step(seq)}")
        return event

    def get_head(self) -> models.Head:
        """How many events there are, and the hash over all of them."""
        head: models.Head = self._get("/v1/events/head")
        return head

    def prove_inclusion(self, seq: int, **query: Unpack[models.ProveInclusionQuery]) -> models.Inclusion:
        """An event, with the proof that it is among the first ``size``."""
        proof: models.Inclusion = self._get(f"/v1/events/{step(seq)}/proof", query)
        return proof

    def prove_consistency(self, first: int, second: int | None = None) -> models.Consistency:
        """The proof that the first ``second`` events begin with the first ``first``."""
        query: dict[str, Any] = {"from": first, "to": second}
        proof: models.Consistency = self._get("/v1/events/consistency", query)
        return proof
