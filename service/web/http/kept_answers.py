"""Answers that are kept until the database changes.

A list or a corroboration is the same for everybody without a key until something is written. The first request makes
the answer; while the database says that nothing was committed since, the next ones get the same bytes.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from threading import Lock

from flask import Response
from flask.globals import request_ctx

from service.store import Store
from service.web.http.auth import caller
from service.web.http.negotiation import CompleteResponse, send

# Bytes of bodies in each process, and of one of them.
_MOST, _LONGEST = 8 * 1024 * 1024, 512 * 1024
# Headers that ``send`` makes.
_SENT = frozenset({"Content-Type", "Content-Length", "ETag", "Cache-Control", "Vary"})
# Bytes: what the key and the headers of an answer take.
_BESIDE = 1024


@dataclass(frozen=True, slots=True)
class _Answer:
    body: bytes
    etag: str
    headers: tuple[tuple[str, str], ...]

    @property
    def size(self) -> int:
        """The bytes that it takes, with its key."""
        return len(self.body) + _BESIDE


class KeptAnswers:
    """Answers by request and state of the database; those that were not asked for longest are dropped first."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = Lock()
        self._answers: OrderedDict[Hashable, _Answer] = OrderedDict()
        self._bytes = 0

    def answer(self, ids: Mapping[str, str], view: Callable[[], Response]) -> Response:
        """Return the kept answer to this request, or what ``view`` returns.

        With a key the answer may show more, so ``view`` is called.
        """
        if caller() is not None:
            return view()
        actual = request_ctx.request
        state = self._store.state()
        key = (state, actual.endpoint, *ids.values(), actual.query_string, actual.root_path)
        with self._lock:
            kept = self._answers.get(key)
            if kept is not None:
                self._answers.move_to_end(key)
        if kept is None:
            response = view()
            self._keep(key, response)
            return response
        response = send(kept.body, etag=kept.etag)
        for name, value in kept.headers:
            response.headers.add(name, value)
        return response

    def _keep(self, key: Hashable, response: Response) -> None:
        etag, _ = response.get_etag()
        if response.status_code != 200 or not isinstance(response, CompleteResponse) or etag is None:
            return
        own = tuple((name, value) for name, value in response.headers if name not in _SENT)
        answer = _Answer(response.get_data(), etag, own)
        if len(answer.body) > _LONGEST:
            return
        with self._lock:
            # Two threads may have made the same answer at once.
            self._bytes += answer.size - (self._answers[key].size if key in self._answers else 0)
            self._answers[key] = answer
            while self._bytes > _MOST:
                _, dropped = self._answers.popitem(last=False)
                self._bytes -= dropped.size
