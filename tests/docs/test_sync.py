"""Run the script of the page on copies: what was changed, merged and withdrawn arrives."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from service.config import PROJECT
from tests.processes import Service
from tests.world import ANA, EDITH, Request, World

pytestmark = pytest.mark.one_engine


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """Return the script of the page, as a file."""
    page = (PROJECT / "docs" / "sync.md").read_text(encoding="utf-8")
    [code] = re.findall(r"^```python\n(.*?)^```", page, re.M | re.S)
    path = tmp_path / "sync.py"
    path.write_text(code, encoding="utf-8")
    return path


def test_a_copy_has_what_was_changed_merged_and_withdrawn(
    script: Path, served_world: Service, world: World, tmp_path: Path
) -> None:
    mirror = tmp_path / "mirror"

    def night() -> list[str]:
        command = [sys.executable, str(script), served_world.url, str(mirror)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    def copy(kind: str, name: str) -> Any:
        return json.loads((mirror / f"{kind}.json").read_text())[name]

    claims, sources, documents = ([make() for _ in range(2)] for make in (world.claim, world.source, world.document))
    mention, verdict = world.mention(claims[0]), world.verdict(claims[1])
    assert f"mention {mention} changed" in night()
    assert night() == []
    assert copy("claim", claims[0])["text"] == world.get(f"/v1/claims/{claims[0]}")["text"]
    assert copy("corroboration", claims[0])["status"] == "unattributed"

    for kind, (gone, stands) in {"claims": claims, "sources": sources, "documents": documents}.items():
        merge = {"into": stands, "reason": "Entered twice."}
        world.done(Request("POST", f"/v1/{kind}/{gone}/merge", merge, 200), EDITH)
    world.done(Request("POST", f"/v1/mentions/{mention}/withdrawal", {"reason": "It says nothing."}, 200), EDITH)
    world.done(Request("PATCH", f"/v1/documents/{documents[1]}", {"title": "Ships"}, 200), EDITH)
    correction = {"claim_version": 1, "rating": "refuted", "supersedes": verdict, "reason": "New facts."}
    better = world.verdict(claims[1], ANA, **correction)
    assert set(night()) == {
        f"claim {claims[0]} merged into {claims[1]}",
        f"source {sources[0]} merged into {sources[1]}",
        f"document {documents[0]} merged into {documents[1]}",
        f"document {documents[1]} changed",
        f"mention {mention} withdrawn: It says nothing.",
        f"verdict {verdict} superseded by {better}",
        f"verdict {better} changed",
    }
    assert copy("document", documents[1])["title"] == "Ships"
    assert copy("corroboration", claims[1])["status"] == "unsupported"
    assert int((mirror / "last-event").read_text()) == world.size()
