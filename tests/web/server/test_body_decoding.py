"""The end of a body is found wherever it is cut into pieces, and a wrong one is refused."""

from __future__ import annotations

import pytest
from gunicorn.http.errors import ChunkMissingTerminator, InvalidChunkExtension, InvalidChunkSize, ParseException

from service.web.server.bodies import ChunkedDecoder, Decoder, LengthDecoder

BODY = b'4\r\nWiki\r\n6;a=b;c="d"\r\npedia \r\nE \t; x\r\nin \r\n\r\nchunks.\r\n0\r\nX-Sum: 1\r\nX-Other: 2\r\n\r\n'
CONTENT = b"Wikipedia in \r\n\r\nchunks."
NEXT = b"GET / HTTP/1.1\r\n"


def _decoded(decoder: Decoder, data: bytes, size: int) -> tuple[bytes, bytes | None]:
    """Return the content, and the rest after the body, of ``data`` that arrives in pieces of ``size``."""
    content = b""
    for start in range(0, len(data), size):
        piece = data[start : start + size]
        more, end = decoder.decode(piece)
        content += more
        if end is not None:
            return content, piece[end:] + data[start + size :]
    return content, None


@pytest.mark.parametrize("size", range(1, len(BODY) + len(NEXT) + 1))
def test_a_body_is_read_in_pieces_of_any_size(size: int) -> None:
    decoder = ChunkedDecoder()
    assert _decoded(decoder, BODY + NEXT, size) == (CONTENT, NEXT)
    assert decoder.trailers == b"X-Sum: 1\r\nX-Other: 2\r\n"
    assert _decoded(LengthDecoder(len(BODY)), BODY + NEXT, size) == (BODY, NEXT)


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_a_body_that_goes_on_has_no_end(size: int) -> None:
    for cut in range(1, len(BODY)):
        assert _decoded(ChunkedDecoder(), BODY[:cut], size)[1] is None
        assert _decoded(LengthDecoder(len(BODY)), BODY[:cut], size) == (BODY[:cut], None)
    assert _decoded(LengthDecoder(0), b"", size) == (b"", None)
    assert LengthDecoder(0).decode(NEXT) == (b"", 0)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"zz\r\n", InvalidChunkSize),
        (b"\r\n", InvalidChunkSize),
        (b"-1\r\n", InvalidChunkSize),
        (b"+1\r\n", InvalidChunkSize),
        (b"0x1\r\n", InvalidChunkSize),
        (b"1 \r\n", InvalidChunkSize),
        (b"1\nx\r\n", InvalidChunkSize),
        (b"1" * 16 + b"\r\n", InvalidChunkSize),
        (b"1" * 9000, InvalidChunkSize),
        (b"1;\x00\r\n", InvalidChunkExtension),
        (b"1;a\rb\r\n", InvalidChunkExtension),
        (b"1\r\nxy\r\n", ChunkMissingTerminator),
        (b"1\r\nx\n", ChunkMissingTerminator),
        (b"1\r\nx\rx", ChunkMissingTerminator),
        (b"0\r\nX: y\n", InvalidChunkSize),
        (b"0\r\n" + b"X: y\r\n" * 20_000, InvalidChunkExtension),
        (b"1;%s\r\nx\r\n" % (b"a" * 8000) * 20, InvalidChunkExtension),
    ],
)
@pytest.mark.parametrize("size", [1, 4, 100_000])
def test_a_body_that_is_badly_chunked_is_refused(body: bytes, error: type[ParseException], size: int) -> None:
    with pytest.raises(error):
        _decoded(ChunkedDecoder(), body, size)


def test_chunks_of_one_byte_are_read() -> None:
    content = bytes(range(256)) * 100
    body = b"".join(b"1\r\n%c\r\n" % byte for byte in content) + b"0\r\n\r\n"
    assert _decoded(ChunkedDecoder(), body, 64 * 1024) == (content, b"")
