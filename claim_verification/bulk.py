"""Transfers in bulk: the export, a backup of the store, and imports."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO, Unpack
from uuid import uuid4

from claim_verification import models
from claim_verification.base import BaseClient
from claim_verification.errors import BadAnswer, Unreachable
from claim_verification.transport import JSON, NDJSON, SQLITE, Request


class BulkTransfers(BaseClient):
    """The operations ``export``, ``getBackup`` and ``importReviews``."""

    def export(self, **query: Unpack[models.ExportQuery]) -> Iterator[dict[str, Any]]:
        """Iterate over all records that the key may see; the last, of kind ``end``, has the number of each kind.

        After a broken connection the export is resumed after the last record. Raises ``Unreachable`` if it ends without
        the last record.
        """
        return (record for _, record in self._exported(query))

    def export_lines(self, **query: Unpack[models.ExportQuery]) -> Iterator[str]:
        """Iterate over the same records as the lines that the service wrote, without the line ends."""
        return (line for line, _ in self._exported(query))

    def get_backup(self) -> Iterator[bytes]:
        """Iterate over the bytes of a backup of the store, an SQLite database; takes an admin's key.

        The backup is complete when the iterator ends. Raises ``Unreachable`` if the connection breaks.
        """
        # A compressed answer would have no length to check.
        headers = {"Accept": SQLITE, "Accept-Encoding": "identity"}
        request = Request("GET", f"{self._transport.url}/v1/backup", headers=headers, stream=True)
        return self._transport.checked_body(request, SQLITE)

    def import_reviews(
        self,
        data: bytes | BinaryIO,
        media_type: str = "application/ld+json",
        *,
        idempotency_key: str | None = None,
        **query: Unpack[models.ImportReviewsQuery],
    ) -> models.Import:
        """Import reviews in any supported form, a spreadsheet, or a complete export.

        The answer reports the outcome of each item; with ``dry_run`` nothing is stored.
        """
        body = data if isinstance(data, bytes) else data.read()
        headers = {"Accept": JSON, "Content-Type": media_type, "Idempotency-Key": idempotency_key or uuid4().hex}
        done: models.Import = self._read(Request("POST", self._address("/v1/imports", query), body, headers))
        return done

    def _exported(self, query: models.ExportQuery) -> Iterator[tuple[str, dict[str, Any]]]:
        """Iterate over each line and its record."""
        parameters, begun = {**query}, False
        while True:
            progressed = False
            try:
                for line in self._lines("/v1/export", parameters, NDJSON):
                    record = _record(line)
                    if record["kind"] == "export":
                        if begun:
                            continue  # The header of a resumed export.
                        begun = True
                    elif record["kind"] != "end":
                        parameters["after"], progressed = f"{record['kind']}:{record['id']}", True
                    yield line, record
                    if record["kind"] == "end":
                        return
                raise Unreachable("/v1/export: the answer ends before its last line")
            except Unreachable:
                # An attempt that got nothing will not get further the next time.
                if not progressed:
                    raise


def _record(line: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        record = None
    match record:
        case {"kind": "export" | "end"} | {"kind": str(), "id": str()}:
            return dict(record)
    raise BadAnswer("/v1/export: a line of the answer is not a record of an export")
