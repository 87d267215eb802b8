"""Another package named ``service`` in the working directory, or over ours; and the former name of the client."""

from __future__ import annotations

import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

import claim_verification
from tests.claim_verification.conftest import Served
from tests.installed import environment, installed

EXECUTED = "raise SystemExit('the other package was executed')\n"


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the interpreter of an environment with the server."""
    return installed(tmp_path_factory.mktemp("other"), "server")


@pytest.fixture(params=["package", "module", "namespace"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a folder with another ``service``, which must not be executed."""
    if request.param == "module":
        (tmp_path / "service.py").write_text(EXECUTED)
        return tmp_path
    (tmp_path / "service").mkdir()
    if request.param == "package":
        (tmp_path / "service" / "__init__.py").write_text(EXECUTED)
    return tmp_path


def run(python: Path, folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the interpreter in a folder, which comes first on its path."""
    return subprocess.run(
        [python, *arguments],
        cwd=folder,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_local_commands_name_the_other_package(python: Path, folder: Path, request: pytest.FixtureRequest) -> None:
    if "namespace" in request.node.name:
        # A folder without __init__.py gives way to a package later on the path, which is ours.
        done = run(python, folder, "-m", "claim_verification", "openapi")
        assert (done.returncode, done.stdout[:8]) == (0, "openapi:")
        return
    other = folder / ("service.py" if (folder / "service.py").exists() else "service")
    for arguments in (["show", "x"], ["serve"], ["migrate"], ["audit"]):
        done = run(python, folder, "-m", "claim_verification", *arguments)
        assert (done.returncode, done.stdout) == (1, ""), done.stderr
        assert done.stderr.startswith(f"Error: {other} is imported as 'service' instead of ")
        assert "site-packages/service" in done.stderr
    helped = run(python, folder, "-m", "claim_verification", "--help")
    assert "migrate        (not available here)" in helped.stdout


def test_the_client_and_commands_over_http_work_beside_it(python: Path, folder: Path, served: Served) -> None:
    shown = run(python, folder, "-m", "claim_verification", "show", "un-120-companies", CLAIMS_URL=served.url)
    assert shown.stdout.startswith("un-120-companies, version "), shown.stderr
    program = (
        f"from claim_verification import Client; print(Client({served.url!r}).get_claim('un-120-companies')['id'])"
    )
    assert run(python, folder, "-c", program).stdout == "un-120-companies\n"


@pytest.mark.parametrize("content", [EXECUTED, None], ids=["overwritten", "uninstalled"])
def test_a_distribution_that_has_overwritten_ours_is_named(python: Path, tmp_path: Path, content: str | None) -> None:
    [packages] = python.parent.parent.glob("lib/python*/site-packages")
    init = packages / "service" / "__init__.py"
    kept = shutil.copy(init, tmp_path / "kept.py")
    try:
        init.unlink()
        if content is not None:
            init.write_text(content)
        done = run(python, tmp_path, "-I", "-m", "claim_verification", "show", "x")
    finally:
        shutil.copy(kept, init)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"another distribution has overwritten {packages / 'service'}" in done.stderr
    assert "pip install --force-reinstall 'claim-verification[server]'" in done.stderr


def test_the_former_name_works_and_warns() -> None:
    program = (
        "import claim_verification, warnings\n"
        "warnings.simplefilter('error')\n"
        "try:\n    import service.client\n"
        "except DeprecationWarning as warning:\n    print(warning)\n"
        "warnings.simplefilter('ignore')\n"
        "from service.client import Client, NotFound\n"
        "from service.client.errors import Conflict\n"
        "from service.client.shapes import Claim\n"
        "print(Client is claim_verification.Client, NotFound is claim_verification.NotFound,"
        " Conflict is claim_verification.Conflict)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    warning, same = done.stdout.splitlines()
    assert warning.startswith("service.client is now claim_verification: use `from claim_verification import Client`")
    assert same == "True True True"


def test_the_warning_names_the_line_that_imports() -> None:
    sys.modules.pop("service.client", None)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        from service.client import Client
    assert Client is claim_verification.Client
    [warning] = caught
    assert warning.category is DeprecationWarning
    assert warning.filename == __file__


@pytest.mark.parametrize("name", ["claim_verification", "service.cli"])
def test_it_runs_as_a_module(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", name, "--help"], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.startswith("Usage: claims [OPTIONS] COMMAND [ARGS]...")
