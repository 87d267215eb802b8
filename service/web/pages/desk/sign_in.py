"""Sign in with a key, sign out, and end all sessions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Response

from service.model.errors import KeyRefused
from service.use_cases.sessions import LASTS, begin_session, end_all_sessions, end_session, session_count
from service.web.http.auth import Access, caller, identified
from service.web.http.sessions import begin, refusal_to_sign_in, remove_cookie, set_cookie, signed_in
from service.web.pages.desk.blueprint import SIGN_IN, Desk, next_of
from service.web.pages.desk.forms import Form, Problem, Refused, unpacked
from service.web.pages.desk.rendering import desk_page, see


def add_sign_in(desk: Desk) -> None:
    """Add the routes."""
    store = desk.store

    def show(form: Form) -> Response:
        refusal = refusal_to_sign_in()
        if caller() is not None and not form.problems:
            return see(next_of(form))
        page: dict[str, Any] = {
            "hours": LASTS // dt.timedelta(hours=1),
            "next": next_of(form),
            "kept": form.text("kept"),
            "refusal": refusal,
            "ended": "kept" in form,
        }
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
        response = desk_page("resume.html", action=next_of(form), kept=kept) if kept else see(next_of(form))
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
