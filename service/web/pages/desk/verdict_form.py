"""The form of a verdict: the body of the API that it stands for, and the form of a verdict that is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from service.model.verdicts import EvidenceItem, Verdict, VerdictState, VerdictSubmission
from service.schemas.verdict_bodies import VerdictBody
from service.web.pages.desk.forms import Form

LABELS = {
    "rating": "Your rating",
    "textual_rating": "In your own words",
    "rationale": "Why",
    "evidence": "Evidence",
    "url": "Your published review",
    "language": "Language",
    "title": "Title",
    "author": "Byline",
    "reviewed_at": "Published on",
    "reviewers": "Reviewers",
    "reason": "The change, and its reason",
}
_CHOICES = {"rating": "Choose a rating."}
EDITED = "Edited at the desk."
"""The reason for replacing a draft, if its author gives none."""
_BODY = VerdictBody()
_WORDS = ("rating", "textual_rating", "rationale", "url", "language", "title", "author", "reviewed_at", "reason")


def submission_of(form: Form, base: Verdict | None, *, draft: bool) -> VerdictSubmission:
    """Return the verdict that a form submits; raise ``Refused``.

    ``base`` is the verdict that it supersedes: what the form does not show is taken from there.
    """
    body: dict[str, Any] = {name: form.text(name) for name in _WORDS}
    evidence = list(_evidence(form, base))
    body["evidence"] = [item for _, item in evidence]
    body["claim_version"] = int(form.text("claim_version")) if form.text("claim_version").isdigit() else None
    body["draft"] = draft
    body["despite_assignment"] = bool(form.text("despite_assignment"))
    if draft:
        body["reviewers"] = form.texts("reviewers")
    if base is not None:
        body["supersedes"] = base.id
        body["authors"] = [asdict(author) | {"same_as": list(author.same_as)} for author in base.authors]
        if not base.current or was_draft(form):
            body["reason"] = body["reason"] or EDITED
    form.names({f"/evidence/{number}": field for number, (field, _) in enumerate(evidence)}, LABELS, _CHOICES)
    loaded: VerdictSubmission = form.load(_BODY, body)
    return loaded


def was_draft(form: Form) -> bool:
    """Return whether the verdict that the form supersedes was a draft when the form was shown."""
    return form.text("was") == VerdictState.DRAFT


def _evidence(form: Form, base: Verdict | None) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the field that each item of evidence comes from, and the item."""
    notes = {item.mention: item.note for item in base.evidence if item.mention} if base else {}
    for mention in dict.fromkeys(form.texts("mentions")):
        note = notes.get(mention)
        yield "mentions", {"mention": mention} | ({"note": note} if note else {})
    for line in form.lines("other"):
        place, _, note = line.partition(" ")
        kind = "url" if ":" in place else "document"
        yield "other", {kind: place} | ({"note": note.strip()} if note.strip() else {})


def fill(form: Form, verdict: Verdict) -> None:
    """Set the fields of a form that nobody has sent yet to those of a verdict."""
    form.fill(
        rating=verdict.rating,
        **{name: getattr(verdict, name) for name in _WORDS if name not in ("rating", "reason")},
        mentions=[item.mention for item in verdict.evidence if item.mention],
        other="\n".join(_line(item) for item in verdict.evidence if not item.mention),
        reviewers=list(verdict.reviewers),
    )


def _line(item: EvidenceItem) -> str:
    return " ".join(filter(None, (item.url or item.document, item.note and " ".join(item.note.split()))))


def says_the_same(submission: VerdictSubmission, verdict: Verdict) -> bool:
    """Return whether a verdict has the content that is submitted."""
    return all(getattr(submission, name) == value for name, value in _content(verdict).items())


def _content(verdict: Verdict) -> Mapping[str, Any]:
    names = (*_WORDS[:-1], "evidence", "authors")
    return {name: getattr(verdict, name) for name in names}
