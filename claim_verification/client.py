"""The client, composed of its groups of calls."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from requests.adapters import BaseAdapter

from claim_verification.bulk import BulkTransfers
from claim_verification.keys import KeyCalls
from claim_verification.reads import Reads
from claim_verification.transport import Transport
from claim_verification.writes import Writes


class Client(Reads, Writes, KeyCalls, BulkTransfers):
    """A client of the service at ``url``, which may have a path. A context manager; use one for each thread.

    ``timeout`` is (connect, read) in seconds, as in requests. A request is retried up to ``retries`` times where that
    is safe, as long as the retry starts within ``deadline`` seconds of the first attempt. ``adapter`` is a transport
    adapter of requests, used instead of its own. Every call may raise ``ClientError``. Answers are dictionaries, typed
    as in ``claim_verification.models``.
    """

    def __init__(
        self,
        url: str,
        key: str | None = None,
        *,
        timeout: tuple[float, float] = (5.0, 30.0),
        retries: int = 4,
        deadline: float = 60.0,
        adapter: BaseAdapter | None = None,
    ) -> None:
        self._transport = Transport(url, key, timeout, retries, deadline, adapter)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Client({self._transport.url!r})"

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()
