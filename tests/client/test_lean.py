"""The client and the commands over HTTP without the server's parts: the built wheel with what it asks for itself."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import venv
from importlib.metadata import distribution, requires
from pathlib import Path
from zipfile import ZipFile

import pytest

from service.actors import KeyRole
from tests.client.conftest import Served
from tests.processes import PROJECT


def needed(name: str) -> set[str]:
    """A distribution's own requirements and theirs, without those of extras and of other systems."""
    plain = [line for line in requires(name) or [] if ";" not in line]
    own = {re.split(r"[^\w.-]", line)[0].lower().replace("_", "-") for line in plain}
    return own.union(*(needed(other) for other in own))


@pytest.fixture(scope="session")
def lean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel and what that asks for, at the versions of this one, and nothing else.

    They are linked from here, not downloaded: the test needs no network.
    """
    folder = tmp_path_factory.mktemp("lean")
    build = [sys.executable, "-m", "flit_core.wheel", "--outdir", str(folder)]
    subprocess.run(build, cwd=PROJECT, check=True, capture_output=True, timeout=60)
    [wheel] = folder.glob("*.whl")
    environment = folder / "venv"
    venv.create(environment, with_pip=False)
    [packages] = environment.glob("lib/python*/site-packages")
    for name in needed("claim-verification"):
        found = distribution(name)
        for top in {file.parts[0] for file in found.files or [] if not file.is_absolute() and file.parts[0] != ".."}:
            source = Path(str(found.locate_file(top)))
            if source.exists() and top != "__pycache__":
                (packages / top).symlink_to(source)
    with ZipFile(wheel) as archive:
        archive.extractall(packages)
    return environment / "bin" / "python"


def run(python: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """A program in that environment, from a folder of its own."""
    settings = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", **settings}
    return subprocess.run(
        [python, "-I", *arguments],
        cwd=python.parent,
        env=settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


PROGRAM = """
import sys
from service.client import Client, NotFound
with Client(sys.argv[1], sys.argv[2]) as client:
    claim = client.create_claim({"text": "Twelve ships arrived.", "subject": "ships", "topics": ["harbour"]})
    print(client.change_claim(claim, {"note": "Seen from the pier."})["note"], len(list(client.list_claims())) > 200)
    try:
        client.get_claim("none-such")
    except NotFound as problem:
        print(problem.code)
"""
LOADED = """
import json, sys
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules} - sys.stdlib_module_names)))
"""


def test_what_is_asked_for_is_little() -> None:
    http = {"requests", "certifi", "charset-normalizer", "idna", "urllib3"}
    assert needed("claim-verification") == {"click", "rfc8785", "wcwidth"} | http


def test_the_client_needs_requests_alone(lean: Path, served: Served) -> None:
    done = run(lean, "-c", PROGRAM + LOADED, served.url, served.keys[KeyRole.EDITOR])
    assert done.returncode == 0, done.stderr
    note, code, loaded = done.stdout.splitlines()
    assert (note, code) == ("Seen from the pier. True", "not_found")
    by_requests = run(lean, "-c", "import requests" + LOADED)
    assert set(json.loads(loaded)) - set(json.loads(by_requests.stdout)) == {"service"}


def test_commands_over_http_work_and_the_others_say_what_is_missing(lean: Path, served: Served, tmp_path: Path) -> None:
    shown = run(lean, "-m", "service.cli", "show", "un-120-companies", "--url", served.url)
    assert shown.returncode == 0, shown.stderr
    assert "un-investigation-2024" in shown.stdout
    proven = run(lean, "-m", "service.cli", "audit", CLAIMS_URL=served.url)
    assert "proven: all" in proven.stdout
    matched = run(lean, "-m", "service.cli", "match", "No fewer than 120 companies in Russia", CLAIMS_URL=served.url)
    assert "un-120-companies" in matched.stdout
    export = tmp_path / "all.ndjson"
    exported = run(lean, "-m", "service.cli", "export", "-o", str(export), CLAIMS_URL=served.url)
    assert exported.returncode == 0, exported.stderr
    key = served.keys[KeyRole.ADMIN]
    imported = run(lean, "-m", "service.cli", "import", str(export), CLAIMS_URL=served.url, CLAIMS_API_KEY=key)
    assert imported.stdout.startswith("0 created"), imported.stderr
    listed = run(lean, "-m", "service.cli", "keys", "list", CLAIMS_URL=served.url, CLAIMS_API_KEY=key)
    assert "An admin" in listed.stdout, listed.stderr
    recounted = run(lean, "-m", "service.cli", "doctor", CLAIMS_URL=served.url)
    assert "their counts are true" in recounted.stdout, recounted.stderr
    copy = str(tmp_path / "copy.db")
    copied = run(lean, "-m", "service.cli", "backup", copy, CLAIMS_URL=served.url, CLAIMS_API_KEY=key)
    assert copied.stdout.startswith(copy), copied.stderr
    for arguments in (
        ["migrate"],
        ["backup", "copy.db"],
        ["keys", "list"],
        ["show", "un-120-companies"],
        ["audit"],
        ["export"],
        ["match", "a"],
        ["doctor", "--json"],
    ):
        refused = run(lean, "-m", "service.cli", *arguments)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert "pip install 'claim-verification[server]'" in refused.stderr
        assert "Traceback" not in refused.stderr
    helped = run(lean, "-m", "service.cli", "--help")
    assert helped.returncode == 0
    assert re.search(r"^  migrate +\(not installed\)$", helped.stdout, re.M)
    assert re.search(r"^  show +Show the claim", helped.stdout, re.M)


def test_types_are_shipped(lean: Path) -> None:
    """A type checker reads them from the wheel."""
    [package] = lean.parent.parent.glob("lib/python*/site-packages/service")
    assert (package / "py.typed").exists()
