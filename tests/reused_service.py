"""One service over an SQLite file for many tests, one after another, each with the content that it asks for.

To start a service takes a hundred times as long as to put another content under it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from service.storage.backup import back_up, put_back
from service.storage.database import Database
from tests.processes import running_service
from tests.settings import make_settings


@dataclass(frozen=True)
class ReusedService:
    """A running service, the URL of its database, and the content that each test begins with."""

    url: str
    database_url: str
    content: Path

    def reset(self) -> None:
        """Give it the content that it began with, as `claims restore` does under a running service."""
        with closing(Database(make_settings(self.database_url))) as database:
            kept = next(path for n in count() if not (path := self.content.with_name(f"kept-{n}.db")).exists())
            put_back(database, self.content, kept)
            kept.unlink()


@contextmanager
def reused_service(folder: Path, database_url: str, **environment: str) -> Iterator[ReusedService]:
    """Run a service over this database, whose content is that of every test; the folder has room for copies."""
    content = folder / "content.db"
    with closing(Database(make_settings(database_url))) as database:
        back_up(database, content)
    settings = {"DATABASE_URL": database_url, "SEED_ON_START": "false"}
    with running_service(folder, settings | environment) as service:
        yield ReusedService(service.url, database_url, content)
