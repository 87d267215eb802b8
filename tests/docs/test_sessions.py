"""Paste the sessions of the pages into a shell, or into Python: each against a fresh server, and all against one."""

import doctest
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from service.config import PROJECT
from tests.long_forms import LONG
from tests.processes import Service, running_service

SEPARATOR = "-- the next command --"
VARYING = (
    (re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"), "<time>"),
    (re.compile(r"\b(v|a|k)-[a-z0-9]{20}\b"), r"<\1-id>"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "<hash>"),
    (re.compile(r'(?<="request_id": ")[0-9a-f]+'), "<request>"),
    (re.compile(r"\b\d+ (?=events\b|of them, which)"), "<count> "),
    (re.compile(r'(?<="seq": )\d+|(?<="size": )\d+'), "<place>"),
)
"""Values that differ from run to run: times, generated ids, hashes over them, request ids, sizes of the log."""


def session(page: str) -> list[tuple[str, str]]:
    """Read the commands of a page, each with its output."""
    text = (PROJECT / page).read_text(encoding="utf-8")
    blocks = "\n".join(re.findall(r"^```console\n(.*?)^```", text, re.M | re.S))
    found = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", blocks + "\n", re.M)
    return [(command, output.strip()) for command, output in found]


PAGES = [
    "README.md",
    "docs/corroboration.md",
    "docs/search.md",
    "docs/writing.md",
    "docs/trust.md",
    "docs/client.md",
    "docs/google.md",
    "docs/importing.md",
]
needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="the sessions need curl")


@pytest.fixture
def environment(tmp_path: Path, seeded_file: Path) -> dict[str, str]:
    """Return settings for a database with the project's seeds."""
    shutil.copyfile(seeded_file, tmp_path / "claims.db")
    return {"DATABASE_URL": f"sqlite:///{tmp_path / 'claims.db'}"}


@needs_curl
@pytest.mark.parametrize("page", PAGES)
def test_a_session_gives_what_the_page_says(tmp_path: Path, environment: dict[str, str], page: str) -> None:
    with running_service(tmp_path, environment) as service:
        paste(service, environment, tmp_path, [page])
        if page == "docs/google.md":
            google_examples(service, tmp_path)


@needs_curl
@pytest.mark.skipif(not LONG, reason="of the long forms: LONG_TESTS=1")
@pytest.mark.parametrize("pages", [PAGES, PAGES[::-1]], ids=["reading order", "the other way round"])
def test_the_sessions_do_not_interfere(tmp_path: Path, environment: dict[str, str], pages: list[str]) -> None:
    """Run all in one shell over one store, with the examples in other languages; no file is left behind."""
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    with running_service(tmp_path, environment) as service:
        if pages == PAGES:
            python_session(service, environment, tmp_path)
        paste(service, environment, checkout, pages)
        if pages != PAGES:
            python_session(service, environment, tmp_path)
        google_examples(service, tmp_path)
    assert list(checkout.iterdir()) == []


def test_the_python_of_the_client_page_gives_what_it_says(tmp_path: Path, environment: dict[str, str]) -> None:
    with running_service(tmp_path, environment) as service:
        python_session(service, environment, tmp_path)


def paste(service: Service, environment: dict[str, str], folder: Path, pages: list[str]) -> None:
    """Paste the commands of the pages into one shell, and compare the output of each."""
    commands = [command for page in pages for command in session(page)]
    assert len(commands) >= 3 * len(pages)
    script = "\n".join(f"{command}\necho '{SEPARATOR}'" for command, _ in commands)
    script = script.replace("http://127.0.0.1:8000", service.url).replace(".venv/bin/claims", "claims")
    done = subprocess.run(
        ["bash", "-e", "-c", script],
        cwd=folder,
        env=os.environ | environment | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=240,
    )
    printed = [part.strip() for part in done.stdout.split(SEPARATOR)]
    assert [_steady(part) for part in printed[:-1]] == [_steady(output) for _, output in commands], done.stderr
    assert done.returncode == 0, done.stderr


def _steady(output: str) -> str:
    """Replace values that differ from run to run by their kind."""
    for pattern, kind in VARYING:
        output = pattern.sub(kind, output)
    return output


def python_session(service: Service, environment: dict[str, str], folder: Path) -> None:
    """Type the examples of the client page into Python."""
    page = (PROJECT / "docs" / "client.md").read_text(encoding="utf-8")
    text = "\n".join(re.findall(r"^```pycon\n(.*?)^```", page, re.M | re.S))
    session = doctest.DocTestParser().get_doctest(
        text.replace("http://127.0.0.1:8000", service.url), {}, "docs/client.md", None, 0
    )
    assert len(session.examples) >= 15
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLAIMS_API_KEY", _key(environment, "Ed", "editor"))
        patch.setenv("CLAIMS_ADMIN_KEY", _key(environment, "Ada", "admin"))
        patch.chdir(folder)
        result = doctest.DocTestRunner(verbose=False).run(session, out=said.append, clear_globs=False)
    for name in ("client", "editor", "admin"):
        session.globs[name].close()
    assert result.failed == 0, "".join(said)


def google_examples(service: Service, folder: Path) -> None:
    """Run the programs of the page on Google; they find what its session entered."""
    page = (PROJECT / "docs" / "google.md").read_text(encoding="utf-8")
    python, javascript = (
        re.findall(rf"^```{name}\n(.*?)^```", page, re.M | re.S)[0].replace("http://127.0.0.1:8000", service.url)
        for name in ("python", "js")
    )
    claim = "The old lighthouse was closed in 1987."
    assert _printed([sys.executable, "-c", python]) == f"{claim} | desk.example | Unproven\n"
    if shutil.which("node") is not None:
        script = folder / "example.mjs"
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
