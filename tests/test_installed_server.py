"""`pip install 'claim-verification[server]'` without the checkout: it serves, and has no seed files."""

import subprocess
from pathlib import Path

import pytest
import requests

from tests.installed import environment, installed, run
from tests.processes import Service, wait_until_ready
from tests.servers import free_port


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the interpreter of an environment with the extra `server`."""
    return installed(tmp_path_factory.mktemp("server"), "server")


def test_it_serves_where_its_options_say(python: Path, tmp_path: Path) -> None:
    port = str(free_port())
    # The package of another project in the working directory.
    (tmp_path / "service").mkdir()
    (tmp_path / "service" / "__init__.py").write_text("raise SystemExit('another service')")
    settings = environment(PORT="1", HOST="203.0.113.1", DATABASE_URL=f"sqlite:///{tmp_path / 'new' / 'claims.db'}")
    command = [
        str(python),
        "-I",
        "-m",
        "claim_verification",
        "serve",
        "--host",
        "127.0.0.1",
        "--port",
        port,
        "--workers",
        "3",
    ]
    log = tmp_path / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=tmp_path, env=settings, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    service = Service(f"http://127.0.0.1:{port}", process, log)
    try:
        wait_until_ready(service)
        said = service.log()
        assert "nothing to seed" in said
        assert f"http://127.0.0.1:{port}/docs" in said
        claims = requests.get(f"{service.url}/v1/claims", timeout=20)
        assert (claims.status_code, claims.json()["data"]) == (200, [])
        # As with `make run`, an error of gunicorn itself is a problem document too.
        refused = requests.get(f"{service.url}/{'x' * 9000}", timeout=20)
        assert (refused.status_code, refused.headers["Content-Type"]) == (414, "application/problem+json")
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        assert not children.exists() or len(children.read_text().split()) == 3
    finally:
        assert service.stop() == 0


def test_without_seed_files_it_says_what_to_give(python: Path, tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'claims.db'}"
    for arguments in (["seed"], ["verify-seeds", "--documents", str(tmp_path)]):
        done = run(python, "-m", "claim_verification", *arguments, DATABASE_URL=store)
        assert done.returncode == 2, done.stderr
        assert "give --seeds FOLDER, or set SEEDS_DIR" in done.stderr
    assert not (tmp_path / "claims.db").exists()
    wrong = run(python, "-m", "claim_verification", "seed", DATABASE_URL=store, SEEDS_DIR=str(tmp_path / "none"))
    assert (wrong.returncode, "sources.yaml" in wrong.stderr) == (1, True)


def test_what_cannot_be_served_ends_with_a_line_that_says_why(python: Path, tmp_path: Path) -> None:
    bad = run(python, "-m", "claim_verification", "serve", PORT="x", DATABASE_URL="mysql://me:secret@h/d")
    assert bad.returncode == 1
    assert "PORT" in bad.stderr
    assert "secret" not in bad.stderr
    assert run(python, "-m", "claim_verification", "serve", "--port", "65536").returncode == 2


@pytest.mark.parametrize(
    ("host", "bound"), [("::", "[::]:8000"), ("[::1]", "[::1]:8000"), ("127.0.0.1", "127.0.0.1:8000")]
)
def test_an_address_of_ipv6_is_written_as_it_must_be(python: Path, host: str, bound: str) -> None:
    done = run(python, "-c", "from service.gunicorn_settings import bind; print(bind)", HOST=host)
    assert done.stdout.strip() == bound, done.stderr
