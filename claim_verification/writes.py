"""Writing operations; all take a key. A POST is done once, however often it has to be sent.

With your own ``idempotency_key`` that holds across processes: the same request with the same key gets its first answer.
"""

from __future__ import annotations

from collections.abc import Sequence

from claim_verification import models
from claim_verification.base import BaseClient, path_segment


class Writes(BaseClient):
    """The writing operations of openapi.yaml, except those in bulk.

    A ``change_`` method takes the resource as it was read; raises ``Conflict`` (``precondition_failed``) if it has
    changed since.
    """

    # Claims.

    def create_claim(self, claim: models.ClaimBody, *, idempotency_key: str | None = None) -> models.Claim:
        """Create a claim."""
        created: models.Claim = self._post("/v1/claims", {**claim}, idempotency_key)
        return created

    def create_claims(self, claims: Sequence[models.ClaimBody], *, idempotency_key: str | None = None) -> models.Batch:
        """Create up to 1,000 claims; the answer has a result for each, and a refused one harms no other."""
        done: models.Batch = self._post("/v1/claims/batch", {"items": list(claims)}, idempotency_key)
        return done

    def change_claim(
        self,
        claim: models.Claim | models.ClaimDetail | str,
        changes: models.ClaimPatch,
        *,
        if_match: str | None = None,
    ) -> models.Claim:
        """Change members of a claim. With an id instead of a claim, ``if_match`` is required."""
        changed: models.Claim = self._patch(f"/v1/claims/{path_segment(claim)}", claim, {**changes}, if_match)
        return changed

    def merge_claim(self, claim_id: str, into: str, reason: str, *, idempotency_key: str | None = None) -> models.Claim:
        """Merge a claim into another, and return that one."""
        body = {"into": into, "reason": reason}
        target: models.Claim = self._post(f"/v1/claims/{path_segment(claim_id)}/merge", body, idempotency_key)
        return target

    def unmerge_claim(self, claim_id: str, reason: str, *, idempotency_key: str | None = None) -> models.Claim:
        """Undo the merge of a claim."""
        path = f"/v1/claims/{path_segment(claim_id)}/unmerge"
        claim: models.Claim = self._post(path, {"reason": reason}, idempotency_key)
        return claim

    def add_mention(
        self, claim_id: str, mention: models.MentionBody, *, idempotency_key: str | None = None
    ) -> models.Mention:
        """Add a mention: a document that states a claim."""
        added: models.Mention = self._post(
            f"/v1/claims/{path_segment(claim_id)}/mentions", {**mention}, idempotency_key
        )
        return added

    def add_mentions(
        self, mentions: Sequence[models.MentionItem], *, idempotency_key: str | None = None
    ) -> models.Batch:
        """Add up to 1,000 mentions, each to its ``claim``; the answer has a result for each."""
        done: models.Batch = self._post("/v1/mentions/batch", {"items": list(mentions)}, idempotency_key)
        return done

    def withdraw_mention(self, mention_id: str, reason: str, *, idempotency_key: str | None = None) -> models.Withdrawn:
        """Withdraw a mention."""
        path = f"/v1/mentions/{path_segment(mention_id)}/withdrawal"
        withdrawn: models.Withdrawn = self._post(path, {"reason": reason}, idempotency_key)
        return withdrawn

    def add_quote(self, mention_id: str, quote: str, *, idempotency_key: str | None = None) -> models.Mention:
        """Add the quote of a mention: the text of its locator's whole span."""
        path = f"/v1/mentions/{path_segment(mention_id)}/quote"
        quoted: models.Mention = self._post(path, {"quote": quote}, idempotency_key)
        return quoted

    def remove_quote(self, mention_id: str, reason: str, *, idempotency_key: str | None = None) -> models.Mention:
        """Remove the quote of a mention."""
        path = f"/v1/mentions/{path_segment(mention_id)}/quote/removal"
        left: models.Mention = self._post(path, {"reason": reason}, idempotency_key)
        return left

    def add_link(
        self, claim_id: str, link: models.LinkBody, *, idempotency_key: str | None = None
    ) -> models.StatedLink:
        """Link a claim to another."""
        added: models.StatedLink = self._post(f"/v1/claims/{path_segment(claim_id)}/links", {**link}, idempotency_key)
        return added

    def withdraw_link(self, link_id: str, reason: str, *, idempotency_key: str | None = None) -> models.Withdrawn:
        """Withdraw a link."""
        path = f"/v1/links/{path_segment(link_id)}/withdrawal"
        withdrawn: models.Withdrawn = self._post(path, {"reason": reason}, idempotency_key)
        return withdrawn

    # Sources and documents.

    def create_source(self, source: models.SourceBody, *, idempotency_key: str | None = None) -> models.WrittenSource:
        """Create a source; ``similar`` in the answer lists those that may be the same party."""
        created: models.WrittenSource = self._post("/v1/sources", {**source}, idempotency_key)
        return created

    def change_source(
        self, source: models.Source | str, changes: models.SourcePatch, *, if_match: str | None = None
    ) -> models.WrittenSource:
        """Change members of a source. With an id instead of a source, ``if_match`` is required."""
        path = f"/v1/sources/{path_segment(source)}"
        changed: models.WrittenSource = self._patch(path, source, {**changes}, if_match)
        return changed

    def merge_source(
        self, source_id: str, into: str, reason: str, *, idempotency_key: str | None = None
    ) -> models.Source:
        """Merge a source into another, and return that one."""
        body = {"into": into, "reason": reason}
        target: models.Source = self._post(f"/v1/sources/{path_segment(source_id)}/merge", body, idempotency_key)
        return target

    def unmerge_source(self, source_id: str, reason: str, *, idempotency_key: str | None = None) -> models.Source:
        """Undo the merge of a source."""
        path = f"/v1/sources/{path_segment(source_id)}/unmerge"
        source: models.Source = self._post(path, {"reason": reason}, idempotency_key)
        return source

    def create_document(self, document: models.DocumentBody, *, idempotency_key: str | None = None) -> models.Document:
        """Create a document: its metadata, without the text."""
        created: models.Document = self._post("/v1/documents", {**document}, idempotency_key)
        return created

    def change_document(
        self, document: models.Document | str, changes: models.DocumentPatch, *, if_match: str | None = None
    ) -> models.Document:
        """Change members of a document. With an id instead of a document, ``if_match`` is required."""
        changed: models.Document = self._patch(
            f"/v1/documents/{path_segment(document)}", document, {**changes}, if_match
        )
        return changed

    def merge_document(
        self, document_id: str, into: str, reason: str, *, idempotency_key: str | None = None
    ) -> models.Document:
        """Merge a document into another that is the same page, and return that one."""
        body = {"into": into, "reason": reason}
        target: models.Document = self._post(f"/v1/documents/{path_segment(document_id)}/merge", body, idempotency_key)
        return target

    def unmerge_document(self, document_id: str, reason: str, *, idempotency_key: str | None = None) -> models.Document:
        """Undo the merge of a document."""
        path = f"/v1/documents/{path_segment(document_id)}/unmerge"
        document: models.Document = self._post(path, {"reason": reason}, idempotency_key)
        return document

    def decide_suggestion(
        self, suggestion_id: str, decision: models.DecisionBody, *, idempotency_key: str | None = None
    ) -> models.SuggestionDetail:
        """Decide a suggestion: merge the two records, or say that they are two; return the suggestion."""
        path = f"/v1/suggestions/{path_segment(suggestion_id)}/decision"
        decided: models.SuggestionDetail = self._post(path, {**decision}, idempotency_key)
        return decided

    # Verdicts, reviews and assignments.

    def create_verdict(
        self, claim_id: str, verdict: models.VerdictBody, *, idempotency_key: str | None = None
    ) -> models.Verdict:
        """Create a verdict or a draft; supersede or retract an earlier verdict."""
        created: models.Verdict = self._post(
            f"/v1/claims/{path_segment(claim_id)}/verdicts", {**verdict}, idempotency_key
        )
        return created

    def review_verdict(
        self, verdict_id: str, review: models.ReviewBody, *, idempotency_key: str | None = None
    ) -> models.Review:
        """Review another checker's draft."""
        given: models.Review = self._post(
            f"/v1/verdicts/{path_segment(verdict_id)}/reviews", {**review}, idempotency_key
        )
        return given

    def publish_verdict(
        self, verdict_id: str, *, despite_request: bool = False, idempotency_key: str | None = None
    ) -> models.Verdict:
        """Publish a draft; with ``despite_request`` also if a reviewer's request for changes is open."""
        path = f"/v1/verdicts/{path_segment(verdict_id)}/publication"
        published: models.Verdict = self._post(path, {"despite_request": despite_request}, idempotency_key)
        return published

    def withdraw_draft(self, verdict_id: str, reason: str, *, idempotency_key: str | None = None) -> models.Verdict:
        """Withdraw a draft."""
        path = f"/v1/verdicts/{path_segment(verdict_id)}/withdrawal"
        withdrawn: models.Verdict = self._post(path, {"reason": reason}, idempotency_key)
        return withdrawn

    def assign_claim(
        self, claim_id: str, assignment: models.AssignmentBody | None = None, *, idempotency_key: str | None = None
    ) -> models.Assignment:
        """Assign a claim to oneself or to another checker."""
        path = f"/v1/claims/{path_segment(claim_id)}/assignment"
        made: models.Assignment = self._post(path, {**(assignment or {})}, idempotency_key)
        return made

    def offer_claim(self, claim_id: str, checker: str, *, idempotency_key: str | None = None) -> models.Assignment:
        """Offer a claim that is assigned to one to a colleague, who gets it by accepting."""
        path = f"/v1/claims/{path_segment(claim_id)}/assignment/offer"
        offered: models.Assignment = self._post(path, {"checker": checker}, idempotency_key)
        return offered

    def accept_claim(self, claim_id: str, *, idempotency_key: str | None = None) -> models.Assignment:
        """Accept a claim that a colleague offers; return the new assignment."""
        path = f"/v1/claims/{path_segment(claim_id)}/assignment/acceptance"
        accepted: models.Assignment = self._post(path, None, idempotency_key)
        return accepted

    def decline_claim(self, claim_id: str, *, idempotency_key: str | None = None) -> models.Assignment:
        """Decline a claim that a colleague offers, or take one's own offer back."""
        path = f"/v1/claims/{path_segment(claim_id)}/assignment/refusal"
        declined: models.Assignment = self._post(path, None, idempotency_key)
        return declined

    def release_claim(self, claim_id: str, *, idempotency_key: str | None = None) -> models.Assignment:
        """End the assignment of a claim."""
        released: models.Assignment = self._post(f"/v1/claims/{path_segment(claim_id)}/release", None, idempotency_key)
        return released
