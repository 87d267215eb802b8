"""Bytes in any of the forms that reviews are published in, to review items: nothing that is read ever raises."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, groupby
from typing import BinaryIO

from service.interchange.claimreview.decoding import BAD, Unpacked
from service.interchange.claimreview.deletions import deletions
from service.interchange.claimreview.field_reader import Notes
from service.interchange.claimreview.finding_codes import Refusal
from service.interchange.claimreview.google_claims import reviews_of
from service.interchange.claimreview.html_pages import LONGEST as LONGEST_PAGE
from service.interchange.claimreview.html_pages import blocks, page_of
from service.interchange.claimreview.json_repair import NotJson, parse
from service.interchange.claimreview.json_stream import Element, Splitter
from service.interchange.claimreview.jsonld_nodes import Index, is_deletion, is_google_claim, reviews
from service.interchange.claimreview.ndjson import lines
from service.interchange.claimreview.own_export import as_exported
from service.interchange.claimreview.ratings import RatingTable, load_table
from service.interchange.claimreview.review_items import DeletedReview, Place, Refused, ReviewItem
from service.interchange.claimreview.review_parser import Page, items
from service.interchange.claimreview.script_wrappers import unwrapped

WHOLE = 4 * 1024 * 1024
"""Up to this many characters a document is read as a whole: references may point from one element to another."""

_BLANK = " \t\r\n\ufeff\x00"
_LINES = re.compile(r"ndjson|jsonl|json-?lines", re.IGNORECASE)
_LINES_NAME = re.compile(r"\.(?:ndjson|jsonl)(?:\.gz)?\Z", re.IGNORECASE)
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c\x1d\x1f]")

Read = ReviewItem | DeletedReview | Refused


def read(
    stream: BinaryIO, *, name: str | None = None, media_type: str | None = None, table: RatingTable | None = None
) -> Iterator[Read]:
    """Every review in ``stream``, or that it was deleted, and what had to be refused, in order, in constant memory.

    Gzip, encoding and form (JSON-LD, DataFeed, NDJSON, Google's ``claims:search``, a web page) are found from the
    bytes; ``name`` of the file and ``media_type`` (a Content-Type with its charset) only help. ``table`` maps ratings,
    by default the one that comes with the service. Raises nothing but what reading the stream raises.
    """
    table = table or load_table()
    text = Unpacked(stream, media_type)
    doubt = text.encoding.doubt
    last: Read | None = None
    for found in _read(text, name, media_type, table):
        if last is not None:
            yield last
        if doubt and isinstance(found, ReviewItem) and not _plain(found):
            found = replace(found, warnings=(doubt, *found.warnings))
        last = found
    if text.trouble:
        yield from _ended_early(last, *text.trouble)
    else:
        yield last or Refused(Place(1, 1), Refusal.NO_REVIEW, "", "holds no ClaimReview")


def _ended_early(last: Read | None, code: Refusal, message: str) -> Iterator[Read]:
    """Why there is no more, where what is left of the last element is, or where the next would have been."""
    place = Place(1, 1)
    if isinstance(last, Refused) and last.code == Refusal.TRUNCATED:
        place = last.place
    elif last is not None:
        yield last
        place = Place(last.place.item + 1, last.place.line + 1)
    yield Refused(place, code, "", message)


def _plain(item: ReviewItem) -> bool:
    """Whether the encoding makes no difference to what is read."""
    said = (item.claim_reviewed, item.publisher.name, item.title, item.textual_rating, item.explanation)
    return all(text is None or text.isascii() for text in said)


def _read(text: Unpacked, name: str | None, media_type: str | None, table: RatingTable) -> Iterator[Read]:
    pieces = iter(text)
    head: list[str] = []
    size = 0
    for piece in pieces:
        if not head and not piece.strip(_BLANK):
            continue
        head.append(piece)
        size += len(piece)
        if size > WHOLE:
            break
    start = "".join(head)
    first = start.lstrip(_BLANK)[:1]
    if not first:
        if text.trouble is None:
            yield Refused(Place(1, 1), Refusal.EMPTY, "", "there is nothing in the input")
    elif first == "<":
        yield from _page(start, pieces, table)
    elif _BINARY.search(start[:1000].lstrip("\x00\x1e")):
        yield Refused(Place(1, 1), Refusal.UNKNOWN_FORM, "", "is neither JSON nor a web page")
    elif _is_lines(start, name, media_type):
        yield from _elements(lines(chain(head, pieces)), table)
    elif size <= WHOLE:
        yield from _documents(Splitter(head), table)
    else:
        del start
        yield from _elements(Splitter(_drained(head, pieces)), table)


def _drained(head: list[str], rest: Iterator[str]) -> Iterator[str]:
    """What was read ahead, let go as it is used, and the rest."""
    head.reverse()
    while head:
        yield head.pop()
    yield from rest


def _is_lines(start: str, name: str | None, media_type: str | None) -> bool:
    """Whether there is one JSON value a line, and more than one line."""
    first, newline, rest = start.lstrip(" \t\r\n\ufeff\x00\x1e").partition("\n")
    if not first.startswith("{") or not newline:
        return False
    if _LINES.search(media_type or "") or _LINES_NAME.search(name or ""):
        return True
    try:
        parse(first)
    except NotJson:
        return False
    return bool(rest.strip())


def _elements(elements: Iterable[Element], table: RatingTable) -> Iterator[Read]:
    """Each element for itself."""
    for element in elements:
        yield from _element(element, (Index((element.value,)),), table)


def _documents(elements: Iterable[Element], table: RatingTable, page: Page | None = None) -> Iterator[Read]:
    """Elements of documents that are small enough to look through for what is referred to."""
    for _, group in groupby(elements, lambda element: element.document):
        together = list(group)
        document = Index(element.value for element in together)
        for element in together:
            yield from _element(element, (Index((element.value,)), document), table, page)


def _element(
    element: Element, documents: Sequence[Index], table: RatingTable, page: Page | None = None
) -> Iterator[Read]:
    if element.trouble:
        code, message = element.trouble
        yield Refused(element.place, code, "", message)
        return
    nothing = True
    framed = element.value if isinstance(element.value, dict) else {}
    for pointer, node in reviews(element.value):
        nothing = False
        if is_deletion(node):
            yield from deletions(node, Notes(documents, element.repairs), replace(element.place, pointer=pointer))
            continue
        found = reviews_of(node) if is_google_claim(node) else iter([("", node)])
        empty = True
        for inner, review in found:
            empty = False
            place = replace(element.place, pointer=pointer + inner)
            for item in items(review, Notes(documents, element.repairs), place, table, page, framed):
                yield as_exported(item, review, framed.get("dateCreated")) if isinstance(item, ReviewItem) else item
        if empty:
            place = replace(element.place, pointer=pointer)
            yield Refused(place, Refusal.MISSING, "claimReview", "the claim has no review")
    if nothing and element.expected:
        yield Refused(element.place, Refusal.NO_REVIEW, "", "holds no ClaimReview")


def _page(start: str, rest: Iterator[str], table: RatingTable) -> Iterator[Read]:
    """The blocks of a page, as one document."""
    parts, size = [start], len(start)
    for piece in rest:
        parts.append(piece)
        size += len(piece)
        if size > LONGEST_PAGE:
            break
    text = "".join(parts)[:LONGEST_PAGE].replace(BAD, "\ufffd")
    found: list[Element] = []
    for block in blocks(text):
        for element in Splitter([unwrapped(block.text)], first_line=block.line):
            found.append(
                replace(element, document=1, expected=False, place=replace(element.place, item=len(found) + 1))
            )
    yield from _documents(found, table, page_of(text))
    if size > LONGEST_PAGE:
        message = f"the page is longer than {LONGEST_PAGE:,} characters: the rest was not read"
        yield Refused(Place(len(found) + 1, text.count("\n") + 1), Refusal.TOO_LARGE, "", message)
