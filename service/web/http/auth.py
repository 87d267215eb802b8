"""Who is asking: API keys as Bearer tokens (RFC 6750), and what each route demands.

Every route declares its access, and the guard around it keeps it; ``access_of`` tells it, so that a test can walk them.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, cast
from urllib.parse import unquote_plus

from flask import Flask, Response, current_app, g, request
from flask_httpauth import HTTPTokenAuth

from service.model.actors import Caller, KeyRole
from service.model.errors import KeyRefused
from service.store import Store
from service.use_cases.api_keys import KEY_PATTERN, check_key
from service.web.http.problems import problem

REALM = "claims"
CHALLENGE = f'Bearer realm="{REALM}"'
# Whoever cannot see to our health needs no key to ask after it.
NO_KEY_LOOKED_UP = frozenset({"/healthz", "/readyz"})

View = Callable[..., Response]


class Access(StrEnum):
    """What a route demands of whoever asks."""

    OPEN = "open"
    READ = "read"
    CHECKER = "checker"
    EDITOR = "editor"
    ADMIN = "admin"

    @property
    def role(self) -> KeyRole | None:
        """The least role; ``None`` where a key is not needed, or only because reading is closed."""
        return None if self in (Access.OPEN, Access.READ) else KeyRole(self.value)


def register(app: Flask, store: Store, *, reading_is_open: bool, key_parameter_under: str) -> None:
    """Find out who is asking before anything else is done, and refuse keys where they do not belong.

    Under ``key_parameter_under`` are clients that can show a key in the parameter ``key`` only. There it is good for
    reading, where that takes a key: logs on the way keep addresses (ours does not), so nothing is written by it.
    """
    auth = HTTPTokenAuth("Bearer", realm=REALM)
    app.extensions["access"] = auth, reading_is_open

    @auth.verify_token
    def known(token: str) -> Caller | None:
        return caller()

    @auth.get_user_roles
    def roles(holder: Caller) -> list[str]:
        return [role for role in KeyRole if holder.role.includes(role)]

    @auth.error_handler
    def refuse(status: int) -> Response:
        if status == 401:
            detail = "This needs an API key: send it as `Authorization: Bearer KEY`."
            return problem(401, detail, headers={"WWW-Authenticate": CHALLENGE})
        return problem(403, "Your API key's role may not do this.")

    @app.before_request
    def identify() -> Response | None:
        query = request.query_string.decode("latin-1")
        shown = None
        if request.path.startswith(f"{key_parameter_under}/"):
            shown = request.args.get("key")
            query = "&".join(part for part in query.split("&") if not part.startswith("key="))
        query = unquote_plus(query)
        if KEY_PATTERN.search(request.path) or KEY_PATTERN.search(query):
            detail = (
                "An API key was in the address, where logs keep it: revoke it. Keys go into the Authorization header."
            )
            return problem(400, detail, code="key_in_address")
        try:
            authorization = request.authorization
        except ValueError:
            # werkzeug's, of a Basic with more than ASCII. It is read again later.
            del request.environ["HTTP_AUTHORIZATION"]
            authorization = None
        if authorization is not None and authorization.type == "bearer" and request.path not in NO_KEY_LOOKED_UP:
            look_up(authorization.token or "")
        elif shown and not reading_is_open and request.method in ("GET", "HEAD"):
            look_up(shown)
        return None

    def look_up(key: str) -> None:
        try:
            g.caller = check_key(store, key)
        except KeyRefused as error:
            g.key_refused = error


def caller() -> Caller | None:
    """Who is asking, if they showed a valid key."""
    return cast("Caller | None", g.get("caller"))


def identified() -> Caller:
    """Who is asking, on a route that demands a key."""
    holder = caller()
    assert holder is not None  # noqa: S101 - the guard lets nobody else through
    return holder


def caller_id() -> str | None:
    """The id of the valid key behind the request."""
    holder = caller()
    return None if holder is None else holder.key_id


def may_read() -> bool:
    """Whether whoever asks may read what is in the store."""
    _, reading_is_open = current_app.extensions["access"]
    return reading_is_open or caller() is not None


def guarded(access: Access) -> Callable[[View], View]:
    """Keep a view behind ``access``."""

    def decorate(view: View) -> View:
        @wraps(view)
        def kept(*args: Any, **kwargs: Any) -> Response:
            # Here, since Flask-HTTPAuth takes a token that is empty or not one for none at all.
            if g.get("key_refused") is not None:
                raise g.key_refused
            auth, _ = current_app.extensions["access"]
            # Nor does it know a key that was shown as a parameter.
            anyone = access is Access.OPEN or (access is Access.READ and may_read())
            demand = auth.login_required(optional=anyone, role=access.role)
            return cast("Response", demand(view)(*args, **kwargs))

        kept.access = access  # type: ignore[attr-defined]
        return kept

    return decorate


def access_of(view: Callable[..., Any]) -> Access | None:
    """What a view declares that it demands; ``None`` when it declares nothing."""
    found: Access | None = getattr(view, "access", None)
    return found
