"""The store itself, copied while others write, for admins."""

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
_PIECE = 1 << 17


def blueprint(store: Store) -> Blueprint:
    """The route, over ``store``."""
    routes = Blueprint("backup", __name__, description="The store itself, copied while others write, for admins.")

    @routes.reads(
        "/v1/backup",
        "getBackup",
        {},
        media_types={SQLITE: {"type": "string", "format": "binary"}},
        conditional=False,
        access=Access.ADMIN,
        also=(409, 507),
        description="An SQLite database; it is whole when it is as long as `Content-Length` says.",
    )
    def get_backup(arguments: dict[str, Any]) -> Response:
        """Take a copy of the store

        As it is at one moment, while others write (SQLite; on PostgreSQL, 409: it has `pg_dump`). Everything is in it:
        drafts, hashes of keys, answers kept for retries. Keep it as you keep the store.
        """
        copy = open_copy(store.database)
        response = Response(_Pieces(copy), content_type=SQLITE)
        response.content_length = os.fstat(copy.fileno()).st_size
        taken = dt.datetime.now(dt.UTC)
        response.headers["Content-Disposition"] = f'attachment; filename="claims-{taken:%Y%m%dT%H%M%SZ}.db"'
        response.headers["Cache-Control"] = "no-store"
        return response

    return routes


class _Pieces:
    """What is in a file, piece by piece; the server closes it, sent or not."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        while piece := self._file.read(_PIECE):
            yield piece

    def close(self) -> None:
        self._file.close()
