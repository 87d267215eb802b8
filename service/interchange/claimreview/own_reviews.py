"""Parse the ClaimReviews that this service publishes, which need no repair and no guesses.

Reading other ClaimReviews cleans texts, infers publishers, and leaves out what has no name. Nodes with the ids of our
own exports must not be changed like that, so that exporting them again gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from service.identity.address_syntax import is_web_address, percent_encoded
from service.interchange.claimreview.addresses import LONGEST, own_site
from service.interchange.claimreview.dates import parse_date, parse_instant
from service.interchange.claimreview.field_reader import OUR_PROPERTY, own_id
from service.interchange.claimreview.finding_codes import ReadWarning
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
from service.model.verdicts import Author, AuthorType, Rating

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_CLAIM = re.compile(r"/v1/claims/([a-z0-9-]+)#claim\Z")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_KINDS = {"Person": PartyKind.PERSON, "Organization": PartyKind.ORGANIZATION}
_LABELS = {
    "Supported": Rating.SUPPORTED,
    "Refuted": Rating.REFUTED,
    "Not enough evidence": Rating.NOT_ENOUGH_EVIDENCE,
    "Conflicting evidence": Rating.CONFLICTING_EVIDENCE,
}
# The number of levels that are published.
_DEEPEST = 32


def as_exported(item: ReviewItem, node: Node, created: Any, resolve: Callable[[Node], Node]) -> ReviewItem:
    """Return a ClaimReview of our own with its exact values; ``created`` is its ``dateCreated``.

    ``resolve`` finds the claim of a later review of the same claim, which has only its ``@id``. Any other review is
    returned unchanged.
    """
    if item.identifier is None or _identifier(node) != item.identifier:
        return item
    claim = resolve(_node(node.get("itemReviewed")))
    claim_identifier = _identifier(claim) or _claim_named(claim.get("@id"))
    publisher = _party(node.get("author"))
    if claim_identifier is None or publisher is None:
        return item
    rating = _node(node.get("reviewRating"))
    words = _text(rating.get("alternateName"), 200)
    label = _LABELS.get(words or "")
    authors = tuple(_authors(node.get("creator")))
    listed = tuple(_appearances(claim.get("appearance")))
    first = next(_appearances([claim.get("firstAppearance")]), None)
    return replace(
        item,
        claim=_text(claim.get("text"), 500) or item.claim,
        claim_reviewed=_text(node.get("claimReviewed"), 2000) or item.claim_reviewed,
        publisher=publisher,
        title=_text(node.get("headline"), 500),
        authors=authors,
        byline=_text(node.get("creditText"), 200) or (None if authors else _byline(node.get("creator"))),
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
        claim_identifier=claim_identifier,
        citations=tuple(_citations(node.get("citation"))),
        created_at=parse_instant(created) if isinstance(created, str) else None,
        # The other findings are on inferred values, which are replaced here.
        warnings=tuple(
            w for w in item.warnings if w.code == ReadWarning.ENCODED_URL or ("rating" in w.field and label is None)
        ),
    )


def _claim_named(name: Any) -> str | None:
    """Return the id of a claim in its ``@id``, whose node is in a part of a long feed that was read already."""
    found = _CLAIM.search(name) if isinstance(name, str) else None
    return own_id({"propertyID": OUR_PROPERTY, "value": found[1]}) if found else None


def _authors(value: Any) -> Iterator[Author]:
    """Yield the authors of a review. In older exports a single node, without a list, is the byline."""
    for node in map(_node, _list(value) if isinstance(value, list) else ()):
        name = _text(node.get("name"), 200)
        if name is not None:
            kind = _KINDS.get(str(node.get("@type")))
            yield Author(None if kind is None else AuthorType(kind), name, _url(node.get("url")), _same_as(node))


def _same_as(node: Node) -> tuple[str, ...]:
    return tuple(address for each in _list(node.get("sameAs")) if (address := _url(each)) is not None)


def _byline(value: Any) -> str | None:
    return _text(_node(value).get("name"), 200)


def _party(value: Any, depth: int = 0) -> Party | None:
    node = _node(value)
    name, identifier = _text(node.get("name"), 200), _identifier(node)
    if name is None or identifier is None or depth == _DEEPEST:
        return None
    kind = _KINDS.get(str(node.get("@type")))
    url = _url(node.get("url"))
    site = own_site(site_of(url)) if kind is PartyKind.ORGANIZATION else None
    above = node.get("parentOrganization") or node.get("affiliation")
    return Party(name, url, kind, identifier, site, _party(above, depth + 1), _same_as(node))


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
    return own_id(node.get("identifier"))


def _text(value: Any, longest: int) -> str | None:
    if not isinstance(value, str) or not value.strip() or len(value) > longest or _CONTROL.search(value):
        return None
    return value


def _url(value: Any) -> str | None:
    """Return a web address, unchanged but for characters that it may not have; ``None`` for other values."""
    if not isinstance(value, str):
        return None
    encoded = percent_encoded(value.strip())
    return encoded if is_web_address(encoded) and len(encoded.encode("utf-8", "replace")) <= LONGEST else None


def _days(value: Any) -> DateInterval | None:
    found = parse_date(value, None) if isinstance(value, str) else None
    return found.days if found else None


def _stated(value: Any) -> str | None:
    """Return a day or an instant as written; ``None`` for other values."""
    if not isinstance(value, str) or not (parse_instant(value) or _DAY.fullmatch(value)):
        return None
    return value if parse_date(value, None) is not None else None


def _node(value: Any) -> Node:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value[:200] if isinstance(value, list) else [value]
