"""What a review item adds to a store: decided without one, from what the store is known to have. Pure: no I/O.

Sources, documents and claims that are there already are used as they are, and never changed. What tells a review from
others is its address and the claim; one that says something else than the version before supersedes that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from service.claimreview.collectives import Collectives
from service.claimreview.items import DateInterval, DeletedReview, Finding, Party, PartyKind, ReviewItem
from service.importing import identity
from service.importing.changes import reason_for
from service.importing.dating import dated, has_come, is_newer
from service.importing.deleting import Deleter, is_deletion, is_put_out_again
from service.importing.evidence import Appearing, appearing
from service.importing.known import Known
from service.importing.plan import Plan
from service.judging import Ground, PublishedReview, Verdict, VerdictState
from service.records import ClaimPlace
from service.sites import site_of
from service.taken import Noted, Outcome, Taken
from service.types import Basis, Claim, Document, Mention, Source, SourceKind, Stance

TOPIC = "imported"
_SUBJECT = 80
_CHAIN = 10


class Planner:
    """Plans a batch of items, one after another. What it plans is added to ``known``.

    With ``insists`` they are what their publisher says now, and not perhaps an old copy: whatever the publisher said
    later, or took back, they supersede.
    """

    def __init__(self, known: Known, collectives: Collectives, now: dt.datetime, *, insists: bool = False) -> None:
        self._insists = insists
        self.plan = Plan()
        self._known = known
        self._collectives = collectives
        self._now = now

    def delete(self, item: DeletedReview) -> Taken:
        """Plan what it comes to that a review was deleted, and say what becomes of it."""
        return Deleter(self._known, self.plan, self._now).take(item)

    def take(self, item: ReviewItem) -> Taken:
        """Plan what an item adds, and say what becomes of it."""
        findings = list(item.warnings)
        own = self._known.verdicts.get(item.identifier or "")
        if own is not None and own.review is None:
            # A verdict that was given here, and comes home.
            return self._taken(item, Outcome.UNCHANGED, own, findings)
        publisher = self._publisher(item.publisher)
        claimants = list({source.id: source for source in map(self._claimant, item.claimants)}.values())
        place = self._claim(item, findings)
        extended = self._mention(item, place, claimants, findings)
        outcome, verdict = self._review(item, place, publisher, findings)
        if outcome is Outcome.UNCHANGED and extended:
            outcome = Outcome.COMPLETED
        if outcome is not Outcome.UNCHANGED:
            self.plan.touched[place.standing] = None
        return self._taken(item, outcome, verdict, findings)

    def _taken(self, item: ReviewItem, outcome: Outcome, verdict: Verdict, findings: Sequence[Finding]) -> Taken:
        subject = f"verdict:{verdict.id}"
        return Taken(item.place, outcome, item.url, verdict.claim, subject, tuple(findings))

    # Who

    def _publisher(self, party: Party) -> Source:
        """By our own id, else by site, else by name among those that are at home nowhere else."""
        found = self._by_identifier(party)
        if found is None and party.site is not None:
            found = next((s for s in self._known.sources_at(party.site) if _can_publish(s, party)), None)
        if found is None:
            found = self._known.source(identity.publisher_id(party.site, party.name))
        if found is None:
            namesakes = [s for s in self._known.sources_called(party.name) if s.kind.identifiable]
            found = next((s for s in namesakes if party.site is None or site_of(s.url) in (None, party.site)), None)
        if found is not None:
            return found
        kind = SourceKind.PERSON if party.kind is PartyKind.PERSON else SourceKind.OUTLET
        own_id = party.identifier or identity.publisher_id(party.site, party.name)
        return self._add(Source(own_id, party.name, kind, part_of=self._whole(party), url=party.url))

    def _claimant(self, party: Party) -> Source:
        """By our own id, else by site, else by name: two of one name are taken for one, so as never to count twice."""
        found = self._by_identifier(party)
        organisation = party.kind is PartyKind.ORGANIZATION
        if found is None and organisation and party.site is not None:
            found = next((s for s in self._known.sources_at(party.site) if _can_publish(s, party)), None)
        own_id = party.identifier or identity.claimant_id(party.name)
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
        return self._claimant(party.part_of).id

    def _by_identifier(self, party: Party) -> Source | None:
        return None if party.identifier is None else self._known.source(party.identifier)

    def _add(self, source: Source) -> Source:
        self.plan.sources.append(source)
        self._known.add_source(source)
        return source

    # What

    def _claim(self, item: ReviewItem, findings: list[Finding]) -> ClaimPlace:
        own_id = item.claim_identifier or identity.claim_id(item.claim_reviewed, (p.name for p in item.claimants))
        place = self._known.claims.get(own_id)
        if place is None:
            subject = _beginning(item.claim)
            self.plan.claims.append(Claim(own_id, item.claim, subject, topics=(TOPIC,)))
            place = self._known.claims[own_id] = ClaimPlace(own_id, item.claim, own_id, 1)
        elif item.claim_identifier and identity.folded(place.text) != identity.folded(item.claim):
            findings.append(Finding(Noted.CLAIM_DIFFERS, "claim", f"here {own_id} is: {place.text}"))
        return place

    # Where

    def _mention(
        self, item: ReviewItem, place: ClaimPlace, claimants: Sequence[Source], findings: list[Finding]
    ) -> bool:
        """Mentions in the documents that do not mention the claim yet; whether there are any."""
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
            self.plan.mentions += [
                Mention(
                    identity.mention_id(place.standing, document.id, chain),
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
        chain = tuple(source.id for source in sorted(claimants, key=lambda s: identity.folded(s.name), reverse=True))
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
            publisher=None if publisher is None or self._is_nobody(publisher) else self._publisher(publisher).id,
            published_earliest=published.earliest if published else None,
            published_latest=published.latest if published else None,
            published_reason=appearance.published_reason,
        )
        self.plan.documents.append(document)
        self._known.add_document(document)
        return document

    def _find_document(self, appearance: Appearing) -> Document | None:
        """By our own id, unless that is at another address here; else by address, else by the id it would get."""
        own = self._known.document(appearance.identifier or "")
        if own is not None and (own.url is None or appearance.url in (None, own.url)):
            return own
        at = self._known.document_at(appearance.url) if appearance.url else None
        return at or self._known.document(appearance.own_id)

    def _is_nobody(self, party: Party) -> bool:
        """A network that publishes nothing itself."""
        return party.identifier is None and self._collectives.kind(party.name) is not None

    # What was found

    def _review(
        self, item: ReviewItem, place: ClaimPlace, publisher: Source, findings: list[Finding]
    ) -> tuple[Outcome, Verdict]:
        given = self._verdict(item, place, publisher, findings)
        versions = self._versions(item, place, publisher)
        if not versions:
            return Outcome.CREATED, self._publish(item, given)
        same = [version for version in versions if self._said(version) == self._said(given)]
        standing = [version for version in versions if version.superseded_by is None]
        repeated = next((version for version in same if version in standing), None)
        # Feeds date their elements anew with nothing else in them; what a review says of itself is kept.
        if repeated and not (item.modified_at and is_newer(dated(given), dated(repeated))):
            return Outcome.UNCHANGED, repeated
        latest = repeated or (standing or versions)[-1]
        deleted = is_deletion(latest) and bool(standing)
        taken_back = bool(standing) and latest.retraction and not deleted
        if not standing or (taken_back and not (self._insists and latest.review is not None)):
            by = latest.superseded_by or latest.id
            findings.append(Finding(Noted.KEPT_BY_PERSON, "", f"it was superseded here by {by}"))
            return Outcome.UNCHANGED, latest
        if deleted and not self._insists and not is_put_out_again(item, latest, self._now):
            message = f"it was deleted, and nothing says that this was put out after that: {latest.id} stands"
            findings.append(Finding(Noted.OLDER_VERSION, "", message))
            return Outcome.UNCHANGED, latest
        older = None if self._insists or deleted else _older(given, latest, known_before=bool(same))
        if older:
            findings.append(Finding(Noted.OLDER_VERSION, "", older))
            return Outcome.UNCHANGED, latest
        said = self._said(latest)
        reason = reason_for(
            given, latest, [name for name, value in self._said(given).items() if value != said.get(name)]
        )
        if deleted:
            reason = "The review was published anew after it was deleted."
        verdict = self._publish(item, replace(given, supersedes=latest.id, reason=reason), latest)
        return Outcome.SUPERSEDED, verdict

    def _versions(self, item: ReviewItem, place: ClaimPlace, publisher: Source) -> list[Verdict]:
        """What the store has of this review, the first version first.

        Where a claim stands for others, a page may have reviewed several of them: the words tell which. Of what has no
        address the publisher tells; or the id of our own exports, under which every version stands for itself.
        """
        found = self._known.reviews(item.url, place.standing)
        if item.url is None:
            found = [] if item.identifier else [v for v in found if self._said(v)["publisher"] == publisher.id]
        words = identity.folded(item.claim_reviewed)
        same = [v for v in found if v.review and identity.folded(v.review.claim_reviewed or "") == words]
        own = self._known.verdicts.get(item.identifier or "")
        if not same and item.claim_identifier:
            same = found
        if own is not None and own not in same and own.claim in self._known.claims:
            same = [own] if self._known.claims[own.claim].standing == place.standing else same
        return self._with_successors(same)

    def _with_successors(self, versions: Sequence[Verdict]) -> list[Verdict]:
        """And the reviews that came after them."""
        found = {version.id: version for version in versions}
        for version in versions:
            following = self._known.verdicts.get(version.superseded_by or "")
            while following is not None and following.id not in found and following.review is not None:
                found[following.id] = following
                following = self._known.verdicts.get(following.superseded_by or "")
        return list(found.values())

    def _verdict(self, item: ReviewItem, place: ClaimPlace, publisher: Source, findings: list[Finding]) -> Verdict:
        return Verdict(
            id="",
            claim=place.standing,
            claim_version=place.version,
            checker=publisher.name,
            created_at=self._now,
            state=VerdictState.PUBLISHED,
            state_at=self._now,
            rating=item.rating,
            textual_rating=item.textual_rating,
            rationale=item.explanation,
            evidence=tuple(Ground(url=citation.url, note=citation.note) for citation in item.citations),
            url=item.url,
            language=item.language,
            review=PublishedReview(
                publisher=publisher.id,
                site=item.publisher.site or site_of(item.url),
                title=item.title,
                author=", ".join(author.name for author in item.authors)[:200] or None,
                claim_reviewed=item.claim_reviewed,
                reviewed_at=self._come(item.reviewed_at, "reviewed_at", findings),
                modified_at=self._come(item.modified_at or item.entry_modified_at, "modified_at", findings),
                rating_value=item.rating_value,
                best_rating=item.best_rating,
                worst_rating=item.worst_rating,
                rating_basis=item.rating_basis,
            ),
        )

    def _come(self, stated: str | None, field: str, findings: list[Finding]) -> str | None:
        """A day or an instant that is not still to come."""
        if stated is None or has_come(stated, self._now):
            return stated
        findings.append(Finding(Noted.FUTURE_DATE, field, f"{stated} has not come yet: it is left out"))
        return None

    def _publish(self, item: ReviewItem, verdict: Verdict, earlier: Verdict | None = None) -> Verdict:
        said = [value for value in self._said(verdict).values() if value is not None]
        own_id = identity.verdict_id(verdict.claim, verdict.supersedes, *map(str, said))
        if item.identifier and item.identifier not in self._known.verdicts:
            own_id = item.identifier
        at = min(item.created_at, self._now) if item.identifier and item.created_at else self._now
        published = replace(verdict, id=own_id, created_at=at, state_at=at)
        self._known.add_verdict(published)
        if earlier is None:
            self.plan.verdicts.append(published)
        else:
            self._known.add_verdict(self.plan.supersede(earlier, published))
        return published

    def _said(self, verdict: Verdict) -> dict[str, object]:
        """What a review says, by the names of what can differ between two versions."""
        review = verdict.review
        if review is None:
            return {}
        publisher = self._known.source(review.publisher)
        numbers = (review.rating_value, review.best_rating, review.worst_rating)
        return {
            "publisher": publisher.id if publisher else review.publisher,
            "rating": (verdict.rating, verdict.textual_rating, numbers),
            "rating_basis": review.rating_basis,
            "rationale": verdict.rationale,
            "evidence": verdict.evidence,
            "title": review.title,
            "author": review.author,
            "reviewed_at": review.reviewed_at,
            "claim_reviewed": review.claim_reviewed,
            "language": verdict.language,
            "url": verdict.url,
        }


def _can_publish(source: Source, party: Party) -> bool:
    """Whether a source at a party's site can be that party: a person's page is not the organisation."""
    is_person = source.kind in (SourceKind.PERSON, SourceKind.OFFICIAL)
    return source.kind.identifiable and is_person == (party.kind is PartyKind.PERSON)


def _beginning(text: str) -> str:
    """The first words: what a claim is about is for an editor to say."""
    if len(text) <= _SUBJECT:
        return text
    kept = text[: _SUBJECT - 1]
    return f"{kept.rpartition(' ')[0] or kept}…"


def _older(given: Verdict, latest: Verdict, *, known_before: bool) -> str | None:
    """Why a version does not take the place of the one that stands; ``None`` when it does.

    Dates decide where they are certain. Else the last one that comes is the newest, unless it was there before.
    """
    ours, theirs = dated(given), dated(latest)
    if is_newer(theirs, ours):
        return f"it is of {ours}, and {latest.id} of {theirs}: that stands"
    if known_before and not is_newer(ours, theirs):
        return f"an earlier version said the same, and no date says that this one came after {latest.id}: that stands"
    return None


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
