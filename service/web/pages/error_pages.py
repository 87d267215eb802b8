"""Errors as pages, for browsers: the same statuses and words as the problems of the API, and a way on."""

from __future__ import annotations

import http
import re

from flask import Response, g, request
from werkzeug.exceptions import HTTPException

from service.web.http.problems import ErrorShape, Problem
from service.web.http.sessions import form_token
from service.web.pages.desk.blueprint import SIGN_IN, UNDER
from service.web.pages.desk.forms import Form
from service.web.pages.rendering import link, uncached

# As the detail of a 404 ends that names a path of the service or the id of a record.
_MEANT = re.compile(r"Did you mean '([a-z0-9/._-]+)'\?$")
_FOR_PROGRAMS = ("v1", "v1alpha1", "feeds")


def page_shape() -> ErrorShape | None:
    """Return the shape of errors for this request, or ``None`` if a program made it."""
    steps = request.path.split("/")
    if steps[1] in _FOR_PROGRAMS:
        return None
    accepts = request.accept_mimetypes
    html, json = accepts["text/html"], accepts["application/json"]
    is_page = request.endpoint is not None and request.endpoint.startswith("pages.")
    return _as_page if html > json or (is_page and html == json) else None


def _meant(error: Problem) -> str | None:
    """Return the path that was probably meant, if the error names one."""
    found = _MEANT.search(error.detail) if error.status == 404 else None
    if found is None:
        return None
    return found[1] if found[1].startswith("/") else link(f"{request.path.rpartition('/')[0]}/{found[1]}")


def _kept() -> list[tuple[str, str]]:
    """Return the fields of a form of the desk that this error answers, so that no text is lost."""
    if request.method != "POST" or not request.path.startswith(f"{UNDER}/") or request.path == SIGN_IN:
        return []
    try:
        return Form(request.form).kept()
    except HTTPException:  # too large, or malformed
        return []


def _as_page(error: Problem) -> Response:
    return uncached(
        "error.html",
        status=error.status,
        error=error,
        meant=_meant(error),
        title=http.HTTPStatus(error.status).phrase,
        request_id=g.get("request_id", ""),
        kept=_kept(),
        form_token=form_token,
    )
