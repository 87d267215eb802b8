"""The sessions of the pages, pasted into a shell, or into Python, against a fresh server."""

import doctest
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from service.client import Client
from service.config import PROJECT
from tests.processes import running_service

SEPARATOR = "-- the next command --"


def session(page: str) -> list[tuple[str, str]]:
    """The commands of a page, each with what it is said to print."""
    text = (PROJECT / page).read_text(encoding="utf-8")
    blocks = "\n".join(re.findall(r"^```console\n(.*?)^```", text, re.M | re.S))
    found = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", blocks + "\n", re.M)
    return [(command, output.strip()) for command, output in found]


@pytest.mark.skipif(shutil.which("curl") is None, reason="the sessions need curl")
@pytest.mark.parametrize("page", ["README.md", "docs/writing.md", "docs/trust.md", "docs/client.md", "docs/google.md"])
def test_a_session_gives_what_the_page_says(tmp_path: Path, page: str) -> None:
    commands = session(page)
    assert len(commands) >= 3
    environment = {"DATABASE_URL": f"sqlite:///{tmp_path / 'claims.db'}"}
    with running_service(tmp_path, environment) as service:
        script = "\n".join(f"{command}\necho '{SEPARATOR}'" for command, _ in commands)
        script = script.replace("http://127.0.0.1:8000", service.url).replace(".venv/bin/claims", "claims")
        done = subprocess.run(
            ["bash", "-e", "-c", script],
            cwd=tmp_path,
            env=os.environ | environment | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            timeout=120,
        )
    printed = [part.strip() for part in done.stdout.split(SEPARATOR)]
    assert printed[:-1] == [output for _, output in commands], done.stderr
    assert done.returncode == 0, done.stderr


def test_the_python_of_the_client_page_gives_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (PROJECT / "docs" / "client.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```pycon\n(.*?)^```", page, re.M | re.S)
    environment = {"DATABASE_URL": f"sqlite:///{tmp_path / 'claims.db'}"}
    with running_service(tmp_path, environment) as service:
        monkeypatch.setenv("CLAIMS_API_KEY", _key(environment, "Ed", "editor"))
        monkeypatch.setenv("CLAIMS_ADMIN_KEY", _key(environment, "Ada", "admin"))
        monkeypatch.chdir(tmp_path)
        text = "\n".join(blocks).replace("http://127.0.0.1:8000", service.url)
        session = doctest.DocTestParser().get_doctest(text, {}, "docs/client.md", None, 0)
        assert len(session.examples) >= 15
        said: list[str] = []
        result = doctest.DocTestRunner(verbose=False).run(session, out=said.append, clear_globs=False)
        for name in ("client", "editor", "admin"):
            session.globs[name].close()
    assert result.failed == 0, "".join(said)


def test_the_examples_for_clients_of_google_find_what_was_reviewed(tmp_path: Path) -> None:
    page = (PROJECT / "docs" / "google.md").read_text(encoding="utf-8")
    examples = {name: re.findall(rf"^```{name}\n(.*?)^```", page, re.M | re.S)[0] for name in ("python", "js")}
    environment = {"DATABASE_URL": f"sqlite:///{tmp_path / 'claims.db'}"}
    claim = "15,000 workers were sent to Russia."
    with running_service(tmp_path, environment) as service:
        with Client(service.url, _key(environment, "Ed", "editor")) as client:
            made = client.create_claim({"text": claim, "subject": "workers", "topics": ["labour"]})
            client.create_verdict(
                made["id"],
                {
                    "claim_version": 1,
                    "rating": "not_enough_evidence",
                    "url": "https://example.org/checks/1",
                    "textual_rating": "Unproven",
                    "language": "en",
                },
            )
        python, javascript = (text.replace("http://127.0.0.1:8000", service.url) for text in examples.values())
        assert _printed([sys.executable, "-c", python]) == f"{claim} | Ed | Unproven\n"
        if shutil.which("node") is not None:
            script = tmp_path / "example.mjs"
            script.write_text(javascript, encoding="utf-8")
            assert _printed(["node", str(script)]) == f"{claim} | Unproven\n"


def _key(environment: dict[str, str], name: str, role: str) -> str:
    command = [str(Path(sys.executable).parent / "claims"), "keys", "create", "--name", name, "--role", role]
    return _printed(command, environment).strip()


def _printed(command: list[str], environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command, env=os.environ | (environment or {}), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
