"""Routes of the desk: each with the role that it needs; forms are guarded, done, or shown again with all their text."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.exceptions import Forbidden as HttpForbidden

from service.model.errors import Conflict, Duplicate, Forbidden, InvalidInput, Merged, VersionConflict
from service.store import Store
from service.web.http.auth import Access, caller
from service.web.http.blueprint import with_checked_ids
from service.web.http.negotiation import HTML, accepted
from service.web.http.sessions import is_own_form
from service.web.pages.desk.forms import RESUME, Form, Problem, Refused, packed
from service.web.pages.desk.rendering import desk_page, see

UNDER = "/desk"
SIGN_IN = f"{UNDER}/sign-in"
_NOT_SENT_FROM_HERE = (
    "Nothing was done: the form was not sent from this page, or you have signed in anew since. Everything you typed is "
    "here; send it once more."
)
_SHOWN_AGAIN = (Refused, InvalidInput, Conflict, Duplicate, Forbidden, VersionConflict)

Show = Callable[..., Response]
# A path of the desk, with or without a query. Browsers take "//" and "\\" for another host.
_NEXT = re.compile(r"/desk(/[A-Za-z0-9_-]+)*(\?[A-Za-z0-9_.~%&=+:/-]*)?")


class Desk(Blueprint):
    """The routes of the desk."""

    def __init__(self, store: Store) -> None:
        super().__init__("desk", __name__)
        self.store = store

    def shows(self, rule: str, endpoint: str, access: Access = Access.CHECKER) -> Callable[[Show], Show]:
        """Declare a page that reads only. The view takes the path's ids."""

        def decorate(view: Show) -> Show:
            self._add(rule, endpoint, access, lambda **ids: view(**ids), ["GET"])
            return view

        return decorate

    def form(
        self, rule: str, endpoint: str, access: Access = Access.CHECKER, *, show: Show | None = None
    ) -> Callable[[Show], Show]:
        """Declare a form. The view does what it asks for; it and ``show``, which shows it, take it and the path's ids.

        A form that is refused is shown again with all that was typed into it, and what is wrong. One without ``show``
        is a button on another page.
        """

        def decorate(act: Show) -> Show:
            def answer(**ids: str) -> Response:
                if request.method != "POST" and show is not None:
                    return show(Form(request.args), **ids)
                return _done(act, show or _refused, Form(request.form), ids)

            self._add(rule, endpoint, access, answer, ["GET", "POST"] if show else ["POST"])
            return act

        return decorate

    def _add(self, rule: str, endpoint: str, access: Access, view: Show, methods: list[str]) -> None:
        def guarded(**ids: str) -> Response:
            if request.method != "POST":
                accepted([HTML])
            holder = caller()
            if holder is None and access is not Access.OPEN:
                return _sign_in_first()
            if holder is not None and access.role and not holder.role.includes(access.role):
                detail = f"This page needs the role {access.role}; your key has the role {holder.role}."
                raise HttpForbidden(detail)
            try:
                return with_checked_ids(view)(**ids)
            except Merged as error:
                changed = ids | {f"{error.kind}_id": error.into}
                if request.method != "POST" and changed != ids:
                    return see(_path(rule, changed))
                raise Conflict("merged", str(error)) from error

        guarded.access = access  # type: ignore[attr-defined]
        self.add_url_rule(rule, endpoint, guarded, methods=methods)


def next_of(form: Form) -> str:
    """Return the path of the desk where a person goes on after this form."""
    path = form.text("next")
    return path if _NEXT.fullmatch(path) and not path.startswith(SIGN_IN) else UNDER


def _done(act: Show, show: Show, form: Form, ids: dict[str, str]) -> Response:
    """Do what a form asks for, or show it again."""
    if not is_own_form():
        form.problems.append(Problem(_NOT_SENT_FROM_HERE))
        response = show(form, **ids)
        response.status_code = 403
        return response
    if RESUME in form:
        return show(form, **ids)
    try:
        return act(form, **ids)
    except _SHOWN_AGAIN as error:
        status = form.refuse(error)
        response = show(form, **ids)
        response.status_code = status
        return response


def _refused(form: Form, **ids: str) -> Response:
    """Return the page of a button that did nothing."""
    return desk_page("refused.html", form=form)


def _sign_in_first() -> Response:
    """Return the way to sign in, and back to where the person was; a form is kept until then."""
    query = request.query_string.decode("latin-1")
    if request.method != "POST":
        return see(SIGN_IN, next=f"{request.path}?{query}" if query else request.path)
    kept = packed(Form(request.form).kept())
    return desk_page("sign_in.html", status=401, next=request.path, kept=kept, ended=True)


def _path(rule: str, ids: dict[str, Any]) -> str:
    for name, value in ids.items():
        rule = rule.replace(f"<{name}>", value)
    return rule
