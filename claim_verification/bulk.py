"""What moves in bulk: everything out of a service, its whole store, and reviews from elsewhere into it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO, Unpack
from uuid import uuid4

from claim_verification import models
from claim_verification.base import Calls
from claim_verification.errors import BadAnswer, Unreachable
from claim_verification.transport import JSON, NDJSON, SQLITE, Request


class Moving(Calls):
    """``export``, ``getBackup`` and ``importReviews`` of the API."""

    def export(self, **query: Unpack[models.ExportQuery]) -> Iterator[dict[str, Any]]:
        """Everything the key may see, a dictionary a line; the last, ``end``, says how many of each kind there are.

        The line may break: it goes on after the last one that came. Without the ``end`` there is an ``Unreachable``.
        """
        return (record for _, record in self._exported(query))

    def export_lines(self, **query: Unpack[models.ExportQuery]) -> Iterator[str]:
        """The same as the lines that the service wrote."""
        return (line for line, _ in self._exported(query))

    def get_backup(self) -> Iterator[bytes]:
        """A copy of the store (admins, SQLite), piece by piece: write them into a file, which is whole at their end.

        A line that breaks is an ``Unreachable``; the copy is then to be taken anew.
        """
        # Packed on the way, it would have no length to be checked by.
        headers = {"Accept": SQLITE, "Accept-Encoding": "identity"}
        request = Request("GET", f"{self._transport.url}/v1/backup", headers=headers, stream=True)
        return self._transport.whole(request, SQLITE)

    def import_reviews(
        self, data: bytes | BinaryIO, media_type: str = "application/ld+json", *, idempotency_key: str | None = None
    ) -> models.Import:
        """Take in a body of reviews in any form, or a whole export; what became of each is in the answer."""
        body = data if isinstance(data, bytes) else data.read()
        headers = {"Accept": JSON, "Content-Type": media_type, "Idempotency-Key": idempotency_key or uuid4().hex}
        done: models.Import = self._read(Request("POST", f"{self._transport.url}/v1/imports", body, headers))
        return done

    def _exported(self, query: models.ExportQuery) -> Iterator[tuple[str, dict[str, Any]]]:
        """Each line and what it says."""
        asked, begun = {**query}, False
        while True:
            came = False
            try:
                for line in self._lines("/v1/export", asked, NDJSON):
                    record = _record(line)
                    if record["kind"] == "export":
                        if begun:
                            continue  # It broke off after this line.
                        begun = True
                    elif record["kind"] != "end":
                        asked["after"], came = f"{record['kind']}:{record['id']}", True
                    yield line, record
                    if record["kind"] == "end":
                        return
                raise Unreachable("/v1/export: the answer ends before its last line")
            except Unreachable:
                # Where nothing more comes, asking again is of no use.
                if not came:
                    raise


def _record(line: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        record = None
    match record:
        case {"kind": "export" | "end"} | {"kind": str(), "id": str()}:
            return dict(record)
    raise BadAnswer("/v1/export: a line that is none of an export")
