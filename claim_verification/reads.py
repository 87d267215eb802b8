"""Reading operations. Lists are iterators over items; pages are requested as needed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Literal, Unpack

from claim_verification import models
from claim_verification.base import BaseClient, path_segment
from claim_verification.errors import BadAnswer
from claim_verification.transport import NDJSON, Request

CSV = "text/csv"
COUNTS_PAGE = 1000
"""Counts in a page as of a day: the maximum of the service."""

_PAGING = {"as_of", "limit", "after"}


class Reads(BaseClient):
    """The reading operations of openapi.yaml. A merged resource redirects to the one that it was merged into."""

    # Claims.

    def list_claims(self, **query: Unpack[models.ListClaimsQuery]) -> Iterator[models.FoundClaim]:
        """Iterate over the claims that match all filters; with ``q`` the best matches first."""
        return self._list("/v1/claims", query)

    def get_claim(self, claim_id: str, **query: Unpack[models.GetClaimQuery]) -> models.ClaimDetail:
        """Return one claim; ``include`` is a comma-separated list of ``mentions,sources,documents,links``."""
        claim: models.ClaimDetail = self._get(f"/v1/claims/{path_segment(claim_id)}", query)
        return claim

    def list_mentions(self, claim_id: str, **query: Unpack[models.ListMentionsQuery]) -> Iterator[models.Mention]:
        """Iterate over the mentions of a claim: the documents that state it, and whom they attribute it to."""
        return self._list(f"/v1/claims/{path_segment(claim_id)}/mentions", query)

    def get_corroboration(self, claim_id: str, **query: Unpack[models.GetCorroborationQuery]) -> models.Corroboration:
        """Return how a claim's origins were counted, under the given policy, as of the given day."""
        reasoning: models.Corroboration = self._get(f"/v1/claims/{path_segment(claim_id)}/corroboration", query)
        return reasoning

    def get_provenance(self, claim_id: str, **query: Unpack[models.GetProvenanceQuery]) -> models.Provenance:
        """Return the graph of a claim's origins, relays, publishers and documents, and its table."""
        graph: models.Provenance = self._get(
            f"/v1/claims/{path_segment(claim_id)}/provenance", {**query, "format": "json"}
        )
        return graph

    def draw_provenance(
        self,
        claim_id: str,
        format: Literal["svg", "mermaid", "dot", "prov"] = "svg",  # noqa: A002 - the name of the parameter
        **query: Unpack[models.GetProvenanceQuery],
    ) -> str:
        """Return the same as a picture or in another notation, as text."""
        return self._text(f"/v1/claims/{path_segment(claim_id)}/provenance", {"format": format, **query}, "*/*")

    def get_timeline(self, claim_id: str, **query: Unpack[models.GetTimelineQuery]) -> models.Timeline:
        """Return how a claim's count and verdicts changed, by days of publication and by times of recording."""
        timeline: models.Timeline = self._get(
            f"/v1/claims/{path_segment(claim_id)}/timeline", {**query, "format": "json"}
        )
        return timeline

    def draw_timeline(self, claim_id: str, **query: Unpack[models.GetTimelineQuery]) -> str:
        """Return the timeline as an SVG picture."""
        return self._text(f"/v1/claims/{path_segment(claim_id)}/timeline", {**query, "format": "svg"}, "image/svg+xml")

    def get_influence(self, source_id: str, **query: Unpack[models.GetInfluenceQuery]) -> models.Influence:
        """Return the claims that rest on a source alone, those that it denies, and who passes on its statements."""
        influence: models.Influence = self._get(f"/v1/sources/{path_segment(source_id)}/influence", query)
        return influence

    def get_badge(self, claim_id: str, **query: Unpack[models.GetBadgeQuery]) -> str:
        """Return the badge of a claim, an SVG picture."""
        return self._text(f"/v1/claims/{path_segment(claim_id)}/badge.svg", query, "image/svg+xml")

    def list_corroboration(self, **query: Unpack[models.ListCorroborationQuery]) -> Iterator[models.Counts]:
        """Iterate over the counts of all claims that match the filters: one streamed answer, with ``as_of`` pages."""
        if _PAGING & query.keys():
            yield from self._list("/v1/corroboration", {"limit": COUNTS_PAGE, **query})
            return
        for line in self._lines("/v1/corroboration", query, NDJSON):
            try:
                counts: models.Counts = json.loads(line)
            except ValueError:
                raise BadAnswer("/v1/corroboration: a line of the answer is not JSON") from None
            yield counts

    def corroboration_csv(self, **query: Unpack[models.ListCorroborationQuery]) -> Iterator[str]:
        """Iterate over the same counts as lines of CSV, the header first."""
        if not _PAGING & query.keys():
            yield from self._lines("/v1/corroboration", query, CSV)
            return
        url = self._address("/v1/corroboration", query)
        first = True
        while url:
            response = self._transport.answer(Request("GET", url, headers={"Accept": CSV}))
            yield from response.content.decode().split("\n")[0 if first else 1 : -1]
            following, first = response.links.get("next"), False
            url = self._transport.resolve(following["url"]) if following else ""

    def list_history(self, claim_id: str, **query: Unpack[models.ListHistoryQuery]) -> Iterator[models.HistoryEntry]:
        """Iterate over the history of a claim: its changes, with their authors, times and reasons."""
        return self._list(f"/v1/claims/{path_segment(claim_id)}/history", query)

    def list_conflicts(self, **query: Unpack[models.ListConflictsQuery]) -> Iterator[models.ClaimConflicts]:
        """Iterate over the claims whose mentions conflict, with the conflicts."""
        return self._list("/v1/conflicts", query)

    def match_texts(
        self, texts: Sequence[str], *, limit: int | None = None, threshold: float | None = None
    ) -> models.Matches:
        """Return for each text the claims that it repeats, the best match first, with the differences."""
        options = {"limit": limit, "threshold": threshold}
        chosen = {name: value for name, value in options.items() if value is not None}
        matches: models.Matches = self._post_query("/v1/match", {"texts": list(texts), **chosen})
        return matches

    # Sources, documents and topics.

    def list_sources(self, **query: Unpack[models.ListSourcesQuery]) -> Iterator[models.Source]:
        """Iterate over the sources."""
        return self._list("/v1/sources", query)

    def get_source(self, source_id: str) -> models.Source:
        """Return one source."""
        source: models.Source = self._get(f"/v1/sources/{path_segment(source_id)}")
        return source

    def list_source_claims(
        self, source_id: str, **query: Unpack[models.ListSourceClaimsQuery]
    ) -> Iterator[models.Claim]:
        """Iterate over the claims that a source is behind."""
        return self._list(f"/v1/sources/{path_segment(source_id)}/claims", query)

    def list_documents(self, **query: Unpack[models.ListDocumentsQuery]) -> Iterator[models.Document]:
        """Iterate over the documents."""
        return self._list("/v1/documents", query)

    def get_document(self, document_id: str) -> models.Document:
        """Return one document."""
        document: models.Document = self._get(f"/v1/documents/{path_segment(document_id)}")
        return document

    def list_document_claims(
        self, document_id: str, **query: Unpack[models.ListDocumentClaimsQuery]
    ) -> Iterator[models.Claim]:
        """Iterate over the claims that a document states."""
        return self._list(f"/v1/documents/{path_segment(document_id)}/claims", query)

    def list_topics(self, **query: Unpack[models.ListTopicsQuery]) -> Iterator[models.Topic]:
        """Iterate over the topics."""
        return self._list("/v1/topics", query)

    def list_suggestions(self, **query: Unpack[models.ListSuggestionsQuery]) -> Iterator[models.Suggestion]:
        """Iterate over the suggestions of records that may be one, by default the open ones with the highest score."""
        return self._list("/v1/suggestions", query)

    def get_suggestion(self, suggestion_id: str) -> models.SuggestionDetail:
        """Return one suggestion, with what it would change."""
        suggestion: models.SuggestionDetail = self._get(f"/v1/suggestions/{path_segment(suggestion_id)}")
        return suggestion

    def get_mention(self, mention_id: str) -> models.Mention:
        """Return one mention."""
        mention: models.Mention = self._get(f"/v1/mentions/{path_segment(mention_id)}")
        return mention

    def get_link(self, link_id: str) -> models.StatedLink:
        """Return one link between claims."""
        link: models.StatedLink = self._get(f"/v1/links/{path_segment(link_id)}")
        return link

    # Verdicts.

    def list_verdicts(self, **query: Unpack[models.ListVerdictsQuery]) -> Iterator[models.Verdict]:
        """Iterate over the verdicts on all claims, the latest first."""
        return self._list("/v1/verdicts", query)

    def list_claim_verdicts(
        self, claim_id: str, **query: Unpack[models.ListClaimVerdictsQuery]
    ) -> Iterator[models.Verdict]:
        """Iterate over the verdicts on one claim, the latest first, superseded ones included."""
        return self._list(f"/v1/claims/{path_segment(claim_id)}/verdicts", query)

    def get_verdict(self, verdict_id: str) -> models.Verdict:
        """Return one verdict."""
        verdict: models.Verdict = self._get(f"/v1/verdicts/{path_segment(verdict_id)}")
        return verdict

    def list_queue(self, **query: Unpack[models.ListQueueQuery]) -> Iterator[models.QueuedClaim]:
        """Iterate over the claims that need a verdict; takes a checker's key."""
        return self._list("/v1/queue", query)

    def get_assignment(self, claim_id: str) -> models.Assignment:
        """Return the assignment of a claim; takes a checker's key."""
        assignment: models.Assignment = self._get(f"/v1/claims/{path_segment(claim_id)}/assignment")
        return assignment

    def get_own_work(self) -> models.OwnWork:
        """Return the name and role of the holder of the key, with their drafts, reviews to give, and claims."""
        work: models.OwnWork = self._get("/v1/me")
        return work

    # The service.

    def get_readiness(self) -> models.Health:
        """Return the state of the service; raises ``Unavailable`` if it is not ready."""
        health: models.Health = self._get("/readyz")
        return health

    # The event log, unverified: ``claims log verify`` verifies it.

    def list_events(self, **query: Unpack[models.ListEventsQuery]) -> Iterator[models.Event]:
        """Iterate over the events after number ``after``."""
        return self._list("/v1/events", query)

    def get_event(self, seq: int) -> models.Event:
        """Return one event."""
        event: models.Event = self._get(f"/v1/events/{path_segment(seq)}")
        return event

    def get_head(self) -> models.Head:
        """Return the head of the log: its size and root hash."""
        head: models.Head = self._get("/v1/events/head")
        return head

    def prove_inclusion(self, seq: int, **query: Unpack[models.ProveInclusionQuery]) -> models.Inclusion:
        """Return an event with the proof that it is one of the first ``size``."""
        proof: models.Inclusion = self._get(f"/v1/events/{path_segment(seq)}/proof", query)
        return proof

    def prove_consistency(self, first: int, second: int | None = None) -> models.Consistency:
        """Return the proof that the log of ``second`` events begins with that of ``first`` events."""
        query: dict[str, Any] = {"from": first, "to": second}
        proof: models.Consistency = self._get("/v1/events/consistency", query)
        return proof
