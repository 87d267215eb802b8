"""Resolve the publishers and claimants of reviews to sources, known or new ones. Pure: no I/O.

One name is one party, in any spelling; an address identifies a party as ``service.identity.parties`` says.
"""

from __future__ import annotations

from service.identity.names import near_keys, sought_keys
from service.identity.parties import home_of, house_of, is_host_name, is_named_after
from service.identity.web_addresses import is_shared_host
from service.interchange.claimreview.collective_names import Collectives
from service.interchange.claimreview.review_items import Finding, Party, PartyKind
from service.interchange.importing import stable_ids
from service.interchange.importing.known_records import KnownRecords
from service.interchange.importing.outcomes import ImportNote
from service.interchange.importing.plan import Plan
from service.model.entities import Source, SourceKind

SAME_AS_AT_MOST = 50
_PERSONS = (SourceKind.PERSON, SourceKind.OFFICIAL)


class SourceResolver:
    """Finds sources among the ``known`` ones, and adds new ones to the ``plan``."""

    def __init__(self, known: KnownRecords, plan: Plan, collectives: Collectives) -> None:
        self._known = known
        self._plan = plan
        self._collectives = collectives

    def resolve_publisher(self, party: Party, findings: list[Finding]) -> Source:
        """Find a publisher by our own id, else by name, else by its front page if that is known under a like name."""
        found = self._by_identifier(party)
        if found is None:
            namesakes = [source for source in self._known.sources_called(party.name) if source.kind.identifiable]
            home = home_of(party.url)
            found = next((source for source in namesakes if home and home_of(source.url) == home), None)
            found = found or next(iter(namesakes), None) or self._at_home(party, "publisher", findings)
            found = found or self._of_the_house(party)
        own_id = party.identifier or stable_ids.publisher_id(None, party.name)
        found = found or self._known.source(own_id)
        if found is not None:
            return found
        kind = SourceKind.PERSON if party.kind is PartyKind.PERSON else SourceKind.OUTLET
        by_site = stable_ids.publisher_id(party.site if home_of(party.url) else None, party.name)
        if party.identifier is None and self._known.source(by_site) is None:
            own_id = by_site
        return self.add(self._made(own_id, party, kind, self.own_address(party)))

    def resolve_claimant(self, party: Party, findings: list[Finding]) -> Source:
        """Find a claimant by our own id, else by name, else by its front page: namesakes are one, not to overcount."""
        found = self.find_claimant(party, findings)
        if found is not None:
            return found
        own_id = party.identifier or stable_ids.claimant_id(party.name)
        unidentified = self._collectives.kind(party.name) if self.is_unidentified(party) else None
        organisation = party.kind is PartyKind.ORGANIZATION
        kind = unidentified or (SourceKind.PERSON if party.kind is PartyKind.PERSON else SourceKind.UNSPECIFIED)
        # The address of a person is usually a page about them, not their own.
        owns = party.identifier or (organisation and unidentified is None and home_of(party.url))
        home = self.own_address(party) if owns else None
        return self.add(self._made(own_id, party, kind, home))

    def find_claimant(self, party: Party, findings: list[Finding]) -> Source | None:
        """Find a claimant among the known sources, like ``resolve_claimant``."""
        own_id = party.identifier or stable_ids.claimant_id(party.name)
        found = self._by_identifier(party) or self._known.source(own_id)
        if found is not None:
            return found
        unidentified = self.is_unidentified(party)
        namesakes = self._known.sources_called(party.name)
        if unidentified:
            # The outlet of that name publishes on its site; here it is said that something was seen there.
            namesakes = [source for source in namesakes if source.kind is not SourceKind.OUTLET]
        found = next(iter(namesakes), None)
        if found is None and party.kind is PartyKind.ORGANIZATION and not unidentified:
            found = self._at_home(party, "claimants", findings)
        return found

    def is_unidentified(self, party: Party) -> bool:
        """Return whether the name of a party names nobody."""
        return party.identifier is None and self._collectives.kind(party.name) is not None

    def publishes_nothing(self, party: Party) -> bool:
        """Return whether a party is a collective or a network, which publishes nothing itself."""
        if party.identifier is not None:
            return False
        if is_host_name(party.name):
            return is_shared_host(party.name)
        return self._collectives.kind(party.name) is not None

    def _at_home(self, party: Party, field: str, findings: list[Finding]) -> Source | None:
        """Return the source with the front page of a party, if its name is alike or one of the two is that of the site.

        Adds a finding where the site is that of another party.
        """
        if party.kind is PartyKind.PERSON or party.site is None:
            return None
        residents = [s for s in self._known.sources_at(party.site) if s.kind.identifiable and s.kind not in _PERSONS]
        home = home_of(party.url)
        for source in residents:
            if home and (_is_alike(source, party) or _is_of_the_site(source, party, home)):
                return source
        if residents:
            message = f"{party.url} is on the site of {residents[0].name} here; {party.name} is taken as another party"
            findings.append(Finding(ImportNote.OTHER_PARTY, field, message))
        return None

    def _of_the_house(self, party: Party) -> Source | None:
        """Return the source with another site of the party's house. At one front page names decide."""
        home = home_of(party.url)
        sisters = self._known.sources_of_house(house_of(party.name, party.url))
        return next((s for s in sisters if s.kind.identifiable and home_of(s.url) != home), None)

    def own_address(self, party: Party) -> str | None:
        """Return the address of a new source: a front page only if no other source has it."""
        taken = party.identifier is None and home_of(party.url) and self._known.sources_at(party.site or "")
        return None if taken else party.url

    def _whole(self, party: Party) -> str | None:
        """Return the id of the source that a source of our own export is part of."""
        if party.part_of is None or party.part_of.identifier == party.identifier:
            return None
        return self.resolve_claimant(party.part_of, []).id

    def _by_identifier(self, party: Party) -> Source | None:
        return None if party.identifier is None else self._known.source(party.identifier)

    def _made(self, own_id: str, party: Party, kind: SourceKind, url: str | None) -> Source:
        same_as = tuple(sorted(set(party.same_as)))[:SAME_AS_AT_MOST] if kind.identifiable else ()
        return Source(own_id, party.name, kind, part_of=self._whole(party), url=url, same_as=same_as)

    def add(self, source: Source) -> Source:
        """Plan a new source, and return it."""
        self._plan.sources.append(source)
        self._known.add_source(source)
        return source


def _is_alike(source: Source, party: Party) -> bool:
    return not {*near_keys((source.name, *source.aliases))}.isdisjoint(sought_keys((party.name,)))


def _is_of_the_site(source: Source, party: Party, home: str) -> bool:
    """Return whether the source or the party has no name but that of the site."""
    return is_named_after(source.name, home) or is_named_after(party.name, home)
