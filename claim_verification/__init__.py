"""A client of the claim-verification API (docs/client.md). It depends on requests only.

>>> with Client("https://claims.example", key="cv_...") as client:  # doctest: +SKIP
...     for claim in client.list_claims(status="contested"):
...         print(claim["id"], claim["corroboration"]["origins"])
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claim_verification._version import __version__
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

if TYPE_CHECKING:
    from claim_verification.client import Client

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


def __getattr__(name: str) -> Any:
    """Load the client on first use: the server and local commands use this package too, and need no HTTP library."""
    if name == "Client":
        from claim_verification.client import Client

        return Client
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
