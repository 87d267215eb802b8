"""Additions to the seeds for tests: a key of each role, a verdict, an assignment, and a client that shows a key."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from contextlib import nullcontext
from typing import Any
from unittest.mock import patch

from flask import Flask
from flask.testing import FlaskClient

from service.model.actors import COMMAND_LINE, Caller, KeyRole
from service.model.ids import random_letters
from service.model.suggestions import Likeness, Pair, Reason, SuggestionDecision, SuggestionKind
from service.model.verdicts import Rating, VerdictSubmission
from service.store import Store
from service.use_cases.api_keys import create_key
from service.use_cases.assignments import assign
from service.use_cases.suggestion_records import save_decision
from service.use_cases.unit_of_work import unit_of_work
from service.use_cases.verdicts import submit_verdict

VERDICT, KEY = "v-example", "anexamplekey"
PAIR = Pair(SuggestionKind.SOURCE, "hngn", "south-korea-nis")
# Reading these takes a key.
_DEMAND_A_KEY = re.compile(r"/v1/(queue|me|claims/[^/]*/assignment|keys(/[^/]*)?|backup)/?")


def furnish(store: Store, claim: str) -> dict[KeyRole, str]:
    """Give the store a key of each role, the claim a verdict (``VERDICT``) and an assignment; return the keys.

    The id of the checker's is ``KEY``. A suggestion on two sources (``PAIR``) is declined.
    """
    keys = {}
    for role in KeyRole:
        with patch("service.use_cases.api_keys.random_letters", _letters) if role is KeyRole.CHECKER else nullcontext():
            _, keys[role] = create_key(store, f"An {role}", role, None, COMMAND_LINE)
    caller = Caller("An editor", KeyRole.EDITOR, "")
    with patch("service.use_cases.verdicts.new_id", lambda prefix: VERDICT):
        submit_verdict(
            store, caller, claim, VerdictSubmission(1, Rating.REFUTED, "Mostly false"), review_required=False
        )
    assign(store, caller, claim, "An admin", None, dt.timedelta(days=1))
    with unit_of_work(store, caller.name) as work:
        likeness = Likeness(50, (Reason.WORD_MORE,))
        save_decision(work, PAIR, SuggestionDecision.DISTINCT, None, "Two parties.", likeness)
    return keys


def _letters(number: int) -> str:
    return KEY if number == len(KEY) else random_letters(number)


class Reader(FlaskClient):
    """A client that shows a key to what cannot be read without, and to nothing else."""

    def __init__(self, app: Flask, key: str) -> None:
        super().__init__(app, app.response_class)
        self._key = key

    def run_wsgi_app(self, environ: dict[str, Any], buffered: bool = False) -> tuple[Iterable[bytes], str, Any]:
        """Send a request."""
        if environ["REQUEST_METHOD"] in ("GET", "HEAD") and _DEMAND_A_KEY.fullmatch(environ["PATH_INFO"]):
            environ.setdefault("HTTP_AUTHORIZATION", f"Bearer {self._key}")
        return super().run_wsgi_app(environ, buffered)
