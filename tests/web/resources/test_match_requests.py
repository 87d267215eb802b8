"""POST /v1/match: limits of requests, and properties that hold for any text."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as trials
from hypothesis import strategies as st

from service.api import build_app
from service.config import Settings
from service.schemas.matching import TEXT_LENGTH, TEXTS_MAX
from service.search.matching.passage import read_passages
from service.store import Store
from service.use_cases.match import Matcher, match_texts
from tests.long_forms import by_form
from tests.settings import make_settings
from tests.web.helpers import Json, assert_problem
from tests.web.resources.matching import FILLER, match_results

pytestmark = pytest.mark.one_engine


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/texts"),
        ({"texts": []}, "/texts"),
        ({"texts": "15,000 troops"}, "/texts"),
        ({"texts": ["a"] * (TEXTS_MAX + 1)}, "/texts"),
        ({"texts": ["a", 1]}, "/texts/1"),
        ({"texts": ["a", None]}, "/texts/1"),
        ({"texts": ["a", "b" * (TEXT_LENGTH + 1)]}, "/texts/1"),
        ({"texts": ["a"], "limit": 0}, "/limit"),
        ({"texts": ["a"], "limit": 51}, "/limit"),
        ({"texts": ["a"] * 11, "limit": 50}, "/limit"),
        ({"texts": ["a"] * TEXTS_MAX, "limit": 6}, "/limit"),
        ({"texts": ["a"], "threshold": -0.01}, "/threshold"),
        ({"texts": ["a"], "threshold": 1.01}, "/threshold"),
        ({"texts": ["a"], "threshold": "0.5"}, "/threshold"),
        ({"texts": ["a"], "text": "a"}, "/text"),
    ],
)
def test_an_invalid_request_is_refused_by_its_field(seeded: FlaskClient, body: Json, pointer: str) -> None:
    assert_problem(seeded.post("/v1/match", json=body), 422, "invalid_request", pointer)


def test_too_much_at_once_is_refused(seeded: FlaskClient) -> None:
    assert match_results(seeded, ["x" * TEXT_LENGTH])[0]["answer"] == "none"
    assert match_results(seeded, ["x" * (TEXT_LENGTH // TEXTS_MAX)] * TEXTS_MAX)[0]["answer"] == "none"
    response = seeded.post("/v1/match", json={"texts": ["x" * (TEXT_LENGTH - 1), "yz"]})
    assert_problem(response, 413, "too_much_text", "/texts")
    assert response.get_json()["detail"] == (
        "`texts` has 50,001 characters, and one request may have 50,000: send the texts in several requests."
    )
    assert_problem(seeded.post("/v1/match", json={"texts": ["x" * TEXT_LENGTH] * 25}), 413)


def test_it_counts_as_a_read_and_writes_nothing(store: Store, settings: Settings) -> None:
    before = store.events.log_sizes()
    limited = make_settings(settings.database_url, rate_limit_reads="2/hour", rate_limit_writes="1/hour")
    client = build_app(store, limited).test_client()
    for left in (1, 0):
        response = client.post("/v1/match", json={"texts": ["a"]}, headers={"Idempotency-Key": "the same"})
        assert response.status_code == 200
        assert response.headers["RateLimit"].startswith(f'"reads";r={left};')
        assert "Idempotency-Replayed" not in response.headers
    assert_problem(client.post("/v1/match", json={"texts": ["a"]}), 429, "too_many_requests")
    assert store.events.log_sizes() == before


_PIECES = [
    "15,000",
    "troops",
    "workers",
    "North",
    "Korean",
    "Russia",
    "2025",
    "in",
    "#NorthKorea",
    "\n",
    ".",
    "fifteen",
    "€",
    "$",
]
TEXTS = st.text(max_size=200) | st.lists(st.sampled_from(_PIECES), max_size=120).map(" ".join)
_SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@trials(max_examples=by_form(20, 60), deadline=None, suppress_health_check=_SLOW)
@given(text=TEXTS)
def test_any_text_is_answered_and_always_the_same(seeded: FlaskClient, seeded_store: Store, text: str) -> None:
    [answer] = match_results(seeded, [text], threshold=0)
    assert [answer, answer] == match_results(seeded, [text, text], threshold=0)
    # The other texts of a request make no difference.
    assert match_results(seeded, [FILLER, text, "15,000 troops"], threshold=0)[1] == answer
    inside = match_texts(seeded_store, [text], 5, 0)[0]
    assert [one.score for one in inside] == [one["score"] for one in answer["matches"]]


@trials(max_examples=by_form(20, 60), deadline=None, suppress_health_check=_SLOW)
@given(pieces=st.lists(st.sampled_from(_PIECES), min_size=1, max_size=30))
def test_a_word_that_is_in_no_claim_has_no_weight(seeded_store: Store, pieces: list[str]) -> None:
    without = " ".join(pieces)
    word = "ᚠᚢᚦᚨᚱᚲ"
    texts = [without, f"{without} {word}", f"{word} {without}"]
    scores = [
        sorted((one.key, one.score) for one in Matcher(seeded_store).compare(read_passages(text))) for text in texts
    ]
    assert scores[1] == scores[0]
    assert scores[2] == scores[0]
