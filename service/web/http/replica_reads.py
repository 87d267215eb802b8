"""Reads on replicas: who has written reads that, and a read whose server is lost is answered by another one.

``Claims-Position`` is a position in the log of the database. The answer to a write has it, and a client that sends it
back is answered from a state that has that write. For a client that does not, the position is kept with its key.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from flask import Response
from flask.globals import app_ctx, request_ctx
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from service.model.errors import StoreUnavailable
from service.model.positions import NOWHERE, position_of, position_text
from service.storage.routing import Routing
from service.store import Store
from service.web.http.application import SynchronousFlask
from service.web.http.auth import caller, caller_id
from service.web.http.problem_details import Finding
from service.web.http.problems import invalid
from service.web.http.rate_limits import EXEMPT_PATHS, is_read

HEADER = "Claims-Position"
_MALFORMED = f"`{HEADER}` must be the value of that header in an earlier answer, for example `16/B374D848`."
# They say which servers answer, and choose for themselves.
_NOT_ROUTED = frozenset({*EXEMPT_PATHS, "/metrics"})

View = Callable[[], ResponseReturnValue]


def register(app: SynchronousFlask, store: Store) -> None:
    """Choose the server for each request of ``app``. SQLite has one, which is not lost."""
    if store.database.engine == "sqlite":
        return
    routing = store.routing

    def answered(view: View) -> ResponseReturnValue:
        if request_ctx.request.path in _NOT_ROUTED:
            return view()
        if is_read():
            return _read(store, view)
        routing.leave()
        response = view()
        if routing.replicas is None or request_ctx.request.method == "OPTIONS" or not isinstance(response, Response):
            return response
        if response.status_code < 400:
            response.headers[HEADER] = position_text(store.written_positions.note(caller_id()))
        return response

    app.around_view = answered

    @app.teardown_request
    def leave(error: BaseException | None) -> None:
        # What is streamed goes on reading where it began.
        if not app_ctx.g.get("streams_from_replica", False):
            routing.leave()


def _read(store: Store, view: View) -> ResponseReturnValue:
    """Answer a read, if need be by another server."""
    routing, since = store.routing, _since()
    _route(routing, since)
    response = _repeated(routing, view, since)
    if isinstance(response, Response) and routing.replicas is not None:
        if routing.replica is None:
            # The primary is ahead of the replicas that answer the next requests.
            if since != NOWHERE:
                with suppress(StoreUnavailable):
                    response.headers[HEADER] = position_text(store.database.position())
        elif response.is_streamed:
            app_ctx.g.streams_from_replica = True
            response.call_on_close(routing.leave)
    return response


def _repeated(routing: Routing, view: View, since: int) -> ResponseReturnValue:
    for _ in range(routing.attempts - 1):
        try:
            return view()
        except StoreUnavailable as error:
            if not routing.may_repeat(error):
                raise
            routing.doubt()
            _route(routing, since, again=True)
    return view()


def _since() -> int:
    """Return the position that the caller has to see: of the header, or of the last write with the key."""
    given = request_ctx.request.environ.get("HTTP_CLAIMS_POSITION")
    position = NOWHERE if given is None else position_of(given)
    if position is None:
        raise HTTPException(_MALFORMED, invalid([Finding("header", f"/{HEADER}", _MALFORMED)]))
    holder = caller()
    return position if holder is None else max(position, holder.position)


def _route(routing: Routing, since: int, *, again: bool = False) -> None:
    """Choose the server for a read. A condition on the state of a resource is for the primary, which alone decides."""
    if app_ctx.g.get("if_match") is not None:
        routing.leave()
        return
    client = caller_id() or request_ctx.request.remote_addr or ""
    routing.read(client, since, without=routing.replica if again else None)
