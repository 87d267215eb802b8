"""Matching: which claims a text repeats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from flask import Response

from service.schemas.matching import MatchBody, MatchesSchema
from service.store import Store
from service.use_cases import match as use_case
from service.use_cases.match import Match
from service.use_cases.semantic_index import Semantics
from service.web.http.blueprint import Blueprint
from service.web.http.negotiation import JSON


def blueprint(store: Store, semantics: Semantics) -> Blueprint:
    """The route, over ``store``."""
    routes = Blueprint("match", __name__, description="Which claims a text repeats.")

    @routes.queries("/v1/match", "matchTexts", MatchesSchema, body=MatchBody, description="What each text repeats.")
    def match_texts(asked: dict[str, Any]) -> Response:
        """Find the claims that texts repeat

        Each text by itself, in one state of the store; of a long one its passages. Every claim comes with how likely
        the text repeats it, what they share, and what does not match: another quantity, another unit, another date.
        Nothing of a text is kept.
        """
        nearest = semantics.nearest
        found = use_case.match_texts(store, asked["texts"], asked["limit"], asked["threshold"], nearest)
        results = b",".join(map(_result, found))
        how = orjson.dumps({"threshold": asked["threshold"], "meaning": nearest is not None})
        body = how[:-1] + b',"results":[' + results + b"]}"
        response = Response(body, content_type=JSON)
        response.headers["Cache-Control"] = "no-store"
        return response

    return routes


def _result(matches: Sequence[Match]) -> bytes:
    answer = b'"match"' if matches else b'"none"'
    return b'{"answer":' + answer + b',"matches":[' + b",".join(map(_match, matches)) + b"]}"


def _match(match: Match) -> bytes:
    own = orjson.dumps({"score": match.score, "where": {"start": match.start, "end": match.end}, "why": match.reasons})
    # The claim is JSON already: it goes in before the closing brace.
    return own[:-1] + b',"claim":' + match.json.encode() + b"}"
