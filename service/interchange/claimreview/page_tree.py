"""Parse a web page into a tree, and read the values of its elements, for Microdata and RDFa.

The tree is lxml's. Before that, tags lose the attributes that neither syntax reads: libxml2 and other parsers take
quadratic time for a tag with very many.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from service.interchange.claimreview.text import LONGEST_READ

LONGEST = 4 * 1024 * 1024
"""The maximum length of a page with Microdata or RDFa, in characters."""
MOST_TEXT = 4 * LONGEST
"""The maximum length of all values together, in characters: values in values repeat their text."""

_TYPE = re.compile(r"""\b(?:itemtype|typeof)\s{0,20}=\s{0,20}["']?([^"'<>]{0,300}+)""", re.IGNORECASE)
# A start tag by the rules of HTML's tokenizer (WHATWG HTML, 13.2.5), with any number of attributes.
_VALUE = r"""(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\s>"'][^\s>]*+)?"""
_TAG = re.compile(rf"<([A-Za-z][^\s/>]*+)((?:[\s/]++|=?[^\s/>=]++(?:\s*+=\s*+{_VALUE})?|=)*+)>?")
_ATTRIBUTE = re.compile(rf"([^\s/>=]++)\s*+(?:=\s*+({_VALUE}))?")
_READ = frozenset(
    (
        *("itemscope", "itemprop", "itemtype", "itemid", "itemref", "id"),
        *("vocab", "typeof", "property", "resource", "about", "prefix", "rel"),
        *("content", "datetime", "href", "src", "data", "value"),
    )
)
_IN_LINE = frozenset(
    (
        *("a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "em", "font", "i", "ins", "kbd", "label"),
        *("mark", "q", "s", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr"),
    )
)
_NOT_TEXT = frozenset(("script", "style", "template", "noscript", "head"))
_SOURCES = frozenset(("audio", "embed", "iframe", "img", "source", "track", "video"))


class TooMuchText(Exception):
    """Raised when the values of a page have more than ``MOST_TEXT`` characters."""


def has_markup(text: str) -> bool:
    """Return whether a page has a ClaimReview in Microdata or RDFa."""
    return any("claimreview" in match[1].lower() for match in _TYPE.finditer(text))


class PageTree:
    """The tree of a page; ``base`` is the address that relative ones in it refer to."""

    def __init__(self, text: str, url: str | None) -> None:
        from lxml import etree  # only for a page that has_markup: loading takes 7 MB

        parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
        text = _TAG.sub(_with_few_attributes, text.replace("\x00", ""))
        self._iterwalk = etree.iterwalk
        self._root: Any = etree.fromstring(f"<html>{text}".encode("utf-8", "replace"), parser)
        self.is_cut = any("depth" in error.message for error in parser.error_log)
        self._text_left = MOST_TEXT
        base = self._root.find(".//base[@href]")
        self.base = url or "" if base is None else urljoin(url or "", base.get("href"))

    def walk(self) -> Iterator[tuple[str, Any]]:
        """Yield the elements with ``start``, in their order, and with ``end`` after all that is in them."""
        yield from self._iterwalk(self._root, events=("start", "end"))

    def address(self, reference: str) -> str:
        """Return an absolute address, if the page's own is known; a reference that is none is returned unchanged."""
        try:
            return urljoin(self.base, reference.strip())
        except ValueError:
            return reference

    def reference(self, element: Any) -> str | None:
        """Return the address of a link, an image or another element that refers to one; ``None`` for others."""
        name = {"a": "href", "area": "href", "link": "href", "object": "data"}.get(element.tag)
        name = "src" if element.tag in _SOURCES else name
        return self.address(element.get(name)) if name and element.get(name) is not None else None

    def value(self, element: Any) -> str:
        """Return the value that an element states: in an attribute, or its text with single spaces."""
        name = {"data": "value", "meter": "value", "time": "datetime"}.get(element.tag, "content")
        stated = element.get("content", element.get(name))
        return stated if stated is not None else self._text(element)

    def _text(self, element: Any) -> str:
        parts: list[str] = []
        size = 0
        for part in _texts(element):
            parts.append(part)
            size += len(part)
            if size > LONGEST_READ:
                break
        self._text_left -= size
        if self._text_left < 0:
            raise TooMuchText
        return " ".join("".join(parts).split())


def _texts(element: Any) -> Iterator[str]:
    """Yield the texts inside an element, with a space around blocks."""
    waiting: list[tuple[Any, Iterator[Any]]] = [(element, iter(element))]
    yield element.text or ""
    while waiting:
        parent, children = waiting[-1]
        child = next(children, None)
        if child is None:
            waiting.pop()
            if waiting:
                yield _space(parent)
                yield parent.tail or ""
        elif child.tag in _NOT_TEXT:
            yield child.tail or ""
        else:
            yield _space(child)
            yield child.text or ""
            waiting.append((child, iter(child)))


def _space(element: Any) -> str:
    return "" if element.tag in _IN_LINE else " "


def _with_few_attributes(match: re.Match[str]) -> str:
    kept: dict[str, str] = {}
    for name, value in _ATTRIBUTE.findall(match[2]):
        if name.lower() in _READ:
            kept.setdefault(name.lower(), value.strip("\"'") if value[:1] in "\"'" else value)
    attributes = "".join(f' {name}="{html.escape(html.unescape(value))}"' for name, value in kept.items())
    # Lines are counted: those inside the tag stay.
    return f"<{match[1]}{attributes}{chr(10) * match[0].count(chr(10))}>"
