"""Add a mention to a claim, and withdraw one; what this does to the count is said first."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import orjson
from flask import Response

from service.model.entities import DEFAULT_POLICY, Mention, Passage, Qualifier
from service.schemas.mention_and_link_bodies import MentionBody
from service.schemas.request_bodies import ReasonBody
from service.schemas.value_objects import ReportedSchema
from service.store import Store
from service.use_cases.claims import get_claim
from service.use_cases.effects import with_consent
from service.use_cases.mentions_and_links import add_mention, get_mention, withdraw_mention
from service.use_cases.provenance import get_provenance
from service.use_cases.references import document_meant, source_meant
from service.web.http.auth import Access, identified
from service.web.pages.desk.adding import begun
from service.web.pages.desk.blueprint import Desk
from service.web.pages.desk.forms import AGREED, Form
from service.web.pages.desk.record_forms import numeric, part
from service.web.pages.desk.rendering import desk_page, see
from service.web.pages.evidence import origins_of

_BODY, _REASON, _REPORTED = MentionBody(), ReasonBody(), ReportedSchema()
LABELS = {
    "document": "Document",
    "stance": "Stance",
    "attribution": "Attributed to",
    "basis": "Wording",
    "passage": "Where in the document",
    "reported": "Another value",
    "note": "Remark",
    "reason": "Reason",
    "low": "From",
    "high": "To",
    "unit": "Unit",
}
CHOSEN_FROM: dict[str, Any] = {"passages": list(Passage), "qualifiers": list(Qualifier)}
_CHOICES = {
    "stance": "Choose a stance.",
    "document": "Name the document, by its address or id.",
    "basis": "Choose a wording: the mention is attributed to somebody.",
}
_FIELDS = {
    "/locator/start": "start",
    "/locator/end": "end",
    "/locator/sha256": "sha256",
    "/locator": "start",
    "/reported/text": "reported",
    "/reported/quantity/low": "low",
    "/reported/quantity/high": "high",
    "/reported/quantity/unit": "unit",
    "/attribution": "attribution",
}


def add_mentions(desk: Desk) -> None:
    """Add the routes."""
    store = desk.store

    def show(form: Form, claim_id: str) -> Response:
        with store.snapshot():
            claim = get_claim(store, claim_id)
            found = get_provenance(store, claim_id, DEFAULT_POLICY, None)
        evidence = found.explained.evidence
        origins = origins_of(found.graph, evidence.mentions.get(claim_id, ()), evidence)
        shape = orjson.loads(claim.json)
        return desk_page("add_mention.html", form=form, shape=shape, origins=origins, **CHOSEN_FROM)

    @desk.form("/desk/claims/<claim_id>/mentions", "addMention", Access.EDITOR, show=show)
    def add(form: Form, claim_id: str) -> Response:
        path = f"/desk/claims/{claim_id}/mentions"
        if form.text("act") in ("add_document", "add_source"):
            kind = form.text("act").removeprefix("add_")
            return begun(store, kind, form, path, "document" if kind == "document" else "attribution")
        mention = typed_mention(store, form)
        adding = partial(add_mention, store, identified(), claim_id, mention)
        outcome = with_consent(store, adding, form.text(AGREED), lambda _: ())
        if outcome.done:
            return see(path, done="added")
        return desk_page("confirm_mention.html", form=form, outcome=outcome, changed=AGREED in form)

    def show_withdrawal(form: Form, mention_id: str) -> Response:
        return withdrawal_page(form, mention_id)

    def withdrawal_page(form: Form, mention_id: str, **more: object) -> Response:
        view = get_mention(store, mention_id)
        context: dict[str, Any] = {"form": form, "mention": view, "outcome": None, "changed": False, **more}
        return desk_page("withdraw_mention.html", **context)

    @desk.form("/desk/mentions/<mention_id>/withdrawal", "withdrawMention", Access.EDITOR, show=show_withdrawal)
    def withdraw(form: Form, mention_id: str) -> Response:
        form.names({}, LABELS)
        claim_id = get_mention(store, mention_id)["mention"].claim
        reason = form.load(_REASON, {"reason": form.text("reason")})["reason"]
        withdrawing = partial(withdraw_mention, store, identified(), mention_id, reason)
        outcome = with_consent(store, withdrawing, form.text(AGREED), lambda _: ["withdrawn"])
        if outcome.done:
            return see(f"/desk/claims/{claim_id}/mentions", done="withdrawn")
        return withdrawal_page(form, mention_id, outcome=outcome, changed=AGREED in form)


def typed_mention(store: Store, form: Form, former: Mention | None = None) -> Mention:
    """Return the mention that a form states, in place of a ``former`` one; raise ``Refused`` or ``InvalidInput``."""
    form.names(_FIELDS, LABELS, _CHOICES)
    # The form has no field for another time: it stays.
    kept = former and former.reported and _REPORTED.dump(former.reported)["time_frame"]
    mention: Mention = form.load(_BODY, _mention_body(store, form, kept))
    return mention


def _mention_body(store: Store, form: Form, time_frame: object) -> Mapping[str, Any]:
    document = form.text("document")
    quantity = part(low=numeric(form.text("low")), high=numeric(form.text("high")), unit=form.text("unit"))
    if quantity and form.text("qualifier"):
        quantity["qualifier"] = form.text("qualifier")
    return {
        "document": document and document_meant(store, "document", document),
        "attribution": [source_meant(store, "attribution", line) for line in form.lines("attribution")],
        **{name: form.text(name) for name in ("stance", "basis", "passage", "note")},
        "locator": part(start=numeric(form.text("start")), end=numeric(form.text("end")), sha256=form.text("sha256")),
        "reported": part(text=form.text("reported"), quantity=quantity, time_frame=time_frame),
    }
