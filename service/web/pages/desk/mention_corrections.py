"""Correct a mention: another takes its place; what this does to the count is said first."""

from __future__ import annotations

from functools import partial
from typing import Any

import orjson
from flask import Response

from service.model.entities import Mark, Mention
from service.model.errors import NotFound, VersionConflict, Withdrawn
from service.schemas.request_bodies import ReasonBody
from service.store import Store
from service.use_cases.claims import get_claim
from service.use_cases.effects import with_consent
from service.use_cases.mentions_and_links import replace_mention
from service.web.http.auth import Access, identified
from service.web.pages.desk.adding import begun
from service.web.pages.desk.blueprint import Desk
from service.web.pages.desk.correcting import Correction, differing
from service.web.pages.desk.forms import AGREED, Form
from service.web.pages.desk.mentions import CHOSEN_FROM, LABELS, typed_mention
from service.web.pages.desk.record_forms import typed
from service.web.pages.desk.rendering import desk_page, see

_REASON = ReasonBody()


def add_mention_corrections(desk: Desk) -> None:
    """Add the route."""
    store = desk.store

    @desk.form("/desk/mentions/<mention_id>/correction", "correctMention", Access.EDITOR, show=partial(_show, store))
    def correct(form: Form, mention_id: str) -> Response:
        if form.text("act") in ("add_document", "add_source"):
            kind = form.text("act").removeprefix("add_")
            path = f"/desk/mentions/{mention_id}/correction"
            return begun(store, kind, form, path, "document" if kind == "document" else "attribution")
        former, _, _ = _stated(store, mention_id)
        mention = typed_mention(store, form, former)
        reason = form.load(_REASON, {"reason": form.text("reason")})["reason"]
        replacing = partial(replace_mention, store, identified(), mention_id, mention, reason)
        try:
            outcome = with_consent(store, replacing, form.text(AGREED), lambda _: ["replaced"])
        except Withdrawn as error:
            mark = error.mark
            said = f"The mention was withdrawn since you opened it, by {mark.by}: {mark.reason} Nothing was saved."
            raise VersionConflict(said) from error
        claim_id = outcome.result["mention"].claim
        if outcome.done:
            return see(f"/desk/claims/{claim_id}/mentions", done="corrected")
        context: dict[str, Any] = {"former": mention_id, "changed": AGREED in form}
        return desk_page("confirm_mention.html", form=form, outcome=outcome, **context)


def _show(store: Store, form: Form, mention_id: str) -> Response:
    mention, withdrawn, shape = _stated(store, mention_id)
    if withdrawn and form.is_empty:
        raise Withdrawn("mention", mention_id, withdrawn)
    values = _values(mention)
    differences = differing(LABELS, values, form) if withdrawn else ()
    if form.is_empty:
        form.fill(**values)
    context: dict[str, Any] = {"shape": shape, "mention": mention, "withdrawn": withdrawn, **CHOSEN_FROM}
    return desk_page("correct_mention.html", form=form, correction=Correction(mention_id, "", differences), **context)


def _stated(store: Store, mention_id: str) -> tuple[Mention, Mark | None, dict[str, Any]]:
    """Return a mention, its withdrawal if it was withdrawn, and the JSON of its claim; raise ``NotFound``."""
    with store.snapshot():
        found = store.evidence.stated_mentions([mention_id]).get(mention_id)
        if found is None:
            raise NotFound("mention", mention_id)
        return *found, orjson.loads(get_claim(store, found[0].claim).json)


def _values(mention: Mention) -> dict[str, str]:
    """Return the values of the fields of the form for a mention."""
    place, other = mention.locator, mention.reported
    quantity = other and other.quantity
    found: dict[str, object] = {
        "document": mention.document,
        "stance": mention.stance,
        "attribution": "\n".join(mention.attribution),
        "basis": mention.basis,
        "passage": mention.passage,
        "note": mention.note,
        "start": place and place.start,
        "end": place and place.end,
        "sha256": place and place.sha256,
        "reported": other and other.text,
        "low": quantity and typed("low", quantity.low),
        "high": quantity and typed("high", quantity.high),
        "unit": quantity and quantity.unit,
        "qualifier": quantity and quantity.qualifier,
    }
    return {name: str(value) for name, value in found.items() if value not in (None, "")}
