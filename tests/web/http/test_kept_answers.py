"""Answers that are kept: the same bytes without a query, until anything is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.config import Settings
from service.storage.database import Database
from service.store import Store
from service.web.http import kept_answers
from service.web.http.negotiation import CompleteResponse
from tests.world import ADA, World

_LISTS = ("/v1/claims?limit=1", "/v1/conflicts", "/v1/verdicts", "/v1/sources", "/v1/topics")


@contextmanager
def _queries(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Yield the names of the ways in which the database is read, as they are used."""
    used: list[str] = []
    with monkeypatch.context() as patched:
        for name in ("all", "one", "rows", "row"):
            patched.setattr(Database, name, _noting(name, getattr(Database, name), used))
        yield used


def _noting(name: str, method: Any, used: list[str]) -> Any:
    def noted(*arguments: Any, **values: Any) -> Any:
        used.append(name)
        return method(*arguments, **values)

    return noted


def _same(client: FlaskClient, path: str, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Return whether a second answer is kept: made without a query, and equal to the first in all but the moment."""
    first = client.get(path)
    with _queries(monkeypatch) as used:
        second = client.get(path)
    ignored = {"X-Request-ID", "Date"}
    headers = [[each for each in response.headers if each[0] not in ignored] for response in (first, second)]
    assert (first.status_code, first.data, sorted(headers[0])) == (second.status_code, second.data, sorted(headers[1]))
    return not used


def test_an_answer_is_made_once_and_again_after_each_write(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = world.client()
    claim = world.claim()
    world.claim()
    for path in (*_LISTS, f"/v1/claims/{claim}/corroboration", f"/v1/claims/{claim}/mentions"):
        assert _same(client, path, monkeypatch)
    before = client.get("/v1/claims?limit=200").get_json()["data"]
    new = world.claim()
    after = client.get("/v1/claims?limit=200").get_json()["data"]
    assert [item["id"] for item in after] == [new, *(item["id"] for item in before)]


def test_what_another_connection_commits_is_seen(world: World, settings: Settings) -> None:
    client = world.client()
    claim = world.claim()
    assert claim in client.get("/v1/claims").get_data(as_text=True)
    other = Database(settings)
    with other.write():
        other.run("UPDATE claims SET json = ? WHERE public_id = ?", ('{"id":"changed"}', claim))
    other.close()
    assert client.get("/v1/claims").get_json()["data"] == [{"id": "changed"}]


def test_all_threads_share_the_answers(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client, claim = world.client(), world.claim()
    paths = ("/v1/claims", f"/v1/claims/{claim}/corroboration")

    def fetched() -> list[bytes]:
        return [client.get(path).data for path in paths]

    with ThreadPoolExecutor(1) as other:
        first = other.submit(fetched).result()
        world.claim()
        second = other.submit(fetched).result()
        with _queries(monkeypatch) as used:
            assert fetched() == second
        other.submit(world.store.database.close).result()
    assert first[0] != second[0]
    assert not used


def test_a_client_that_has_the_answer_gets_a_304(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.claim()
    world.claim()
    client = world.client()
    first = client.get("/v1/claims?limit=1")
    with _queries(monkeypatch) as used:
        unchanged = client.get("/v1/claims?limit=1", headers={"If-None-Match": first.headers["ETag"]})
        failed = client.get("/v1/claims?limit=1", headers={"If-Match": '"another"'})
    assert (unchanged.status_code, unchanged.data, used) == (304, b"", [])
    assert failed.status_code == 412
    for name in ("ETag", "Link", "Cache-Control", "Vary"):
        assert unchanged.headers[name] == first.headers[name]


def test_holders_of_keys_and_moments_get_no_kept_answer(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = world.client()
    claim = world.claim()
    client.get("/v1/verdicts")
    with _queries(monkeypatch) as used:
        client.get("/v1/verdicts", headers={"Authorization": f"Bearer {world.keys[ADA]}"})
    assert len(used) > 1
    today = dt.datetime.now(dt.UTC).date()
    for path in (f"/v1/claims/{claim}/corroboration?known_at={today}", "/v1/claims/none/corroboration"):
        client.get(path)
        assert not _kept(client, path, monkeypatch)


def test_answers_that_nobody_asked_for_lately_are_dropped(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.claim()
    size = len(world.client().get("/v1/claims").data) + kept_answers._BESIDE
    monkeypatch.setattr(kept_answers, "_MOST", 2 * size)
    client = world.client()
    paths = [f"/v1/claims?limit={limit}" for limit in (11, 12, 13)]
    for path in (paths[0], paths[1], paths[0], paths[2]):
        client.get(path)
    assert [_kept(client, path, monkeypatch) for path in (paths[0], paths[2], paths[1])] == [True, True, False]
    monkeypatch.setattr(kept_answers, "_LONGEST", 1)
    client.get("/v1/claims?limit=14")
    assert not _kept(client, "/v1/claims?limit=14", monkeypatch)


def test_an_answer_that_two_threads_make_at_once_counts_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = kept_answers.KeptAnswers(store)
    monkeypatch.setattr(kept_answers, "_MOST", 2 * kept_answers._BESIDE)
    for key in ("one", "one", "one", "another"):
        answers._keep(key, _empty())
    assert (list(answers._answers), answers._bytes) == (["one", "another"], 2 * kept_answers._BESIDE)


def _empty() -> CompleteResponse:
    response = CompleteResponse(b"")
    response.set_etag("tag")
    return response


def _kept(client: FlaskClient, path: str, monkeypatch: pytest.MonkeyPatch) -> bool:
    with _queries(monkeypatch) as used:
        client.get(path)
    return not used


def test_the_state_of_a_database_changes_with_each_commit(store: Store) -> None:
    database = store.database
    states = [store.state(), store.state()]
    with database.write():
        database.run("INSERT INTO facets (kind, value, claims) VALUES ('topic', 'one', 0)")
    states.append(store.state())
    # Another connection, which might see another file.
    database.close()
    if database.engine == "sqlite":
        states.append(store.state())
    assert states[0] == states[1]
    assert len(set(states[1:])) == len(states) - 1
