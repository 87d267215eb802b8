"""Fixtures of the tests of the search."""

import pytest

from tests.search.languages import CLAIMS
from tests.use_cases.desk import Desk


@pytest.fixture
def languages(desk: Desk) -> Desk:
    """Return a newsroom with one claim in each of many languages."""
    for name, text in CLAIMS.items():
        desk.claim(name, text=text, subject="language")
    return desk
