"""Read bytes in any form in which reviews are published into review items. No input raises an error."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, groupby, islice
from typing import BinaryIO

from service.interchange.claimreview.decoding import BAD, DecodedText
from service.interchange.claimreview.deletions import deletions
from service.interchange.claimreview.field_reader import FieldReader
from service.interchange.claimreview.finding_codes import ReadRefusal
from service.interchange.claimreview.google_claims import google_reviews
from service.interchange.claimreview.html_pages import LONGEST as LONGEST_PAGE
from service.interchange.claimreview.html_pages import json_ld_blocks, page_metadata
from service.interchange.claimreview.json_repair import NotJson, parse
from service.interchange.claimreview.json_stream import Element, ElementSplitter
from service.interchange.claimreview.jsonld_nodes import Index, is_deletion, is_google_claim, reviews
from service.interchange.claimreview.ndjson import lines
from service.interchange.claimreview.own_reviews import as_exported
from service.interchange.claimreview.page_markup import marked_reviews, same_review, with_contradictions
from service.interchange.claimreview.ratings import RatingTable, load_table
from service.interchange.claimreview.review_items import DeletedReview, Place, Refused, ReviewItem
from service.interchange.claimreview.review_parser import Page, parse_review
from service.interchange.claimreview.script_wrappers import unwrap_json

WHOLE = 4 * 1024 * 1024
"""The maximum length in characters of a document read as a whole, to resolve references between its elements."""
# Elements of a document between which references are resolved: so many without a review need not be read to the end.
_TOGETHER = 50_000
_BLANK = " \t\r\n\ufeff\x00"
_LINES = re.compile(r"ndjson|jsonl|json-?lines", re.IGNORECASE)
_LINES_NAME = re.compile(r"\.(?:ndjson|jsonl)(?:\.gz)?\Z", re.IGNORECASE)
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c\x1d\x1f]")

Read = ReviewItem | DeletedReview | Refused


def read(
    stream: BinaryIO, *, name: str | None = None, media_type: str | None = None, table: RatingTable | None = None
) -> Iterator[Read]:
    """Yield the reviews, deletions and refusals of ``stream`` in their order, in constant memory.

    Gzip, encoding and form (JSON-LD, DataFeed, NDJSON, Google's ``claims:search``, a web page) are found from the
    bytes; the file's ``name`` and ``media_type`` (a Content-Type with its charset) are only hints. ``table`` maps
    ratings, by default the shipped one. Raises only errors of reading the stream.
    """
    table = table or load_table()
    text = DecodedText(stream, media_type)
    warning = text.encoding.warning
    last: Read | None = None
    for found in _read(text, name, media_type, table):
        if last is not None:
            yield last
        if warning and isinstance(found, ReviewItem) and not _plain(found):
            found = replace(found, warnings=(warning, *found.warnings))
        last = found
    if text.refusal:
        yield from _ended_early(last, *text.refusal)
    else:
        yield last or Refused(Place(1, 1), ReadRefusal.NO_REVIEW, "", "the input has no ClaimReview")


def _ended_early(last: Read | None, code: ReadRefusal, message: str) -> Iterator[Read]:
    """Yield the refusal of the rest of the input, at the place of the incomplete or the next element."""
    place = Place(1, 1)
    if isinstance(last, Refused) and last.code == ReadRefusal.TRUNCATED:
        place = last.place
    elif last is not None:
        yield last
        place = Place(last.place.item + 1, last.place.line + 1)
    yield Refused(place, code, "", message)


def _plain(item: ReviewItem) -> bool:
    """Return whether the texts of an item are plain ASCII, the same in every encoding."""
    texts = (item.claim_reviewed, item.publisher.name, item.title, item.textual_rating, item.explanation)
    return all(text is None or text.isascii() for text in texts)


def _read(text: DecodedText, name: str | None, media_type: str | None, table: RatingTable) -> Iterator[Read]:
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
        if text.refusal is None:
            yield Refused(Place(1, 1), ReadRefusal.EMPTY, "", "the input is empty")
    elif first == "<":
        yield from _page(start, pieces, table)
    elif _BINARY.search(start[:1000].lstrip("\x00\x1e")):
        yield Refused(Place(1, 1), ReadRefusal.UNKNOWN_FORM, "", "the input is neither JSON nor a web page")
    elif _is_lines(start, name, media_type):
        yield from _elements(lines(chain(head, pieces)), table)
    elif size <= WHOLE:
        yield from _documents(ElementSplitter(head), table)
    else:
        del start
        yield from _elements(ElementSplitter(_drained(head, pieces)), table)


def _drained(head: list[str], rest: Iterator[str]) -> Iterator[str]:
    """Yield the pieces read ahead, each freed once it is used, and then the rest."""
    head.reverse()
    while head:
        yield head.pop()
    yield from rest


def _is_lines(start: str, name: str | None, media_type: str | None) -> bool:
    """Return whether the text has one JSON value a line, and several lines."""
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
    """Read each element on its own."""
    for element in elements:
        yield from _element(element, (Index((element.value,)),), table)


def _documents(elements: Iterable[Element], table: RatingTable, page: Page | None = None) -> Iterator[Read]:
    """Read the elements of documents that are small enough to resolve references between elements."""
    for _, group in groupby(elements, lambda element: element.document):
        while together := list(islice(group, _TOGETHER)):
            document = Index(element.value for element in together)
            for element in together:
                yield from _element(element, (Index((element.value,)), document), table, page)


def _element(
    element: Element, documents: Sequence[Index], table: RatingTable, page: Page | None = None
) -> Iterator[Read]:
    if element.refusal:
        code, message = element.refusal
        yield Refused(element.place, code, "", message)
        return
    nothing = True
    feed_item = element.value if isinstance(element.value, dict) else {}
    for pointer, node in reviews(element.value):
        nothing = False
        if is_deletion(node):
            yield from deletions(node, FieldReader(documents, element.repairs), replace(element.place, pointer=pointer))
            continue
        found = google_reviews(node) if is_google_claim(node) else iter([("", node)])
        empty = True
        for inner, review in found:
            empty = False
            place = replace(element.place, pointer=pointer + inner)
            reader, created = FieldReader(documents, element.repairs), feed_item.get("dateCreated")
            for item in parse_review(review, reader, place, table, page, feed_item):
                yield as_exported(item, review, created, reader.resolve) if isinstance(item, ReviewItem) else item
        if empty:
            place = replace(element.place, pointer=pointer)
            yield Refused(place, ReadRefusal.MISSING, "claimReview", "the claim has no review")
    if nothing and element.expected:
        yield Refused(element.place, ReadRefusal.NO_REVIEW, "", "the element has no ClaimReview")


def _page(start: str, rest: Iterator[str], table: RatingTable) -> Iterator[Read]:
    """Read the JSON-LD blocks of a page, as one document, and its Microdata and RDFa."""
    parts, size = [start], len(start)
    for piece in rest:
        parts.append(piece)
        size += len(piece)
        if size > LONGEST_PAGE:
            break
    text = "".join(parts)[:LONGEST_PAGE].replace(BAD, "\ufffd")
    found: list[Element] = []
    for block in json_ld_blocks(text):
        for element in ElementSplitter([unwrap_json(block.text)], first_line=block.line):
            found.append(
                replace(element, document=1, expected=False, place=replace(element.place, item=len(found) + 1))
            )
    page = page_metadata(text)
    results = list(_documents(found, table, page))
    marked, refusal = marked_reviews(text, page.url)
    for number, review in enumerate(marked, len(found) + 1):
        element = Element(Place(number, review.line), number, False, review.node)
        read_here = _element(element, (Index((review.node,)), review.named), table, page)
        results = _combined(results, read_here, review.syntax)
    yield from results
    end = Place(len(found) + len(marked) + 1, text.count("\n") + 1)
    if refusal:
        yield Refused(end, refusal[0], "", refusal[1])
    if size > LONGEST_PAGE:
        message = f"the page is longer than {LONGEST_PAGE:,} characters: the rest was not read"
        yield Refused(end, ReadRefusal.TOO_LARGE, "", message)


def _combined(results: list[Read], further: Iterable[Read], syntax: str) -> list[Read]:
    """Return the results of a page with those of a further syntax, without reviews that it has already."""
    known = [result for result in results if isinstance(result, ReviewItem)]
    new: list[Read] = []
    for each in further:
        same = same_review(known, each) if isinstance(each, ReviewItem) else None
        if same is not None and isinstance(each, ReviewItem):
            kept = with_contradictions(same, each, syntax)
            results = [kept if result is same else result for result in results]
        elif not isinstance(each, Refused) or not any(each.url in (None, item.url) for item in known):
            new.append(each)
    return results + new
