"""Add the quote of a mention, which has to be the text of its span, and remove it."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Response

from service.schemas.mention_and_link_bodies import QuoteBody
from service.schemas.request_bodies import ReasonBody
from service.store import Store
from service.use_cases.effects import with_consent
from service.use_cases.mentions_and_links import add_quote, get_mention, remove_quote
from service.web.http.auth import Access, identified
from service.web.pages.desk.blueprint import Desk
from service.web.pages.desk.forms import AGREED, Form
from service.web.pages.desk.rendering import desk_page, see

_QUOTE, _REASON = QuoteBody(), ReasonBody()
_LABELS = {"quote": "Quote", "reason": "Reason", "locator": "The exact place"}
_DELETED = "deleted for good"


def add_quotes(desk: Desk) -> None:
    """Add the route: its form is that of a quote, or of the removal of the one that is there."""
    store = desk.store

    @desk.form("/desk/mentions/<mention_id>/quote", "quoteMention", Access.EDITOR, show=partial(_show, store))
    def quote(form: Form, mention_id: str) -> Response:
        form.names({}, _LABELS)
        if form.text("act") == "remove":
            reason = form.load(_REASON, {"reason": form.text("reason")})["reason"]
            removing = partial(remove_quote, store, identified(), mention_id, reason)
            outcome = with_consent(store, removing, form.text(AGREED), lambda _: [_DELETED])
            if not outcome.done:
                return _show(store, form, mention_id, outcome=outcome)
        else:
            text = form.load(_QUOTE, {"quote": form.verbatim("quote")})["quote"]
            add_quote(store, identified(), mention_id, text)
        return see(f"/claims/{get_mention(store, mention_id)['mention'].claim}")


def _show(store: Store, form: Form, mention_id: str, **more: object) -> Response:
    context: dict[str, Any] = {"form": form, "mention": get_mention(store, mention_id), "outcome": None, **more}
    return desk_page("quote.html", **context)
