"""Streaming of rows in constant memory: JSON, CSV (RFC 4180) and NDJSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, TypeVar

import orjson

CSV = "text/csv"
NDJSON = "application/x-ndjson"
T = TypeVar("T")
# Rows in one chunk: sending each alone costs more than producing it.
_ROWS = 200


def begun(pieces: Iterator[bytes]) -> Iterable[bytes]:
    """Return ``pieces`` after producing the first one, so that a database failure still changes the status.

    The first piece has all rows of a short list.
    """
    return chain([next(pieces, b"")], pieces)


def json_document(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """Yield ``{"data": [...]}`` piece by piece."""
    before = b'{"data":['
    for chunk in chunks(rows):
        yield before + b",".join(orjson.dumps(row) for row in chunk)
        before = b","
    yield b"]}" if before == b"," else before + b"]}"


def ndjson_lines(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """Yield one JSON object a line."""
    for chunk in chunks(rows):
        yield b"".join(orjson.dumps(row) + b"\n" for row in chunk)


def csv_lines(rows: Iterable[dict[str, Any]], columns: Sequence[str]) -> Iterator[bytes]:
    """Yield a header line, then one line a row."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns)
    writer.writeheader()
    for chunk in chunks(rows):
        writer.writerows(chunk)
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue().encode()


def joined(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield ``lines`` in chunks."""
    for chunk in chunks(lines):
        yield b"".join(chunk)


def chunks(rows: Iterable[T]) -> Iterator[list[T]]:
    """Yield lists of rows that are sent together."""
    iterator = iter(rows)
    while chunk := list(islice(iterator, _ROWS)):
        yield chunk
