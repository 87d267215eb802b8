"""The header of lists that may be behind, since claims wait to be recomputed."""

from __future__ import annotations

from flask import Response

HEADER = "Claims-Recounting"


def announced(response: Response, claims_left: int) -> Response:
    """Return an answer with the number of claims that are left to be recomputed, if there are any."""
    if claims_left:
        response.headers[HEADER] = str(claims_left)
    return response
