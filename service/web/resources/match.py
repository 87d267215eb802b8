"""Route of matching texts with claims."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from flask import Response
from werkzeug.exceptions import HTTPException

from service.reading.syntax import Syntax
from service.schemas.matching import MatchBody, MatchesSchema
from service.store import Store
from service.use_cases import match as use_case
from service.use_cases.match import Match
from service.use_cases.semantic_index import Semantics
from service.web.http.blueprint import Blueprint
from service.web.http.negotiation import JSON
from service.web.http.problem_details import Finding
from service.web.http.problems import problem


def blueprint(store: Store, semantics: Semantics, syntax: Syntax | None, most_characters: int) -> Blueprint:
    """Return the route of matching, over ``store``, for texts of so many characters together."""
    routes = Blueprint("match", __name__, description="Claims that a text repeats.")

    @routes.queries("/v1/match", "matchTexts", MatchesSchema, body=MatchBody, description="The claims of each text.")
    def match_texts(asked: dict[str, Any]) -> Response:
        """Find the claims that texts repeat

        Each text is matched by itself, a long one by its passages. Each claim has a score, the words, numbers and names
        that it shares with the text, and its relation: the text says the same, contradicts it, or differs, and in what.
        The texts are not stored.

        For rate limits each 256 bytes of the body count as a read, each 128 with a parser.
        """
        _refuse_too_much(asked["texts"], most_characters)
        nearest = semantics.nearest
        found = use_case.match_texts(store, asked["texts"], asked["limit"], asked["threshold"], nearest, syntax)
        results = b",".join(map(_result, found))
        settings = orjson.dumps({"threshold": asked["threshold"], "meaning": nearest is not None})
        body = settings[:-1] + b',"results":[' + results + b"]}"
        response = Response(body, content_type=JSON)
        response.headers["Cache-Control"] = "no-store"
        return response

    return routes


def _refuse_too_much(texts: Sequence[str], most: int) -> None:
    """Answer 413 when the texts have more characters than ``most``."""
    given = sum(map(len, texts))
    if given > most:
        detail = f"Has {given:,} characters, and one request may have {most:,}: send the texts in several requests."
        finding = Finding("body", "/texts", detail)
        raise HTTPException(detail, problem(413, finding.sentence, [finding], code="too_much_text"))


def _result(matches: Sequence[Match]) -> bytes:
    answer = b'"match"' if matches else b'"none"'
    return b'{"answer":' + answer + b',"matches":[' + b",".join(map(_match, matches)) + b"]}"


def _match(match: Match) -> bytes:
    members = orjson.dumps(
        {
            "score": match.score,
            "relation": match.relation.kind,
            "certainty": match.relation.certainty,
            "sureness": match.relation.sureness,
            "summary": match.summary,
            "where": {"start": match.start, "end": match.end},
            "why": match.reasons,
        }
    )
    # The claim is stored as JSON: add it before the closing brace.
    return members[:-1] + b',"claim":' + match.json.encode() + b"}"
