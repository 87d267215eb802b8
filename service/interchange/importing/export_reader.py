"""Read the lines of an export (``publishing.export_format``) from a stream."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, BinaryIO

import orjson
from marshmallow import ValidationError

from service.interchange.claimreview.finding_codes import ReadRefusal
from service.interchange.claimreview.review_items import Finding, Place
from service.interchange.importing.export_addresses import encode_addresses
from service.interchange.importing.export_line_schemas import ID, SHAPES
from service.interchange.importing.outcomes import ImportRefusal, ItemResult, Outcome
from service.interchange.publishing.export_format import END, FORMAT, HEAD, NAMES, VERSION, line
from service.model.entities import Document
from service.model.record_kinds import Kind
from service.model.records import StoredRecord

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LONGEST = 4 * 1024 * 1024
HEAD_BYTES = 4096
_OURS = re.compile(
    rb'(?:\xef\xbb\xbf)?\s*\{\s*"kind"\s*:\s*"(?:%s)"' % b"|".join(k.encode() for k in (HEAD, END, *Kind))
)
# Members that change with any other.
_OF_CHANGE = ("version", "updated_at")
# Members of claims that are computed, or restored from what an earlier version computed.
_COMPUTED = ("judged_hash", "judged_before")
# Members that may refer to a later line.
_LATER_MEMBERS = {
    Kind.SOURCE: ("part_of", "merged_into"),
    Kind.DOCUMENT: ("derived_from", "merged_into"),
    Kind.CLAIM: ("merged_into",),
    Kind.VERDICT: ("superseded_by",),
}
# Members that exports of the last version do not have.
_NEW_MEMBERS = {Kind.SOURCE: "same_as", Kind.VERDICT: "published_by"}


@dataclass(frozen=True, slots=True)
class Line:
    """A valid line: the record, and the members ``beside`` it (version, times, marks).

    ``findings`` are on addresses that were percent-encoded. ``is_of_earlier_version`` is true if the line lacks a
    member that this version writes, which lines of some kinds do not show.
    """

    place: Place
    kind: Kind
    id: str
    thing: Any
    beside: Mapping[str, Any]
    findings: tuple[Finding, ...] = ()
    is_of_earlier_version: bool = False

    @property
    def row(self) -> StoredRecord:
        """The row that the store would have for this line."""
        return StoredRecord(0, self.thing, self.beside)

    def later_references(self) -> dict[str, str]:
        """Return the ids of records that may come later, by member."""
        named = {name: self.row.member(name) for name in _LATER_MEMBERS.get(self.kind, ())}
        return {name: value for name, value in named.items() if value is not None}

    def required_references(self) -> Iterator[tuple[Kind, str]]:
        """Yield the kinds and ids of records that must come earlier."""
        thing = self.thing
        if self.kind is Kind.DOCUMENT and thing.publisher is not None:
            yield Kind.SOURCE, thing.publisher
        elif self.kind is Kind.MENTION:
            yield Kind.CLAIM, thing.claim
            yield Kind.DOCUMENT, thing.document
            yield from ((Kind.SOURCE, source) for source in thing.attribution)
        elif self.kind is Kind.LINK:
            yield Kind.CLAIM, thing.claim
            yield Kind.CLAIM, thing.other
        elif self.kind is Kind.PAGE:
            yield from ((Kind.VERDICT, verdict) for verdict in thing.verdicts)
        elif self.kind is Kind.REVIEW:
            yield Kind.VERDICT, thing.verdict
        elif self.kind is Kind.ASSIGNMENT:
            yield Kind.CLAIM, thing.claim
        elif self.kind is Kind.SUGGESTION:
            kind = Kind(thing.suggestion_kind.record_kind)
            yield from ((kind, record) for record in thing.records)
        elif self.kind is Kind.VERDICT:
            yield Kind.CLAIM, thing.claim
            if thing.supersedes is not None:
                yield Kind.VERDICT, thing.supersedes
            if thing.review is not None:
                yield Kind.SOURCE, thing.review.publisher
            for ground in thing.evidence:
                yield from ((Kind.MENTION, name) for name in [ground.mention] if name)
                yield from ((Kind.DOCUMENT, name) for name in [ground.document] if name)

    def text(self, stored: StoredRecord | None = None) -> bytes:
        """Return the line as an export writes it, or that of ``stored``, without computed members."""
        stored = stored or self.row
        return line(self.kind, replace(stored, beside={k: v for k, v in stored.beside.items() if k not in _COMPUTED}))

    def is_stored_as(self, stored: StoredRecord) -> bool:
        """Return whether ``stored`` is the record of this line.

        A document that the line does not merge may have been merged when it was restored. A record whose addresses were
        percent-encoded here, as those of the line are now, may have another version for that.
        """
        if self.kind is Kind.DOCUMENT and self.thing.merged_into is None:
            own = {"merged": self.beside["merged"]} if "merged" in self.beside else {}
            beside = {name: value for name, value in stored.beside.items() if name != "merged"} | own
            stored = replace(stored, thing=replace(stored.thing, merged_into=None), beside=beside)
        text = self.text(stored)
        return self.text() == text or (bool(self.findings) and _encoded(self.text()) == _encoded(text))


def _encoded(text: bytes) -> Any:
    """Return the members of an exported line with its addresses percent-encoded, without those that this changes."""
    members = orjson.loads(text)
    encode_addresses(SHAPES[members["kind"]][0], members)
    return {name: value for name, value in members.items() if name not in _OF_CHANGE}


def is_export(head: bytes) -> bool:
    """Return whether a stream that begins with ``head`` is a whole export or a part of one, gzipped or not."""
    if head.startswith(b"\x1f\x8b"):
        try:
            head = zlib.decompressobj(31).decompress(head, HEAD_BYTES)
        except zlib.error:
            return False
    return _OURS.match(head) is not None


def read_lines(stream: BinaryIO, *, gzipped: bool) -> Iterator[Line | ItemResult]:
    """Read the lines of an export, and refusals for invalid ones, in constant memory.

    The first and last line are checked and not yielded.
    """
    counts: dict[str, int] = {}
    whole = ended = False
    number = 0
    try:
        for number, raw in enumerate(_raw_lines(stream, gzipped), 1):
            place = Place(number, number)
            if ended:
                yield _refused(place, ImportRefusal.INVALID, "", "the line comes after the last line of the export")
                return
            try:
                members = _members(raw)
                kind = members.get("kind")
                if kind == HEAD:
                    _check_head(members, number)
                    whole = True
                elif kind == END:
                    ended = True
                    yield from _missing(place, members, counts if whole else None)
                else:
                    counts[str(kind)] = counts.get(str(kind), 0) + 1
                    yield _line(place, members)
            except _InvalidLine as error:
                yield _refused(place, error.code, error.field, error.message)
    except EOFError:
        yield _refused(Place(number + 1, number + 1), ReadRefusal.TRUNCATED, "", "the gzip file is incomplete")
        return
    except (OSError, zlib.error) as error:
        yield _refused(Place(number + 1, number + 1), ReadRefusal.BROKEN_GZIP, "", f"the gzip file is damaged: {error}")
        return
    if not ended:
        message = "the export is incomplete: its last line is missing"
        yield _refused(Place(number + 1, number + 1), ReadRefusal.TRUNCATED, "", message)


class _InvalidLine(Exception):
    def __init__(self, code: str, field: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.field = field
        self.message = message


class _Unzipped(io.RawIOBase):
    """The content of a gzip stream, up to the last byte of one that is truncated.

    ``GzipFile`` fills its buffer before it returns: where the stream ends too early, all of that buffer is lost.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._file = gzip.GzipFile(fileobj=stream)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        data = self._file.read1(len(view))
        view[: len(data)] = data
        return len(data)


