"""A client of the service, on requests alone: docs/client.md.

>>> with Client("https://claims.example", key="cv_...") as client:  # doctest: +SKIP
...     for claim in client.list_claims(status="contested"):
...         print(claim["id"], claim["corroboration"]["origins"])
"""

from __future__ import annotations

from types import TracebackType
from typing import Self

from claim_verification._version import __version__
from claim_verification.bulk import Moving
from claim_verification.errors import (
    BadAnswer,
    ClientError,
    Conflict,
    Invalid,
    Merged,
    NotAllowed,
    NotFound,
    Problem,
    Unavailable,
    Unreachable,
    Unusable,
)
from claim_verification.keys import Keys
from claim_verification.reads import Reading
from claim_verification.transport import Transport
from claim_verification.writes import Writing

__all__ = [
    "BadAnswer",
    "Client",
    "ClientError",
    "Conflict",
    "Invalid",
    "Merged",
    "NotAllowed",
    "NotFound",
    "Problem",
    "Unavailable",
    "Unreachable",
    "Unusable",
    "__version__",
]


class Client(Reading, Writing, Keys, Moving):
    """The service at ``url``, which may have a path. A context manager; one for each thread.

    ``timeout`` is for the connection, and for the silence between two parts of an answer, in seconds. A request is sent
    again up to ``retries`` times where that is safe, as long as that begins within ``deadline`` seconds. Every call
    raises ``ClientError``. Answers are dictionaries, typed as in ``claim_verification.models``.
    """

    def __init__(
        self,
        url: str,
        key: str | None = None,
        *,
        timeout: tuple[float, float] = (5.0, 30.0),
        retries: int = 4,
        deadline: float = 60.0,
    ) -> None:
        self._transport = Transport(url, key, timeout, retries, deadline)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Client({self._transport.url!r})"

    def close(self) -> None:
        """Let the connections go."""
        self._transport.close()
