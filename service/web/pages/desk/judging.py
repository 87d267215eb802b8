"""Judge a claim: a new verdict, a draft that is continued, or a published verdict that is corrected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial

from flask import Response

from service.model.actors import Caller
from service.model.errors import Conflict, NotFound, VersionConflict
from service.model.verdicts import Verdict, VerdictState, VerdictSubmission
from service.store import Store
from service.use_cases import assignments
from service.use_cases.effects import with_consent
from service.use_cases.verdict_reads import ShownVerdict, get_verdict
from service.use_cases.verdict_rules import unmerged_claim
from service.use_cases.verdicts import publish, submit_verdict
from service.web.http.auth import identified
from service.web.pages.desk.blueprint import Desk
from service.web.pages.desk.forms import AGREED, PUBLIC, Form, Problem, Refused
from service.web.pages.desk.judging_view import judging_view, latest_of, own_verdicts
from service.web.pages.desk.rendering import desk_page, see
from service.web.pages.desk.verdict_form import fill, says_the_same, submission_of, was_draft

Shown = Callable[[Form], Response]


def add_judging(desk: Desk, *, review_required: bool, lasts: dt.timedelta) -> None:
    """Add the routes. ``lasts`` is the duration of an assignment."""
    pages = _Judging(desk.store, review_required, lasts)
    desk.form("/desk/claims/<claim_id>", "judgeClaim", show=pages.show_claim)(pages.judge)
    desk.form("/desk/verdicts/<verdict_id>", "reviseVerdict", show=pages.show_verdict)(pages.revise)


class _Judging:
    """The pages with the form of a verdict."""

    def __init__(self, store: Store, review_required: bool, lasts: dt.timedelta) -> None:
        self._store = store
        self._review_required = review_required
        self._lasts = lasts

    def show_claim(self, form: Form, claim_id: str) -> Response:
        """Return the form for a claim, or a redirect to the caller's own verdict on it."""
        own = own_verdicts(self._store, identified(), claim_id)
        if form.is_empty and own:
            return see(f"/desk/verdicts/{own[0].id}")
        return self._page(form, claim_id, None, own[0] if own else None)

    def judge(self, form: Form, claim_id: str) -> Response:
        """Do what the form for a claim says."""
        own = own_verdicts(self._store, identified(), claim_id)
        return self._act(form, claim_id, None, own, partial(self.show_claim, claim_id=claim_id))

    def show_verdict(self, form: Form, verdict_id: str) -> Response:
        """Return the form to continue a draft or to correct a verdict, or a redirect to what has replaced it."""
        base = self._own(verdict_id)
        latest = latest_of(self._store, identified(), base)
        if form.is_empty and latest.id != base.id:
            return see(f"/desk/verdicts/{latest.id}")
        return self._page(form, unmerged_claim(self._store, base.claim).id, base, latest)

    def revise(self, form: Form, verdict_id: str) -> Response:
        """Do what that form says."""
        base = self._own(verdict_id)
        latest = latest_of(self._store, identified(), base)
        claim_id = unmerged_claim(self._store, base.claim).id
        others = [] if latest.id == base.id else [latest]
        return self._act(form, claim_id, base, others, partial(self.show_verdict, verdict_id=verdict_id))

    def _page(self, form: Form, claim_id: str, base: Verdict | None, latest: Verdict | None) -> Response:
        """Return the page; ``latest`` is the verdict that takes the place of ``base``, if one was saved meanwhile."""
        if base is not None and "claim_version" not in form:
            fill(form, base)
        view = judging_view(self._store, identified(), claim_id, form, base, latest)
        return desk_page("judge.html", form=form, view=view, review_required=self._review_required)

    def _act(self, form: Form, claim_id: str, base: Verdict | None, others: Sequence[Verdict], show: Shown) -> Response:
        """Do what a button of the form says. ``others`` are versions of the verdict that were saved meanwhile."""
        act = form.text("act")
        if act in _ASSIGNING:
            self._assign(act, form, claim_id)
            return show(form)
        is_draft = act != "publish"
        submission = submission_of(form, base, draft=is_draft)
        for other in others:
            if says_the_same(submission, other) and (other.state is VerdictState.DRAFT) == is_draft:
                return _saved(other)  # the button was pressed twice
        if base is not None and base.state is VerdictState.PUBLISHED and was_draft(form):
            if says_the_same(submission, base) and not is_draft:
                return _saved(base)
            raise Conflict("published", "This draft was published meanwhile: say what changes, and correct it.")
        if others:
            raise Conflict("saved_meanwhile", "You have saved another version of this verdict meanwhile: see below.")
        if submission.claim_version < unmerged_claim(self._store, claim_id).judged_version:
            raise VersionConflict("The claim, or its evidence, has changed since you read it.")
        if is_draft:
            submitted = submit_verdict(self._store, identified(), claim_id, submission, self._review_required)
            return _saved(submitted.verdict)
        publishing = partial(self._publish, form, claim_id, base, submission)
        outcome = with_consent(self._store, publishing, form.text(AGREED), lambda _: [PUBLIC])
        if outcome.done:
            return _saved(outcome.result.verdict)
        return desk_page("confirm_verdict.html", form=form, outcome=outcome, base=base, changed=AGREED in form)

    def _publish(self, form: Form, claim_id: str, base: Verdict | None, submission: VerdictSubmission) -> ShownVerdict:
        caller = identified()
        if base is not None and base.state is VerdictState.DRAFT and says_the_same(submission, base):
            despite = bool(form.text("despite_request"))
            return publish(self._store, caller, base.id, self._review_required, despite_request=despite)
        return submit_verdict(self._store, caller, claim_id, submission, self._review_required)

    def _assign(self, act: str, form: Form, claim_id: str) -> None:
        form.names({"/checker": "colleague"}, {"checker": "Colleague"})
        try:
            _ASSIGNING[act](self._store, identified(), claim_id, form.text("colleague"), self._lasts)
        except NotFound as error:
            raise Refused([Problem(str(error))], 409) from error

    def _own(self, verdict_id: str) -> Verdict:
        verdict = get_verdict(self._store, verdict_id, identified()).verdict
        if verdict.checker != identified().name or verdict.review is not None or verdict.retraction:
            raise NotFound("verdict", verdict_id)
        return verdict


def _saved(verdict: Verdict) -> Response:
    if verdict.state is VerdictState.DRAFT:
        return see(f"/desk/verdicts/{verdict.id}", done="saved")
    return see("/desk", done="published", verdict=verdict.id)


_Assigning = Callable[[Store, Caller, str, str, dt.timedelta], object]
_ASSIGNING: dict[str, _Assigning] = {
    "take": lambda store, me, claim, _, lasts: assignments.assign(store, me, claim, None, None, lasts),
    "assign": lambda store, me, claim, name, lasts: assignments.assign(store, me, claim, name, None, lasts),
    "release": lambda store, me, claim, name, lasts: assignments.release(store, me, claim),
    "offer": lambda store, me, claim, name, lasts: assignments.offer(store, me, claim, name),
    "accept": lambda store, me, claim, name, lasts: assignments.accept(store, me, claim, lasts),
    "decline": lambda store, me, claim, name, lasts: assignments.decline(store, me, claim),
}
