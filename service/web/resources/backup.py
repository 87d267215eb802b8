"""Route of the backup of the database, for admins."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from typing import Any, BinaryIO

from flask import Response

from service.storage.backup import open_copy
from service.store import Store
from service.web.http.auth import Access
from service.web.http.blueprint import Blueprint

SQLITE = "application/vnd.sqlite3"
_CHUNK_BYTES = 1 << 17


def blueprint(store: Store) -> Blueprint:
    """Return the route of the backup, over ``store``."""
    routes = Blueprint("backup", __name__, description="A copy of the whole database. For admins.")

    @routes.reads(
        "/v1/backup",
        "getBackup",
        {},
        media_types={SQLITE: {"type": "string", "format": "binary"}},
        conditional=False,
        access=Access.ADMIN,
        also=(409, 507),
        description="An SQLite database. It is complete when it has the length given by `Content-Length`.",
    )
    def get_backup(arguments: dict[str, Any]) -> Response:
        """Download a backup of the database

        A consistent copy, made while others write. It includes drafts, hashes of API keys and answers stored for
        repeated requests: protect it like the database. SQLite only; with PostgreSQL the answer is 409, use `pg_dump`.
        """
        copy = open_copy(store.database)
        response = Response(_Chunks(copy), content_type=SQLITE)
        response.content_length = os.fstat(copy.fileno()).st_size
        now = dt.datetime.now(dt.UTC)
        response.headers["Content-Disposition"] = f'attachment; filename="claims-{now:%Y%m%dT%H%M%SZ}.db"'
        response.headers["Cache-Control"] = "no-store"
        return response

    return routes


class _Chunks:
    """The content of a file in chunks. The server calls ``close`` in any case, sent or not."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        while chunk := self._file.read(_CHUNK_BYTES):
            yield chunk

    def close(self) -> None:
        self._file.close()
