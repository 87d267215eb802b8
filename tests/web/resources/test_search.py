"""The search over HTTP: any text is accepted; results come in pages, with highlights."""

from __future__ import annotations

from itertools import pairwise

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.long_forms import by_form
from tests.web.helpers import assert_problem, get, ids, pages, raw_claims, url, walk


def test_the_other_orders_are_those_of_the_list(seeded: FlaskClient) -> None:
    for sort in ("recency", "origins", "mentions"):
        hits = set(ids(walk(seeded, "/v1/claims", q="workers")))
        listed = [name for name in ids(walk(seeded, "/v1/claims", sort=sort)) if name in hits]
        assert ids(walk(seeded, "/v1/claims", q="workers", sort=sort, limit=7)) == listed
    assert_problem(seeded.get("/v1/claims?sort=relevance"), 422, "invalid_request", "/sort")


@pytest.mark.parametrize("limit", [1, 3, 7])
@pytest.mark.parametrize("q", ["north korean workers", "russia*", '"north korea" -troops'])
def test_pages_have_every_hit_once(seeded: FlaskClient, q: str, limit: int) -> None:
    whole = get(seeded, "/v1/claims", q=q, limit=200)
    assert whole["next"] is None
    assert whole["search"]["complete"] is True
    assert whole["search"]["hits"] == len(whole["data"]) > 10
    scores = [claim["search"]["score"] for claim in whole["data"]]
    assert all(one >= other for one, other in pairwise(scores))

    assert walk(seeded, "/v1/claims", q=q, limit=limit) == whole["data"]


def test_a_cursor_belongs_to_its_query_and_order(seeded: FlaskClient) -> None:
    following = get(seeded, "/v1/claims", q="workers", limit=1)["next"]
    assert seeded.get(following).status_code == 200
    assert seeded.get(following.replace("q=workers", "q=WORKER%2a")).status_code == 404
    assert seeded.get(f"{following}&sort=recency").status_code == 404
    assert seeded.get(following.replace("q=workers&", "")).status_code == 404
    assert_problem(seeded.get(following.replace("q=workers", "q=troops")), 404)


def test_a_page_has_a_tag(seeded: FlaskClient) -> None:
    response = next(iter(pages(seeded, "/v1/claims", q="workers")))
    same = seeded.get("/v1/claims?q=workers", headers={"If-None-Match": response.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")


def test_highlights_are_the_text_in_pieces(seeded: FlaskClient) -> None:
    for q in ("workers", '"north korean"', "russia* labour", "15,000 OR", "intelligence"):
        for claim in walk(seeded, "/v1/claims", q=q):
            own = {"text": [claim["text"]], "subject": [claim["subject"]], "topics": claim["topics"]}
            assert claim["search"]["highlights"] != []
            for highlight in claim["search"]["highlights"]:
                shown = "".join(piece["text"] for piece in highlight["pieces"])
                assert len(shown) == highlight["end"] - highlight["start"]
                assert any(piece["matched"] for piece in highlight["pieces"])
                assert all(piece["text"] for piece in highlight["pieces"])
                if highlight["field"] in own:
                    values = [value for value in own[highlight["field"]] if len(value) == highlight["length"]]
                    assert shown in [value[highlight["start"] : highlight["end"]] for value in values]


def test_the_answer_has_the_query_as_it_was_understood(seeded: FlaskClient) -> None:
    for q, understood, hits in [
        ("Workers", "workers", True),
        ('“North Korean” Work* -"in Russia', '"north korean" "work"* -"in russia"', True),
        ("wo* no* ru* ko* se* zz*", '"wo"* "no"* "ru"* "ko"* "se"* "zz"', False),
        ("", "", False),
        ("-workers", "-workers", False),
        ("\U0001f600 ... !", "", False),
    ]:
        page = get(seeded, "/v1/claims", q=q)
        assert page["search"]["query"] == understood
        assert page["search"]["complete"] is True
        assert bool(page["data"]) == bool(page["search"]["hits"]) == hits


def test_only_long_queries_and_nul_are_refused(seeded: FlaskClient) -> None:
    for q in (
        "x" * 500,
        "x " * 250,
        '"' * 500,
        "-" * 500,
        "é" * 500,
        '"a" ' * 125,
        "北" * 500,
        "a* " * 166,
        "a-" * 250,
    ):
        assert seeded.get(url("/v1/claims", q=q)).status_code == 200, q
    for q in ("x" * 501, "a\0b"):
        assert_problem(seeded.get(url("/v1/claims", q=q)), 422, "invalid_request", "/q")
    assert_problem(seeded.get("/v1/claims?q=a&q=b"), 422, "invalid_request", "/q")


_OPERATORS = [
    '"',
    "-",
    "*",
    " ",
    "'",
    "\\",
    "(",
    ")",
    ":",
    "&",
    "|",
    "!",
    "<->",
    "=",
    ".",
    "NOT",
    "\ufdfa",
    "\u2474",
    "\u00bd",
]
_WORDS = [
    "workers",
    "north",
    "15,000",
    "\u200c",
    "\u0301",
    "\u0e33",
    "\uff9e",
    "北",
    "京",
    "한",
    "\u1112",
    "ß",
    "İ",
    "é",
]
_TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60)
_TYPED = st.one_of(_TEXT, st.lists(st.sampled_from(_OPERATORS + _WORDS), max_size=25).map("".join))


@given(q=_TYPED)
@settings(max_examples=by_form(50, 200), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_answered(seeded: FlaskClient, q: str) -> None:
    page = get(seeded, "/v1/claims", q=q, limit=5)
    for claim in page["data"]:
        assert claim["search"]["score"] >= 0


def test_every_claim_is_found_by_its_own_words(seeded: FlaskClient) -> None:
    for name, raw in list(raw_claims().items())[::9]:
        assert name in ids(walk(seeded, "/v1/claims", q=f'"{raw["text"][:480]}"')), name
