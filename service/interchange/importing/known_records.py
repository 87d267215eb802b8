"""What a store already has of what a batch of reviews speaks of, and what the batch has added to it so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from service.model.entities import Document, Source
from service.model.records import ClaimPlace
from service.model.site_names import site_of
from service.model.verdicts import Verdict


@dataclass
class Known:
    """Sources, documents, claims, reviews and mentions, found by all that can tell them apart.

    ``mentions`` are by the claim that stands now and the document: whether one stands, or all were withdrawn.
    ``on_pages`` are the verdicts that the markup of a page which is kept here has become.
    """

    claims: dict[str, ClaimPlace] = field(default_factory=dict)
    mentions: dict[tuple[str, str], bool] = field(default_factory=dict)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    on_pages: set[str] = field(default_factory=set)
    _sources: dict[str, Source] = field(default_factory=dict)
    _by_site: dict[str, list[str]] = field(default_factory=dict)
    _by_name: dict[str, list[str]] = field(default_factory=dict)
    _documents: dict[str, Document] = field(default_factory=dict)
    _by_url: dict[str, str] = field(default_factory=dict)
    _reviews: dict[tuple[str | None, str], list[str]] = field(default_factory=dict)

    def add_source(self, source: Source) -> None:
        """A source, found from now on."""
        self._sources[source.id] = source
        site = site_of(source.url)
        if site is not None:
            self._by_site.setdefault(site, []).append(source.id)
        for name in dict.fromkeys((source.name, *source.aliases)):
            self._by_name.setdefault(name, []).append(source.id)

    def add_document(self, document: Document) -> None:
        """A document, found from now on."""
        self._documents[document.id] = document
        if document.url is not None:
            self._by_url[document.url] = document.id

    @property
    def documents(self) -> list[str]:
        """The ids of the documents."""
        return list(self._documents)

    def add_verdict(self, verdict: Verdict) -> None:
        """A verdict, found from now on or as it is from now on; its claim must be known."""
        if verdict.id not in self.verdicts and verdict.review is not None:
            place = verdict.url, self.claims[verdict.claim].standing
            self._reviews.setdefault(place, []).append(verdict.id)
        self.verdicts[verdict.id] = verdict

    def source(self, public_id: str) -> Source | None:
        """The source with this id, or the one that stands for it."""
        seen: set[str] = set()
        source = self._sources.get(public_id)
        while source is not None and source.merged_into is not None and source.id not in seen:
            seen.add(source.id)
            source = self._sources.get(source.merged_into)
        return source

    def sources_at(self, site: str) -> list[Source]:
        """The sources at home on this site, the first to come first; for a merged one that which stands for it."""
        return self._standing(self._by_site.get(site, ()))

    def sources_called(self, name: str) -> list[Source]:
        """The same for sources of exactly this name."""
        return self._standing(self._by_name.get(name, ()))

    def document(self, public_id: str) -> Document | None:
        """The document with this id."""
        return self._documents.get(public_id)

    def document_at(self, url: str) -> Document | None:
        """The document at this address."""
        return self._documents.get(self._by_url.get(url, ""))

    def reviews(self, url: str | None, claim: str) -> list[Verdict]:
        """All versions of reviews at this address of the claim, or of one that it stands for."""
        return [self.verdicts[name] for name in self._reviews.get((url, claim), ())]

    def reviews_at(self, url: str) -> list[Verdict]:
        """All versions of reviews at this address, whatever claim they are of."""
        return [self.verdicts[name] for (at, _), names in self._reviews.items() if at == url for name in names]

    def _standing(self, names: list[str] | tuple[str, ...]) -> list[Source]:
        found = [source for name in names if (source := self.source(name)) is not None]
        return list({source.id: source for source in found}.values())
