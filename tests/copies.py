"""A copy of a database for each test: to migrate or fill one anew would take most of the time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfile
from urllib.parse import urlsplit

from tests.servers import fresh_database


@contextmanager
def copied(url: str, folder: Path) -> Iterator[str]:
    """Yield the URL of a copy of a database, for the time of the block. Nobody may be connected to the original."""
    if url.startswith("sqlite:///"):
        copy = folder / "claims.db"
        copyfile(url.removeprefix("sqlite:///"), copy)
        yield f"sqlite:///{copy}"
        return
    server = urlsplit(url)._replace(path="/postgres").geturl()
    with fresh_database(server, template=urlsplit(url).path[1:]) as copy_url:
        yield copy_url
