"""The fixtures that every test can use."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import NoPostgres, fresh_database, postgres_url

POSTGRES_MISSING = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """Let a cancelled run stop its servers: SIGTERM ends it as Ctrl-C does."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.fixture(scope="session")
def postgres_server(pytestconfig: pytest.Config) -> Iterator[str]:
    """The URL of a PostgreSQL server, started once and only if a test asks for it."""
    try:
        with postgres_url() as url:
            yield url
    except NoPostgres as error:
        reason = " ".join(f"no PostgreSQL: {error}".split())
        if os.environ.get("REQUIRE_POSTGRES") == "1":
            pytest.fail(f"REQUIRE_POSTGRES=1, but {reason}", pytrace=False)
        pytestconfig.stash[POSTGRES_MISSING] = reason
        pytest.skip(reason)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest) -> str:
    """The kind of database: every test that uses it runs once with each."""
    name: str = request.param
    return name


@pytest.fixture
def database_url(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty database of that kind."""
    if engine == "sqlite":
        yield f"sqlite:///{tmp_path / 'claims.db'}"
        return
    server: str = request.getfixturevalue("postgres_server")
    with fresh_database(server) as url:
        yield url


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say loudly that half of the tests did not run."""
    reason = config.stash.get(POSTGRES_MISSING, None)
    if reason is not None:
        terminalreporter.section("THE POSTGRESQL HALF OF THE TESTS DID NOT RUN", sep="!", red=True, bold=True)
        terminalreporter.line(reason)
