"""Decode a byte stream to text, piece by piece: decompress gzip and find the encoding.

A byte that cannot be decoded becomes ``BAD``, a lone surrogate that no decoder produces, so that replaced bytes can be
distinguished from replacement characters in the input.
"""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from service.interchange.claimreview.encoding_detection import detect_encoding
from service.interchange.claimreview.finding_codes import ReadRefusal, ReadWarning
from service.interchange.claimreview.review_items import Finding

BAD = "\udfff"
PIECE = 64 * 1024
HEAD = 256 * 1024
"""The number of bytes from which the encoding is found."""
MAX_DECOMPRESSED = 4 * 1024**3
"""The maximum size of decompressed gzip, in bytes: far above a million reviews, and soon reached by a bomb."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# JSON and HTML begin with an ASCII character (RFC 4627, section 3).
_ZEROS = {
    b"\0\0\0x": "utf-32-be",
    b"x\0\0\0": "utf-32-le",
    b"\0x\0x": "utf-16-be",
    b"x\0x\0": "utf-16-le",
}
_BYTE_WISE = (
    *(f"cp{number}" for number in (866, 874, *range(1250, 1259))),
    *(f"iso8859-{number}" for number in range(2, 17) if number != 12),
    *("koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "tis-620"),
)
_MANY_BYTES = (
    "shift_jis",
    "cp932",
    "euc_jp",
    "iso2022_jp",
    "gb2312",
    "gbk",
    "gb18030",
    "big5",
    "cp950",
    "euc_kr",
    "cp949",
)
_KNOWN = frozenset(
    codecs.lookup(name).name
    for name in ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", *_BYTE_WISE, *_MANY_BYTES)
)
# The supersets that browsers use for these labels (WHATWG Encoding).
_WIDER = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030"}
_CHARSET = re.compile(rb"""<meta\s[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_PARAMETER = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return BAD, error.end


codecs.register_error("claimreview-mark", _mark)


@dataclass(frozen=True, slots=True)
class Encoding:
    """The encoding of a text; the ``warning`` is for every item whose text is not plain ASCII."""

    name: str
    warning: Finding | None = None


class DecompressionBomb(Exception):
    """Raised when decompressed data exceeds its limit."""


class DecodedText:
    """The text of a stream, in pieces. After the last piece ``refusal`` has the code and message if it ended early."""

    def __init__(self, stream: BinaryIO, media_type: str | None = None) -> None:
        self.refusal: tuple[ReadRefusal, str] | None = None
        self._pieces = self._unpack(stream)
        head = bytearray()
        ended = True
        for piece in self._pieces:
            head += piece
            if len(head) >= HEAD:
                ended = False
                break
        self._head = bytes(head)
        self.encoding = find_encoding(self._head, media_type, ended)

    def __iter__(self) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder(self.encoding.name)(errors="claimreview-mark")
        head, self._head = self._head, b""
        for start in range(0, len(head), PIECE):
            yield decoder.decode(head[start : start + PIECE])
        for piece in self._pieces:
            yield decoder.decode(piece)
        yield decoder.decode(b"", final=True)

    def _unpack(self, stream: BinaryIO) -> Iterator[bytes]:
        try:
            yield from decompressed(stream, MAX_DECOMPRESSED)
        except DecompressionBomb:
            self.refusal = ReadRefusal.TOO_LARGE, f"the gzip file decompresses to more than {MAX_DECOMPRESSED:,} bytes"
        except zlib.error as error:
            self.refusal = ReadRefusal.BROKEN_GZIP, f"the gzip file is damaged: {error}"
        except EOFError:
            self.refusal = ReadRefusal.TRUNCATED, "the gzip file is incomplete"


def decompressed(stream: BinaryIO, most: int) -> Iterator[bytes]:
    """Yield the bytes of a stream, decompressed if it is gzip (all members), at most ``PIECE`` at once.

    Raises ``DecompressionBomb`` after ``most`` decompressed bytes, ``zlib.error`` for damaged gzip, ``EOFError`` for an
    incomplete one.
    """
    piece = stream.read(PIECE)
    while piece and len(piece) < 2:
        more = stream.read(PIECE)
        if not more:
            break
        piece += more
    if not piece.startswith(b"\x1f\x8b"):
        while piece:
            yield piece
            piece = stream.read(PIECE)
        return
    size = 0
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    while piece:
        out = unpacker.decompress(piece, PIECE)
        size += len(out)
        if size > most:
            raise DecompressionBomb
        if out:
            yield out
        if unpacker.eof:
            # Members may be padded with zeros.
            piece = (unpacker.unused_data or stream.read(PIECE)).lstrip(b"\0") or stream.read(PIECE)
            if piece:
                unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
        else:
            piece = unpacker.unconsumed_tail or stream.read(PIECE)
    if not unpacker.eof:
        raise EOFError


def find_encoding(head: bytes, media_type: str | None = None, ended: bool = True) -> Encoding:
    """Find the encoding from a byte order mark, zeros, the declaration, or the bytes; ``ended`` if ``head`` is all."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return Encoding(name)
    zeros = _ZEROS.get(re.sub(rb"[^\0]", b"x", head[:4]))
    if zeros:
        return Encoding(zeros)
    declared = _declared(head, media_type)
    text = codecs.getincrementaldecoder("utf-8")(errors="claimreview-mark").decode(head, final=ended)
    bad = text.count(BAD)
    if not bad:
        if declared in (None, "utf-8") or text.isascii():
            return Encoding(declared if declared and not declared.startswith("utf-") else "utf-8")
        message = f"the declared encoding is {declared}, but the text is UTF-8: read as UTF-8"
        return Encoding("utf-8", Finding(ReadWarning.ENCODING_CONTRADICTED, "", message))
    if declared and declared != "utf-8" and not declared.startswith(("utf-16", "utf-32")):
        return Encoding(declared)
    if sum(character > "\x7f" for character in text) - bad >= bad:  # damaged UTF-8
        return Encoding("utf-8")
    detected, basis = detect_encoding(head)
    name = codecs.lookup(detected).name
    message = f"the text is not UTF-8 and declares no encoding: read as {name}, {basis}"
    return Encoding(name, Finding(ReadWarning.ENCODING_GUESSED, "", message))


def _declared(head: bytes, media_type: str | None) -> str | None:
    names = [match[1] for match in [_PARAMETER.search(media_type or "")] if match]
    if head.lstrip().startswith(b"<"):
        names += [match[1].decode("ascii") for match in [_CHARSET.search(head[:4096])] if match]
    for name in names:
        try:
            found = codecs.lookup(name).name
        except LookupError:
            continue
        found = _WIDER.get(found, found)
        if found in _KNOWN:
            return found
    return None
