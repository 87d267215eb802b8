"""A client made by openapi-python-client: it is made without a warning, and its calls parse the answers."""

import datetime as dt
import importlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service.model.actors import KeyRole
from tests.claim_verification.conftest import Served
from tests.claim_verification.test_reads import snake
from tests.processes import PROJECT
from tests.web.helpers import example_path, openapi_document

BIN = Path(sys.executable).parent
PACKAGE = "claim_verification_client"
CONFIG = PROJECT / "tools" / "openapi-python-client.yaml"


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of the package, generated from the committed document and importable."""
    folder = tmp_path_factory.mktemp("generated")
    document = str(PROJECT / "openapi.yaml")
    done = subprocess.run(
        [
            BIN / "openapi-python-client",
            "generate",
            "--path",
            document,
            "--config",
            str(CONFIG),
            "--output-path",
            "out",
            "--fail-on-warning",
        ],
        cwd=folder,
        # It formats what it has made with ruff.
        env=os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "warning" not in said.lower()
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(str(folder / "out"))
        yield PACKAGE
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


# What comes as JSON first is read into a shape; the rest comes as it is. Google's API has clients.
READS = [
    (path, item["get"])
    for path, item in openapi_document()["paths"].items()
    if "get" in item
    and not path.startswith("/v1alpha1/")
    and next(iter(item["get"]["responses"]["200"]["content"])) == "application/json"
]


def call(package: str, operation: dict[str, Any], served: Served, *ids: Any, key: str = "", **given: Any) -> Any:
    """The answer to an operation, by the function that was made for it."""
    tag, name = operation["tags"][0], snake(operation["operationId"])
    made = importlib.import_module(f"{package}.api.{tag}.{name}")
    clients = importlib.import_module(f"{package}.client")
    client = clients.AuthenticatedClient(served.url, token=key) if key else clients.Client(served.url)
    with client:
        return made.sync_detailed(*ids, client=client, **given)


def operation_of(operation_id: str) -> dict[str, Any]:
    """The operation of this name."""
    items = openapi_document()["paths"].values()
    [found] = [
        op for item in items for op in item.values() if isinstance(op, dict) and op["operationId"] == operation_id
    ]
    operation: dict[str, Any] = found
    return operation


def model(package: str, name: str) -> Any:
    """A shape that was made."""
    return getattr(importlib.import_module(f"{package}.models"), name)


def same_times(value: Any) -> Any:
    """With every time in one spelling."""
    if isinstance(value, dict):
        return {name: same_times(member) for name, member in value.items()}
    if isinstance(value, list):
        return [same_times(member) for member in value]
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT.*", value):
        return dt.datetime.fromisoformat(value)
    return value


@pytest.mark.parametrize(("path", "operation"), READS, ids=[operation["operationId"] for _, operation in READS])
def test_it_parses_what_is_read(generated: str, served: Served, path: str, operation: dict[str, Any]) -> None:
    """Into the shape that is documented, with nothing lost on the way."""
    names = re.findall(r"{(\w+)}", path)
    rule = path.replace("{seq}", "<int:seq>").replace("{", "<").replace("}", ">")
    address = example_path(rule)
    ids = [address.split("/")[path.split("/").index(f"{{{name}}}")] for name in names]
    key = served.keys[KeyRole.ADMIN]
    needed = {"from_": 1} if path.endswith("/consistency") else {}

    answer = call(generated, operation, served, *ids, key=key, **needed)

    shape = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[-1]
    assert answer.status_code == 200
    assert type(answer.parsed).__name__ == shape
    assert same_times(answer.parsed.to_dict()) == same_times(json.loads(answer.content))


def test_it_sends_filters(generated: str, served: Served) -> None:
    status = model(generated, "ListClaimsStatus").CONTESTED
    page = call(generated, operation_of("listClaims"), served, status=status, limit=2).parsed
    assert [claim.corroboration.status.value for claim in page.data] == ["contested"] * 2
    assert page.next_.startswith("/v1/claims?")


def test_it_parses_problems(generated: str, served: Served) -> None:
    missing = call(generated, operation_of("getClaim"), served, "none-such")
    assert (missing.status_code, missing.parsed.code) == (404, "not_found")
    wrong = call(generated, operation_of("listClaims"), served, limit=0)
    assert [(error.in_, error.pointer) for error in wrong.parsed.errors] == [("query", "/limit")]
    body = model(generated, "SourceBody")(name="Dockers", kind=model(generated, "SourceBodyKind").NGO)
    assert call(generated, operation_of("createSource"), served, body=body).parsed.code == "unauthorized"


def test_it_writes(generated: str, served: Served) -> None:
    key = served.keys[KeyRole.EDITOR]
    quantity = model(generated, "Quantity")(unit="ships", low=12)
    body = model(generated, "ClaimBody")(
        text="Twelve ships arrived.", subject="ships", topics=["harbour"], quantity=quantity
    )
    first, again = (
        call(generated, operation_of("createClaim"), served, key=key, body=body, idempotency_key="python-ships")
        for _ in range(2)
    )
    assert (first.status_code, again.parsed.id) == (201, first.parsed.id)
    assert (first.parsed.quantity.low, first.parsed.quantity.high) == (12, None)
    patch = model(generated, "ClaimPatch")(note="Seen from the pier.")
    changed = call(
        generated,
        operation_of("changeClaim"),
        served,
        first.parsed.id,
        key=key,
        body=patch,
        if_match=first.headers["ETag"],
    )
    assert changed.parsed.note == "Seen from the pier."
    verdict = model(generated, "VerdictBody").from_dict({"claim_version": 1, "rating": "supported"})
    judged = call(generated, operation_of("createVerdict"), served, first.parsed.id, key=key, body=verdict)
    assert (judged.status_code, judged.parsed.rating.value) == (201, "supported")
