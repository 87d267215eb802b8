"""Atom feeds (RFC 4287) in pages (RFC 5005), with tombstones of deleted entries (RFC 6721). Pure: no request."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as Xml

from service.model.timestamps import rfc3339

ATOM = "application/atom+xml"
NAMESPACE = "http://www.w3.org/2005/Atom"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
HTML, JSON = "text/html", "application/json"
# Characters that XML 1.0 cannot represent, not even escaped.
_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EPOCH = rfc3339(dt.datetime(1970, 1, 1, tzinfo=dt.UTC))

Xml.register_namespace("at", TOMBSTONES)


@dataclass(frozen=True, slots=True)
class Feed:
    """The head of a page of a feed.

    ``address`` is the URL of the whole feed with its filters, which names it; ``updated`` the RFC 3339 time of its
    latest change, ``None`` if it is empty. ``links`` maps relations to URLs.
    """

    address: str
    title: str
    updated: str | None
    links: Mapping[str, str]
    generator: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a feed. Times are RFC 3339; ``published`` is ``None`` if it is unknown.

    ``authors`` are names with a URL or ``None``, ``links`` relation, media type and URL, ``categories`` scheme (or
    ``None``), term and label (or ``None``).
    """

    name: str
    title: str
    updated: str
    published: str | None
    authors: tuple[tuple[str, str | None], ...]
    summary: str
    links: tuple[tuple[str, str, str], ...]
    categories: tuple[tuple[str | None, str, str | None], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A deleted entry: the ``name`` that it had, the RFC 3339 time of its deletion, who deleted it, and the reason."""

    name: str
    when: str
    by: str
    comment: str


def feed_document(feed: Feed, items: Iterable[Entry | Tombstone]) -> bytes:
    """Return a page of a feed as XML."""
    root = Xml.Element("feed", {"xmlns": NAMESPACE})
    _text(root, "id", permanent_id(feed.address))
    _text(root, "title", feed.title)
    _text(root, "updated", feed.updated or _EPOCH)
    _text(root, "generator", feed.generator)
    for relation, address in feed.links.items():
        _link(root, relation, ATOM, address)
    for item in items:
        root.append(_entry(item) if isinstance(item, Entry) else _tombstone(item))
    document: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def permanent_id(name: str) -> str:
    """Return a permanent id: a UUID as a URN, always the same for the same address or name."""
    return uuid5(NAMESPACE_URL, name).urn


def _entry(entry: Entry) -> Xml.Element:
    element = Xml.Element("entry")
    _text(element, "id", permanent_id(entry.name))
    _text(element, "title", entry.title)
    _text(element, "updated", entry.updated)
    if entry.published is not None:
        _text(element, "published", entry.published)
    for name, address in entry.authors:
        author = Xml.SubElement(element, "author")
        _text(author, "name", name)
        if address is not None:
            _text(author, "uri", address)
    for relation, media_type, address in entry.links:
        _link(element, relation, media_type, address)
    for scheme, term, label in entry.categories:
        attributes = {"scheme": scheme, "term": term, "label": label}
        given = {name: _writable(value) for name, value in attributes.items() if value is not None}
        Xml.SubElement(element, "category", given)
    _text(element, "summary", entry.summary)
    return element


def _tombstone(tombstone: Tombstone) -> Xml.Element:
    attributes = {"ref": permanent_id(tombstone.name), "when": tombstone.when}
    element = Xml.Element(f"{{{TOMBSTONES}}}deleted-entry", attributes)
    _text(Xml.SubElement(element, f"{{{TOMBSTONES}}}by"), "name", tombstone.by)
    _text(element, f"{{{TOMBSTONES}}}comment", tombstone.comment)
    return element


def _link(parent: Xml.Element, relation: str, media_type: str, address: str) -> None:
    Xml.SubElement(parent, "link", {"rel": relation, "type": media_type, "href": _writable(address)})


def _text(parent: Xml.Element, name: str, text: str) -> None:
    Xml.SubElement(parent, name).text = _writable(text)


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text)
