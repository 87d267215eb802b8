"""Rows as they come, in constant memory: JSON, CSV (RFC 4180) and NDJSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import orjson

CSV = "text/csv"
NDJSON = "application/x-ndjson"
# Rows in one chunk: sending each alone costs more than making it.
_ROWS = 200


def json_document(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """``{"data": [...]}``, piece by piece."""
    yield b'{"data":['
    for number, chunk in enumerate(_chunks(rows)):
        yield (b"," if number else b"") + b",".join(orjson.dumps(row) for row in chunk)
    yield b"]}"


def ndjson_lines(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """One JSON object a line."""
    for chunk in _chunks(rows):
        yield b"".join(orjson.dumps(row) + b"\n" for row in chunk)


def csv_lines(rows: Iterable[dict[str, Any]], columns: Sequence[str]) -> Iterator[bytes]:
    """A header line, then one line a row."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns)
    writer.writeheader()
    for chunk in _chunks(rows):
        writer.writerows(chunk)
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue().encode()


def _chunks(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    iterator = iter(rows)
    while chunk := list(islice(iterator, _ROWS)):
        yield chunk
