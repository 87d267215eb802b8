"""Plan the mentions of a reviewed claim, in known documents or new ones. Pure: no I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.identity.claims import Span, StatedMention
from service.interchange.claimreview.review_items import DateInterval, Finding, ReviewItem
from service.interchange.importing import stable_ids
from service.interchange.importing.appearances import StatedDocument, stated_documents
from service.interchange.importing.known_records import KnownRecords
from service.interchange.importing.outcomes import ImportNote
from service.interchange.importing.plan import Plan
from service.interchange.importing.sources import SourceResolver
from service.model.entities import Basis, Document, Mention, Source, Stance
from service.model.records import ClaimPlace

_CHAIN = 10
# The notes of ``stated_by_review``; those of an earlier version are of the first form with a chain, too.
_NOTE = re.compile(r"From the review at (?P<earlier>.+)\.|The review at (?P<url>.+) names the claimant\.")


class MentionPlanner:
    """Adds the documents and mentions that are not ``known`` yet to the ``plan``."""

    def __init__(self, known: KnownRecords, plan: Plan, sources: SourceResolver) -> None:
        self._known = known
        self._plan = plan
        self._sources = sources

    def plan_mentions(
        self, item: ReviewItem, place: ClaimPlace, claimants: Sequence[Source], findings: list[Finding]
    ) -> bool:
        """Plan mentions in the documents that do not mention the claim yet. Return whether there are any."""
        chains = self._chains(item, claimants, findings)
        basis = self._basis(item)
        added = False
        for appearance in stated_documents(item, place.id, findings):
            document = self.resolve_document(appearance, findings)
            effective = self._known.mentions.get((place.root, document.id))
            if effective is False:
                message = f"the mention in {document.id} was withdrawn here: it stays withdrawn"
                findings.append(Finding(ImportNote.KEPT_BY_PERSON, "appearances", message))
            if effective is not None:
                continue
            self._known.mentions[place.root, document.id] = added = True
            published = Span(document.published_earliest, document.published_latest)
            mentioned = self._known.mentioned.setdefault(place.root, [])
            mentioned += [StatedMention(place.root, True, chain, published) for chain in chains]
            self._plan.mentions += [
                Mention(
                    stable_ids.mention_id(place.root, document.id, chain),
                    place.root,
                    document.id,
                    Stance.SUPPORTS,
                    chain,
                    basis if chain else None,
                    note=stated_by_review(item.url, chain),
                )
                for chain in chains
            ]
        return added

    def _chains(self, item: ReviewItem, claimants: Sequence[Source], findings: list[Finding]) -> list[tuple[str, ...]]:
        """Return one chain of all claimants, in the same order for every review of the claim: they count as one origin.

        In our own exports each claimant was entered as an origin, so each gets a chain.
        """
        if _is_ours(item) and claimants:
            return [(source.id,) for source in claimants]
        chain = tuple(source.id for source in sorted(claimants, key=lambda s: stable_ids.folded(s.name), reverse=True))
        if sum(source.kind.identifiable for source in claimants) > 1:
            message = f"{len(claimants)} claimants, not known to be independent: counted as one origin"
            findings.append(Finding(ImportNote.SEVERAL_CLAIMANTS, "claimants", message))
        return [chain[-_CHAIN:]]

    def _basis(self, item: ReviewItem) -> Basis:
        """Return the basis of a review's attributions: the review is the witness of who stated the claim.

        Inferred are those in our own exports, which do not state the claimants of each document, and those to a source
        whose name names nobody, although somebody has entered it as an identifiable one.
        """
        unidentified = any(self._sources.is_unidentified(party) for party in item.claimants)
        return Basis.INFERRED if unidentified or _is_ours(item) else Basis.EXPLICIT

    def resolve_document(self, appearance: StatedDocument, findings: list[Finding]) -> Document:
        """Return the document, known or planned, and add findings about its dates."""
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
            if publisher is None or self._sources.publishes_nothing(publisher)
            else self._sources.resolve_publisher(publisher, findings).id,
            published_earliest=published.earliest if published else None,
            published_latest=published.latest if published else None,
            published_reason=appearance.published_reason,
        )
        self._plan.documents.append(document)
        self._known.add_document(document)
        return document

    def _find_document(self, appearance: StatedDocument) -> Document | None:
        """Find a document by our own id if the address agrees, else by address, else by the id it would get."""
        own = self._known.document(appearance.identifier or "")
        at = self._known.document_at(appearance.url) if appearance.url else None
        if own is not None and (own.url is None or appearance.url is None or at == own):
            return own
        return at or self._known.document(appearance.own_id)


def _is_ours(item: ReviewItem) -> bool:
    """Return whether an item is from an export of this service, or another one of its kind."""
    return item.claim_identifier is not None and all(party.identifier for party in item.claimants)


def stated_by_review(url: str | None, chain: Sequence[str]) -> str | None:
    """Return the note of a mention: the review is the witness of who stated the claim."""
    if not chain:
        return f"From the review at {url}." if url else None
    return f"The review at {url} names the claimant." if url else "A review names the claimant."


def stating_review(note: str | None) -> str | None:
    """Return the address of the review that a note of an imported mention names, if it names one."""
    found = _NOTE.fullmatch(note or "")
    return None if found is None else found["earlier"] or found["url"]


def _compare_dates(document: Document, given: DateInterval | None, findings: list[Finding]) -> None:
    if given is None:
        return
    earliest, latest = document.published_earliest, document.published_latest
    if earliest is None and latest is None:
        message = (
            f"{document.id} has no date here; the review dates it {given.earliest} to {given.latest}: "
            "an import changes no document"
        )
        findings.append(Finding(ImportNote.DOCUMENT_KEPT, "appearances", message))
    elif (earliest and given.latest < earliest) or (latest and given.earliest > latest):
        message = (
            f"{document.id} is dated {earliest} to {latest} here; the review dates it {given.earliest} to "
            f"{given.latest}: the date here is kept"
        )
        findings.append(Finding(ImportNote.DOCUMENT_DIFFERS, "appearances", message))
