"""Resolve the publishers and claimants of reviews to sources, known or new ones. Pure: no I/O."""

from __future__ import annotations

from service.interchange.claimreview.collective_names import Collectives
from service.interchange.claimreview.review_items import Party, PartyKind
from service.interchange.importing import stable_ids
from service.interchange.importing.known_records import KnownRecords
from service.interchange.importing.plan import Plan
from service.model.entities import Source, SourceKind
from service.model.site_names import site_of


class SourceResolver:
    """Finds sources among the ``known`` ones, and adds new ones to the ``plan``."""

    def __init__(self, known: KnownRecords, plan: Plan, collectives: Collectives) -> None:
        self._known = known
        self._plan = plan
        self._collectives = collectives

    def resolve_publisher(self, party: Party) -> Source:
        """Find a publisher by our own id, else by site, else by name unless that source has another site."""
        found = self._by_identifier(party)
        if found is None and party.site is not None:
            found = next((s for s in self._known.sources_at(party.site) if _can_publish(s, party)), None)
        if found is None:
            found = self._known.source(stable_ids.publisher_id(party.site, party.name))
        if found is None:
            namesakes = [s for s in self._known.sources_called(party.name) if s.kind.identifiable]
            found = next((s for s in namesakes if party.site is None or site_of(s.url) in (None, party.site)), None)
        if found is not None:
            return found
        kind = SourceKind.PERSON if party.kind is PartyKind.PERSON else SourceKind.OUTLET
        own_id = party.identifier or stable_ids.publisher_id(party.site, party.name)
        return self._add(Source(own_id, party.name, kind, part_of=self._whole(party), url=party.url))

    def resolve_claimant(self, party: Party) -> Source:
        """Find a claimant by our own id, else by site, else by name: namesakes are one, so as not to overcount."""
        found = self._by_identifier(party)
        organisation = party.kind is PartyKind.ORGANIZATION
        if found is None and organisation and party.site is not None:
            found = next((s for s in self._known.sources_at(party.site) if _can_publish(s, party)), None)
        own_id = party.identifier or stable_ids.claimant_id(party.name)
        found = found or self._known.source(own_id) or next(iter(self._known.sources_called(party.name)), None)
        if found is not None:
            return found
        kind = self._collectives.kind(party.name)
        if kind is None:
            kind = SourceKind.UNSPECIFIED if organisation else SourceKind.PERSON
        # The address of a person is usually a page about them, not their own.
        home = party.url if party.identifier or (organisation and party.site) else None
        return self._add(Source(own_id, party.name, kind, part_of=self._whole(party), url=home))

    def _whole(self, party: Party) -> str | None:
        """Return the id of the source that a source of our own export is part of."""
        if party.part_of is None or party.part_of.identifier == party.identifier:
            return None
        return self.resolve_claimant(party.part_of).id

    def _by_identifier(self, party: Party) -> Source | None:
        return None if party.identifier is None else self._known.source(party.identifier)

    def _add(self, source: Source) -> Source:
        self._plan.sources.append(source)
        self._known.add_source(source)
        return source

    def is_collective(self, party: Party) -> bool:
        """Return whether a party is a collective, such as a network, which publishes nothing itself."""
        return party.identifier is None and self._collectives.kind(party.name) is not None


def _can_publish(source: Source, party: Party) -> bool:
    """Return whether a source at a party's site can be that party: a person's page is not the organisation's."""
    is_person = source.kind in (SourceKind.PERSON, SourceKind.OFFICIAL)
    return source.kind.identifiable and is_person == (party.kind is PartyKind.PERSON)
