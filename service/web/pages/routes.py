"""Routes of pages for browsers; all of them read only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import marshmallow as ma
import orjson
from flask import Blueprint, Response, request
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from service.provenance.styles import page_sheet
from service.schemas.requests import CorroborationQuery
from service.store import Store
from service.web.http.auth import Access, guarded
from service.web.http.blueprint import with_checked_ids
from service.web.http.findings import findings_of
from service.web.http.negotiation import accepted, send
from service.web.http.problems import invalid
from service.web.http.public_address import base
from service.web.pages import words
from service.web.pages.claim_view import claim_view
from service.web.pages.rendering import HTML, View, link, of_the_log, page

_MEDIA_TYPE = HTML.partition(";")[0]


class Pages(Blueprint):
    """Routes of pages, each with its access."""

    def __init__(self, store: Store) -> None:
        super().__init__("pages", __name__)
        self._store = store

    def shows(self, rule: str, endpoint: str, *, logged: bool = True) -> Callable[[View], View]:
        """Declare a page. The view takes the path's ids; ``logged`` if all that it shows is in the log."""

        def decorate(view: View) -> View:
            inner = of_the_log(self._store, view) if logged else view

            def negotiated(**ids: str) -> Response:
                accepted([_MEDIA_TYPE])
                return with_checked_ids(inner)(**ids)

            self.add_url_rule(rule, endpoint, guarded(Access.READ)(negotiated))
            return view

        return decorate


def query(schema: type[ma.Schema], given: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the parameters of the request, loaded by a schema of the API; a form sends empty ones, which are none.

    Answers 422 with what is wrong.
    """
    shown = {name: value for name, value in (request.args if given is None else given).items() if value.strip()}
    loader = schema()
    try:
        loaded: dict[str, Any] = loader.load(shown)
    except ma.ValidationError as error:
        response = invalid(findings_of({"query": error.normalized_messages()}, loader, shown))
        raise HTTPException(response=response) from error
    return loaded


def blueprint(store: Store) -> Pages:
    """Return the pages, over ``store``."""
    routes = Pages(store)

    @routes.shows("/claims/<claim_id>", "showClaim")
    def show_claim(claim_id: str) -> Response:
        given = {name: value for name, value in request.args.items() if value and name != "include"}
        view = claim_view(store, claim_id, query(CorroborationQuery, given), base())
        text = orjson.dumps(view.linked_data, option=orjson.OPT_INDENT_2).decode()
        badge = f"/v1/claims/{claim_id}/badge.svg"
        return page(
            "claim.html",
            view=view,
            base=base(),
            address=f"{base()}/claims/{claim_id}",
            json=link(f"/v1/claims/{claim_id}", format="json"),
            corroboration=link(f"/v1/claims/{claim_id}/corroboration", **given),
            badge=link(badge, **given),
            badge_path=badge,
            stored=not given,
            level=words.LEVELS[view.policy.independence],
            linked_data=Markup(text.replace("<", "\\u003c")),  # noqa: S704 - JSON, which cannot end its element
            linked_data_text=text,
        )

    @routes.route("/static/provenance.css")
    @guarded(Access.OPEN)
    def style_provenance() -> Response:
        return send(page_sheet().encode(), "text/css; charset=utf-8")

    return routes
