"""Clients in TypeScript, generated from openapi.yaml: they compile strictly, and call a real server."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from claim_verification import Client
from claim_verification.models import Reported
from service.model.actors import KeyRole
from tests.claim_verification.conftest import Served
from tests.claim_verification.generators import DOCUMENT, MODULES, Command, run
from tests.node import CLIENTS, require_packages
from tests.once import made_once


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a program on openapi-fetch, compiled against the types that openapi-typescript makes of the document."""
    require_packages(CLIENTS)

    def make(folder: Path) -> None:
        # What has a default may be left out of a request.
        types: Command = ["openapi-typescript", DOCUMENT, "--default-non-nullable=false", "-o", "api.ts"]
        _compile(folder, types, "tsconfig.json", "program.ts")

    return made_once(tmp_path_factory, "typescript", make) / "program.js"


@pytest.fixture(scope="session")
def sdk_program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a program on the functions that @hey-api/openapi-ts makes of the document."""
    require_packages(CLIENTS)

    def make(folder: Path) -> None:
        _compile(folder, ["openapi-ts", "-i", DOCUMENT, "-o", "sdk"], "tsconfig.sdk.json", "sdk_program.ts")

    return made_once(tmp_path_factory, "typescript-sdk", make) / "sdk_program.js"


def _compile(folder: Path, generate: Command, project: str, program: str) -> None:
    for name in ("package.json", "tsconfig.json", project, program):
        shutil.copy(CLIENTS / name, folder)
    (folder / "node_modules").symlink_to(MODULES)
    for command in (generate, ["tsc", "--project", project]):
        run([MODULES / ".bin" / command[0], *command[1:]], folder)


def _low(reported: Reported | None) -> float | str:
    quantity = None if reported is None else reported.get("quantity")
    low = None if quantity is None else quantity.get("low")
    return "as stated" if low is None else low


def test_it_reads_and_writes_what_the_types_say(program: Path, served: Served, reader: Client) -> None:
    read: dict[str, Any] = json.loads(run(["node", program, served.url, served.keys[KeyRole.ADMIN]], program.parent))

    contested = [
        [claim["id"], claim["corroboration"]["origins"]["at_most"]] for claim in reader.list_claims(status="contested")
    ]
    assert len(contested) > 2, "more than a page"
    assert read["contested"] == contested
    assert read["mentions"] == [
        f"{mention['stance']} {mention['origin'] or 'nobody'} {mention['basis'] or 'none'} {_low(mention['reported'])}"
        for mention in reader.list_mentions("nk-15000-workers-in-russia")
    ]
    assert read["problem"]["code"] == "not_found"
    assert read["written"] == {
        "quantity": {"low": 12, "high": None, "unit": "ships", "qualifier": "exact"},
        "same": True,
        "replayed": "true",
        "note": "Seen from the pier.",
        "rating": "supported",
        "refused": None,
    }


def test_functions_read_and_write(sdk_program: Path, served: Served, reader: Client, editor: Client) -> None:
    claim = editor.create_claim({"text": "Nine ferries sailed.", "subject": "ferries", "topics": ["harbour"]})
    key = served.keys[KeyRole.EDITOR]
    contested = [claim for claim, _ in zip(reader.list_claims(status="contested"), range(2), strict=False)]
    assert json.loads(run(["node", sdk_program, served.url, key, claim["id"]], sdk_program.parent)) == {
        "ids": [claim["id"] for claim in contested],
        "text": contested[0]["text"],
        "problem": "not_found",
        "unauthorized": 401,
        "rating": "refuted",
        "note": None,
    }
