"""Sign in with a key, sign out, and end all sessions."""

from __future__ import annotations

import re

from flask import Response

from service.model.errors import KeyRefused
from service.use_cases.sessions import begin_session, end_all_sessions, end_session, session_count
from service.web.http.auth import Access, caller, identified
from service.web.http.sessions import begin, refusal_to_sign_in, remove_cookie, set_cookie, signed_in
from service.web.pages.desk.blueprint import SIGN_IN, UNDER, Desk
from service.web.pages.desk.forms import Form, Problem, Refused, unpacked
from service.web.pages.desk.rendering import desk_page, see

# A path of the desk, with or without a query. Browsers take "//" and "\" for another host.
_NEXT = re.compile(r"/desk(/[A-Za-z0-9_-]+)*(\?[A-Za-z0-9_.~%&=+:/-]*)?")


def add_sign_in(desk: Desk) -> None:
    """Add the routes."""
    store = desk.store

    def show(form: Form) -> Response:
        refusal = refusal_to_sign_in()
        if caller() is not None and not form.problems:
            return see(_next(form))
        page = {"next": _next(form), "kept": form.text("kept"), "refusal": refusal, "ended": "kept" in form}
        return desk_page("sign_in.html", status=403 if refusal else 200, form=form, **page)

    @desk.form(SIGN_IN, "signIn", Access.OPEN, show=show)
    def sign_in(form: Form) -> Response:
        refusal = refusal_to_sign_in()
        if refusal:
            raise Refused([Problem(refusal)], 403)
        try:
            token, session = begin_session(store, form.text("key"))
        except KeyRefused as error:
            raise Refused([Problem(str(error), "key")], 401) from error
        begin(token, session)
        kept = unpacked(form.text("kept"))
        response = desk_page("resume.html", action=_next(form), kept=kept) if kept else see(_next(form))
        set_cookie(response, token, session)
        return response

    @desk.form("/desk/sign-out", "signOut", Access.OPEN)
    def sign_out(form: Form) -> Response:
        found = signed_in()
        if found is not None:
            end_session(store, found.token)
        return _signed_out()

    def show_sessions(form: Form) -> Response:
        return desk_page("sessions.html", form=form, count=session_count(store, identified()))

    @desk.form("/desk/sessions", "endSessions", show=show_sessions)
    def end_sessions(form: Form) -> Response:
        end_all_sessions(store, identified())
        return _signed_out()


def _signed_out() -> Response:
    response = see(SIGN_IN)
    remove_cookie(response)
    return response


def _next(form: Form) -> str:
    path = form.text("next")
    return path if _NEXT.fullmatch(path) and not path.startswith(SIGN_IN) else UNDER
