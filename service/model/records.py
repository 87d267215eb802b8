"""Records of the store: domain types with versions, times and derived data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, overload

from service.model.entities import Claim, ClaimLink, Document, LinkType, Mark, Mention, Role, Source, Stance, Status
from service.model.filters import Facet
from service.model.timestamps import to_us
from service.model.verdicts import Judgement, Verdict


@overload
def whole(value: float) -> float: ...
@overload
def whole(value: float | None) -> float | None: ...
def whole(value: float | None) -> float | None:
    """Return a whole number as ``int``, so that it is shown without a fraction."""
    return int(value) if value is not None and value == int(value) else value


def state_tag(public_id: str, version: int, updated_us: int) -> str:
    """Return the tag of one state of a record. It has the time, since versions repeat in a newly created store."""
    return f"{public_id}.{version}.{updated_us:x}"


# The stored JSON of a claim that was inserted but not yet projected, in the same transaction.
NOT_PROJECTED = "{}"
# The beginning of a hash of a claim's statement and evidence. Verdicts from before policy version 2 have hashes of the
# statement and its counts, without it.
EVIDENCE_HASH = "v2-"
# Between such an earlier hash and the evidence hash of the same state, in a claim's ``judged_before``.
SAME = "="


@dataclass(frozen=True, slots=True)
class Attribution:
    """A mention of ``claim`` (its root, if it was merged) in a document, by its stance and attribution.

    ``stands`` is false if it was withdrawn.
    """

    claim: str
    document: str
    stance: Stance
    chain: tuple[str, ...]
    stands: bool


@dataclass(frozen=True, slots=True)
class ListedVerdict:
    """A verdict; ``stale`` if the claim has changed since."""

    key: int
    verdict: Verdict
    stale: bool


@dataclass(frozen=True, slots=True)
class ListedClaim:
    """A claim in a page: its stored public JSON, and its position in the order.

    ``recounting`` is the number of claims that wait to be recomputed, perhaps this one among them.
    """

    key: int
    position: int
    json: str
    recounting: int


@dataclass(frozen=True, slots=True)
class StoredClaim:
    """A claim's stored public JSON, and a tag that is unique to its state, in this store and others.

    ``merged_into`` is the id of the claim that it is merged into. ``recounting`` is the number of claims that wait to
    be recomputed, perhaps this one among them.
    """

    key: int
    id: str
    version: int
    tag: str
    json: str
    merged_into: str | None = None
    judged_version: int = 1
    judged_hash: str = ""
    recounting: int = 0


@dataclass(frozen=True, slots=True)
class ClaimCounts:
    """The status and counts of a claim's corroboration."""

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
    origins_named: int
    differing_named: int
    refuting_named: int


@dataclass(frozen=True, slots=True)
class ClaimState:
    """A claim with its stored data: links in both directions, counts, version, times and current verdicts.

    ``judged_hash`` is the hash of what a verdict is about, the statement and its evidence; ``judged_version`` is the
    first version with this hash. ``judged_before`` is ``EARLIER=HASH``: verdicts from before policy version 2 have the
    hash EARLIER, which means the same as HASH; without HASH until the claim is recomputed. ``merged_from`` are the ids
    of the claims merged into it, whose links, mentions and verdicts are among its own. ``publishers`` has the sources
    that merged publishers of its verdicts were merged into, by id. ``earlier_reviews`` are superseded versions of
    reviews published elsewhere.
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
    judged_before: str | None = None
    verdicts: tuple[Verdict, ...] = ()
    merged_into: str | None = None
    merged_from: tuple[str, ...] = ()
    publishers: Mapping[str, str] = field(default_factory=dict)
    earlier_reviews: tuple[Verdict, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence of some claims: mentions by claim id, and the documents and sources that they refer to, by id."""

    mentions: Mapping[str, tuple[Mention, ...]]
    documents: Mapping[str, Document]
    sources: Mapping[str, Source]

    def named(self, claim_id: str) -> set[str]:
        """Return the sources in a claim's chains, and the publishers of its documents and of their originals.

        Also those of the documents that these were merged into.
        """
        mentions = self.mentions.get(claim_id, ())
        line: dict[str, Document] = {}
        open_ends: list[str | None] = [mention.document for mention in mentions]
        while open_ends:
            name = open_ends.pop()
            if name is not None and name not in line:
                line[name] = self.documents[name]
                open_ends += (line[name].derived_from, line[name].merged_into)
        publishers = {document.publisher for document in line.values() if document.publisher is not None}
        return publishers.union(*(mention.attribution for mention in mentions))

    def with_merged_into(self, document: str) -> list[Document]:
        """Return a document, the one that it was merged into, and so on; the last one stands for all of them."""
        line: dict[str, Document] = {}
        following: str | None = document
        while following is not None and following not in line:
            line[following] = self.documents[following]
            following = line[following].merged_into
        return list(line.values())


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A source, the number of claims that rest on it or its parts by role, and its direct parts."""

    source: Source
    claims: Mapping[Role, int]
    parts: tuple[str, ...]
    version: int
    created_at: dt.datetime
    updated_at: dt.datetime

    @property
    def tag(self) -> str:
        """The tag of its own state, without the claims that rest on it."""
        return state_tag(self.source.id, self.version, to_us(self.updated_at))


@dataclass(frozen=True, slots=True)
class NamedSource:
    """A source in a page in the order of names: its folded name there, the key of its row, and the record."""

    folded: str
    key: int
    record: SourceRecord


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A document and the number of claims that it mentions."""

    document: Document
    claims: int
    version: int
    created_at: dt.datetime
    updated_at: dt.datetime

    @property
    def tag(self) -> str:
        """The tag of its own state, without the claims that rest on it."""
        return state_tag(self.document.id, self.version, to_us(self.updated_at))


