"""A hundred thousand items, in the memory of a few."""

import gzip
import io
import json
import random
import sys
from collections.abc import Iterator

import pytest

from service.interchange.claimreview.reader import read
from service.interchange.claimreview.review_items import ReviewItem
from tests.interchange.claimreview.samples import google_claim
from tests.long_forms import by_form

SMALL = {
    "@type": "ClaimReview",
    "url": "https://c.example/1",
    "claimReviewed": "It rained.",
    "datePublished": "2019-10-30",
}
MANY = by_form(20_000, 100_000)
AHEAD = 256 * 1024
"""The number of bytes that these tests read before the form is known, and so before the first item."""


class Generated(io.RawIOBase):
    """A file that is generated while it is read, without memory of its own. ``given`` is the size read so far."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self.given = 0

    def read(self, size: int = -1) -> bytes:
        """Return the next piece, at most ``size`` bytes long."""
        piece = next(self._pieces, b"")
        assert len(piece) <= size
        self.given += len(piece)
        return piece


def pieces(form: str, many: int) -> Iterator[bytes]:
    """Yield the pieces of a feed of ``many`` reviews, a hundred at once."""
    one = {"google": google_claim(1), "feed": {"@type": "DataFeedItem", "item": SMALL}}.get(form, SMALL)
    start, between, end = {
        "array": ("[", ",", "]"),
        "lines": ("", "\n", "\n"),
        "feed": ('{"@type": "DataFeed", "dataFeedElement": [', ",\n", '], "name": "A feed"}'),
        "graph": ('{"@context": "https://schema.org", "@graph": [', ",", "]}"),
        "google": ('{"claims": [', ",", '], "nextPageToken": "x"}'),
    }[form]
    text = json.dumps(one)
    yield (start + " ").encode()
    for _ in range(many // 100 - 1):
        yield ((text + between) * 100).encode()
    yield (between.join([text] * 100) + end).encode()


@pytest.mark.parametrize(
    ("form", "many"), [("array", 10_000), ("lines", MANY), ("feed", 10_000), ("graph", 10_000), ("google", 10_000)]
)
def test_items_are_read_one_by_one(form: str, many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of earlier items is kept: neither objects nor text."""
    monkeypatch.setattr("service.interchange.claimreview.reader.WHOLE", AHEAD)
    stream = Generated(pieces(form, many))
    each_takes = sum(map(len, pieces(form, 100))) / 100
    objects = []
    count = 0
    for count, found in enumerate(read(stream), 1):  # type: ignore[arg-type]
        assert isinstance(found, ReviewItem)
        if count % (many // 10) == 0:
            objects.append(sys.getallocatedblocks())
            assert stream.given - count * each_takes < 2 * AHEAD

    assert count == many
    assert objects[-1] - objects[1] < many // 10


def test_an_error_of_the_stream_itself_is_raised() -> None:
    class Torn(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise ConnectionResetError(size)

    with pytest.raises(ConnectionResetError):
        list(read(Torn()))  # type: ignore[arg-type]


def test_gzip_is_read_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.interchange.claimreview.reader.WHOLE", AHEAD)
    noise = random.Random(1)
    lines = (json.dumps(SMALL | {"claimReviewed": noise.randbytes(100).hex()}) + "\n" for _ in range(10_000))
    packed = io.BytesIO(gzip.compress("".join(lines).encode()))
    next(read(packed))

    assert 0 < packed.tell() < len(packed.getvalue()) / 2
