"""A request to POST /v1/match, with the checks that every answer must pass."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from tests.web.helpers import Json

FILLER = "The council met to talk about parking and the price of a new bench near the old mill by the river. "


def match_results(client: FlaskClient, texts: list[str], **options: Any) -> list[Json]:
    """Return the results for ``texts``, one each, after checking what holds for every answer."""
    response = client.post("/v1/match", json={"texts": texts, **options})
    assert response.status_code == 200, response.get_data(as_text=True)
    assert response.headers["Cache-Control"] == "no-store"
    results: list[Json] = response.get_json()["results"]
    assert len(results) == len(texts)
    for text, result in zip(texts, results, strict=True):
        assert result["answer"] == ("match" if result["matches"] else "none")
        scores = [match["score"] for match in result["matches"]]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 for score in scores)
        for found in result["matches"]:
            assert 0 <= found["where"]["start"] < found["where"]["end"] <= len(text)
    return results
