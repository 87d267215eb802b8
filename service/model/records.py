"""What the store takes and returns beyond the domain's own types: rows with versions and times, pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, overload

from service.model.entities import Claim, ClaimLink, Document, LinkType, Mark, Mention, Role, Source, Status
from service.model.filters import Facet
from service.model.timestamps import to_us
from service.model.verdicts import Judgement, Verdict


@overload
def whole(value: float) -> float: ...
@overload
def whole(value: float | None) -> float | None: ...
def whole(value: float | None) -> float | None:
    """A number as it is shown: without a fraction when it has none."""
    return int(value) if value is not None and value == int(value) else value


def state_tag(public_id: str, version: int, updated_us: int) -> str:
    """The tag of one state of a thing. The version alone would be the same again in a store that was made afresh."""
    return f"{public_id}.{version}.{updated_us:x}"


# The stored shape of a claim that was written but not weighed yet, in the same transaction.
NOT_PROJECTED = "{}"


@dataclass(frozen=True, slots=True)
class ListedVerdict:
    """A verdict, and whether the claim has changed since it was judged."""

    key: int
    verdict: Verdict
    stale: bool


@dataclass(frozen=True, slots=True)
class ListedClaim:
    """A claim in a page: its public shape as stored, and where it stands in the page's order."""

    key: int
    position: int
    json: str


@dataclass(frozen=True, slots=True)
class StoredClaim:
    """A claim's public shape as stored, and a tag that no other state of it has, in this store or another.

    ``merged_into`` is the claim that stands in its place now.
    """

    key: int
    id: str
    version: int
    tag: str
    json: str
    merged_into: str | None = None
    judged_version: int = 1
    judged_hash: str = ""


@dataclass(frozen=True, slots=True)
class ClaimCounts:
    """What a claim adds up to, in numbers."""

    id: str
    status: Status
    policy: str
    origins_at_least: int
    origins_at_most: int
    differing_at_least: int
    differing_at_most: int
    refuting_at_least: int
    refuting_at_most: int
    mentions: int
    documents: int
    version: int
    updated_at: dt.datetime


@dataclass(frozen=True, slots=True)
class ClaimState:
    """A claim with what is kept beside it: its links in both directions, counts, version and times.

    ``judged_hash`` is of what a verdict is about: what the claim says, and what that rests on. ``judged_version`` is
    the first version since which it has been so. ``verdicts`` are the current ones. ``merged_from`` are the claims it
    stands for, whose links, mentions and verdicts are among its own.
    """

    key: int
    claim: Claim
    links: tuple[ClaimLink, ...]
    linked_from: tuple[ClaimLink, ...]
    version: int
    created_at: dt.datetime
    updated_at: dt.datetime
    counts: ClaimCounts
    json: str
    judged_version: int = 1
    judged_hash: str = ""
    verdicts: tuple[Verdict, ...] = ()
    merged_into: str | None = None
    merged_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything the kernel needs to weigh some claims: mentions by claim id, and whatever they refer to."""

    mentions: Mapping[str, tuple[Mention, ...]]
    documents: Mapping[str, Document]
    sources: Mapping[str, Source]

    def named(self, claim_id: str) -> set[str]:
        """The sources in the chains of a claim's mentions, and who published their documents and the originals."""
        mentions = self.mentions.get(claim_id, ())
        line: dict[str, Document] = {}
        open_ends: list[str | None] = [mention.document for mention in mentions]
        while open_ends:
            name = open_ends.pop()
            if name is not None and name not in line:
                line[name] = self.documents[name]
                open_ends.append(line[name].derived_from)
        publishers = {document.publisher for document in line.values() if document.publisher is not None}
        return publishers.union(*(mention.attribution for mention in mentions))


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A source, how many claims rest on it (or on a part of it) in each role, and its direct parts."""

    source: Source
    claims: Mapping[Role, int]
    parts: tuple[str, ...]
    version: int
    created_at: dt.datetime
    updated_at: dt.datetime

    @property
    def tag(self) -> str:
        """The tag of its own state, whatever rests on it."""
        return state_tag(self.source.id, self.version, to_us(self.updated_at))


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A document and how many claims it states."""

    document: Document
    claims: int
    version: int
    created_at: dt.datetime
    updated_at: dt.datetime

    @property
    def tag(self) -> str:
        """The tag of its own state, whatever rests on it."""
        return state_tag(self.document.id, self.version, to_us(self.updated_at))


@dataclass(frozen=True, slots=True)
class LinkRecord:
    """A link with the claim it was stated of, and whether it was withdrawn."""

    claim: str
    link: ClaimLink
    withdrawn: Mark | None


@dataclass(frozen=True, slots=True)
class StatedLink:
    """A link as it was stated: of ``claim``, to ``other``."""

    id: str
    claim: str
    type: LinkType
    other: str
    note: str | None


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A thing as the store keeps it, at its key; ``beside`` it its version, times and marks."""

    key: int
    thing: Any
    beside: Mapping[str, Any]

    def member(self, name: str) -> Any:
        """What the thing has, or what stands beside it, by this name."""
        return self.beside[name] if name in self.beside else getattr(self.thing, name)


@dataclass(frozen=True, slots=True)
class ClaimPlace:
    """Where a claim is, what it says, and which one stands for it now: itself, unless it was merged."""

    id: str
    text: str
    root: str
    version: int
    """Of the one that stands for it."""


@dataclass(frozen=True, slots=True)
class MarkupPage:
    """A web page with ClaimReview markup. ``content`` is that, ``verdicts`` is what each review in it became.

    One that was ``withdrawn`` has none any more.
    """

    id: str
    url: str
    content: Mapping[str, Any]
    verdicts: tuple[str, ...]
    withdrawn: Mark | None = None


@dataclass(frozen=True, slots=True)
class PageRecord:
    """A page as stored: ``version`` counts its changes."""

    key: int
    page: MarkupPage
    version: int


@dataclass(frozen=True, slots=True)
class QueuedClaim:
    """A claim that waits to be judged: its public shape, and who has taken it until when."""

    key: int
    mentions: int
    json: str
    checker: str | None
    until: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a request, to be given again. ``fingerprint`` is of the request, ``headers`` a JSON object."""

    fingerprint: str
    status: int
    headers: str
    body: str


@dataclass(frozen=True, slots=True)
class Projection:
    """What a claim adds up to, to be stored: its counts, its public shape and the facets it is found by."""

    key: int
    counts: ClaimCounts
    json: str
    facets: frozenset[Facet]
    judged_version: int
    judged_hash: str
    judgement: Judgement

    @property
    def updated_us(self) -> int:
        """The time of the last change, as stored."""
        return to_us(self.counts.updated_at)


@dataclass(frozen=True, slots=True)
class ClaimText:
    """A claim's text, the hash of the text that its vector was made of, if it has one, and when it last changed."""

    key: int
    text: str
    embedded_sha256: str | None
    updated_us: int


@dataclass(frozen=True, slots=True)
class StoredVector:
    """A claim's vector: 32-bit floats, little end first."""

    claim_key: int
    text_sha256: str
    vector: bytes
