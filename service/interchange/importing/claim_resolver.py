"""Resolve the reviewed claims of an import to claims, known or new ones. Pure: no I/O.

A claim is looked up by our own id, by the address of the review, and by its words with the claimants and the date of
the statement. ADR 21 describes the method.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from service.identity.claims import Span, StatedClaim, fitting_claims
from service.identity.statements import is_worded, same_statement
from service.interchange.claimreview.review_items import DateInterval, Finding, ReviewItem
from service.interchange.importing import stable_ids
from service.interchange.importing.known_records import KnownRecords
from service.interchange.importing.outcomes import ImportNote
from service.interchange.importing.plan import Plan
from service.model.entities import Claim, Source
from service.model.records import ClaimPlace
from service.model.verdicts import Verdict

TOPIC = "imported"
_SUBJECT = 80
_LAST = 2**63


class ClaimResolver:
    """Finds claims among the ``known`` ones, and adds new ones to the ``plan``."""

    def __init__(self, known: KnownRecords, plan: Plan) -> None:
        self._known = known
        self._plan = plan

    def resolve_claim(
        self, item: ReviewItem, publisher: Source, claimants: Sequence[Source], findings: list[Finding]
    ) -> ClaimPlace:
        """Return the claim that a review is of, a new one if none fits."""
        own = self._known.claims.get(item.claim_identifier or "")
        if own is not None:
            if not same_statement(own.text, item.claim):
                findings.append(differs(own.id, own.text))
            return own
        named = frozenset(source.id for source in claimants)
        found = self._at_address(item, publisher, named, findings) or self._by_words(item, named, findings)
        if found is None and item.claim_identifier is not None:
            return self._add(item, item.claim_identifier)
        return found or self._edited(item) or self._add(item, self._new_id(item))

    def _at_address(
        self, item: ReviewItem, publisher: Source, claimants: frozenset[str], findings: list[Finding]
    ) -> ClaimPlace | None:
        """Return the claim that a stored version of the review is of, if it is of the same claimants.

        A review that is on a claim of other words is left there as long as it is current.
        """
        roots: dict[str, None] = {}
        for version in self._stored_versions(item, publisher):
            root = self._known.claims[version.claim].root
            if self._place(item, root) is not None or version.superseded_by is None:
                roots[root] = None
        made = self._known.claims.get(old_id(item))
        fitting = fitting_claims((self._stated(root) for root in roots), claimants)
        if item.whole_claim is not None and made is None:
            # The stored words are cut: only a claim that an earlier version made of cut words can be the same.
            cut = self._known.claims.get(_id_of_cut(item))
            fitting = [claim for claim in fitting if cut is not None and claim.id == cut.root]
        if made is not None and made.root in roots:
            place = self._place(item, made.root) or made
        elif fitting:
            place = self._place(item, fitting[0].id) or self._known.claims[fitting[0].id]
        else:
            return None
        if not is_worded(place.text, _words(item)):
            findings.append(differs(place.id, place.text))
        return place

    def _stored_versions(self, item: ReviewItem, publisher: Source) -> Iterator[Verdict]:
        """Yield the stored versions of a review: those that review the claim in the same words."""
        if item.url is not None:
            worded = _worded(item, self._known.reviews_at(item.url))
            yield from self._known.at_address(worded, item.url, publisher.id)
            return
        for root in {place.root: None for place in self._known.claims_with_words(item.claim)}:
            for version in _worded(item, self._known.reviews(None, root)):
                if self._known.publisher_of(version) == publisher.id:
                    yield version

    def _by_words(self, item: ReviewItem, claimants: frozenset[str], findings: list[Finding]) -> ClaimPlace | None:
        made = self._known.claims.get(old_id(item))
        places = list(self._known.claims_with_words(item.claim))
        if item.claim != _words(item):
            # The text was cut: only the id, which is made of all words, tells whether the rest is the same.
            places = [place for place in places if place is made]
        roots = {place.root: None for place in places}
        date = item.claim_published or (item.first_appearance.published if item.first_appearance else None)
        fitting = fitting_claims((self._stated(root) for root in roots), claimants, _span(date))
        if not fitting:
            return None
        if len(fitting) > 1:
            others = ", ".join(claim.id for claim in fitting[1:])
            message = f"{len(fitting)} claims have these words: {fitting[0].id}, the earliest, is used; also {others}"
            findings.append(Finding(ImportNote.AMBIGUOUS_CLAIM, "claim", message))
        return self._place(item, fitting[0].id)

    def _place(self, item: ReviewItem, root: str) -> ClaimPlace | None:
        """Return the claim with the words of an item among those merged into ``root``, or itself.

        It must be the same one at each import: documents without an address have ids made of it.
        """
        made = self._known.claims.get(old_id(item))
        places = [place for place in self._known.claims_with_words(item.claim) if place.root == root]
        return made if made in places else next(iter(places), None)

    def _edited(self, item: ReviewItem) -> ClaimPlace | None:
        """Return the claim that was made of these words, if its text was edited since."""
        made = self._known.claims.get(old_id(item))
        if made is None or stable_ids.folded(made.text) == stable_ids.folded(item.claim):
            return None
        return None if is_worded(made.text, _words(item)) else made

    def _new_id(self, item: ReviewItem) -> str:
        own_id = old_id(item)
        return own_id if own_id not in self._known.claims else another_id(item)

    def _add(self, item: ReviewItem, own_id: str) -> ClaimPlace:
        found = self._known.claims.get(own_id)
        if found is not None:
            return found
        self._plan.claims.append(Claim(own_id, item.claim, beginning(item.claim), topics=(TOPIC,)))
        place = ClaimPlace(own_id, item.claim, own_id, 1, _LAST)
        self._known.add_claim(place)
        return place

    def _stated(self, root: str) -> StatedClaim:
        return self._known.stated_claim(root)


def old_id(item: ReviewItem) -> str:
    """Return the id of the claim of a review without an id of our own, made of its words and claimants."""
    return stable_ids.claim_id(item.whole_claim or item.claim_reviewed, (party.name for party in item.claimants))


def _id_of_cut(item: ReviewItem) -> str:
    """Return the id that an earlier version made, which cut the words first."""
    return stable_ids.claim_id(item.claim_reviewed, (party.name for party in item.claimants))


def another_id(item: ReviewItem) -> str:
    """Return the id of the claim of a review if another claim has the id made of its words and claimants."""
    names = [party.name for party in item.claimants]
    return stable_ids.another_claim_id(item.whole_claim or item.claim_reviewed, names, _stated(item))


def possible_ids(item: ReviewItem) -> set[str]:
    """Return the ids that the claim of a review can get, also if its date turns out to be impossible."""
    names = [party.name for party in item.claimants]
    words = item.whole_claim or item.claim_reviewed
    made = {stable_ids.claim_id(words, names)}
    made |= {stable_ids.another_claim_id(words, names, stated) for stated in {_stated(item), None}}
    return made | ({item.claim_identifier} if item.claim_identifier else set())


def _stated(item: ReviewItem) -> dt.date | None:
    return item.claim_published.earliest if item.claim_published else None


def is_same_review(stored: str | None, given: str) -> bool:
    """Return whether the words of two versions of a review at one address are the same.

    Spacing is ignored, and that an earlier version wrote raised and lowered figures of the markup as plain ones.
    """
    if stored is None:
        return False
    spaceless = "".join(stored.split()), "".join(given.split())
    return (
        same_statement(stored, given)
        or same_statement(*spaceless)
        or same_statement(stored, unicodedata.normalize("NFKC", given))
    )


def _worded(item: ReviewItem, versions: Iterable[Verdict]) -> list[Verdict]:
    """Return the reviews of a claim in the words of the item."""
    return [v for v in versions if v.review and is_same_review(v.review.claim_reviewed, item.claim_reviewed)]


def _words(item: ReviewItem) -> str:
    """Return all words of the claim; in our own exports the text of the claim need not be that of the review."""
    return item.claim if item.claim_identifier is not None else item.claim_reviewed


def differs(claim: str, text: str) -> Finding:
    """Return the finding that a claim has another text here."""
    message = f"the text of {claim} is different here, and is kept: {text}"
    return Finding(ImportNote.CLAIM_DIFFERS, "claim", message)


def _span(date: DateInterval | None) -> Span | None:
    return None if date is None else Span(date.earliest, date.latest)


def beginning(text: str) -> str:
    """Return the first words of a claim, as its subject until an editor sets one."""
    if len(text) <= _SUBJECT:
        return text
    cut = text[: _SUBJECT - 1]
    return f"{cut.rpartition(' ')[0] or cut}…"
