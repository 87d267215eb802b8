"""Where a list goes on: cursors that it did not give out, and numbers that are none."""

from __future__ import annotations

import base64
import random
import re
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient

from tests.web.helpers import assert_problem, example_path, get, has_cursor, raw_claims, rules, url
from tests.web.http.test_errors import CLAIM, NOT_WHOLE, OVER_LONG

pytestmark = pytest.mark.one_engine


def _encoded(value: Any) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(value)).rstrip(b"=").decode()


def _forged(order: str) -> list[str]:
    """Cursors of this order whose position is not one."""
    positions: list[list[Any]] = [[], [1], [1, 2, 3], [1.0, 2], [1, 2.0], [True, 1], [1, False], ["1", 1], [None, 1]]
    positions += [[[1], 2], [{"a": 1}, 2], [2**63, 1], [1, 2**63], [-(2**63), 1], [1, 2**64 - 1], [""], ["a\0b"]]
    forged = [_encoded([order, *position]) for position in positions]
    for number in ("9" * 40, "1e3", "1e400", "-9" * 1, "NaN", "9223372036854775808"):
        text = f'["{order}",{number},{number}]'
        forged.append(base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode())
    return forged[:-3] + forged[-2:]


NO_POSITIONS: list[Any] = [[], {}, "claims-recency", [[]], [1, 2, 3], [None], ["nope", 1, 2], 1, None]
NOISE = random.Random(20260301)
GARBAGE = [base64.urlsafe_b64encode(NOISE.randbytes(n)).rstrip(b"=").decode() for n in (1, 2, 3, 8, 30, 200, 370)]
GARBAGE += [
    "",
    " ",
    "x",
    "A",
    "=",
    "====",
    "a" * 500,
    "a" * 501,
    OVER_LONG,
    "%",
    "ä",
    "\0",
    "W10",
    "W10\n",
    "bnVsbA",
    "e30",
]
GARBAGE += [_encoded(value) for value in NO_POSITIONS]
GARBAGE += [base64.urlsafe_b64encode(b"[" * 370).rstrip(b"=").decode()]


# The orders of lists that are too short in the seeded store to tell them.
NO_SECOND_PAGE = {"verdicts": "verdicts-of-<claim_id>-published"}


def test_every_list_refuses_a_cursor_that_it_did_not_give_out(seeded: FlaskClient) -> None:
    claim = max(raw_claims().values(), key=lambda raw: len(raw["mentions"]))["id"]
    lists = [
        example_path(rule)
        for rule in rules(seeded.application)
        if has_cursor(rule) and not rule.startswith("/v1/claims/<")
    ]
    assert len(lists) >= 9
    for path in [*lists, f"/v1/claims/{claim}/mentions", f"/v1/claims/{claim}/verdicts"]:
        following = get(seeded, path, limit=1)["next"]
        order = NO_SECOND_PAGE.get(path.rsplit("/", 1)[-1], "") if following is None else _order(following)
        order = order.replace("<claim_id>", claim)
        assert order, path
        if path == "/v1/verdicts":
            order = "verdicts-published"
        for cursor in GARBAGE + _forged(order):
            response = seeded.get(url(path, cursor=cursor))
            ours = order in ("sources", "documents", "topics") and cursor == _encoded([order, ""])
            single = order.startswith(("mentions-of-", "keys")) and cursor == _encoded([order, 1])
            triple = order == "queue" and cursor == _encoded([order, 1, 2, 3])
            if not ours and not single and not triple:
                form = re.fullmatch("[A-Za-z0-9_-]{1,500}", cursor)
                expected = (404, "unknown_cursor") if form else (422, "invalid_request")
                assert_problem(response, *expected, "/cursor")
            assert response.status_code < 500


def test_the_log_goes_on_after_numbers_only(seeded: FlaskClient) -> None:
    for path in ("/v1/events", f"/v1/claims/{CLAIM}/history"):
        for value in [*NOT_WHOLE, "-1", str(2**63), str(-(2**63) - 1)]:
            assert_problem(seeded.get(url(path, after=value)), 422, "invalid_request", "/after")
        for number in (2**63 - 1, 2**31):
            assert get(seeded, path, after=number)["data"] == []


def _order(following: str) -> str:
    cursor = following.split("cursor=")[1].split("&")[0]
    order: str = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))[0]
    return order


@pytest.mark.parametrize("key", [2**63 - 1, -(2**63 - 1), 0, -1])
def test_a_position_beyond_every_claim_is_no_failure(seeded: FlaskClient, key: int) -> None:
    for sort in ("recency", "origins", "mentions"):
        response = seeded.get(url("/v1/claims", sort=sort, cursor=_encoded([f"claims-{sort}", key, key])))
        assert response.status_code == 200
