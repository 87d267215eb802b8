"""The examples of the OpenAPI document, which `/docs` fills in: each succeeds as it stands on the seeded store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.api import build_app
from service.model.actors import COMMAND_LINE, KeyRole
from service.storage.database import Database
from service.store import Store
from service.use_cases.api_keys import create_key
from tests.copies import copied
from tests.settings import make_settings
from tests.web.helpers import Json, openapi_document

pytestmark = pytest.mark.one_engine


def _operations() -> Iterator[tuple[str, tuple[str, str, Json]]]:
    for path, item in openapi_document()["paths"].items():
        for method in item.keys() - {"parameters"}:
            parameters = [*item[method]["parameters"], *item.get("parameters", [])]
            yield item[method]["operationId"], (method, path, item[method] | {"parameters": parameters})


OPERATIONS = dict(sorted(_operations()))
# They need what the seeds do not have: assignments, merges to undo, quotes, a search by image.
WITHOUT = {
    "addQuote",
    "getAssignment",
    "offerClaim",
    "releaseClaim",
    "removeQuote",
    "searchFactChecksByImage",
    "unmergeClaim",
    "unmergeDocument",
    "unmergeSource",
}


def _examples(operation: Json) -> list[tuple[str, Any]]:
    contents = operation.get("requestBody", {}).get("content", {})
    return [(media_type, content["example"]) for media_type, content in contents.items() if "example" in content]


def _without_example(operation: Json, place: str) -> list[str]:
    """Return the required parameters in this place that have no example."""
    parameters = [each for each in operation["parameters"] if each["in"] == place and each.get("required")]
    return [each["name"] for each in parameters if "example" not in each]


# The others have a path of something that the seeds do not have, such as a verdict.
TRIED = {name: row for name, row in OPERATIONS.items() if name not in WITHOUT and not _without_example(row[2], "path")}
READS = [name for name, (method, _, _) in TRIED.items() if method == "get"]
WRITES = [
    (name, media_type, body)
    for name, (method, _, operation) in TRIED.items()
    if method != "get"
    for media_type, body in _examples(operation)
]


@contextmanager
def _seeded(url: str) -> Iterator[tuple[FlaskClient, str]]:
    """Yield a client of a store and an admin's key, for the time of the block."""
    settings = make_settings(url)
    database = Database(settings)
    try:
        store = Store(database)
        _, key = create_key(store, "An admin", KeyRole.ADMIN, None, COMMAND_LINE)
        yield build_app(store, settings).test_client(), key
    finally:
        database.close()


@pytest.fixture(scope="module")
def reader(seeded_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FlaskClient, str]]:
    """Return a client of a seeded store that all reading tests share, and a key."""
    with copied(f"sqlite:///{seeded_file}", tmp_path_factory.mktemp("read")) as url, _seeded(url) as made:
        yield made


def _send(client: FlaskClient, key: str, name: str, body: Any = None, media_type: str | None = None) -> None:
    method, path, operation = OPERATIONS[name]
    given: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "header": {"Authorization": f"Bearer {key}"}}
    for parameter in operation["parameters"]:
        if "example" in parameter:
            given[parameter["in"]][parameter["name"]] = parameter["example"]
    with client.open(
        path.format(**given["path"]),
        method=method.upper(),
        query_string=given["query"],
        headers=given["header"],
        data=None if body is None else json.dumps(body),
        content_type=media_type,
    ) as response:
        assert response.status_code in (200, 201), response.get_data(as_text=True)


def test_what_is_required_has_an_example() -> None:
    assert len(READS) > 30
    assert len(WRITES) > 15
    for name, (_, _, operation) in TRIED.items():
        assert not _without_example(operation, "query") + _without_example(operation, "header"), name
        assert "requestBody" not in operation or _examples(operation), name


@pytest.mark.parametrize("name", READS)
def test_a_read_succeeds_as_it_stands(reader: tuple[FlaskClient, str], name: str) -> None:
    _send(*reader, name)


@pytest.mark.parametrize(("name", "media_type", "body"), WRITES, ids=[f"{row[0]} {row[1]}" for row in WRITES])
def test_a_write_succeeds_as_it_stands(
    seeded_file: Path, tmp_path: Path, name: str, media_type: str, body: Any
) -> None:
    with copied(f"sqlite:///{seeded_file}", tmp_path) as url, _seeded(url) as (client, key):
        _send(client, key, name, body, media_type)
