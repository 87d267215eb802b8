"""The view of the form of a verdict: the claim, its mentions by origin, and what has changed meanwhile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from service.corroboration.results import Corroboration
from service.model.actors import Caller
from service.model.entities import DEFAULT_POLICY
from service.model.errors import InvalidInput, NotFound
from service.model.filters import VerdictFilters
from service.model.timestamps import rfc3339
from service.model.verdicts import Assignment, Review, Verdict, VerdictState
from service.provenance.table import sentence
from service.store import Store
from service.use_cases.api_keys import holders
from service.use_cases.assignments import get_assignment
from service.use_cases.claims import get_claim, get_corroboration
from service.use_cases.provenance import get_provenance
from service.use_cases.verdict_reads import ShownVerdict, get_verdict, list_verdicts
from service.web.pages import words
from service.web.pages.desk.forms import Form
from service.web.pages.evidence import OriginView, origins_of

_VERDICTS = 20


@dataclass(frozen=True, slots=True)
class Standing:
    """A claim as it was or is: its text, its standing in a sentence, and the numbers of mentions and documents."""

    text: str
    sentence: str
    mentions: int
    documents: int


@dataclass(frozen=True, slots=True)
class JudgingView:
    """The content of the form. ``shape`` is the public JSON of the claim.

    ``before`` is the claim as the person read it, if it has changed since. ``saved`` is the verdict that was saved
    meanwhile, and ``action`` the path that the form is sent to. ``cited`` are mentions that the form has and the claim
    no longer. ``reviews`` are those of the draft.
    """

    shape: Mapping[str, Any]
    now: Standing
    before: Standing | None
    origins: Sequence[OriginView]
    cited: Sequence[str]
    others: Sequence[ShownVerdict]
    assignment: Assignment | None
    colleagues: Sequence[str]
    base: Verdict | None
    saved: Verdict | None
    stale: bool
    reviews: Sequence[Review]
    action: str
    version: int
    seen_at: str


def judging_view(
    store: Store, caller: Caller, claim_id: str, form: Form, base: Verdict | None, latest: Verdict | None
) -> JudgingView:
    """Return what the form of a verdict on a claim shows; raise ``NotFound`` or ``Merged``."""
    seen_at = rfc3339(dt.datetime.now(dt.UTC))
    with store.snapshot():
        claim = get_claim(store, claim_id)
        found = get_provenance(store, claim_id, DEFAULT_POLICY, None)
        verdicts = list_verdicts(store, VerdictFilters(current=True), None, _VERDICTS, caller, claim_id)
        seen = form.text("claim_version")
        is_behind = seen.isdigit() and int(seen) < claim.judged_version
        before = _seen(store, claim_id, form.text("seen_at")) if is_behind else None
        target = latest or base
        shown = get_verdict(store, target.id, caller) if target else None
    evidence = found.explained.evidence
    mentions = evidence.mentions.get(claim_id, ())
    there = {mention.id for mention in mentions}
    return JudgingView(
        shape=orjson.loads(claim.json),
        now=_standing(found.explained.claim.text, found.explained.result),
        before=before,
        origins=origins_of(found.graph, mentions, evidence),
        cited=[mention for mention in form.texts("mentions") if mention not in there],
        others=[each for each in verdicts if each.verdict.checker != caller.name],
        assignment=_assignment(store, claim_id),
        colleagues=[name for name in holders(store.api_keys) if name != caller.name],
        base=base,
        saved=latest if latest is not None and (base is None or latest.id != base.id) else None,
        stale=shown is not None and shown.stale,
        reviews=shown.reviews if shown and shown.verdict.state is VerdictState.DRAFT else (),
        action=f"/desk/verdicts/{target.id}" if target else f"/desk/claims/{claim_id}",
        version=claim.version,
        seen_at=seen_at,
    )


def own_verdicts(store: Store, caller: Caller, claim_id: str, checker: str | None = None) -> list[Verdict]:
    """Return a checker's drafts and current verdict on a claim, as far as the caller may see them, drafts first.

    The checker is the caller by default. Raises ``NotFound`` or ``Merged``.
    """
    name = checker or caller.name
    states = (VerdictState.DRAFT, VerdictState.PUBLISHED)
    with store.snapshot():
        found = [
            shown.verdict
            for state in states
            for shown in list_verdicts(
                store, VerdictFilters(state=state, checker=name), None, _VERDICTS, caller, claim_id
            )
        ]
    own = [verdict for verdict in found if verdict.review is None and not verdict.retraction]
    return [verdict for verdict in own if verdict.state is VerdictState.DRAFT or verdict.superseded_by is None]


def latest_of(store: Store, caller: Caller, verdict: Verdict) -> Verdict:
    """Return the verdict of the same checker that has taken the place of one, or the one itself."""
    if verdict.state is VerdictState.DRAFT or verdict.current:
        return verdict
    if verdict.superseded_by is not None:
        return latest_of(store, caller, get_verdict(store, verdict.superseded_by, caller).verdict)
    own = own_verdicts(store, caller, verdict.claim)
    return next((each for each in own if each.created_at > verdict.created_at), verdict)


def _assignment(store: Store, claim_id: str) -> Assignment | None:
    try:
        return get_assignment(store, claim_id)
    except NotFound:
        return None


def _seen(store: Store, claim_id: str, at: str) -> Standing | None:
    """Return a claim as it was when a person read it, from the log."""
    try:
        read_at = dt.datetime.fromisoformat(at)
        found = get_corroboration(store, claim_id, DEFAULT_POLICY, None, read_at if read_at.tzinfo else None)
    except (ValueError, InvalidInput, NotFound):
        return None
    return _standing(found.claim.text, found.result)


def _standing(text: str, result: Corroboration) -> Standing:
    return Standing(text, words.dated(sentence(result)), result.mentions, result.documents)
