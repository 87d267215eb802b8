"""What can be written, with a key. A POST is done once, however often it has to be sent.

``idempotency_key`` names a request beyond this process: sent again with it, even tomorrow, it gets its first answer.
"""

from __future__ import annotations

from claim_verification import models
from claim_verification.base import Calls, step


class Writing(Calls):
    """What is written one by one, under its name in openapi.yaml.

    A change takes what was read, and is refused (``Conflict``, ``precondition_failed``) when that is another by now.
    """

    # Claims.

    def create_claim(self, claim: models.ClaimBody, *, idempotency_key: str | None = None) -> models.Claim:
        """Add a claim."""
        created: models.Claim = self._post("/v1/claims", {**claim}, idempotency_key)
        return created

    def change_claim(
        self,
        claim: models.Claim | models.ClaimDetail | str,
        changes: models.ClaimPatch,
        *,
        if_match: str | None = None,
    ) -> models.Claim:
        """Change a claim's own words. An id alone takes ``if_match``."""
        changed: models.Claim = self._patch(f"/v1/claims/{step(claim)}", claim, {**changes}, if_match)
        return changed

    def merge_claim(self, claim_id: str, into: str, reason: str, *, idempotency_key: str | None = None) -> models.Claim:
        """Merge a claim into another, which is the answer."""
        body = {"into": into, "reason": reason}
        standing: models.Claim = self._post(f"/v1/claims/{step(claim_id)}/merge", body, idempotency_key)
        return standing

    def unmerge_claim(self, claim_id: str, reason: str, *, idempotency_key: str | None = None) -> models.Claim:
        """Take the merge of a claim back."""
        path = f"/v1/claims/{step(claim_id)}/unmerge"
        claim: models.Claim = self._post(path, {"reason": reason}, idempotency_key)
        return claim

    def add_mention(
        self, claim_id: str, mention: models.MentionBody, *, idempotency_key: str | None = None
    ) -> models.Mention:
        """Say that a document states a claim."""
        added: models.Mention = self._post(f"/v1/claims/{step(claim_id)}/mentions", {**mention}, idempotency_key)
        return added

    def withdraw_mention(self, mention_id: str, reason: str, *, idempotency_key: str | None = None) -> models.Withdrawn:
        """Withdraw a mention."""
        path = f"/v1/mentions/{step(mention_id)}/withdrawal"
        withdrawn: models.Withdrawn = self._post(path, {"reason": reason}, idempotency_key)
        return withdrawn

    def add_link(
        self, claim_id: str, link: models.LinkBody, *, idempotency_key: str | None = None
    ) -> models.StatedLink:
        """Say how a claim relates to another."""
        added: models.StatedLink = self._post(f"/v1/claims/{step(claim_id)}/links", {**link}, idempotency_key)
        return added

    def withdraw_link(self, link_id: str, reason: str, *, idempotency_key: str | None = None) -> models.Withdrawn:
        """Withdraw a link."""
        path = f"/v1/links/{step(link_id)}/withdrawal"
        withdrawn: models.Withdrawn = self._post(path, {"reason": reason}, idempotency_key)
        return withdrawn

    # Sources and documents.

    def create_source(self, source: models.SourceBody, *, idempotency_key: str | None = None) -> models.Source:
        """Add a source."""
        created: models.Source = self._post("/v1/sources", {**source}, idempotency_key)
        return created

    def change_source(
        self, source: models.Source | str, changes: models.SourcePatch, *, if_match: str | None = None
    ) -> models.Source:
        """Change what is said of a source. An id alone takes ``if_match``."""
        changed: models.Source = self._patch(f"/v1/sources/{step(source)}", source, {**changes}, if_match)
        return changed

    def merge_source(
        self, source_id: str, into: str, reason: str, *, idempotency_key: str | None = None
    ) -> models.Source:
        """Merge a source into another, which is the answer."""
        body = {"into": into, "reason": reason}
        standing: models.Source = self._post(f"/v1/sources/{step(source_id)}/merge", body, idempotency_key)
        return standing

    def unmerge_source(self, source_id: str, reason: str, *, idempotency_key: str | None = None) -> models.Source:
        """Take the merge of a source back."""
        path = f"/v1/sources/{step(source_id)}/unmerge"
        source: models.Source = self._post(path, {"reason": reason}, idempotency_key)
        return source

    def create_document(self, document: models.DocumentBody, *, idempotency_key: str | None = None) -> models.Document:
        """Add a document, without its text."""
        created: models.Document = self._post("/v1/documents", {**document}, idempotency_key)
        return created

    def change_document(
        self, document: models.Document | str, changes: models.DocumentPatch, *, if_match: str | None = None
    ) -> models.Document:
        """Change what is said of a document. An id alone takes ``if_match``."""
        changed: models.Document = self._patch(f"/v1/documents/{step(document)}", document, {**changes}, if_match)
        return changed

    # Judging.

    def create_verdict(
        self, claim_id: str, verdict: models.VerdictBody, *, idempotency_key: str | None = None
    ) -> models.Verdict:
        """Judge a claim, draft a verdict, correct one or take it back."""
        created: models.Verdict = self._post(f"/v1/claims/{step(claim_id)}/verdicts", {**verdict}, idempotency_key)
        return created

    def review_verdict(
        self, verdict_id: str, review: models.ReviewBody, *, idempotency_key: str | None = None
    ) -> models.Review:
        """Say what one thinks of somebody else's draft."""
        given: models.Review = self._post(f"/v1/verdicts/{step(verdict_id)}/reviews", {**review}, idempotency_key)
        return given

    def publish_verdict(self, verdict_id: str, *, idempotency_key: str | None = None) -> models.Verdict:
        """Publish a draft."""
        path = f"/v1/verdicts/{step(verdict_id)}/publication"
        published: models.Verdict = self._post(path, None, idempotency_key)
        return published

    def withdraw_draft(self, verdict_id: str, reason: str, *, idempotency_key: str | None = None) -> models.Verdict:
        """Give a draft up."""
        path = f"/v1/verdicts/{step(verdict_id)}/withdrawal"
        withdrawn: models.Verdict = self._post(path, {"reason": reason}, idempotency_key)
        return withdrawn

    def assign_claim(
        self, claim_id: str, assignment: models.AssignmentBody | None = None, *, idempotency_key: str | None = None
    ) -> models.Assignment:
        """Take a claim, or give it to somebody."""
        path = f"/v1/claims/{step(claim_id)}/assignment"
        made: models.Assignment = self._post(path, {**(assignment or {})}, idempotency_key)
        return made

    def release_claim(self, claim_id: str, *, idempotency_key: str | None = None) -> models.Assignment:
        """Let a claim go."""
        released: models.Assignment = self._post(f"/v1/claims/{step(claim_id)}/release", None, idempotency_key)
        return released
