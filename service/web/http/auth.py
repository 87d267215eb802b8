"""Authentication: API keys as Bearer tokens (RFC 6750), and the access that each route requires.

Every route declares its access and is guarded accordingly; a test walks the routes with ``access_of``.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from functools import wraps
from typing import Any, cast
from urllib.parse import unquote_plus

from flask import Flask, Response, current_app, g, request
from flask.globals import app_ctx, request_ctx
from flask_httpauth import HTTPTokenAuth
from werkzeug.datastructures import Authorization

from service.model.actors import Caller, KeyRole
from service.model.errors import KeyRefused, ServerLost
from service.store import Store
from service.use_cases.api_keys import KEY_PATTERN, check_key
from service.web.http.problems import problem

REALM = "claims"
CHALLENGE = f'Bearer realm="{REALM}"'
GOOG_API_KEY = "X-Goog-Api-Key"
"""The header in which Google's newer client libraries send a key."""
HOW_TO_SEND_A_KEY = "Send a valid API key in the header `Authorization: Bearer KEY`."
# Health checks must not depend on the table of keys.
NO_KEY_LOOKED_UP = frozenset({"/healthz", "/readyz"})

View = Callable[..., Response]


class Access(StrEnum):
    """The access that a route requires."""

    OPEN = "open"
    READ = "read"
    CHECKER = "checker"
    EDITOR = "editor"
    ADMIN = "admin"

    @property
    def role(self) -> KeyRole | None:
        """The least role; ``None`` where no key is needed, or only because reading is closed."""
        return None if self in (Access.OPEN, Access.READ) else KeyRole(self.value)


class _KeyAuth(HTTPTokenAuth):
    """Authentication by the key that ``register`` has looked up, in whichever header it came."""

    def authenticate(self, auth: Any, stored_password: Any) -> Caller | None:
        """Return the holder of the request's key."""
        return caller()


def register(app: Flask, store: Store, *, reading_is_open: bool, key_parameter_under: str) -> None:
    """Identify the caller before each request, and refuse API keys in URLs.

    Clients of the paths below ``key_parameter_under`` can send a key in the header ``X-Goog-Api-Key``, as in
    ``Authorization``, or in the parameter ``key``. In the parameter it is accepted for reading, if that needs a key,
    but not for writing: proxies log URLs (this service does not). A key of another service is ignored where none is
    needed.
    """
    auth = _KeyAuth("Bearer", realm=REALM)
    app.extensions["access"] = auth, reading_is_open

    @auth.get_user_roles
    def roles(holder: Caller) -> list[str]:
        return [role for role in KeyRole if holder.role.includes(role)]

    @auth.error_handler
    def refuse(status: int) -> Response:
        needed = g.access.role or KeyRole.CHECKER
        if status == 401:
            other = request.authorization is not None and request.authorization.type != "bearer"
            scheme = " `Authorization` has another scheme than Bearer." if other else ""
            detail = f"This request needs an API key.{scheme} {HOW_TO_SEND_A_KEY}"
            if request.path.startswith(with_key_parameter):
                reads = request.method in ("GET", "HEAD")
                detail += f" The header `{GOOG_API_KEY}`{' or the parameter `key`' * reads} does as well."
            return problem(401, detail, headers={"WWW-Authenticate": CHALLENGE})
        holder = identified()
        return problem(403, f"This request needs the role {needed}; your API key has the role {holder.role}.")

    with_key_parameter = f"{key_parameter_under}/"

    @app.before_request
    def identify() -> Response | None:
        actual = request_ctx.request
        path, query = actual.path, actual.query_string.decode("latin-1")
        shown = in_header = None
        if path.startswith(with_key_parameter):
            shown, in_header = request.args.get("key"), request.headers.get(GOOG_API_KEY)
            query = "&".join(part for part in query.split("&") if not part.startswith("key="))
        if KEY_PATTERN.search(path) or (query and KEY_PATTERN.search(unquote_plus(query))):
            detail = (
                "There is an API key in the URL, which proxies and browsers log: revoke the key. "
                "Send keys in the header `Authorization: Bearer KEY`."
            )
            return problem(400, detail, code="key_in_address")
        authorization = _authorization() if "HTTP_AUTHORIZATION" in actual.environ else None
        if authorization is not None and authorization.type == "bearer" and path not in NO_KEY_LOOKED_UP:
            look_up(authorization.token or "")
        elif in_header:
            look_up(in_header, is_needed=not (reading_is_open and request.method in ("GET", "HEAD")))
        elif shown and not reading_is_open and request.method in ("GET", "HEAD"):
            look_up(shown)
        return None

    def holder(key: str) -> Caller:
        for _ in range(store.routing.attempts - 1):
            with suppress(ServerLost):
                return check_key(store, key)
        return check_key(store, key)

    def look_up(key: str, *, is_needed: bool = True) -> None:
        try:
            g.caller = holder(key)
        except KeyRefused as error:
            if is_needed:
                g.key_refused = error


def _authorization() -> Authorization | None:
    """Return the header ``Authorization``, parsed; ``None`` if it is malformed."""
    try:
        return request.authorization
    except ValueError:
        # werkzeug's, for Basic with non-ASCII characters. The header is read again later.
        del request.environ["HTTP_AUTHORIZATION"]
        return None


def caller() -> Caller | None:
    """Return the holder of the request's key, or ``None`` without a valid one."""
    return cast("Caller | None", app_ctx.g.get("caller"))


def identified() -> Caller:
    """Return the holder of the request's key, on a route that requires one."""
    holder = caller()
    assert holder is not None  # noqa: S101 - guaranteed by the guard
    return holder


def caller_id() -> str | None:
    """Return the id of the request's key, or ``None`` without a valid one."""
    holder = caller()
    return None if holder is None else holder.key_id


def may_read() -> bool:
    """Return whether the caller may read the store."""
    _, reading_is_open = current_app.extensions["access"]
    return reading_is_open or caller() is not None


def guarded(access: Access) -> Callable[[View], View]:
    """Return a decorator that lets only callers with ``access`` call a view."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guard(*args: Any, **kwargs: Any) -> Response:
            # Checked here, since Flask-HTTPAuth treats an empty or malformed token like none.
            refused: KeyRefused | None = app_ctx.g.get("key_refused")
            if refused is not None:
                raise refused
            if access is Access.OPEN or (access is Access.READ and may_read()):
                return view(*args, **kwargs)
            auth, _ = current_app.extensions["access"]
            g.access = access
            return cast("Response", auth.login_required(role=access.role)(view)(*args, **kwargs))

        guard.access = access  # type: ignore[attr-defined]
        return guard

    return decorate


def access_of(view: Callable[..., Any]) -> Access | None:
    """Return the access that a view declares, or ``None``."""
    found: Access | None = getattr(view, "access", None)
    return found
