"""Parties and appearances, out of the many shapes that they are written in."""

from __future__ import annotations

from typing import Any

from service.interchange.claimreview.addresses import canonical, own_site
from service.interchange.claimreview.field_reader import Notes
from service.interchange.claimreview.finding_codes import Warned
from service.interchange.claimreview.jsonld_nodes import Node, id_of, types
from service.interchange.claimreview.review_items import Appearance, Party, PartyKind
from service.interchange.claimreview.text import clean
from service.model.site_names import site_of

NAME = 200
TITLE = 500

_ORGANIZATIONS = frozenset({"ngo", "corporation", "website", "consortium", "localbusiness", "brand", "project"})


def parties(notes: Notes, node: Node, name: str, field: str) -> list[Party]:
    """Every party that a property names, each once."""
    found = [party_of(notes, value, field) for value in notes.values(node, name, field)]
    return list(dict.fromkeys(party for party in found if party))


def party_of(notes: Notes, value: Any, field: str) -> Party | None:
    """A name, an address, or a node; ``None`` without a name."""
    if isinstance(value, str):
        address, added = canonical(value)
        if address is not None and not added:
            return _named(None, address, None, None)
        value = {"name": value}
    if not isinstance(value, dict):
        return None
    url = notes.url(value, ("url", "sameAs"), field)
    identifier = id_of(value) or ""
    if url is None and "#" not in identifier:
        url, _ = canonical(identifier)
    name = notes.text(value, ("name", "legalName", "alternateName"), field, NAME)
    party = _named(name, url, _kind(value), notes.identifier(value))
    if party is None and len(value) > 1:
        notes.warn(Warned.UNNAMED_PARTY, field, "a party without a name is left out")
    elif party and name is None:
        notes.warn(Warned.TAKEN_FROM, field, "the party has no name: its address stands for it")
    return party


def _named(name: str | None, url: str | None, kind: PartyKind | None, identifier: str | None) -> Party | None:
    """A party by its name, or by its site when it is an organization's own."""
    site = own_site(site_of(url)) if kind is not PartyKind.PERSON else None
    name = name or site
    return None if name is None else Party(name, url, kind, identifier, site)


def _kind(node: Node) -> PartyKind | None:
    names = types(node)
    if "person" in names:
        return PartyKind.PERSON
    if any(name.endswith("organization") or name in _ORGANIZATIONS for name in names):
        return PartyKind.ORGANIZATION
    return None


def appearances(notes: Notes, node: Node, name: str, field: str) -> list[Appearance]:
    """Every published item that a property names, each once."""
    found = [appearance_of(notes, value, field) for value in notes.values(node, name, field)]
    return list(dict.fromkeys(appearance for appearance in found if appearance))


def appearance_of(notes: Notes, value: Any, field: str) -> Appearance | None:
    """An address, or a node; ``None`` when it has neither address nor title."""
    if isinstance(value, str):
        address, _ = canonical(value)
        if address is None:
            notes.warn(Warned.INVALID_URL, field, f"{clean(value)[:80]!r} is no web address")
            return None
        return Appearance(address)
    if not isinstance(value, dict):
        return None
    url = notes.url(value, ("url", "sameAs", "@id", "mainEntityOfPage"), field)
    title = notes.text(value, ("headline", "name"), field, TITLE)
    if url is None and title is None:
        return None
    published = notes.when(value, ("datePublished", "dateCreated", "uploadDate"), field)
    publishers = parties(notes, value, "publisher", field)
    return Appearance(
        url=url,
        title=title,
        published=published.days if published else None,
        publisher=publishers[0] if publishers else None,
        authors=tuple(parties(notes, value, "author", field)),
        language=notes.language_of(value, ("inLanguage",), field),
        identifier=notes.identifier(value),
    )
