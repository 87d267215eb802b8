"""The mentions that earlier versions imported, with the reviews that brought them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

from service.identity.names import folded_names
from service.identity.parties import home_of
from service.interchange.importing import stable_ids
from service.interchange.importing.mentions import stating_review
from service.interchange.importing.own_pages import OwnPages
from service.model.entities import Document, Mention
from service.model.verdicts import Verdict
from service.store import Store


class ImportedMentions:
    """The mentions among some that an import has added and nobody has withdrawn.

    ``reviews`` has, by the id of a mention, the reviews that brought it.
    """

    def __init__(self, store: Store, mention_ids: Sequence[str]) -> None:
        stated = store.evidence.stated_mentions(mention_ids).values()
        self.mentions = [mention for mention, withdrawn in stated if withdrawn is None and is_imported(mention)]
        keys = store.claims.public_keys("claims", {mention.claim for mention in self.mentions}).values()
        roots = sorted(store.claims.roots(sorted(keys)))
        states = store.claims.claim_states(sorted({*keys, *roots}))
        self._texts = {state.claim.id: state.claim.text for state in states}
        self._verdicts: dict[str, list[Verdict]] = {}
        for verdict in (verdict for state in states for verdict in state.verdicts if verdict.review is not None):
            self._verdicts.setdefault(verdict.claim, []).append(verdict)
        self.reviews: Mapping[str, Sequence[Verdict]] = {
            mention.id: [v for v in self._verdicts.get(mention.claim, ()) if v.url == stating_review(mention.note)]
            for mention in self.mentions
        }
        self._evidence = store.evidence.of_claims(roots)
        self._beside = {m.id: mentions for mentions in self._evidence.mentions.values() for m in mentions}
        publishers = {v.review.publisher for verdicts in self._verdicts.values() for v in verdicts if v.review}
        self._sources = store.evidence.sources_with_relatives({*publishers, *self._evidence.sources})

    def document(self, mention: Mention) -> Document:
        """Return the document of a mention."""
        return self._evidence.documents[mention.document]

    def beside(self, mention: Mention) -> Sequence[Mention]:
        """Return all current mentions of the claim of a mention, itself included."""
        return self._beside[mention.id]

    def is_own_page(self, mention: Mention) -> bool:
        """Return whether a mention is in a page of the reviewer who brought it."""
        url = self.document(mention).url
        return url is not None and any(url in pages for pages in map(self._own_pages, self.reviews[mention.id]))

    def claimants(self, mention: Mention) -> tuple[str, ...]:
        """Return the attribution of a mention without the reviewer who brought it, found by id or name."""
        publishers = {v.review.publisher for v in self.reviews[mention.id] if v.review}
        reviewers = {publisher for publisher in publishers if not self._is_taken_for_publisher(publisher)}
        own_names = {name for reviewer in reviewers for name in folded_names(self._names(reviewer))}
        return tuple(
            source
            for source in mention.attribution
            if source not in reviewers and own_names.isdisjoint(folded_names(self._names(source)))
        )

    def names(self, sources: Sequence[str]) -> list[str]:
        """Return the names of sources."""
        return [self._sources[source].name for source in sources]

    def are_claimants_stated(self, mention: Mention) -> bool:
        """Return whether the id of a mention's claim is made of the names of its attribution.

        It is not if the earlier version took the claimant for another party, such as the newspaper that it links to.
        """
        names = [self._names(source) for source in mention.attribution]
        chosen: Iterable[Sequence[str]] = product(*names) if len(names) == 1 else [[first for first, *_ in names]]
        words = {self._texts[mention.claim], *_words_of(self._verdicts.get(mention.claim, ()))}
        return any(
            stable_ids.claim_id(each, claimants) == mention.claim for claimants in chosen for each in sorted(words)
        )

    def _own_pages(self, verdict: Verdict) -> OwnPages:
        review = verdict.review
        return OwnPages(verdict.url, *((review.site, self._sources[review.publisher].url) if review else ()))

    def _is_taken_for_publisher(self, source: str) -> bool:
        """Return whether the earlier version took a claimant for the publisher of the site that it is linked to."""
        found = self._sources[source]
        made_as_claimant = found.id == stable_ids.claimant_id(found.name)
        return made_as_claimant and found.url is not None and home_of(found.url) is None

    def _names(self, source: str) -> tuple[str, ...]:
        found = self._sources[source]
        return (found.name, *found.aliases)


def is_imported(mention: Mention) -> bool:
    """Return whether an import has added a mention, and not a person or a seed file."""
    return mention.id == stable_ids.mention_id(mention.claim, mention.document, mention.attribution)


def _words_of(verdicts: Iterable[Verdict]) -> Iterator[str]:
    """Yield the words of a claim in the reviews of it."""
    for verdict in verdicts:
        if verdict.review is not None and verdict.review.claim_reviewed:
            yield verdict.review.claim_reviewed
