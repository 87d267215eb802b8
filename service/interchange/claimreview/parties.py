"""Parse parties and appearances from the many shapes in which they are published."""

from __future__ import annotations

from typing import Any

from service.interchange.claimreview.addresses import addresses_in, canonical, own_site, read_address
from service.interchange.claimreview.field_reader import FieldReader
from service.interchange.claimreview.finding_codes import ReadWarning
from service.interchange.claimreview.jsonld_nodes import Node, id_of, type_names
from service.interchange.claimreview.review_items import Appearance, Party, PartyKind
from service.model.site_names import site_of

NAME = 200
TITLE = 500

_ORGANIZATIONS = frozenset({"ngo", "corporation", "website", "consortium", "localbusiness", "brand", "project"})


def parties(reader: FieldReader, node: Node, name: str, field: str) -> list[Party]:
    """Return the parties that a property names, without duplicates."""
    found = [party_of(reader, value, field) for value in reader.values(node, name, field)]
    return list(dict.fromkeys(party for party in found if party is not None))


def employers(reader: FieldReader, node: Node, name: str, field: str) -> list[Party]:
    """Return the organizations that the persons of a property work for, without duplicates."""
    persons = [value for value in reader.values(node, name, field) if isinstance(value, dict)]
    named = [
        party
        for person in persons
        if "person" in type_names(person)
        for relation in ("worksFor", "affiliation")
        for party in parties(reader, person, relation, field)
        if party.kind is not PartyKind.PERSON
    ]
    return list(dict.fromkeys(named))


def party_of(reader: FieldReader, value: Any, field: str) -> Party | None:
    """Return the party for a name, an address or a node; ``None`` without a name."""
    if isinstance(value, str):
        address = read_address(value)
        if address is not None and not address.lacks_scheme:
            return _named(None, reader.address(value, field), None, None, ())
        value = {"name": value}
    if not isinstance(value, dict):
        return None
    url = reader.url(value, ("url", "sameAs"), field)
    identifier = id_of(value) or ""
    if url is None and "#" not in identifier:
        url = canonical(identifier)
    name = reader.text(value, ("name", "legalName", "alternateName"), field, NAME)
    party = _named(name, url, _kind(value), reader.identifier(value), _same_as(reader, value, field))
    if party is None and len(value) > 1:
        reader.warn(ReadWarning.UNNAMED_PARTY, field, "a party without a name is left out")
    elif party and name is None:
        reader.warn(ReadWarning.TAKEN_FROM, field, "the party has no name: its site is used as the name")
    return party


def _same_as(reader: FieldReader, node: Node, field: str) -> tuple[str, ...]:
    """Return the distinct addresses in ``sameAs``."""
    found = [canonical(value) for value in reader.values(node, "sameAs", field) if isinstance(value, str)]
    return tuple(dict.fromkeys(address for address in found if address is not None))


def _named(
    name: str | None, url: str | None, kind: PartyKind | None, identifier: str | None, same_as: tuple[str, ...]
) -> Party | None:
    """Return a party with its name, or with the name of its own site."""
    site = own_site(site_of(url)) if kind is not PartyKind.PERSON else None
    name = name or site
    return None if name is None else Party(name, url, kind, identifier, site, same_as=same_as)


def _kind(node: Node) -> PartyKind | None:
    names = type_names(node)
    if "person" in names:
        return PartyKind.PERSON
    if any(name.endswith("organization") or name in _ORGANIZATIONS for name in names):
        return PartyKind.ORGANIZATION
    return None


def appearances(reader: FieldReader, node: Node, name: str, field: str) -> list[Appearance]:
    """Return the published items that a property names, without duplicates."""
    found = [each for value in reader.values(node, name, field) for each in appearances_of(reader, value, field)]
    return list(dict.fromkeys(found))


def appearances_of(reader: FieldReader, value: Any, field: str) -> list[Appearance]:
    """Return the appearances for a text with addresses, or for a node; none if it has neither address nor title.

    A node with several addresses describes the item at the first one.
    """
    if isinstance(value, str):
        found = (reader.address(text, field) for text in addresses_in(value))
        return [Appearance(url) for url in found if url is not None]
    if not isinstance(value, dict):
        return []
    names = ("url", "sameAs", "@id", "mainEntityOfPage")
    urls = next(filter(None, (reader.urls(value, name, field) for name in names)), [])
    title = reader.text(value, ("headline", "name"), field, TITLE)
    if not urls and title is None:
        return []
    published = reader.date(value, ("datePublished", "dateCreated", "uploadDate"), field)
    publishers = parties(reader, value, "publisher", field)
    if len(publishers) > 1:
        reader.warn(ReadWarning.SEVERAL_VALUES, field, f"publisher has {len(publishers)} values: the first is kept")
    described = Appearance(
        url=urls[0] if urls else None,
        title=title,
        published=published.days if published else None,
        publisher=publishers[0] if publishers else None,
        authors=tuple(parties(reader, value, "author", field)),
        language=reader.language_of(value, ("inLanguage",), field),
        identifier=reader.identifier(value),
    )
    return [described, *map(Appearance, urls[1:])]
