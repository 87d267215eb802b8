"""Decide suggestions: what would change is said first, and counted anew before anything is done."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import Response, request

from service.model.suggestions import SuggestionDecision, SuggestionKind, SuggestionState, decisions_on
from service.schemas.suggestions import DecisionBody, SuggestionsQuery
from service.use_cases.effects import with_consent
from service.use_cases.suggestion_decisions import decide
from service.use_cases.suggestion_shape import suggestion_json
from service.use_cases.suggestions import get_suggestion
from service.web.http.auth import Access, identified
from service.web.http.public_address import link
from service.web.pages.desk.blueprint import Desk
from service.web.pages.desk.forms import AGREED, Form
from service.web.pages.desk.rendering import desk_page, see
from service.web.pages.lists import suggestions_page
from service.web.pages.parameters import query, shown_parameters
from service.web.pages.rendering import without

_BODY = DecisionBody()
_LABELS = {"decision": "Your decision", "into": "The one that stays", "reason": "Reason"}
_CHANGES = (SuggestionDecision.MERGE, SuggestionDecision.COLLECTIVE)


def add_suggestions(desk: Desk) -> None:
    """Add the routes."""
    store = desk.store

    @desk.shows("/desk/suggestions", "listSuggestions", Access.EDITOR)
    def list_suggestions() -> Response:
        given = without(shown_parameters(), "done")
        items, cursor = suggestions_page(store, query(SuggestionsQuery, given))
        following = cursor and link("/desk/suggestions", **given | {"cursor": cursor})
        return desk_page(
            "suggestions.html",
            items=items,
            given=given,
            kinds=list(SuggestionKind),
            form=Form(request.args),
            next=following,
        )

    def show(form: Form, suggestion_id: str) -> Response:
        return page(form, suggestion_id)

    def page(form: Form, suggestion_id: str, **more: object) -> Response:
        shown = get_suggestion(store, suggestion_id)
        if form.is_empty:
            form.fill(into=shown.into)
        context: dict[str, Any] = {
            "item": suggestion_json(shown, detail=True),
            "records_at": f"{shown.stored.pair.kind.record_kind}s",
            "choices": decisions_on(shown.stored.pair.kind),
            "is_open": shown.stored.state is SuggestionState.OPEN,
            "outcome": None,
            "changed": False,
            **more,
        }
        return desk_page("suggestion.html", form=form, **context)

    @desk.form("/desk/suggestions/<suggestion_id>", "decideSuggestion", Access.EDITOR, show=show)
    def decide_suggestion(form: Form, suggestion_id: str) -> Response:
        form.names({}, _LABELS, {"decision": "Choose a decision."})
        body = {name: form.text(name) for name in ("decision", "into", "reason")}
        if body["decision"] != SuggestionDecision.MERGE:
            del body["into"]
        given = form.load(_BODY, body)
        effects = get_suggestion(store, suggestion_id).effects
        changes = given["decision"] in _CHANGES

        def also(_: None) -> Sequence[str]:
            return [effects.summary] if effects is not None and changes else []

        deciding = partial(
            decide, store, identified(), suggestion_id, given["decision"], given["into"], given["reason"]
        )
        outcome = with_consent(store, deciding, form.text(AGREED), also)
        if outcome.done:
            return see("/desk/suggestions", done="decided")
        return page(form, suggestion_id, outcome=outcome, changed=AGREED in form)
