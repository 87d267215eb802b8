"""Render pages: the Jinja templates, their functions, the policy of what a page may load, and its ETag."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, wraps
from hashlib import blake2b
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
from flask import Flask, Response, current_app, g, render_template, request, url_for
from markupsafe import Markup, escape

from service import __version__
from service.model.entities import Status
from service.provenance.shapes import status_mark
from service.search.highlighting import Highlight
from service.store import Store
from service.web.http.auth import caller
from service.web.http.negotiation import HTML, not_modified, send
from service.web.http.public_address import base, link
from service.web.pages import words
from service.web.pages.page_cache import PageCache

CONTENT_TYPE = f"{HTML}; charset=utf-8"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
# Swagger UI writes styles into its elements, and has pictures in its style sheet.
CONSOLE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# On a form, or around links: what they lead to takes the place of this page's content, without a reload.
_IN_PLACE = Markup("""data-hx-boost='target:"#main" select:"#main > *" swap:"innerHTML show:none" selectOOB:"#json"'""")
# Other sites may frame these pages; their links open a window of their own.
EMBEDDED_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
_TEMPLATES = Path(__file__).parent.parent / "templates" / "pages"
_WIDE = (Status.POSSIBLY_CORROBORATED, Status.CORROBORATED, Status.CONTESTED)

_CODE = re.compile("`([^`]+)`")

View = Callable[..., Response]


def register(app: Flask) -> None:
    """Give the templates their functions, and take the lines of template tags out of pages."""
    app.extensions["pages"] = PageCache()
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        link=link,
        status=status,
        in_place=_IN_PLACE,
        status_words=lambda status: words.STATUSES[Status(status)],
        sheet=lambda name: url_for("static", filename=name),
    )
    app.jinja_env.filters.update(
        day=words.day,
        days=words.days,
        dated=words.dated,
        to_the_second=words.to_the_second,
        plain=words.plain,
        web=web_address,
        listed=words.listed,
        code=_with_code,
        marked=_marked,
        steps=_with_breaks,
        host=_host,
        capitalize_first=lambda text: text[:1].upper() + text[1:],
    )


def page(template: str, *, policy: str = POLICY, **context: Any) -> Response:
    """Return a page of a template, with the ETag that ``of_the_log`` made or a hash of the page."""
    return with_policy(send(_rendered(template, context).encode(), CONTENT_TYPE, g.get("page_tag")), policy)


def uncached(template: str, *, status: int = 200, **context: Any) -> Response:
    """Return a page that no cache keeps: an error, or an answer to what a person sent."""
    response = Response(_rendered(template, context), status, content_type=CONTENT_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return with_policy(response)


def _rendered(template: str, context: Mapping[str, Any]) -> str:
    return render_template(f"pages/{template}", here=request.path, recounting=g.get("recounting", 0), **context)


def in_script(value: Any) -> Markup | None:
    """Return JSON for a ``script`` element, which no text in it can end; ``None`` for ``None``."""
    if value is None:
        return None
    return Markup(in_lines(value).replace("<", "\\u003c"))  # noqa: S704 - it has no tag


def in_lines(value: Any) -> str:
    """Return JSON that a person can read."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


def with_policy(response: Response, policy: str = POLICY) -> Response:
    """Set the policy of pages; needed on a 304, too: its headers replace those in the browser's cache."""
    response.headers["Content-Security-Policy"] = policy
    if policy == EMBEDDED_POLICY:
        # Without a value: the header that every other response has is left out.
        response.headers["X-Frame-Options"] = ""
    return response


def of_the_log(store: Store, view: View, policy: str = POLICY) -> View:
    """Return ``view`` with an answer from the cache of the client or of this process where the log has not grown.

    A page is made from the store, the address, the version and the templates. Every change of the store is in the log,
    except that claims which wait to be recomputed become fewer, and that derived data is rebuilt. The holder of a key
    may see more than others, so that such a page is made anew, and its ETag is a hash of it.
    """

    @wraps(view)
    def remembered(*arguments: Any, **ids: str) -> Response:
        g.recounting = store.recounts.claims_left()
        if caller() is not None:
            return with_policy(view(*arguments, **ids), policy)
        tag = g.page_tag = _tag(store)
        unchanged = not_modified(tag)
        if unchanged is not None:
            return with_policy(unchanged, policy)
        return kept(tag, lambda: view(*arguments, **ids), policy)

    return remembered


def kept(name: str, make: Callable[[], Response], policy: str = POLICY) -> Response:
    """Return the page that this process keeps under a name, or keep the one that ``make`` returns."""
    cache: PageCache = current_app.extensions["pages"]
    made = cache.get(name)
    if made is not None:
        return with_policy(send(made, CONTENT_TYPE, g.get("page_tag")), policy)
    response = with_policy(make(), policy)
    if response.status_code == 200:
        cache.put(name, response.get_data())
    return response


def _tag(store: Store) -> str:
    size, at_us, last = store.events.log_end()
    rebuilds = store.projections.rebuilds()
    state = f"{size} {at_us} {last} {g.recounting} {rebuilds} {base()} {request.full_path} {_made_by()}"
    return blake2b(state.encode(), digest_size=16).hexdigest()


@cache
def _made_by() -> str:
    """Return a hash of what pages are made by, beside the store: the version and the templates."""
    digest = blake2b(__version__.encode(), digest_size=8)
    for file in sorted(_TEMPLATES.rglob("*.html")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


@cache
def status(name: str) -> Markup:
    """Return a status as its shape and its word. The shapes are told apart without colour."""
    known = Status(name)
    width = 31 if known in _WIDE else 16
    size = f'viewBox="-8 -8 {width} 16" width="{width}" height="16"'
    drawn = f'<svg class="shape" {size} aria-hidden="true">{status_mark(known, 0, 0)}</svg>'
    return Markup(f'<span class="status tone-{known}">{drawn}{words.STATUSES[known]}</span>')  # noqa: S704 - our own


def web_address(url: str | None) -> str | None:
    """Return an address that a page may link to, else ``None``: http and https alone."""
    if url is None:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def _marked(highlight: Highlight) -> Markup:
    """Return the pieces of a text, those marked that matched."""
    pieces = (
        f"<mark>{escape(piece.text)}</mark>" if piece.matched else escape(piece.text) for piece in highlight.pieces
    )
    before, after = "… " * (highlight.start > 0), " …" * (highlight.end < highlight.length)
    return Markup(f"{before}{''.join(pieces)}{after}")  # noqa: S704 - escaped


def _with_code(text: str) -> Markup:
    """Return a text of the OpenAPI document, in which code stands between backticks."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped


def _with_breaks(path: str) -> Markup:
    """Return a path that may be broken before each of its steps."""
    return Markup("<wbr>/").join(path.split("/"))


def _host(url: str) -> str:
    return urlsplit(url).netloc.removeprefix("www.")


def without(parameters: Mapping[str, str], *names: str) -> dict[str, str]:
    """Return parameters without those of these names."""
    return {name: value for name, value in parameters.items() if name not in names}
