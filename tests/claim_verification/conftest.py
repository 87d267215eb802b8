"""A real server that the client's tests share, and a proxy in front of it that can break its traffic."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from shutil import copyfile

import pytest
from click.testing import Result

from claim_verification import Client
from service.model.actors import KeyRole
from service.storage.database import Database
from service.store import Store
from tests.claim_verification.cli.commands import Run, invoke
from tests.claim_verification.proxy import Proxy, proxying
from tests.furnished import furnish
from tests.processes import Service, running_service
from tests.settings import make_settings
from tests.web.helpers import example_claim

_NUMBERS = count(1)


@dataclass(frozen=True)
class Served:
    """A service over the project's seeds, keys and a verdict. Tests share it, so each changes only its own records."""

    service: Service
    database_url: str
    keys: dict[KeyRole, str]

    @property
    def url(self) -> str:
        """The URL of the service."""
        return self.service.url


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, seeded_file: Path) -> Iterator[Served]:
    """Run the service for all tests of clients."""
    folder: Path = tmp_path_factory.mktemp("served")
    copyfile(seeded_file, folder / "claims.db")
    environment = {"DATABASE_URL": f"sqlite:///{folder / 'claims.db'}"}
    with running_service(folder, environment) as service:
        database = Database(make_settings(environment["DATABASE_URL"]))
        keys = furnish(Store(database), example_claim())
        database.close()
        yield Served(service, environment["DATABASE_URL"], keys)


@pytest.fixture
def reader(served: Served) -> Iterator[Client]:
    """Return a client without a key."""
    with Client(served.url) as client:
        yield client


@pytest.fixture
def editor(served: Served) -> Iterator[Client]:
    """Return a client with an editor's key."""
    with Client(served.url, served.keys[KeyRole.EDITOR]) as client:
        yield client


@pytest.fixture
def proxy(served: Served) -> Iterator[Proxy]:
    """Run a proxy in front of the service."""
    with proxying(served.url) as running:
        yield running


@pytest.fixture(params=["local", "remote"])
def run(request: pytest.FixtureRequest, served: Served) -> Run:
    """Return a function that runs a command on the store, or on the service over it."""

    def command(*arguments: str, key: KeyRole | None = None) -> Result:
        shown = {} if key is None else {"CLAIMS_API_KEY": served.keys[key]}
        if request.param == "local":
            return invoke(*arguments, DATABASE_URL=served.database_url, **shown)
        return invoke(arguments[0], "--url", served.url, *arguments[1:], **shown)

    return command


@pytest.fixture
def claim(editor: Client) -> str:
    """Create a claim for one test."""
    text = f"十二隻の船が着いた。{next(_NUMBERS)}"
    made = editor.create_claim({"text": text, "subject": "ships", "topics": ["harbour"]})
    return made["id"]
