"""The lines of the benchmarks ask for what the service and the references answer."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from flask import Flask

from benchmarks.compared import Compared
from benchmarks.growth import LIMITS, READS, times_of
from benchmarks.lines import LINES, Request, Server
from benchmarks.lines import Store as MeasuredStore
from benchmarks.load import Measured
from benchmarks.once import Single
from benchmarks.references import create_app
from benchmarks.report import markdown
from benchmarks.synthetic import fill
from service.model.actors import KeyRole
from service.storage.database import Database
from service.storage.migrations import migrate
from service.store import Store
from service.use_cases.api_keys import create_key
from tests.application import application
from tests.settings import make_settings

CLAIMS = 60


def _status(app: Flask, request: Request, key: str = "") -> int:
    headers = {"Authorization": f"Bearer {key}"} if request.body is not None else {}
    headers |= {} if request.tag is None else {"If-None-Match": request.tag}
    with app.test_client() as client:
        answer = client.open(request.path, method=request.method, json=request.body, headers=headers)
        return answer.status_code


def test_every_line_is_answered_as_it_expects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "claims.db"
    settings = make_settings(f"sqlite:///{path}")
    database = Database(settings)
    migrate(database)
    store = Store(database)
    fill(store, CLAIMS)
    _, key = create_key(store, "Bench", KeyRole.EDITOR, None, "tests")
    app = application(store, settings)
    get = app.test_client().get
    measured = MeasuredStore(
        CLAIMS, "claims", lambda path: get(path).headers["ETag"], lambda path: orjson.loads(get(path).data)["next"]
    )
    answered = {line.name: _status(app, line.ours(measured)[0], key) for line in LINES}
    assert answered == {line.name: line.status for line in LINES}
    for read in READS.values():
        assert times_of(app.test_client(), read, LIMITS[:1])  # raises for a wrong answer
    database.close()

    monkeypatch.setenv("REFERENCE_STORE", str(path))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'unused.db'}")
    references = create_app()
    theirs = [line.reference(measured)[0] for line in LINES if line.server is Server.REFERENCE]
    assert {_status(references, request) for request in theirs} == {200, 201}
    assert all(
        line.reference(measured)[0].path.startswith("/claims") for line in LINES if line.server is Server.DATASETTE
    )


def test_a_request_is_one_line_of_the_file_for_wrk() -> None:
    assert Request("/v1/claims").line() == "GET\t/v1/claims\t-\t-\n"
    assert Request("/a", "POST", tag='"x"', body={"a": "\t\n"}).line() == 'POST\t/a\t"x"\t{"a": "\\t\\n"}\n'


def test_the_table_marks_the_goals_that_are_reached() -> None:
    one = Measured(rate=100.0, processor_us=200.0, p50_ms=1.0, p99_ms=2.0, answers=10)
    lines = [Compared(name, "constant route", goal, one, one, 1.0, 0.7) for name, goal in (("a", 0.6), ("b", 0.75))]
    page = markdown(
        "Title", "A machine.", [*lines, Compared("c", "x", None, one, one, 1.0, 2.0)], [Single("s", 1.5, "s", "1")]
    )
    rows = [line.split(" | ") for line in page.splitlines() if line.startswith("| ")]
    assert [row[-1] for row in rows if row[0] in ("| a", "| b", "| c")] == ["0.6 ✓ |", "0.75 |", " |"]
    assert "| s | 1.50 s | 1 |" in page
