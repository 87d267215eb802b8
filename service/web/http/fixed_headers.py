"""Headers that are the same in all responses: made once, and added after the application has answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class FixedHeaders:
    """WSGI middleware that adds ``headers`` to every response, and ``over_https`` to those sent over HTTPS.

    A header that a response has itself is left as it is; with an empty value it has none.
    """

    def __init__(self, app: WSGIApplication, headers: Mapping[str, str], over_https: Mapping[str, str]) -> None:
        self._app = app
        self._headers = list(headers.items())
        self._over_https = [*self._headers, *over_https.items()]
        self._names = frozenset(name for name, _ in self._over_https)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve a request."""
        fixed = self._over_https if environ["wsgi.url_scheme"] == "https" else self._headers

        def start(
            status: str, headers: list[tuple[str, str]], exc_info: OptExcInfo | None = None, /
        ) -> Callable[[bytes], Any]:
            own = {name for name, _ in headers}
            added = fixed if self._names.isdisjoint(own) else [each for each in fixed if each[0] not in own]
            kept = headers if added is fixed else [each for each in headers if each[1] or each[0] not in self._names]
            return start_response(status, kept + added, exc_info)

        return self._app(environ, start)