@dataclass(frozen=True, slots=True)
class LinkRecord:
    """A link with the claim that it was stated of, and the mark of its withdrawal, if any."""

    claim: str
    link: ClaimLink
    withdrawn: Mark | None


@dataclass(frozen=True, slots=True)
class StatedLink:
    """A link as it was stated, from ``claim`` to ``other``."""

    id: str
    claim: str
    type: LinkType
    other: str
    note: str | None


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record of any kind, as stored: what exports write and imports restore.

    ``thing`` is the source, document, claim, mention, link, verdict, page, review, assignment or decided suggestion.
    ``beside`` has the other members of its line in an export: versions and times of sources, documents, claims and
    pages, and who withdrew or merged a record; it is empty for verdicts, reviews, assignments and suggestions. Before a
    restore has stored it, ``key`` is 0.
    """

    key: int
    thing: Any
    beside: Mapping[str, Any]

    def member(self, name: str) -> Any:
        """Return a field of the record or of ``beside``."""
        return self.beside[name] if name in self.beside else getattr(self.thing, name)


@dataclass(frozen=True, slots=True)
class ClaimDraft:
    """A claim as posted, and the ids of the claims that it is distinct from according to who posted it."""

    claim: Claim
    distinct_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimPlace:
    """A claim's text, and its ``root``: the claim that it was merged into, or itself.

    ``version`` is that of the root, ``order`` the place of the claim in the order of creation.
    """

    id: str
    text: str
    root: str
    version: int
    order: int


@dataclass(frozen=True, slots=True)
class MarkupPage:
    """A web page with ClaimReview markup: ``content``, and the ids of the ``verdicts`` made of its reviews.

    A ``withdrawn`` page has no verdicts.
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
    """A claim in the queue: its public JSON, and its current assignment, if any."""

    key: int
    mentions: int
    json: str
    checker: str | None
    until: dt.datetime | None


@dataclass(frozen=True, slots=True)
class DraftToReview:
    """The id of a draft, its claim, and its position in the queue: the time in microseconds, and its key."""

    verdict: str
    claim: QueuedClaim
    position: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Answer:
    """A stored answer to an idempotent request with this ``fingerprint``. ``headers`` is a JSON object."""

    fingerprint: str
    status: int
    headers: str
    body: str


@dataclass(frozen=True, slots=True)
class Projection:
    """The data derived from a claim, its links, mentions and verdicts: counts, facets, public JSON, agreement.

    It is stored in the claim's row, its facets in a table of their own. ``judged_hash`` is a hash of what a verdict
    judges, ``judged_version`` the first version of the claim with that hash. The search document, derived from the
    words of the claim, is no part of it.
    """

    key: int
    counts: ClaimCounts
    json: str
    facets: frozenset[Facet]
    judged_version: int
    judged_hash: str
    judged_before: str | None
    judgement: Judgement

    @property
    def updated_us(self) -> int:
        """The time of the last change, in microseconds since the epoch."""
        return to_us(self.counts.updated_at)


@dataclass(frozen=True, slots=True)
class ClaimText:
    """A claim's text, the hash of the text of its vector, if it has one, and the time of its last change."""

    key: int
    text: str
    embedded_sha256: str | None
    updated_us: int


@dataclass(frozen=True, slots=True)
class StoredVector:
    """A claim's vector: little-endian 32-bit floats."""

    claim_key: int
    text_sha256: str
    vector: bytes
