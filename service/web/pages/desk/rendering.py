"""Render pages of the desk: for one person, kept by no cache."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Response, g, render_template, request

from service.web.http.auth import caller
from service.web.http.sessions import form_token, signed_in
from service.web.pages.desk.forms import Form
from service.web.pages.rendering import CONTENT_TYPE, with_policy


def desk_page(template: str, *, status: int = 200, **context: Any) -> Response:
    """Return a page of a template of the desk."""
    found = signed_in()
    body = render_template(
        f"pages/desk/{template}",
        here=request.path,
        recounting=g.get("recounting", 0),
        me=caller(),
        session=found and found.session,
        form_token=form_token,
        **{"form": Form(), **context},
    )
    response = Response(body, status, content_type=CONTENT_TYPE)
    response.headers["Cache-Control"] = "private, no-store"
    return with_policy(response)


def see(path: str, **parameters: object) -> Response:
    """Return a redirect after a form was done, so that a reload does nothing again."""
    response = Response(status=303)
    # Completed when it is sent (``public_address``).
    response.headers["Location"] = f"{path}?{urlencode(parameters)}" if parameters else path
    response.headers["Cache-Control"] = "private, no-store"
    return response
