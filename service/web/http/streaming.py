"""Streaming of rows in constant memory: JSON, CSV (RFC 4180) and NDJSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from types import MappingProxyType
from typing import Any, TypeVar

import orjson

CSV = "text/csv"
NDJSON = "application/x-ndjson"
T = TypeVar("T")
# Rows in one chunk: sending each alone costs more than producing it.
_ROWS = 200
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")


def begun(pieces: Iterator[bytes]) -> Iterable[bytes]:
    """Return ``pieces`` after producing the first one, so that a database failure still changes the status.

    The first piece has all rows of a short list.
    """
    return chain([next(pieces, b"")], pieces)


def json_document(rows: Iterable[dict[str, Any]], beside: Mapping[str, Any] = MappingProxyType({})) -> Iterator[bytes]:
    """Yield ``{"data": [...]}`` piece by piece, with the members ``beside`` it."""
    before = b'{"data":['
    for chunk in chunks(rows):
        yield before + b",".join(orjson.dumps(row) for row in chunk)
        before = b","
    end = b"]" + b"".join(b"," + orjson.dumps({name: value})[1:-1] for name, value in beside.items()) + b"}"
    yield end if before == b"," else before + end


def ndjson_lines(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """Yield one JSON object a line."""
    for chunk in chunks(rows):
        yield b"".join(orjson.dumps(row) + b"\n" for row in chunk)


def csv_lines(rows: Iterable[dict[str, Any]], columns: Sequence[str]) -> Iterator[bytes]:
    """Yield a header line, then one line a row.

    Items of a list are joined by ``; ``. An apostrophe before a text that begins like a formula keeps spreadsheets from
    computing it (OWASP, CSV injection).
    """
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns)
    writer.writeheader()
    for chunk in chunks(rows):
        writer.writerows({name: _cell(value) for name, value in row.items()} for row in chunk)
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue().encode()


def _cell(value: Any) -> Any:
    text = "; ".join(value) if isinstance(value, list) else value
    return f"'{text}" if isinstance(text, str) and text.startswith(_FORMULAS) else text


def joined(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield ``lines`` in chunks."""
    for chunk in chunks(lines):
        yield b"".join(chunk)


def chunks(rows: Iterable[T]) -> Iterator[list[T]]:
    """Yield lists of rows that are sent together."""
    iterator = iter(rows)
    while chunk := list(islice(iterator, _ROWS)):
        yield chunk
