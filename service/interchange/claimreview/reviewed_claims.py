"""Find the claims of a ClaimReview, each with its own claimants, appearances and date.

``claimReviewed`` and ``itemReviewed`` can both be lists. An item belongs to the claim with its words, otherwise to the
one at its position if there are as many claims as items; what belongs to no single claim belongs to all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from service.identity.statements import same_statement
from service.interchange.claimreview.addresses import addresses_in, canonical
from service.interchange.claimreview.field_reader import FieldReader
from service.interchange.claimreview.finding_codes import ReadWarning
from service.interchange.claimreview.jsonld_nodes import Node, type_names
from service.interchange.claimreview.parties import appearances, appearances_of, parties
from service.interchange.claimreview.placeholders import is_placeholder
from service.interchange.claimreview.review_items import Appearance, DateInterval, Party

_TEXTS = ("text", "name", "headline")
_Worded = tuple[Node, dict[str, str]]
"""A node of ``itemReviewed`` with the words of its claim, each also as published."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The reviewed claim according to ``itemReviewed``."""

    claimants: tuple[Party, ...] = ()
    published: DateInterval | None = None
    identifier: str | None = None
    first: Appearance | None = None
    others: tuple[Appearance, ...] = ()


@dataclass(slots=True)
class ReviewedClaim:
    """A claim: its ``text`` with single spaces, the text as ``published``, and the nodes that describe it."""

    text: str
    published: str
    nodes: list[Node] = field(default_factory=list)


def reviewed_claims(reader: FieldReader, node: Node) -> list[ReviewedClaim]:
    """Return the reviewed claims in the words of the review, and add a finding if ``claimReviewed`` is missing."""
    items = _items(reader, node)
    claims = _named(reader, node)
    if len(claims) == 1 and len(items) == 1 and not is_placeholder(claims[0].text):
        claims[0].nodes += items
        return claims
    worded = [(item, _texts_of(reader, item) if "claim" in type_names(item) else {}) for item in items]
    if not claims or all(is_placeholder(claim.text) for claim in claims):
        return _from_items(reader, worded) or claims
    return _paired(reader, claims, worded)


def _paired(reader: FieldReader, claims: list[ReviewedClaim], items: Sequence[_Worded]) -> list[ReviewedClaim]:
    """Give each claim its items. An item with other words than all of the claims is a further claim."""
    rest = []
    for item, texts in items:
        own = next((claim for claim in claims if any(same_statement(claim.text, text) for text in texts)), None)
        if own is not None:
            own.nodes.append(item)
        else:
            rest.append((item, texts))
    without = [claim for claim in claims if not claim.nodes]
    if len(rest) == len(without):
        for claim, (item, _) in zip(without, rest, strict=True):
            claim.nodes.append(item)
        return claims
    if len(rest) < len(items):
        claims += [ReviewedClaim(*next(iter(texts.items())), [item]) for item, texts in rest if texts]
        rest = [(item, texts) for item, texts in rest if not texts]
    _share(reader, without or claims, rest)
    return claims


def subject_of(reader: FieldReader, nodes: Sequence[Node]) -> Subject:
    """Parse the nodes of one claim: a Claim, or in the old style the CreativeWork that made it."""
    claimants: dict[Party, None] = {}
    first: list[Appearance] = []
    others: dict[Appearance, None] = {}
    published = identifier = None
    for node in nodes:
        claimants.update(dict.fromkeys(parties(reader, node, "author", "claimants")))
        published = published or reader.date(node, ("datePublished",), "claim_published")
        identifier = identifier or reader.identifier(node)
        found = appearances(reader, node, "firstAppearance", "first_appearance")
        first = first or found[:1]
        others.update(dict.fromkeys(found + appearances(reader, node, "appearance", "appearances")))
        others.update(dict.fromkeys(_itself(reader, node)))
    if first:
        others.pop(first[0], None)
    return Subject(
        tuple(claimants), published.days if published else None, identifier, first[0] if first else None, tuple(others)
    )


def _named(reader: FieldReader, node: Node) -> list[ReviewedClaim]:
    """Return the claims that ``claimReviewed`` names; an object there can describe its claim too."""
    claims = [
        ReviewedClaim(text, published)
        for text, published in reader.published_texts(node, "claimReviewed", "claim").items()
    ]
    for value in reader.values(node, "claimReviewed", "claim"):
        if isinstance(value, dict) and "@value" not in value:
            texts = _texts_of(reader, value)
            for claim in claims:
                if claim.text in texts:
                    claim.nodes.append({"@type": "Claim"} | value)
    return claims


def _items(reader: FieldReader, node: Node) -> list[Node]:
    """Return the nodes of ``itemReviewed``. A text there is an address or a claim."""
    found: list[Node] = []
    for value in reader.values(node, "itemReviewed", "claim"):
        if isinstance(value, str) and value.strip():
            is_address = any(map(canonical, addresses_in(value)))
            value = {"@type": "CreativeWork", "url": value} if is_address else {"@type": "Claim", "text": value}
        if isinstance(value, dict):
            found.append(value)
    return found


def _texts_of(reader: FieldReader, node: Node) -> dict[str, str]:
    return next(filter(None, (reader.published_texts(node, name, "claim") for name in _TEXTS)), {})


def _from_items(reader: FieldReader, items: Sequence[_Worded]) -> list[ReviewedClaim]:
    claims: dict[str, ReviewedClaim] = {}
    for item, texts in items:
        for text, published in [each for each in texts.items() if not is_placeholder(each[0])][:1]:
            claims.setdefault(text, ReviewedClaim(text, published)).nodes.append(item)
    if claims:
        reader.warn(ReadWarning.TAKEN_FROM, "claim", "claimReviewed has no claim: taken from itemReviewed")
        _share(reader, list(claims.values()), [each for each in items if not each[1]])
    return list(claims.values())


def _share(reader: FieldReader, claims: Sequence[ReviewedClaim], items: Sequence[_Worded]) -> None:
    for claim in claims:
        claim.nodes += [item for item, _ in items]
    if len(items) > 1:
        message = f"itemReviewed has {len(items)} values that name no single claim: they are combined"
        reader.warn(ReadWarning.SEVERAL_VALUES, "claimants", message)


def _itself(reader: FieldReader, node: Node) -> list[Appearance]:
    """Return the page that the reviewed item is, or the address of a Claim: the page where it appeared."""
    if "claim" not in type_names(node):
        found = appearances_of(reader, {**node, "author": None}, "appearances")
        return found if found and found[0].url else []
    if not node.get("url"):
        return []
    # The name of a Claim is its words, its @id a name, and its date that of the statement: not those of a page.
    work: dict[str, Any] = {name: node.get(name) for name in ("url", "publisher", "inLanguage")}
    found = appearances_of(reader, work, "appearances")
    if found:
        message = "the address of the claim is taken as one of its appearances"
        reader.warn(ReadWarning.TAKEN_FROM, "appearances", message)
    return found
