"""Write the schema that the migrations make on each engine, into ``service/storage/schema``.

Run it as ``python -m tools.schema_snapshot`` after a change of the migrations. It starts the PostgreSQL of the tests.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import orjson

from service.storage.database import Database
from service.storage.migrations import migrate
from service.storage.schema import DIRECTORY, Expected, stored_schema
from tests.servers import fresh_database, postgres_url
from tests.settings import make_settings


def write(url: str) -> None:
    """Migrate the empty database at ``url``, and write its definitions into the file of its engine."""
    database = Database(make_settings(url))
    made = Expected(migrate(database), stored_schema(database))
    text = orjson.dumps(made._asdict(), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
    (DIRECTORY / f"{database.engine}.json").write_bytes(text + b"\n")
    database.close()


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        write(f"sqlite:///{Path(folder) / 'claims.db'}")
    with postgres_url() as server, fresh_database(server) as empty:
        write(empty)
