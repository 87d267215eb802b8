"""The stored records that a batch of reviews refers to, with those that the batch has added so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from service.identity.names import folded_name, folded_names
from service.identity.parties import home_of, house_of
from service.model.entities import Document, Source
from service.model.records import ClaimPlace
from service.model.verdicts import Verdict


@dataclass
class KnownRecords:
    """Sources, documents, claims, reviews and mentions, indexed by id, address, front page and name.

    ``mentions`` maps the id of the claim (its root, if it was merged) and of the document to whether a mention is
    effective (``True``) or all were withdrawn (``False``). ``on_pages`` has the ids of verdicts that were made from the
    markup of pages stored here.
    """

    claims: dict[str, ClaimPlace] = field(default_factory=dict)
    mentions: dict[tuple[str, str], bool] = field(default_factory=dict)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    on_pages: set[str] = field(default_factory=set)
    _sources: dict[str, Source] = field(default_factory=dict)
    _by_home: dict[str, list[str]] = field(default_factory=dict)
    _by_house: dict[str, list[str]] = field(default_factory=dict)
    _by_name: dict[str, list[str]] = field(default_factory=dict)
    _documents: dict[str, Document] = field(default_factory=dict)
    _by_url: dict[str, str] = field(default_factory=dict)
    _reviews: dict[tuple[str | None, str], list[str]] = field(default_factory=dict)

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
        if document.url is not None:
            self._by_url[document.url] = document.id

    @property
    def documents(self) -> list[str]:
        """The ids of the documents."""
        return list(self._documents)

    def add_verdict(self, verdict: Verdict) -> None:
        """Add or replace a verdict; its claim must be known."""
        if verdict.id not in self.verdicts and verdict.review is not None:
            place = verdict.url, self.claims[verdict.claim].root
            self._reviews.setdefault(place, []).append(verdict.id)
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
        """Return the document with this id."""
        return self._documents.get(public_id)

    def document_at(self, url: str) -> Document | None:
        """Return the document at this address."""
        return self._documents.get(self._by_url.get(url, ""))

    def reviews(self, url: str | None, claim: str) -> list[Verdict]:
        """Return all versions of reviews at this address, of the claim or of claims merged into it."""
        return [self.verdicts[name] for name in self._reviews.get((url, claim), ())]

    def reviews_at(self, url: str) -> list[Verdict]:
        """Return all versions of reviews at this address, of any claim."""
        return [self.verdicts[name] for (at, _), names in self._reviews.items() if at == url for name in names]

    def _resolved(self, names: list[str] | tuple[str, ...]) -> list[Source]:
        found = [source for name in names if (source := self.source(name)) is not None]
        return list({source.id: source for source in found}.values())
