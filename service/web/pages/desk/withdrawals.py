"""Withdraw a draft, or retract a published verdict, as its author or an admin."""

from __future__ import annotations

from typing import Any

from flask import Response

from service.model.actors import KeyRole
from service.model.errors import NotFound
from service.model.verdicts import Verdict, VerdictState
from service.schemas.request_bodies import ReasonBody
from service.schemas.verdict_bodies import VerdictBody
from service.use_cases.claims import get_claim
from service.use_cases.effects import with_consent
from service.use_cases.verdict_reads import ShownVerdict, get_verdict
from service.use_cases.verdict_rules import unmerged_claim
from service.use_cases.verdicts import submit_verdict, withdraw_draft
from service.web.http.auth import identified
from service.web.pages.desk.blueprint import Desk
from service.web.pages.desk.forms import AGREED, Form
from service.web.pages.desk.rendering import desk_page, see

_REASON, _VERDICT = ReasonBody(), VerdictBody()
_LABELS = {"reason": "Reason"}
_FINAL = "cannot be undone"


def add_withdrawals(desk: Desk, *, review_required: bool) -> None:
    """Add the route. A retraction is a verdict, so that it may need a review, too."""
    store = desk.store

    def show(form: Form, verdict_id: str) -> Response:
        return _page(changeable(verdict_id), form)

    def changeable(verdict_id: str) -> Verdict:
        me, verdict = identified(), get_verdict(store, verdict_id, identified()).verdict
        may = verdict.checker == me.name or me.role is KeyRole.ADMIN
        if not may or verdict.review is not None or verdict.retraction:
            raise NotFound("verdict", verdict_id)
        return verdict

    @desk.form("/desk/verdicts/<verdict_id>/withdrawal", "withdrawVerdict", show=show)
    def withdraw(form: Form, verdict_id: str) -> Response:
        verdict = changeable(verdict_id)
        form.names({}, _LABELS)
        if verdict.state is VerdictState.PUBLISHED:
            outcome = with_consent(store, lambda: retract(form, verdict), form.text(AGREED), lambda _: [_FINAL])
        else:
            reason = form.load(_REASON, {"reason": form.text("reason")})["reason"]
            withdrawing = lambda: withdraw_draft(store, identified(), verdict_id, reason)  # noqa: E731
            outcome = with_consent(store, withdrawing, form.text(AGREED), lambda _: [_FINAL])
        if outcome.done:
            return see("/desk", done="withdrawn" if verdict.state is VerdictState.DRAFT else "retracted")
        return _page(verdict, form, outcome=outcome, changed=AGREED in form)

    def retract(form: Form, verdict: Verdict) -> ShownVerdict:
        claim = unmerged_claim(store, verdict.claim)
        body = {
            "claim_version": get_claim(store, claim.id).version,
            "supersedes": verdict.id,
            "retraction": True,
            "reason": form.text("reason"),
        }
        return submit_verdict(store, identified(), claim.id, form.load(_VERDICT, body), review_required)


def _page(verdict: Verdict, form: Form, **more: object) -> Response:
    context: dict[str, Any] = {"form": form, "verdict": verdict, "outcome": None, "changed": False, **more}
    return desk_page("withdraw.html", **context)
