"""A file of reviews as the bodies that are sent to a service, which takes so much at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

from claim_verification.errors import BadInput
from claim_verification.transport import JSON, NDJSON

# Soon done, and below what services are set to take; and no more than the items that one answer reports on.
BATCH_BYTES, BATCH_LINES = 512 * 1024, 1000
# What the setting of a service can be at most.
_LONGEST = 2**30


@dataclass(frozen=True, slots=True)
class Batch:
    """A body, and how many lines of the file come before it."""

    body: bytes
    media_type: str
    before: int = 0


def parts(name: str, stream: BinaryIO) -> Iterator[Batch]:
    """Reviews one a line (NDJSON) by the hundreds, anything else whole.

    A whole export is NDJSON too, but its lines refer to later ones; so it stays whole.
    """
    begun = list(_beginning(stream))
    if len(begun) > 1 and all(map(_is_review, filter(bytes.strip, begun))):
        yield from _batches(chain(begun, stream))
        return
    body = b"".join(begun) + stream.read(_LONGEST)
    if stream.read(1):
        raise BadInput(name, "it is longer than any service takes")
    yield Batch(body, _media_type(body))


def _beginning(stream: BinaryIO) -> Iterator[bytes]:
    """The lines up to the second that is not blank."""
    found = 0
    while found < 2 and (line := stream.readline(_LONGEST)):
        found += bool(line.strip())
        yield line


def _is_review(line: bytes) -> bool:
    """Whether a line is a whole JSON object or array, and none of an export."""
    try:
        value = json.loads(line.decode("utf-8-sig").strip().rstrip(","))
    except (ValueError, RecursionError):
        return False
    return isinstance(value, list) or (isinstance(value, dict) and next(iter(value), None) != "kind")


def _batches(lines: Iterable[bytes]) -> Iterator[Batch]:
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


def _media_type(body: bytes) -> str:
    """A hint: the service looks for itself."""
    if body.startswith(b"\x1f\x8b"):
        return "application/gzip"
    return "text/html" if body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else JSON
