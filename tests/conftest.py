"""The fixtures that every test can use."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile
from types import FrameType
from typing import NoReturn

import pytest
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings
from xdist.workermanage import NodeManager

from service.config import Settings
from service.model.actors import KeyRole
from service.operations.startup import prepare
from service.storage.database import Database
from service.storage.migrations import migrate
from service.store import Store
from tests.application import application
from tests.browser.chromium import NO_CHROMIUM
from tests.cluster import NO_CLUSTER
from tests.copies import copied
from tests.engine_guard import Guard, install
from tests.furnished import furnish
from tests.nginx import NO_NGINX
from tests.once import made_once
from tests.reused import ReusedDatabase
from tests.servers import NoPostgres, fast_folder, fresh_database, postgres_url
from tests.settings import make_settings
from tests.web.helpers import example_claim

pytest_plugins = ["tests.fixtures.desks", "tests.fixtures.pipelines", "tests.fixtures.seeded", "tests.fixtures.worlds"]

# The same examples in every run, so that a change is judged by what it changes. `make fuzz` searches at random.
hypothesis_settings.register_profile("repeatable", derandomize=True, deadline=None)
hypothesis_settings.load_profile("repeatable")

NO_POSTGRES = "no PostgreSQL: "
LEFT_OUT = {
    NO_POSTGRES: "THE POSTGRESQL HALF OF THE TESTS",
    NO_NGINX: "THE TESTS BEHIND A REAL NGINX",
    NO_CLUSTER: "THE TESTS OF A CLUSTER",
    NO_CHROMIUM: "THE TESTS IN A REAL BROWSER",
}


def pytest_configure(config: pytest.Config) -> None:
    """Let a cancelled run stop its servers: SIGTERM ends it as Ctrl-C does. Keep what the tests write in memory."""
    signal.signal(signal.SIGTERM, _cancel)
    if "PYTEST_XDIST_WORKER" in os.environ:
        signal.signal(signal.SIGINT, _cancel)
    install()
    config.pluginmanager.register(Guard(config))
    # A worker that is told to end has five seconds to be done, is then interrupted, and has ten more.
    NodeManager.EXIT_TIMEOUT = 20
    # Nearly every test waits for the disk to have its database; `--basetemp` has the last word.
    if memory := fast_folder():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))


def _cancel(number: int, frame: FrameType | None) -> NoReturn:
    """End the run; in a worker once, for it may be told so several times, and its servers must be stopped in peace."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the PostgreSQL half of what is marked to run on one engine."""
    left = [item for item in items if item.get_closest_marker("one_engine") and item.get_closest_marker("postgres")]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Yield the URL of a PostgreSQL server, started once and only if a test asks for it."""
    try:
        with postgres_url() as url:
            yield url
    except NoPostgres as error:
        reason = NO_POSTGRES + " ".join(str(error).split())
        if os.environ.get("REQUIRE_POSTGRES") == "1":
            pytest.fail(f"REQUIRE_POSTGRES=1, but {reason}", pytrace=False)
        pytest.skip(reason)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest) -> str:
    """Return the kind of database: every test that uses it runs once with each."""
    name: str = request.param
    return name


@pytest.fixture
def database_url(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Yield the URL of a database for this test alone, with the schema if a fixture asks for it."""
    if "schema" in request.fixturenames and engine == "postgres":
        reused: ReusedDatabase = request.getfixturevalue("reused_postgres")
        yield reused.url()
    elif "schema" in request.fixturenames:
        with copied(request.getfixturevalue(f"migrated_{engine}"), tmp_path) as url:
            yield url
    elif engine == "sqlite":
        yield f"sqlite:///{tmp_path / 'claims.db'}"
    else:
        with fresh_database(request.getfixturevalue("postgres_server")) as url:
            yield url


@pytest.fixture
def schema() -> None:
    """Asked for by what needs ``database_url`` to have the schema."""


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the URL of a database that has the schema and nothing else. To be copied."""
    url = f"sqlite:///{tmp_path_factory.mktemp('migrated') / 'claims.db'}"
    _migrate(url)
    return url


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: str) -> Iterator[str]:
    """Yield the same on PostgreSQL."""
    with fresh_database(postgres_server) as url:
        _migrate(url)
        yield url


@pytest.fixture(scope="session")
def reused_postgres(migrated_postgres: str) -> Iterator[ReusedDatabase]:
    """Yield the database that the tests on PostgreSQL use one after another."""
    reused = ReusedDatabase(migrated_postgres)
    yield reused
    reused.close()


def _migrate(url: str) -> None:
    database = Database(make_settings(url))
    migrate(database)
    database.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly which tests did not run, because the machine lacks what they need."""
    # From the reports: the fixture may have been skipped in a worker, which has no terminal.
    skipped = [report.longrepr[2] for report in terminalreporter.stats.get("skipped", ())]
    for lacking, left_out in LEFT_OUT.items():
        for reason in {said.removeprefix("Skipped: ") for said in skipped if lacking in said}:
            terminalreporter.section(f"{left_out} DID NOT RUN", sep="!", red=True, bold=True)
            terminalreporter.line(reason)


@pytest.fixture
def settings(database_url: str) -> Settings:
    """Return settings over that database and the project's seeds."""
    return make_settings(database_url)


@pytest.fixture
def store(schema: None, settings: Settings) -> Iterator[Store]:
    """Yield a store whose database has the schema and nothing else."""
    database = Database(settings)
    yield Store(database)
    database.close()


@pytest.fixture
def client(store: Store, settings: Settings) -> FlaskClient:
    """Return a client of the application over ``store``."""
    return application(store, settings).test_client()


@dataclass(frozen=True)
class Seeded:
    """A database with the project's seeds, and what a test needs to read everything in it."""

    url: str
    keys: dict[KeyRole, str]


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def seeded_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seeded]:
    """Yield a database with the seeds, a key of each role and one verdict. For reading only."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            url = f"sqlite:///{tmp_path_factory.mktemp('seeded') / 'claims.db'}"
            copyfile(request.getfixturevalue("seeded_file"), url.removeprefix("sqlite:///"))
        else:
            url = stack.enter_context(fresh_database(request.getfixturevalue("postgres_server")))
            prepare(make_settings(url), lambda step: None)
        database = Database(make_settings(url))
        stack.callback(database.close)
        yield Seeded(url, furnish(Store(database), example_claim()))


@pytest.fixture(scope="session")
def seeded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an SQLite file with the project's seeds and nothing else, made once for all workers. To be copied."""

    def make(folder: Path) -> None:
        prepare(make_settings(f"sqlite:///{folder / 'claims.db'}"), lambda step: None)

    return made_once(tmp_path_factory, "seeded-file", make) / "claims.db"


@pytest.fixture(scope="session")
def seeded_url(seeded_database: Seeded) -> str:
    """Return the URL of that database."""
    return seeded_database.url


@pytest.fixture(scope="session")
def seeded_keys(seeded_database: Seeded) -> dict[KeyRole, str]:
    """Return the keys in that database."""
    return seeded_database.keys
