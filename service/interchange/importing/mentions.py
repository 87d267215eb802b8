"""Where a claim was stated: mentions in documents that are there, or are added. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Sequence

from service.interchange.claimreview.review_items import DateInterval, Finding, ReviewItem
from service.interchange.importing import stable_ids
from service.interchange.importing.appearances import Appearing, appearing
from service.interchange.importing.known_records import Known
from service.interchange.importing.outcomes import Noted
from service.interchange.importing.plan import Plan
from service.interchange.importing.sources import Parties
from service.model.entities import Basis, Document, Mention, Source, Stance
from service.model.records import ClaimPlace

_CHAIN = 10


class Mentions:
    """Adds to the ``plan`` the documents and mentions that are not ``known`` yet."""

    def __init__(self, known: Known, plan: Plan, parties: Parties) -> None:
        self._known = known
        self._plan = plan
        self._parties = parties

    def take(self, item: ReviewItem, place: ClaimPlace, claimants: Sequence[Source], findings: list[Finding]) -> bool:
        """Plan mentions in the documents that do not mention the claim yet; whether there are any."""
        chains = self._chains(item, claimants, findings)
        added = False
        for appearance in appearing(item, place.id, findings):
            document = self._document(appearance, findings)
            stands = self._known.mentions.get((place.standing, document.id))
            if stands is False:
                message = f"the mention in {document.id} was withdrawn here"
                findings.append(Finding(Noted.KEPT_BY_PERSON, "appearances", message))
            if stands is not None:
                continue
            self._known.mentions[place.standing, document.id] = added = True
            self._plan.mentions += [
                Mention(
                    stable_ids.mention_id(place.standing, document.id, chain),
                    place.standing,
                    document.id,
                    Stance.SUPPORTS,
                    chain,
                    Basis.INFERRED if chain else None,
                    note=f"As the review at {item.url} has it." if item.url else None,
                )
                for chain in chains
            ]
        return added

    def _chains(self, item: ReviewItem, claimants: Sequence[Source], findings: list[Finding]) -> list[tuple[str, ...]]:
        """One chain, in an order that is the same for every review of the claim: so there is one origin.

        In an export of ours each claimant was an origin of its own, as counted by those who entered it.
        """
        ours = item.claim_identifier is not None and all(party.identifier for party in item.claimants)
        if ours and claimants:
            return [(source.id,) for source in claimants]
        chain = tuple(source.id for source in sorted(claimants, key=lambda s: stable_ids.folded(s.name), reverse=True))
        if sum(source.kind.identifiable for source in claimants) > 1:
            message = f"{len(claimants)} claimants, of whom nothing says that they are independent"
            findings.append(Finding(Noted.SEVERAL_CLAIMANTS, "claimants", message))
        return [chain[-_CHAIN:]]

    def _document(self, appearance: Appearing, findings: list[Finding]) -> Document:
        document = self._find_document(appearance)
        if document is not None:
            _compare_dates(document, appearance.published, findings)
            return document
        publisher, published = appearance.publisher, appearance.published
        known = self._known.document(appearance.identifier or "") is None
        document = Document(
            id=appearance.identifier if appearance.identifier and known else appearance.own_id,
            title=appearance.title,
            url=appearance.url,
            author=appearance.author,
            language=appearance.language,
            publisher=None
            if publisher is None or self._parties.is_nobody(publisher)
            else self._parties.publisher(publisher).id,
            published_earliest=published.earliest if published else None,
            published_latest=published.latest if published else None,
            published_reason=appearance.published_reason,
        )
        self._plan.documents.append(document)
        self._known.add_document(document)
        return document

    def _find_document(self, appearance: Appearing) -> Document | None:
        """By our own id, unless that is at another address here; else by address, else by the id it would get."""
        own = self._known.document(appearance.identifier or "")
        if own is not None and (own.url is None or appearance.url in (None, own.url)):
            return own
        at = self._known.document_at(appearance.url) if appearance.url else None
        return at or self._known.document(appearance.own_id)


def _compare_dates(document: Document, given: DateInterval | None, findings: list[Finding]) -> None:
    if given is None:
        return
    earliest, latest = document.published_earliest, document.published_latest
    if earliest is None and latest is None:
        message = f"{document.id} has no date here; the review says {given.earliest} to {given.latest}"
        findings.append(Finding(Noted.DOCUMENT_KEPT, "appearances", message))
    elif (earliest and given.latest < earliest) or (latest and given.earliest > latest):
        message = f"{document.id} is of {earliest} to {latest} here; the review says {given.earliest} to {given.latest}"
        findings.append(Finding(Noted.DOCUMENT_DIFFERS, "appearances", message))
