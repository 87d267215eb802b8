"""Extract JSON-LD blocks and metadata from web pages."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from service.interchange.claimreview.addresses import canonical
from service.interchange.claimreview.languages import tag_of
from service.interchange.claimreview.review_parser import Page

LONGEST = 16 * 1024 * 1024
"""The maximum length of a page, in characters."""

# No pattern can read the same text repeatedly: repetitions are possessive and bounded.
_OPENING = re.compile(r"<!--|<script\b([^<>]{0,2000}+)>", re.IGNORECASE)
_CLOSING = re.compile(r"</script", re.IGNORECASE)
_JSON_LD = re.compile(r"""\btype\s*=\s*(?:["']\s*)?application/ld\+json""", re.IGNORECASE)
_TAG = re.compile(r"<(html|link|meta)\b([^<>]{0,2000}+)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-z:-]{1,20})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Block:
    """The text of a script, and the line on which it begins."""

    text: str
    line: int


def json_ld_blocks(text: str) -> Iterator[Block]:
    """Yield the JSON-LD scripts of a page, without commented ones. An unclosed one runs to the end."""
    at = line = counted = 0
    while match := _OPENING.search(text, at):
        at = match.end()
        if match[1] is None:
            end = text.find("-->", at)
            at = len(text) if end < 0 else end + 3
            continue
        closing = _CLOSING.search(text, at)
        end = closing.start() if closing else len(text)
        if _JSON_LD.search(match[1]):
            line += text.count("\n", counted, at)
            counted = at
            yield Block(text[at:end], line + 1)
        at = end


def page_metadata(text: str) -> Page:
    """Return the canonical address and the language that a page states."""
    url = language = None
    for name, attributes in _TAG.findall(text[: LONGEST // 16]):
        given = {key.lower(): html.unescape(a or b or c) for key, a, b, c in _ATTRIBUTE.findall(attributes)}
        if name.lower() == "html" and language is None:
            language = tag_of(given.get("lang", ""))
        elif name.lower() == "link" and given.get("rel", "").lower() == "canonical":
            url = canonical(given.get("href", "")) or url
        elif given.get("property", "").lower() == "og:url":
            url = url or canonical(given.get("content", ""))
    return Page(url, language)
