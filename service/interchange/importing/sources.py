"""Who publishes and who claims: the source that a party is, which is used as it is, or added. Pure: no I/O."""

from __future__ import annotations

from service.interchange.claimreview.collective_names import Collectives
from service.interchange.claimreview.review_items import Party, PartyKind
from service.interchange.importing import stable_ids
from service.interchange.importing.known_records import Known
from service.interchange.importing.plan import Plan
from service.model.entities import Source, SourceKind
from service.model.site_names import site_of


class Parties:
    """Finds sources among those that are ``known``, and adds others to the ``plan``."""

    def __init__(self, known: Known, plan: Plan, collectives: Collectives) -> None:
        self._known = known
        self._plan = plan
        self._collectives = collectives

    def publisher(self, party: Party) -> Source:
        """By our own id, else by site, else by name among those that are at home nowhere else."""
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

    def claimant(self, party: Party) -> Source:
        """By our own id, else by site, else by name: two of one name are taken for one, so as never to count twice."""
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
        # The address of a person is where one reads about them, more often than not.
        home = party.url if party.identifier or (organisation and party.site) else None
        return self._add(Source(own_id, party.name, kind, part_of=self._whole(party), url=home))

    def _whole(self, party: Party) -> str | None:
        """What a source of our own export belongs to."""
        if party.part_of is None or party.part_of.identifier == party.identifier:
            return None
        return self.claimant(party.part_of).id

    def _by_identifier(self, party: Party) -> Source | None:
        return None if party.identifier is None else self._known.source(party.identifier)

    def _add(self, source: Source) -> Source:
        self._plan.sources.append(source)
        self._known.add_source(source)
        return source

    def is_nobody(self, party: Party) -> bool:
        """Whether it is a network, which publishes nothing itself."""
        return party.identifier is None and self._collectives.kind(party.name) is not None


def _can_publish(source: Source, party: Party) -> bool:
    """Whether a source at a party's site can be that party: a person's page is not the organisation."""
    is_person = source.kind in (SourceKind.PERSON, SourceKind.OFFICIAL)
    return source.kind.identifiable and is_person == (party.kind is PartyKind.PERSON)
