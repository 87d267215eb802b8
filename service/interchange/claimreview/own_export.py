"""Parse the ClaimReviews that this service publishes, which need no repair and no guesses.

Whoever reads the world's ClaimReviews cleans texts, guesses who published what, and leaves out what has no name. What
carries the ids of our own exports needs none of that, and would not come out again as it went in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from service.interchange.claimreview.addresses import LONGEST, canonical, own_site
from service.interchange.claimreview.dates import moment, when
from service.interchange.claimreview.field_reader import OUR_PROPERTY
from service.interchange.claimreview.jsonld_nodes import Node
from service.interchange.claimreview.review_items import (
    Appearance,
    Citation,
    DateInterval,
    Party,
    PartyKind,
    ReviewItem,
)
from service.model.site_names import site_of
from service.model.verdicts import Rating

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_KINDS = {"Person": PartyKind.PERSON, "Organization": PartyKind.ORGANIZATION}
_LABELS = {
    "Supported": Rating.SUPPORTED,
    "Refuted": Rating.REFUTED,
    "Not enough evidence": Rating.NOT_ENOUGH_EVIDENCE,
    "Conflicting evidence": Rating.CONFLICTING_EVIDENCE,
}
# As many levels as go out.
_DEEPEST = 32


def as_exported(item: ReviewItem, node: Node, created: Any) -> ReviewItem:
    """What was read of a ClaimReview of ours, with what it says to the letter; ``created`` is its ``dateCreated``.

    Any other review stays as it was read.
    """
    if item.identifier is None or _identifier(node) != item.identifier:
        return item
    claim = _node(node.get("itemReviewed"))
    publisher = _party(node.get("author"))
    if _identifier(claim) is None or publisher is None:
        return item
    rating = _node(node.get("reviewRating"))
    words = _text(rating.get("alternateName"), 200)
    label = _LABELS.get(words or "")
    listed = tuple(_appearances(claim.get("appearance")))
    first = next(_appearances([claim.get("firstAppearance")]), None)
    return replace(
        item,
        claim=_text(claim.get("text"), 500) or item.claim,
        claim_reviewed=_text(node.get("claimReviewed"), 2000) or item.claim_reviewed,
        publisher=publisher,
        title=_text(node.get("headline"), 500),
        authors=tuple(Party(name) for name in [_text(_node(node.get("creator")).get("name"), 200)] if name),
        reviewed_at=_stated(node.get("datePublished")) or item.reviewed_at,
        modified_at=_stated(node.get("dateModified")) or item.modified_at,
        rating=label or item.rating,
        rating_basis=f"our own word: {words}" if label else item.rating_basis,
        textual_rating=words,
        explanation=_text(rating.get("ratingExplanation"), 20_000),
        claimants=tuple(party for value in _list(claim.get("author")) if (party := _party(value))),
        claim_published=_days(claim.get("datePublished")),
        first_appearance=first,
        appearances=listed,
        claim_identifier=_identifier(claim),
        citations=tuple(_citations(node.get("citation"))),
        created_at=moment(created) if isinstance(created, str) else None,
        # The others are of what was guessed in its place.
        warnings=tuple(w for w in item.warnings if "rating" in w.field and label is None),
    )


def _party(value: Any, depth: int = 0) -> Party | None:
    node = _node(value)
    name, identifier = _text(node.get("name"), 200), _identifier(node)
    if name is None or identifier is None or depth == _DEEPEST:
        return None
    kind = _KINDS.get(str(node.get("@type")))
    url = _url(node.get("url"))
    site = own_site(site_of(url)) if kind is PartyKind.ORGANIZATION else None
    above = node.get("parentOrganization") or node.get("affiliation")
    return Party(name, url, kind, identifier, site, _party(above, depth + 1))


def _appearances(value: Any) -> Iterator[Appearance]:
    for inner in _list(value):
        node = _node(inner)
        identifier = _identifier(node)
        if identifier is not None:
            author = _text(_node(node.get("author")).get("name"), 200)
            language = node.get("inLanguage")
            yield Appearance(
                url=_url(node.get("url")),
                title=_text(node.get("headline"), 500),
                published=_days(node.get("datePublished")),
                publisher=_party(node.get("publisher")),
                authors=(Party(author),) if author else (),
                language=language if isinstance(language, str) and len(language) <= 40 else None,
                identifier=identifier,
            )


def _citations(value: Any) -> Iterator[Citation]:
    for inner in _list(value):
        node = _node(inner)
        url = _url(node.get("url"))
        if url is not None:
            yield Citation(url, _text(node.get("description"), 2000))


def _identifier(node: Node) -> str | None:
    given = _node(node.get("identifier"))
    name = given.get("value") if given.get("propertyID") == OUR_PROPERTY else None
    return name if isinstance(name, str) and len(name) <= 120 and _ID.fullmatch(name) else None


def _text(value: Any, longest: int) -> str | None:
    if not isinstance(value, str) or not value.strip() or len(value) > longest or _CONTROL.search(value):
        return None
    return value


def _url(value: Any) -> str | None:
    """As it is; ``None`` for what is no web address."""
    if (
        not isinstance(value, str)
        or canonical(value)[0] is None
        or len(value.encode("utf-8", "surrogatepass")) > LONGEST
    ):
        return None
    return value


def _days(value: Any) -> DateInterval | None:
    found = when(value, None) if isinstance(value, str) else None
    return found.days if found else None


def _stated(value: Any) -> str | None:
    """A day or a moment as it was written, when it is one."""
    if not isinstance(value, str) or not (moment(value) or _DAY.fullmatch(value)):
        return None
    return value if when(value, None) is not None else None


def _node(value: Any) -> Node:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value[:200] if isinstance(value, list) else [value]
