"""The stored records that a batch of reviews refers to, with those that the batch has added so far."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from service.identity.claims import StatedClaim, StatedMention
from service.identity.names import folded_name, folded_names
from service.identity.parties import home_of, house_of
from service.identity.statements import same_statement, statement_key
from service.identity.web_addresses import document_key, is_same_part
from service.model.entities import Document, Source
from service.model.records import Attribution, ClaimPlace
from service.model.verdicts import Verdict


@dataclass
class KnownRecords:
    """Sources, documents, claims, reviews and mentions, indexed by id, address, front page and name.

    ``mentions`` maps the id of the claim (its root, if it was merged) and of the document to whether a mention is
    effective (``True``) or all were withdrawn (``False``). ``on_pages`` has the ids of verdicts that were made from the
    markup of pages stored here. ``mentioned`` has the current mentions of claims, by the id of the root;
    ``attributions`` has all mentions, by the same pairs as ``mentions``, for rows of spreadsheets.
    """

    claims: dict[str, ClaimPlace] = field(default_factory=dict)
    mentioned: dict[str, list[StatedMention]] = field(default_factory=dict)
    mentions: dict[tuple[str, str], bool] = field(default_factory=dict)
    attributions: dict[tuple[str, str], list[Attribution]] = field(default_factory=dict)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    on_pages: set[str] = field(default_factory=set)
    _by_words: dict[str, list[ClaimPlace]] = field(default_factory=dict)
    _sources: dict[str, Source] = field(default_factory=dict)
    _by_home: dict[str, list[str]] = field(default_factory=dict)
    _by_house: dict[str, list[str]] = field(default_factory=dict)
    _by_name: dict[str, list[str]] = field(default_factory=dict)
    _documents: dict[str, Document] = field(default_factory=dict)
    _by_page: dict[str, list[str]] = field(default_factory=dict)
    _reviews: dict[tuple[str | None, str], list[str]] = field(default_factory=dict)
    _reviews_at: dict[str | None, list[str]] = field(default_factory=dict)

    def add_claim(self, place: ClaimPlace) -> None:
        """Add a claim to the index, unless it is there."""
        if place.id not in self.claims:
            self.claims[place.id] = place
            self._by_words.setdefault(statement_key(place.text), []).append(place)

    def claims_with_words(self, text: str) -> list[ClaimPlace]:
        """Return the claims that say the same as ``text`` in the same words, in the order of their creation."""
        found = [p for p in self._by_words.get(statement_key(text), ()) if same_statement(p.text, text)]
        return sorted(found, key=lambda place: place.order)

    def stated_claim(self, root: str) -> StatedClaim:
        """Return a claim with its claimants and the date of its earliest dated document."""
        mentions = self.mentioned.get(root, ())
        chains = [self._resolved(each.chain) for each in mentions if each.supports]
        dated = [m.published for m in mentions if m.supports and m.published and m.published.latest]
        return StatedClaim(
            id=root,
            order=self.claims[root].order,
            claimants=frozenset(_origin(chain).id for chain in chains if chain),
            chains=frozenset(frozenset(source.id for source in chain) for chain in chains),
            is_mentioned=bool(mentions),
            stated=min(dated, key=lambda span: span.latest or dt.date.max, default=None),
        )

    def current_source(self, public_id: str) -> str:
        """Return the id of a source, or of the one that it was merged into."""
        found = self.source(public_id)
        return found.id if found else public_id

    def add_source(self, source: Source) -> None:
        """Add a source to the index."""
        self._sources[source.id] = source
        home = home_of(source.url)
        if home is not None:
            self._by_home.setdefault(home, []).append(source.id)
        house = house_of(source.name, source.url)
        if house is not None:
            self._by_house.setdefault(house, []).append(source.id)
        for name in folded_names((source.name, *source.aliases)):
            self._by_name.setdefault(name, []).append(source.id)

    def add_document(self, document: Document) -> None:
        """Add a document to the index."""
        self._documents[document.id] = document
        key = document_key(document.url)
        if key is not None:
            self._by_page.setdefault(key, []).append(document.id)

    @property
    def documents(self) -> list[str]:
        """The ids of the documents."""
        return list(self._documents)

    def add_verdict(self, verdict: Verdict) -> None:
        """Add or replace a verdict; its claim must be known."""
        if verdict.id not in self.verdicts and verdict.review is not None:
            page = document_key(verdict.url)
            self._reviews.setdefault((page, self.claims[verdict.claim].root), []).append(verdict.id)
            self._reviews_at.setdefault(page, []).append(verdict.id)
        self.verdicts[verdict.id] = verdict

    def source(self, public_id: str) -> Source | None:
        """Return the source with this id, or the one that it was merged into."""
        seen: set[str] = set()
        source = self._sources.get(public_id)
        while source is not None and source.merged_into is not None and source.id not in seen:
            seen.add(source.id)
            source = self._sources.get(source.merged_into)
        return source

    def sources_at(self, host: str) -> list[Source]:
        """Return the sources whose home is the front page of ``host``, oldest first.

        Merged ones are returned as what they merged into.
        """
        return self._resolved(self._by_home.get(host, ()))

    def sources_of_house(self, house: str | None) -> list[Source]:
        """Return the sources of a house, like ``sources_at``."""
        return self._resolved(self._by_house.get(house or "", ()))

    def sources_called(self, name: str) -> list[Source]:
        """Return the sources with this name or alias, in any spelling, like ``sources_at``."""
        return self._resolved(self._by_name.get(folded_name(name), ()))

    def document(self, public_id: str) -> Document | None:
        """Return the document with this id, or the one that it was merged into."""
        seen: set[str] = set()
        document = self._documents.get(public_id)
        while document is not None and document.merged_into is not None and document.id not in seen:
            seen.add(document.id)
            document = self._documents.get(document.merged_into)
        return document

    def document_at(self, url: str) -> Document | None:
        """Return the document of the page at this address, of several that with the same address, or the oldest."""
        there = [self._documents[name] for name in self._by_page.get(document_key(url) or "", ())]
        nearest = min(there, key=lambda document: document.url != url, default=None)
        return None if nearest is None else self.document(nearest.id)

    def add_mentions(self, found: Mapping[tuple[str, str], bool]) -> None:
        """Add pairs of claim and document to ``mentions``, in the document that stands for the other one's page."""
        for (claim, name), effective in found.items():
            document = self.document(name)
            pair = claim, name if document is None else document.id
            self.mentions[pair] = self.mentions.get(pair, False) or effective

    def reviews(self, url: str | None, claim: str) -> list[Verdict]:
        """Return all versions of reviews at this page, of the claim or of claims merged into it."""
        return [self.verdicts[name] for name in self._reviews.get((document_key(url), claim), ())]

    def reviews_at(self, url: str) -> list[Verdict]:
        """Return all versions of reviews at this page, of any claim."""
        return [self.verdicts[name] for name in self._reviews_at.get(document_key(url), ())]

    def publisher_of(self, verdict: Verdict) -> str | None:
        """Return the id of the publisher of a review, or of the source that it was merged into."""
        return None if verdict.review is None else self.current_source(verdict.review.publisher)

    def at_address(self, versions: Sequence[Verdict], url: str, publisher: str) -> list[Verdict]:
        """Return those of the reviews of a page that are the one at ``url``.

        They have this address; if none has, another form of it (``http``, ``www``, AMP ...) and this publisher.
        """
        same = [version for version in versions if version.url == url]
        return same or [
            version
            for version in versions
            if self.publisher_of(version) == publisher and is_same_part(version.url or "", url)
        ]

    def _resolved(self, names: Iterable[str]) -> list[Source]:
        found = [source for name in names if (source := self.source(name)) is not None]
        return list({source.id: source for source in found}.values())


def _origin(chain: Sequence[Source]) -> Source:
    """Return the last identifiable source of a chain, or the last one."""
    return next((source for source in reversed(chain) if source.kind.identifiable), chain[-1])
