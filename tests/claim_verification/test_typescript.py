"""A client in TypeScript with types generated from openapi.yaml: it compiles strictly, and reads from a real server."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from claim_verification import Client
from claim_verification.models import Reported
from service.model.actors import KeyRole
from tests.claim_verification.conftest import Served
from tests.processes import PROJECT

TOOLS = PROJECT / "tools" / "openapi-clients"
MODULES = TOOLS / "node_modules"


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the program, compiled against the types of the committed document."""
    if shutil.which("node") is None or not MODULES.exists():
        reason = "no Node.js, or `make test` has not installed tools/openapi-clients"
        if os.environ.get("REQUIRE_NODE") == "1":
            pytest.fail(f"REQUIRE_NODE=1, but {reason}", pytrace=False)
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("typescript")
    for name in ("package.json", "tsconfig.json", "program.ts"):
        shutil.copy(TOOLS / name, folder)
    (folder / "node_modules").symlink_to(MODULES)
    # What has a default may be left out of a request.
    types = ["openapi-typescript", str(PROJECT / "openapi.yaml"), "--default-non-nullable=false", "-o", "api.ts"]
    for command in (types, ["tsc", "--project", "."]):
        done = _run([str(MODULES / ".bin" / command[0]), *command[1:]], folder)
        assert done.returncode == 0, done.stdout + done.stderr
    return folder / "program.js"


def _run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def _low(reported: Reported | None) -> float | str:
    quantity = None if reported is None else reported.get("quantity")
    low = None if quantity is None else quantity.get("low")
    return "as stated" if low is None else low


def test_it_reads_and_writes_what_the_types_say(program: Path, served: Served, reader: Client) -> None:
    done = _run(["node", str(program), served.url, served.keys[KeyRole.ADMIN]], program.parent)
    assert done.returncode == 0, done.stderr
    read: dict[str, Any] = json.loads(done.stdout)

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
