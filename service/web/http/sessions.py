"""Sessions of browsers: a cookie that stands for a key below one path, and what guards its forms.

Where everybody may read, the cookie is sent to that path alone, so that no other answer depends on it; elsewhere it
also lets its holder read. It never lets anybody write outside of the path. Forms of a signed-in person carry a token
made from the secret of the session; beside it browsers say where a form was sent from (Fetch Metadata, or the header
``Origin``), which also guards the form that signs in.
"""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import ip_address
from typing import Any, cast

from flask import Flask, Response, after_this_request, g, request
from flask.globals import app_ctx, request_ctx

from service.model.actors import Session
from service.store import Store
from service.use_cases.sessions import current_session
from service.web.http.public_address import path_to

TOKEN_FIELD = "form_token"  # noqa: S105 - the name of a field
_COOKIE = "desk"
_READS = frozenset({"GET", "HEAD"})
_LOOPBACK = re.compile(r"localhost|.+\.localhost", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The session of a request, with the token of its cookie."""

    token: str
    session: Session


def register(app: Flask, store: Store, *, under: str, reading_is_open: bool) -> None:
    """Identify the caller of requests at and below the path ``under`` by the cookie, and by nothing else.

    Unless reading is open, identify those who read anything, too.
    """
    app.extensions["session_path"] = under if reading_is_open else "/"

    @app.before_request
    def look_up() -> None:
        actual, kept = request_ctx.request, app_ctx.g
        is_at_desk = actual.path == under or actual.path.startswith(f"{under}/")
        reads = actual.method in _READS and "HTTP_AUTHORIZATION" not in actual.environ and not reading_is_open
        if not is_at_desk and not reads:
            return
        if is_at_desk:
            kept.caller = kept.key_refused = None
            after_this_request(_forms_say_where)
        token = actual.cookies.get(_cookie_name())
        session = current_session(store, token) if token else None
        if token and session is not None:
            kept.signed_in = SignedIn(token, session)
            kept.caller = session.caller


def _forms_say_where(response: Response) -> Response:
    # By the referrer policy of other pages, browsers send "null" as the origin of a form.
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def signed_in() -> SignedIn | None:
    """Return the session of the request, or ``None``."""
    return cast("SignedIn | None", app_ctx.g.get("signed_in"))


def refusal_to_sign_in() -> str | None:
    """Return why nobody can sign in over this connection, or ``None``: a key must not travel in clear."""
    if request.scheme == "https" or _is_loopback(request.host):
        return None
    return (
        f"This page came over plain HTTP from {request.host}, so that others on the way could read your key. Open it "
        "with https. If it was opened with https, the operator has to set PUBLIC_URL or TRUSTED_PROXIES."
    )


def _is_loopback(host: str) -> bool:
    name = host.rpartition(":")[0] if re.search(r":[0-9]*$", host) else host
    if _LOOPBACK.fullmatch(name):
        return True
    try:
        return ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False


def begin(token: str, session: Session) -> None:
    """Make this the session of the request."""
    g.signed_in, g.caller = SignedIn(token, session), session.caller


def set_cookie(response: Response, token: str, session: Session) -> None:
    """Send the cookie of a session."""
    response.set_cookie(_cookie_name(), token, expires=session.expires_at, **_attributes())


def remove_cookie(response: Response) -> None:
    """Remove the cookie."""
    response.delete_cookie(_cookie_name(), **_attributes())


def _attributes() -> dict[str, Any]:
    path: str = request_ctx.app.extensions["session_path"]
    return {"path": path_to(path), "secure": request.scheme == "https", "httponly": True, "samesite": "Lax"}


def _cookie_name() -> str:
    return f"__Secure-{_COOKIE}" if request.scheme == "https" else _COOKIE


def form_token() -> str:
    """Return a token for a form of this session, another one each time; empty without a session."""
    found = signed_in()
    if found is None:
        return ""
    nonce = secrets.token_hex(8)
    return f"{nonce}.{_signature(found.token, nonce)}"


def is_own_form() -> bool:
    """Return whether the form of this request was sent from a page of this service, and of this session if any."""
    found = signed_in()
    return _is_from_here() and (found is None or _has_token(found.token))


def _has_token(token: str) -> bool:
    nonce, _, signature = request.form.get(TOKEN_FIELD, "").partition(".")
    return hmac.compare_digest(signature.encode(), _signature(token, nonce).encode())


def _signature(token: str, nonce: str) -> str:
    return hmac.new(token.encode(), f"form {nonce}".encode(), sha256).hexdigest()


def _is_from_here() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    # Browsers send the header with every form; a program without cookies needs none.
    return origin is None or origin == f"{request.scheme}://{request.host}"
