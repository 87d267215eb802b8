"""A file of reviews or a spreadsheet as the bodies of requests, each small enough for a service."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

from claim_verification.errors import BadInput
from claim_verification.transport import JSON, NDJSON

# Below the usual limit of a service, and no more lines than the items that an answer reports.
BATCH_BYTES, BATCH_LINES = 512 * 1024, 1000
# The highest value that IMPORT_MAX_BYTES of a service can have.
_MAX_BYTES = 2**30
_SHEETS = {
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "tab": "text/tab-separated-values",
    "xls": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",  # the service says what to do
}
_SHEET = re.compile(r"\.(csv|tsv|tab|xlsx|xlsm|xls|ods)(?:\.gz)?\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Batch:
    """The body of a request, and the number of lines of the file before it."""

    body: bytes
    media_type: str
    lines_before: int = 0


def batches(name: str, stream: BinaryIO) -> Iterator[Batch]:
    """Split reviews one a line (NDJSON) into batches; yield anything else as one.

    A complete export is NDJSON too, but its lines refer to later ones, so it is one batch.
    """
    beginning = list(_beginning(stream))
    if len(beginning) > 1 and all(map(_is_review, filter(bytes.strip, beginning))):
        yield from _split(chain(beginning, stream))
        return
    body = b"".join(beginning) + stream.read(_MAX_BYTES)
    if stream.read(1):
        raise BadInput(name, f"too large: no service takes more than {_MAX_BYTES} bytes that are not NDJSON")
    yield Batch(body, _media_type(name, body))


def _beginning(stream: BinaryIO) -> Iterator[bytes]:
    """Read the lines up to the second that is not blank."""
    found = 0
    while found < 2 and (line := stream.readline(_MAX_BYTES)):
        found += bool(line.strip())
        yield line


def _is_review(line: bytes) -> bool:
    """Return ``True`` for a complete JSON object or array that is not a record of an export."""
    try:
        value = json.loads(line.decode("utf-8-sig").strip().rstrip(","))
    except (ValueError, RecursionError):
        return False
    return isinstance(value, list) or (isinstance(value, dict) and next(iter(value), None) != "kind")


def _split(lines: Iterable[bytes]) -> Iterator[Batch]:
    batch: list[bytes] = []
    size = before = 0
    for line in lines:
        if batch and (size + len(line) > BATCH_BYTES or len(batch) == BATCH_LINES):
            yield Batch(b"".join(batch), NDJSON, before)
            before += len(batch)
            batch, size = [], 0
        batch.append(line)
        size += len(line)
    yield Batch(b"".join(batch), NDJSON, before)


def _media_type(name: str, body: bytes) -> str:
    """Return a hint for the service, which looks at the content itself, but for text with separators."""
    sheet = _SHEET.search(name)
    if sheet is not None:
        return _SHEETS[sheet[1].lower()[:3]]
    if body.startswith(b"PK\x03\x04"):
        return _SHEETS["xls"]
    if body.startswith(b"\x1f\x8b"):
        return "application/gzip"
    return "text/html" if body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else JSON
