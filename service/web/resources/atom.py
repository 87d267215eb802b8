"""Verdicts as an Atom feed (RFC 4287), in pages (RFC 5005). Pure: no request."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as Xml

from service.interchange.publishing.claim_review_jsonld import WORDS, Reviewed
from service.model.timestamps import rfc3339
from service.model.verdicts import Rating

ATOM = "application/atom+xml"
NAMESPACE = "http://www.w3.org/2005/Atom"
TITLE = "Verdicts on claims"
# Characters that XML 1.0 cannot represent, not even escaped.
_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def atom_feed(
    reviews: Sequence[Reviewed], updated: dt.datetime | None, base: str, links: Mapping[str, str], generator: str
) -> bytes:
    """Return a page of the feed as XML. ``updated`` is that of the whole feed; ``links`` maps relations to URLs."""
    feed = Xml.Element("feed", {"xmlns": NAMESPACE})
    _text(feed, "id", _id(f"{base}/feeds/verdicts.atom"))
    _text(feed, "title", TITLE)
    _text(feed, "updated", rfc3339(updated or _EPOCH))
    _text(feed, "generator", generator)
    for relation, address in links.items():
        Xml.SubElement(feed, "link", {"rel": relation, "type": ATOM, "href": _writable(address)})
    for reviewed in reviews:
        feed.append(_entry(reviewed, base))
    document: bytes = Xml.tostring(feed, encoding="utf-8", xml_declaration=True)
    return document


def _entry(reviewed: Reviewed, base: str) -> Xml.Element:
    verdict, review = reviewed.verdict, reviewed.verdict.review
    # The publisher's own rating, else the name of our label.
    words = verdict.textual_rating or WORDS.get(verdict.rating or Rating.UNMAPPED)
    claim = (review and review.claim_reviewed) or reviewed.claim.text
    address = f"{base}/v1/verdicts/{verdict.id}"
    entry = Xml.Element("entry")
    _text(entry, "id", _id(f"urn:claim-verification:verdict:{verdict.id}"))
    _text(entry, "title", verdict.title or (f"{words}: {claim}" if words else claim))
    _text(entry, "updated", rfc3339(verdict.state_at))
    _text(entry, "published", rfc3339(verdict.state_at))
    _text(Xml.SubElement(entry, "author"), "name", verdict.checker)
    for media_type, link in (("text/html", verdict.url), ("application/json", address)):
        if link is not None:
            Xml.SubElement(entry, "link", {"rel": "alternate", "type": media_type, "href": _writable(link)})
    claim_address = f"{base}/v1/claims/{reviewed.claim.id}"
    Xml.SubElement(entry, "link", {"rel": "related", "type": "application/json", "href": claim_address})
    if verdict.rating is not None:
        label = {"label": WORDS[verdict.rating]} if verdict.rating in WORDS else {}
        Xml.SubElement(entry, "category", {"term": verdict.rating, **label})
    paragraphs = [f"{words}: {claim}" if words else claim, *([verdict.rationale] if verdict.rationale else [])]
    _text(entry, "summary", "\n\n".join(paragraphs))
    return entry


def _id(address: str) -> str:
    """Return a permanent id: a UUID as a URN, always the same for the same address or name."""
    return uuid5(NAMESPACE_URL, address).urn


def _text(parent: Xml.Element, name: str, text: str) -> None:
    Xml.SubElement(parent, name).text = _writable(text)


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text)
