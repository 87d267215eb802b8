"""Review a colleague's draft; editors also publish it."""

from __future__ import annotations

from functools import partial

from flask import Response

from service.model.errors import Conflict, NotFound
from service.model.verdicts import VerdictState
from service.schemas.verdict_bodies import ReviewBody
from service.use_cases.effects import with_consent
from service.use_cases.verdict_reads import get_verdict
from service.use_cases.verdicts import publish, review
from service.web.http.auth import identified
from service.web.http.public_address import base
from service.web.pages.desk.blueprint import Desk
from service.web.pages.desk.forms import AGREED, PUBLIC, Form
from service.web.pages.desk.judging_view import own_verdicts
from service.web.pages.desk.rendering import desk_page, see
from service.web.pages.verdict_view import verdict_view

_BODY = ReviewBody()
_LABELS = {"decision": "Your decision", "note": "Changes to make"}


def add_reviews(desk: Desk, *, review_required: bool) -> None:
    """Add the route."""
    store = desk.store

    def show(form: Form, verdict_id: str) -> Response:
        caller = identified()
        view = verdict_view(store, verdict_id, caller, base())
        verdict = view["shown"].verdict
        if verdict.state is VerdictState.PUBLISHED or verdict.checker == caller.name:
            return see(f"/desk/verdicts/{verdict_id}" if verdict.checker == caller.name else f"/verdicts/{verdict_id}")
        replaced = verdict.state is VerdictState.WITHDRAWN
        return desk_page("review.html", form=form, view=view, newer=newer(verdict_id) if replaced else None)

    def newer(verdict_id: str) -> object:
        """Return the draft that has replaced a withdrawn one, if the caller may see it."""
        verdict = get_verdict(store, verdict_id, identified()).verdict
        later = own_verdicts(store, identified(), verdict.claim, verdict.checker)
        return next((each for each in later if each.created_at > verdict.created_at), None)

    def publish_draft(form: Form, verdict_id: str) -> Response:
        despite = bool(form.text("despite_request"))
        publishing = partial(publish, store, identified(), verdict_id, review_required, despite_request=despite)
        outcome = with_consent(store, publishing, form.text(AGREED), lambda _: [PUBLIC])
        if outcome.done:
            return see("/desk", done="published", verdict=verdict_id)
        return desk_page("confirm_verdict.html", form=form, outcome=outcome, base=None, changed=AGREED in form)

    @desk.form("/desk/reviews/<verdict_id>", "reviewDraft", show=show)
    def review_draft(form: Form, verdict_id: str) -> Response:
        if form.text("act") == "publish":
            return publish_draft(form, verdict_id)
        form.names({}, _LABELS)
        given = form.load(_BODY, {"decision": form.text("decision"), "note": form.text("note")})
        try:
            review(store, identified(), verdict_id, given["decision"], given["note"])
        except NotFound as error:
            raise Conflict("gone", "You may no longer see this draft: its author names other reviewers.") from error
        return see("/desk", done="reviewed")
