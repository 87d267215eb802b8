"""What a store already has of what a batch of reviews speaks of, and what the batch has added to it so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from service.judging import Verdict
from service.records import ClaimPlace, SourceKey
from service.sites import site_of
from service.types import Document, Source, SourceKind

# How parties are asked for: by one of these and a value.
ID, SITE, NAME = "id", "site", "name"
Chain = tuple[str, ...]


@dataclass
class Known:
    """Sources, documents, claims, reviews and mentions, found by all that can tell them apart.

    Sources that were merged are found too, and lead to the one that stands for them (``standing``).
    """

    claims: dict[str, ClaimPlace] = field(default_factory=dict)
    # By the claim that stands now: document and chain, and whether somebody withdrew the mention.
    mentions: dict[tuple[str, str, Chain], bool] = field(default_factory=dict)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    _sources: dict[str, Source] = field(default_factory=dict)
    _found_by: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    _documents: dict[str, Document] = field(default_factory=dict)
    _by_url: dict[str, str] = field(default_factory=dict)
    _reviews: dict[tuple[str | None, str], list[str]] = field(default_factory=dict)

    def add_source(self, source: Source) -> None:
        """A source, found from now on."""
        if source.id in self._sources:
            return
        self._sources[source.id] = source
        site = site_of(source.url)
        names = dict.fromkeys((source.name, *source.aliases))
        keys: list[SourceKey] = [(SITE, site)] * (site is not None) + [(NAME, name) for name in names]
        for key in keys:
            self._found_by.setdefault(key, []).append(source.id)

    def add_document(self, document: Document) -> None:
        """A document, found from now on."""
        self._documents[document.id] = document
        if document.url is not None:
            self._by_url[document.url] = document.id

    def add_review(self, verdict: Verdict, standing: str) -> None:
        """A version of a review, found from now on; ``standing`` is the claim that stands for that it is about."""
        if verdict.id not in self.verdicts and verdict.review is not None:
            self._reviews.setdefault((verdict.url, standing), []).append(verdict.id)
        self.verdicts[verdict.id] = verdict

    def source(self, public_id: str) -> Source | None:
        """The source that stands for the one with this id."""
        seen: set[str] = set()
        while (source := self._sources.get(public_id)) and source.merged_into and public_id not in seen:
            seen.add(public_id)
            public_id = source.merged_into
        return source

    def sources_by(self, kind: str, value: str) -> list[Source]:
        """The sources that stand for those with this site, or with this very name, the first to come first."""
        found = (self.source(name) for name in self._found_by.get((kind, value), ()))
        return list({source.id: source for source in found if source is not None}.values())

    def document(self, public_id: str | None, url: str | None) -> Document | None:
        """The document with this id, or else at this address."""
        name = public_id if public_id in self._documents else self._by_url.get(url or "")
        return None if name is None else self._documents[name]

    def reviews(self, url: str | None, standing: str) -> list[Verdict]:
        """The versions of reviews at this address of this claim, or of one that it stands for."""
        return [self.verdicts[name] for name in self._reviews.get((url, standing), ())]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What has to be looked up before a batch can be planned."""

    sources: frozenset[SourceKey]
    documents: frozenset[str]
    urls: frozenset[str]
    claims: frozenset[str]
    verdicts: frozenset[str]
    review_urls: frozenset[str]


def identifiable(sources: Iterable[Source]) -> list[Source]:
    """Those that can publish."""
    return [source for source in sources if source.kind.identifiable]


UNNAMED: Mapping[SourceKind, str] = {
    SourceKind.COLLECTIVE: "nobody in particular",
    SourceKind.ANONYMOUS: "somebody unnamed",
}