def _raw_lines(stream: BinaryIO, gzipped: bool) -> Iterator[bytes]:
    text: BinaryIO = io.BufferedReader(_Unzipped(stream)) if gzipped else stream
    while raw := text.readline(LONGEST + 1):
        yield raw
        while len(raw) > LONGEST and not raw.endswith(b"\n"):
            raw = text.readline(LONGEST + 1)


def _members(raw: bytes) -> dict[str, Any]:
    if len(raw) > LONGEST:
        raise _InvalidLine(ReadRefusal.TOO_LARGE, "", f"the line is longer than {LONGEST:,} bytes")
    try:
        members = orjson.loads(raw.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise _InvalidLine(ReadRefusal.NOT_JSON, "", str(error)) from error
    if not isinstance(members, dict):
        raise _InvalidLine(ReadRefusal.NOT_AN_OBJECT, "", "the line is not a JSON object")
    return members


def _check_head(members: Mapping[str, Any], number: int) -> None:
    if number != 1 or (members.get("format"), members.get("version")) != (FORMAT, VERSION):
        raise _InvalidLine(
            ImportRefusal.INVALID, "version", f"not the first line of a {FORMAT} export, version {VERSION}"
        )


def _missing(place: Place, members: Mapping[str, Any], counts: Mapping[str, int] | None) -> Iterator[ItemResult]:
    """Yield a refusal if the counts in the last line are not those of the lines; a part of an export has no counts."""
    stated = members.get("counts")
    stated = {kind: number for kind, number in stated.items() if number} if isinstance(stated, dict) else stated
    if counts is not None and stated != counts:
        message = f"the export is incomplete: its last line counts {stated}, it has {counts}"
        yield _refused(place, ReadRefusal.TRUNCATED, "counts", message)


def _line(place: Place, members: dict[str, Any]) -> Line:
    kind, public_id = members.pop("kind", None), members.get("id")
    if not isinstance(kind, str) or kind not in SHAPES:
        raise _InvalidLine(
            ImportRefusal.INVALID, "kind", f"unknown kind {kind!r}: must be one of {', '.join(SHAPES)}"[:200]
        )
    shape, beside_shape, left_out = SHAPES[kind]
    for name, written in NAMES.items():
        if written in members:
            members[name] = members.pop(written)
    try:
        ID.deserialize(public_id)
        own = {name: members.pop(name, None) for name in left_out}
        beside = {} if beside_shape is None else {n: members.pop(n) for n in beside_shape.fields if n in members}
        findings = encode_addresses(shape, members)
        thing = shape.load(members)
        kept_beside = {} if beside_shape is None else beside_shape.load(beside)
        if isinstance(thing, Document) and "first_seen" not in members:
            thing = replace(thing, first_seen=kept_beside["created_at"].astimezone(dt.UTC).date())
        for name in left_out:
            if own[name] is not None or name != "merged_into":
                ID.deserialize(own[name])
        if own:
            thing = replace(thing, **own)
    except ValidationError as error:
        field, message = next(_flat(error.normalized_messages()))
        raise _InvalidLine(ImportRefusal.INVALID, field, message) from error
    if own.get("merged_into") is not None and kept_beside.get("merged") is None:
        message = "Must be the time, author and reason of the merge, since `merged_into` is set."
        raise _InvalidLine(ImportRefusal.INVALID, "/merged", message)
    is_earlier = _NEW_MEMBERS.get(Kind(kind), "id") not in members
    kept_beside = _in_order(Kind(kind), kept_beside)
    return Line(place, Kind(kind), str(public_id), thing, kept_beside, tuple(findings), is_earlier)


def _in_order(kind: Kind, beside: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members in the order of an export."""
    return {name: beside[name] for name in _ORDER.get(kind, ()) if name in beside}


_STAMPS = ("version", "created_at", "updated_at")
_ORDER = {
    Kind.SOURCE: (*_STAMPS, "merged"),
    Kind.DOCUMENT: (*_STAMPS, "merged"),
    Kind.CLAIM: ("judged_version", "judged_hash", "judged_before", "merged_into", "merged", *_STAMPS),
    Kind.MENTION: ("seeded", "withdrawn"),
    Kind.LINK: ("seeded", "withdrawn"),
    Kind.PAGE: _STAMPS,
}


def _flat(messages: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(messages, dict):
        for name, inner in messages.items():
            yield from _flat(inner, f"{path}/{name}" if name != "_schema" else path)
    else:
        yield path, " ".join(map(str, messages))


def _refused(place: Place, code: str, field: str, message: str) -> ItemResult:
    return ItemResult(place, Outcome.REFUSED, findings=(Finding(code, field, message),))
