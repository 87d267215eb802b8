"""The client and the commands over HTTP without the server: the built wheel with its base requirements."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from service.model.actors import KeyRole
from tests.claim_verification.conftest import Served
from tests.installed import installed, needed, run


@pytest.fixture(scope="session")
def lean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the interpreter of an environment without extras."""
    return installed(tmp_path_factory.mktemp("lean"))


PROGRAM = """
import sys
from claim_verification import Client, NotFound
with Client(sys.argv[1], sys.argv[2]) as client:
    claim = client.create_claim({"text": "Ships came to a lean pier.", "subject": "ships", "topics": ["harbour"]})
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
    assert needed("claim-verification") == {"click", "rfc8785", "rich", "markdown-it-py", "mdurl", "pygments"} | http


def test_the_client_needs_requests_alone(lean: Path, served: Served) -> None:
    done = run(lean, "-c", PROGRAM + LOADED, served.url, served.keys[KeyRole.EDITOR])
    assert done.returncode == 0, done.stderr
    note, code, loaded = done.stdout.splitlines()
    assert (note, code) == ("Seen from the pier. True", "not_found")
    by_requests = run(lean, "-c", "import requests" + LOADED)
    assert set(json.loads(loaded)) - set(json.loads(by_requests.stdout)) == {"claim_verification"}


def test_commands_over_http_work_and_the_others_say_what_is_missing(lean: Path, served: Served, tmp_path: Path) -> None:
    shown = run(lean, "-m", "claim_verification", "show", "un-120-companies", "--url", served.url)
    assert shown.returncode == 0, shown.stderr
    assert "United Nations investigation" in shown.stdout
    proven = run(lean, "-m", "claim_verification", "audit", CLAIMS_URL=served.url)
    assert "proven: all" in proven.stdout
    matched = run(
        lean, "-m", "claim_verification", "match", "No fewer than 120 companies in Russia", CLAIMS_URL=served.url
    )
    assert "un-120-companies" in matched.stdout
    export = tmp_path / "all.ndjson"
    exported = run(lean, "-m", "claim_verification", "export", "-o", str(export), CLAIMS_URL=served.url)
    assert exported.returncode == 0, exported.stderr
    key = served.keys[KeyRole.ADMIN]
    imported = run(lean, "-m", "claim_verification", "import", str(export), CLAIMS_URL=served.url, CLAIMS_API_KEY=key)
    assert imported.stdout.startswith("0 created"), imported.stderr
    listed = run(lean, "-m", "claim_verification", "keys", "list", CLAIMS_URL=served.url, CLAIMS_API_KEY=key)
    assert "An admin" in listed.stdout, listed.stderr
    recounted = run(lean, "-m", "claim_verification", "doctor", CLAIMS_URL=served.url)
    assert "their counts are true" in recounted.stdout, recounted.stderr
    copy = str(tmp_path / "copy.db")
    copied = run(lean, "-m", "claim_verification", "backup", copy, CLAIMS_URL=served.url, CLAIMS_API_KEY=key)
    assert copied.stdout.startswith(copy), copied.stderr
    for arguments in (
        ["migrate"],
        ["serve"],
        ["backup", "copy.db"],
        ["keys", "list"],
        ["show", "un-120-companies"],
        ["audit"],
        ["export"],
        ["match", "a"],
        ["doctor", "--json"],
    ):
        refused = run(lean, "-m", "claim_verification", *arguments)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert "pip install 'claim-verification[server]'" in refused.stderr
        elsewhere = refused.stderr.startswith("Error: give --url, or set CLAIMS_URL, to use a service; ")
        assert elsewhere == (arguments[0] not in ("migrate", "serve"))
        assert "Traceback" not in refused.stderr
    helped = run(lean, "-m", "claim_verification", "--help")
    assert helped.returncode == 0
    assert re.search(r"^  migrate +\(not installed\)$", helped.stdout, re.M)
    assert re.search(r"^  show +Show the claim", helped.stdout, re.M)


def test_types_are_shipped(lean: Path) -> None:
    """A type checker needs py.typed in the wheel."""
    [packages] = lean.parent.parent.glob("lib/python*/site-packages")
    for package in ("claim_verification", "service"):
        assert (packages / package / "py.typed").exists()
