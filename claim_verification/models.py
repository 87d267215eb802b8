"""What the service answers and takes, by the names of openapi.yaml. Made by `make openapi`."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal, NotRequired, TypedDict


class Assignment(TypedDict):
    id: str
    claim: str
    checker: str
    assigned_by: str
    note: str | None
    created_at: str
    until: str
    ended_at: str | None
    outcome: Literal["judged", "released", "lapsed", None]


class AssignmentBody(TypedDict):
    checker: NotRequired[str | None]
    note: NotRequired[str | None]
    hours: NotRequired[int | None]


class Claim(TypedDict):
    id: str
    text: str
    subject: str
    quantity: Quantity | None
    time_frame: TimeFrame | None
    place: str | None
    topics: list[str]
    note: str | None
    claimants: list[Claimant]
    first_stated: Days | None
    corroboration: Summary
    verdicts: Judgement
    links: list[Link]
    merged_from: list[str]
    version: int
    created_at: str
    updated_at: str


class ClaimBody(TypedDict):
    text: str
    subject: str
    quantity: NotRequired[Quantity | None]
    time_frame: NotRequired[TimeFrame | None]
    place: NotRequired[str | None]
    topics: list[str]
    note: NotRequired[str | None]
    id: NotRequired[str]


class ClaimConflicts(TypedDict):
    claim: str
    text: str
    status: Literal["unsupported", "single_origin", "possibly_corroborated", "corroborated", "contested", "refuted"]
    conflicts: list[Conflict]
    contradicts: list[LinkedClaim]


class ClaimConflictsPage(TypedDict):
    data: list[ClaimConflicts]
    next: str | None


class ClaimDetail(TypedDict):
    id: str
    text: str
    subject: str
    quantity: Quantity | None
    time_frame: TimeFrame | None
    place: str | None
    topics: list[str]
    note: str | None
    claimants: list[Claimant]
    first_stated: Days | None
    corroboration: Summary
    verdicts: Judgement
    links: list[Link]
    merged_from: list[str]
    version: int
    created_at: str
    updated_at: str
    included: NotRequired[Included]


class ClaimPage(TypedDict):
    data: list[Claim]
    next: str | None


class ClaimPatch(TypedDict):
    text: NotRequired[str]
    subject: NotRequired[str]
    quantity: NotRequired[QuantityPatch | None]
    time_frame: NotRequired[TimeFramePatch | None]
    place: NotRequired[str | None]
    topics: NotRequired[list[str]]
    note: NotRequired[str | None]
    id: NotRequired[str]


class Claimant(TypedDict):
    id: str
    name: str


class Conflict(TypedDict):
    kind: Literal["stance", "value", "date"]
    positions: list[Position]


Consistency = TypedDict(
    "Consistency",
    {
        "from": "Tree",
        "to": "Tree",
        "path": "list[str]",
    },
)


class Corroboration(TypedDict):
    claim: str
    explanation: str
    status: Literal["unsupported", "single_origin", "possibly_corroborated", "corroborated", "contested", "refuted"]
    policy: Policy
    as_of: str | None
    origins: Interval
    supports: Side
    differs: Side
    refutes: Side
    conflicts: list[Conflict]
    not_counted: list[Uncounted]
    mentions: int
    documents: int
    undated_documents: int


class Counts(TypedDict):
    id: str
    status: Literal["unsupported", "single_origin", "possibly_corroborated", "corroborated", "contested", "refuted"]
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
    updated_at: str


class CountsList(TypedDict):
    data: list[Counts]


class CurrentVerdict(TypedDict):
    id: str
    checker: str
    rating: Literal["supported", "refuted", "not_enough_evidence", "conflicting_evidence", "unmapped"]
    textual_rating: str | None
    url: str | None
    site: str | None
    title: str | None
    reviewed_at: str | None
    language: str | None
    claim_version: int
    stale: bool
    published_at: str


class Days(TypedDict):
    earliest: str
    latest: str


Detail = TypedDict(
    "Detail",
    {
        "@type": "str",
        "reason": "NotRequired[str]",
        "domain": "NotRequired[str]",
        "fieldViolations": "NotRequired[list[dict[str, str]]]",
        "requestId": "NotRequired[str]",
    },
)


class Difference(TypedDict):
    kind: Literal["quantity", "unit", "date"]
    text: str
    claim: str


class Document(TypedDict):
    id: str
    title: str | None
    url: str | None
    author: str | None
    language: str | None
    publisher: str | None
    publisher_reason: str | None
    sha256: str | None
    length: int | None
    published_earliest: str | None
    published_latest: str | None
    published_reason: str | None
    derived_from: str | None
    claims: int
    version: int
    created_at: str
    updated_at: str


class DocumentBody(TypedDict):
    id: NotRequired[str]
    title: NotRequired[str | None]
    url: NotRequired[str | None]
    author: NotRequired[str | None]
    language: NotRequired[str | None]
    publisher: NotRequired[str | None]
    publisher_reason: NotRequired[str | None]
    sha256: NotRequired[str | None]
    length: NotRequired[int | None]
    published_earliest: NotRequired[str | None]
    published_latest: NotRequired[str | None]
    published_reason: NotRequired[str | None]
    derived_from: NotRequired[str | None]


class DocumentPage(TypedDict):
    data: list[Document]
    next: str | None


class DocumentPatch(TypedDict):
    id: NotRequired[str]
    title: NotRequired[str | None]
    url: NotRequired[str | None]
    author: NotRequired[str | None]
    language: NotRequired[str | None]
    publisher: NotRequired[str | None]
    publisher_reason: NotRequired[str | None]
    sha256: NotRequired[str | None]
    length: NotRequired[int | None]
    published_earliest: NotRequired[str | None]
    published_latest: NotRequired[str | None]
    published_reason: NotRequired[str | None]
    derived_from: NotRequired[str | None]


class Event(TypedDict):
    seq: int
    at: NotRequired[str]
    actor: NotRequired[str]
    type: NotRequired[str]
    subject: NotRequired[str]
    about: NotRequired[list[str]]
    payload: NotRequired[dict[str, Any]]
    previous: str | None
    hash: str
    withheld: NotRequired[bool]


class EventPage(TypedDict):
    data: list[Event]
    next: str | None


class FoundClaim(TypedDict):
    id: str
    text: str
    subject: str
    quantity: Quantity | None
    time_frame: TimeFrame | None
    place: str | None
    topics: list[str]
    note: str | None
    claimants: list[Claimant]
    first_stated: Days | None
    corroboration: Summary
    verdicts: Judgement
    links: list[Link]
    merged_from: list[str]
    version: int
    created_at: str
    updated_at: str
    search: NotRequired[Match]


class FoundClaimPage(TypedDict):
    data: list[FoundClaim]
    next: str | None
    search: NotRequired[Ranked]


class GoogleError(TypedDict):
    error: Status


class Ground(TypedDict):
    mention: str | None
    document: str | None
    url: str | None
    note: str | None


class GroundBody(TypedDict):
    mention: NotRequired[str | None]
    document: NotRequired[str | None]
    url: NotRequired[str | None]
    note: NotRequired[str | None]


class Head(TypedDict):
    size: int
    root_hash: str
    last_hash: str | None
    last_at: str | None


class Health(TypedDict):
    status: str


class Highlight(TypedDict):
    field: Literal["text", "subject", "topics", "claimants", "reported"]
    start: int
    end: int
    length: int
    pieces: list[Piece]


class HistoryEntry(TypedDict):
    seq: int
    at: str
    actor: str
    type: str
    text: str
    reason: str | None


class HistoryEntryPage(TypedDict):
    data: list[HistoryEntry]
    next: str | None


class Import(TypedDict):
    created: int
    superseded: int
    retracted: int
    completed: int
    unchanged: int
    refused: int
    warned: int
    report: list[Taken]
    report_truncated: bool


class ImportFinding(TypedDict):
    code: str
    field: str
    message: str


class Included(TypedDict):
    mentions: NotRequired[list[Mention]]
    sources: NotRequired[list[Source]]
    documents: NotRequired[list[Document]]
    links: NotRequired[list[Claim]]


class Inclusion(TypedDict):
    event: Event
    index: int
    size: int
    root_hash: str
    path: list[str]


class Index(TypedDict):
    name: str
    version: str
    links: dict[str, str]
    claims: dict[str, int]


class Interval(TypedDict):
    at_least: int
    at_most: int


class Judgement(TypedDict):
    agreement: Literal["none", "single", "unanimous", "majority", "split"]
    checkers: int
    tally: Tally
    current: list[CurrentVerdict]


class Key(TypedDict):
    id: str
    name: str
    role: Literal["checker", "editor", "admin"]
    state: Literal["good", "expired", "revoked"]
    created_at: str
    expires_at: str | None
    revoked_at: str | None
    last_used_at: str | None
    rotated_from: str | None


class KeyBody(TypedDict):
    name: str
    role: Literal["checker", "editor", "admin"]
    expires_at: NotRequired[str | None]


class KeyPage(TypedDict):
    data: list[Key]
    next: str | None


class Link(TypedDict):
    id: str
    type: Literal["contradicts", "refines", "part_of", "distinct_from"]
    direction: str
    claim: str
    note: str | None


class LinkBody(TypedDict):
    type: Literal["contradicts", "refines", "part_of", "distinct_from"]
    claim: str
    note: NotRequired[str | None]


class LinkOfChain(TypedDict):
    id: str
    name: str
    kind: Literal[
        "outlet",
        "news_agency",
        "government",
        "official",
        "intergovernmental",
        "think_tank",
        "ngo",
        "company",
        "person",
        "unspecified",
        "anonymous",
        "collective",
    ]


class LinkedClaim(TypedDict):
    id: str
    text: str
    status: Literal["unsupported", "single_origin", "possibly_corroborated", "corroborated", "contested", "refuted"]
    note: str | None


class Locator(TypedDict):
    start: int
    end: int
    sha256: str


class MadeKey(TypedDict):
    id: str
    name: str
    role: Literal["checker", "editor", "admin"]
    state: Literal["good", "expired", "revoked"]
    created_at: str
    expires_at: str | None
    revoked_at: str | None
    last_used_at: str | None
    rotated_from: str | None
    key: str | None


class Mark(TypedDict):
    at: str
    by: str
    reason: str


class Match(TypedDict):
    score: float
    highlights: list[Highlight]


class MatchBody(TypedDict):
    texts: list[str]
    limit: NotRequired[int]
    threshold: NotRequired[float]


class Matches(TypedDict):
    threshold: float
    meaning: bool
    results: list[TextMatches]


class Mention(TypedDict):
    id: str
    claim: str
    document: MentionedDocument
    stance: Literal["supports", "partly_supports", "differs", "refutes"]
    reported: Reported | None
    attribution: list[LinkOfChain]
    origin: str | None
    basis: Literal["explicit", "carried_over", "inferred", None]
    passage: Literal["headline", "standfirst", "body", "list", "caption", "embed", "pull_quote"]
    locator: Locator | None
    note: str | None


class MentionBody(TypedDict):
    document: str
    stance: Literal["supports", "partly_supports", "differs", "refutes"]
    attribution: NotRequired[list[str]]
    basis: NotRequired[Literal["explicit", "carried_over", "inferred", None]]
    passage: NotRequired[Literal["headline", "standfirst", "body", "list", "caption", "embed", "pull_quote"]]
    locator: NotRequired[Locator | None]
    reported: NotRequired[Reported | None]
    note: NotRequired[str | None]


class MentionPage(TypedDict):
    data: list[Mention]
    next: str | None


class MentionedDocument(TypedDict):
    id: str
    title: str | None
    publisher: str | None


class Merge(TypedDict):
    rule: Literal[
        "same_source",
        "merged_source",
        "part_of",
        "country",
        "derivation",
        "same_publisher",
        "publisher_is_origin",
        "same_document",
    ]
    group: str
    left: str
    right: str
    reason: str


class MergeBody(TypedDict):
    reason: str
    into: str


class Merged(TypedDict):
    id: str
    merged_into: str
    merged: Mark | None


class OriginGroup(TypedDict):
    id: str
    named: bool
    sources: list[str]
    attributed_to: list[str]
    mentions: list[str]
    documents: list[str]


class Piece(TypedDict):
    text: str
    matched: bool


class Policy(TypedDict):
    id: str
    quorum: int
    independence: Literal["source", "organisation", "country"]
    version: int


class Position(TypedDict):
    stance: Literal["supports", "partly_supports", "differs", "refutes"]
    quantity: Quantity | None
    time_frame: TimeFrame | None
    text: str | None
    mentions: list[str]
    origins: list[str]
    notes: list[str]


class Problem(TypedDict):
    type: str
    title: str
    status: int
    code: str
    detail: str
    request_id: str
    errors: NotRequired[list[ProblemDetail]]
    withdrawn: NotRequired[Mark]


ProblemDetail = TypedDict(
    "ProblemDetail",
    {
        "in": "str",
        "pointer": "str",
        "detail": "str",
    },
)


class PublishedReview(TypedDict):
    publisher: str
    author: str | None
    claim_reviewed: str | None
    modified_at: str | None
    rating_value: float | None
    best_rating: float | None
    worst_rating: float | None
    rating_basis: str | None


class Quantity(TypedDict):
    low: NotRequired[float | None]
    high: NotRequired[float | None]
    unit: str
    qualifier: NotRequired[Literal["exact", "about", "up_to", "at_least", "more_than", "less_than", "between"]]


class QuantityPatch(TypedDict):
    low: NotRequired[float | None]
    high: NotRequired[float | None]
    unit: NotRequired[str]
    qualifier: NotRequired[Literal["exact", "about", "up_to", "at_least", "more_than", "less_than", "between", None]]


class QueuedClaim(TypedDict):
    need: Literal["unjudged", "stale", "contested"]
    claim: Claim
    assigned_to: str | None
    assigned_until: str | None


class QueuedClaimPage(TypedDict):
    data: list[QueuedClaim]
    next: str | None


class Ranked(TypedDict):
    hits: int
    complete: bool
    query: str


class ReasonBody(TypedDict):
    reason: str


class RepeatedClaim(TypedDict):
    score: float
    where: Span
    why: Why
    claim: Claim


class Reported(TypedDict):
    quantity: NotRequired[Quantity | None]
    time_frame: NotRequired[TimeFrame | None]
    text: NotRequired[str | None]


class Resting(TypedDict):
    origin: int
    relay: int
    publisher: int


class Review(TypedDict):
    id: str
    reviewer: str
    decision: Literal["approve", "request_changes"]
    note: str | None
    created_at: str


class ReviewBody(TypedDict):
    decision: Literal["approve", "request_changes"]
    note: NotRequired[str | None]


class RotationBody(TypedDict):
    grace_hours: NotRequired[int]


class Side(TypedDict):
    origins: Interval
    groups: list[OriginGroup]
    merges: list[Merge]


class Source(TypedDict):
    id: str
    name: str
    kind: Literal[
        "outlet",
        "news_agency",
        "government",
        "official",
        "intergovernmental",
        "think_tank",
        "ngo",
        "company",
        "person",
        "unspecified",
        "anonymous",
        "collective",
    ]
    country: str | None
    part_of: str | None
    merged_into: str | None
    parts: list[str]
    reliability: Literal["A", "B", "C", "D", "E", "F", None]
    aliases: list[str]
    note: str | None
    url: str | None
    claims: Resting
    version: int
    created_at: str
    updated_at: str


class SourceBody(TypedDict):
    id: NotRequired[str]
    name: str
    kind: Literal[
        "outlet",
        "news_agency",
        "government",
        "official",
        "intergovernmental",
        "think_tank",
        "ngo",
        "company",
        "person",
        "unspecified",
        "anonymous",
        "collective",
    ]
    country: NotRequired[str | None]
    part_of: NotRequired[str | None]
    reliability: NotRequired[Literal["A", "B", "C", "D", "E", "F", None]]
    aliases: NotRequired[list[str]]
    note: NotRequired[str | None]
    url: NotRequired[str | None]


class SourcePage(TypedDict):
    data: list[Source]
    next: str | None


class SourcePatch(TypedDict):
    id: NotRequired[str]
    name: NotRequired[str]
    kind: NotRequired[
        Literal[
            "outlet",
            "news_agency",
            "government",
            "official",
            "intergovernmental",
            "think_tank",
            "ngo",
            "company",
            "person",
            "unspecified",
            "anonymous",
            "collective",
        ]
    ]
    country: NotRequired[str | None]
    part_of: NotRequired[str | None]
    reliability: NotRequired[Literal["A", "B", "C", "D", "E", "F", None]]
    aliases: NotRequired[list[str] | None]
    note: NotRequired[str | None]
    url: NotRequired[str | None]


class Span(TypedDict):
    start: int
    end: int


class StatedLink(TypedDict):
    id: str
    claim: str
    type: Literal["contradicts", "refines", "part_of", "distinct_from"]
    other: str
    note: str | None


class Status(TypedDict):
    code: int
    message: str
    status: str
    details: list[Detail]


class Summary(TypedDict):
    status: Literal["unsupported", "single_origin", "possibly_corroborated", "corroborated", "contested", "refuted"]
    policy: str
    origins: Interval
    differing: Interval
    refuting: Interval
    mentions: int
    documents: int


class Taken(TypedDict):
    item: int
    line: int
    pointer: str
    outcome: Literal["created", "superseded", "retracted", "completed", "unchanged", "refused"]
    url: str | None
    claim: str | None
    subject: str | None
    findings: list[ImportFinding]


class Tally(TypedDict):
    supported: int
    refuted: int
    not_enough_evidence: int
    conflicting_evidence: int


class TextMatches(TypedDict):
    answer: Literal["match", "none"]
    matches: list[RepeatedClaim]


class TimeFrame(TypedDict):
    label: str
    start: NotRequired[str | None]
    end: NotRequired[str | None]


class TimeFramePatch(TypedDict):
    label: NotRequired[str]
    start: NotRequired[str | None]
    end: NotRequired[str | None]


class Topic(TypedDict):
    id: str
    claims: int


class TopicPage(TypedDict):
    data: list[Topic]
    next: str | None


class Tree(TypedDict):
    size: int
    root_hash: str


class Uncounted(TypedDict):
    mention: str
    rule: Literal["partial_support", "undated", "published_later", "document_names_origin", "derived_document"]
    reason: str


class Unshared(TypedDict):
    numbers: list[str]
    names: list[str]


class Verdict(TypedDict):
    id: str
    claim: str
    claim_version: int
    stale: bool
    checker: str
    state: Literal["draft", "published", "withdrawn"]
    retraction: bool
    rating: Literal["supported", "refuted", "not_enough_evidence", "conflicting_evidence", "unmapped", None]
    textual_rating: str | None
    rationale: str | None
    evidence: list[Ground]
    url: str | None
    site: str | None
    title: str | None
    reviewed_at: str | None
    language: str | None
    review: PublishedReview | None
    supersedes: str | None
    reason: str | None
    superseded_by: str | None
    reviewers: list[str]
    reviews: list[Review]
    created_at: str
    published_at: str | None


class VerdictBody(TypedDict):
    claim_version: int
    rating: NotRequired[Literal["supported", "refuted", "not_enough_evidence", "conflicting_evidence", None]]
    textual_rating: NotRequired[str | None]
    rationale: NotRequired[str | None]
    evidence: NotRequired[list[GroundBody]]
    url: NotRequired[str | None]
    language: NotRequired[str | None]
    supersedes: NotRequired[str | None]
    reason: NotRequired[str | None]
    retraction: NotRequired[bool]
    draft: NotRequired[bool]
    despite_assignment: NotRequired[bool]
    reviewers: NotRequired[list[str]]


class VerdictPage(TypedDict):
    data: list[Verdict]
    next: str | None


class Why(TypedDict):
    terms: list[str]
    numbers: list[str]
    names: list[str]
    differences: list[Difference]
    in_text_only: Unshared
    in_claim_only: Unshared


class Withdrawn(TypedDict):
    id: str
    withdrawn: Mark


class ListClaimsQuery(TypedDict):
    limit: NotRequired[int]
    topic: NotRequired[str]
    source: NotRequired[str]
    origin: NotRequired[str]
    document: NotRequired[str]
    status: NotRequired[
        Literal["unsupported", "single_origin", "possibly_corroborated", "corroborated", "contested", "refuted"]
    ]
    min_origins: NotRequired[int]
    stance: NotRequired[Literal["supports", "partly_supports", "differs", "refutes"]]
    agreement: NotRequired[Literal["none", "single", "unanimous", "majority", "split"]]
    rating: NotRequired[Literal["supported", "refuted", "not_enough_evidence", "conflicting_evidence", "unmapped"]]
    site: NotRequired[str]
    language: NotRequired[str]
    updated_since: NotRequired[dt.datetime | str]
    q: NotRequired[str]
    sort: NotRequired[Literal["relevance", "recency", "origins", "mentions"]]


class GetClaimQuery(TypedDict):
    include: NotRequired[str]


class ListMentionsQuery(TypedDict):
    limit: NotRequired[int]


class GetCorroborationQuery(TypedDict):
    as_of: NotRequired[dt.date | str]
    independence: NotRequired[Literal["source", "organisation", "country"]]
    quorum: NotRequired[int]


class ListCorroborationQuery(TypedDict):
    topic: NotRequired[str]
    source: NotRequired[str]
    origin: NotRequired[str]
    document: NotRequired[str]
    status: NotRequired[
        Literal["unsupported", "single_origin", "possibly_corroborated", "corroborated", "contested", "refuted"]
    ]
    min_origins: NotRequired[int]
    stance: NotRequired[Literal["supports", "partly_supports", "differs", "refutes"]]
    agreement: NotRequired[Literal["none", "single", "unanimous", "majority", "split"]]
    rating: NotRequired[Literal["supported", "refuted", "not_enough_evidence", "conflicting_evidence", "unmapped"]]
    site: NotRequired[str]
    language: NotRequired[str]
    updated_since: NotRequired[dt.datetime | str]


class ListConflictsQuery(TypedDict):
    limit: NotRequired[int]


class ListSourcesQuery(TypedDict):
    limit: NotRequired[int]
    kind: NotRequired[
        Literal[
            "outlet",
            "news_agency",
            "government",
            "official",
            "intergovernmental",
            "think_tank",
            "ngo",
            "company",
            "person",
            "unspecified",
            "anonymous",
            "collective",
        ]
    ]
    country: NotRequired[str]


class ListSourceClaimsQuery(TypedDict):
    limit: NotRequired[int]
    role: NotRequired[Literal["origin", "relay", "publisher"]]
    sort: NotRequired[Literal["recency", "origins", "mentions"]]


class ListDocumentsQuery(TypedDict):
    limit: NotRequired[int]
    publisher: NotRequired[str]


class ListDocumentClaimsQuery(TypedDict):
    limit: NotRequired[int]
    sort: NotRequired[Literal["recency", "origins", "mentions"]]


class ListTopicsQuery(TypedDict):
    limit: NotRequired[int]


class ListClaimVerdictsQuery(TypedDict):
    limit: NotRequired[int]
    state: NotRequired[Literal["draft", "published", "withdrawn"]]
    rating: NotRequired[Literal["supported", "refuted", "not_enough_evidence", "conflicting_evidence", "unmapped"]]
    checker: NotRequired[str]
    since: NotRequired[dt.datetime | str]
    until: NotRequired[dt.datetime | str]
    current: NotRequired[bool]


class ListVerdictsQuery(TypedDict):
    limit: NotRequired[int]
    state: NotRequired[Literal["draft", "published", "withdrawn"]]
    rating: NotRequired[Literal["supported", "refuted", "not_enough_evidence", "conflicting_evidence", "unmapped"]]
    checker: NotRequired[str]
    since: NotRequired[dt.datetime | str]
    until: NotRequired[dt.datetime | str]
    current: NotRequired[bool]


class ListQueueQuery(TypedDict):
    limit: NotRequired[int]
    need: NotRequired[Literal["unjudged", "stale", "contested"]]
    everything: NotRequired[bool]


class ListEventsQuery(TypedDict):
    after: NotRequired[int]
    limit: NotRequired[int]
    type: NotRequired[
        Literal[
            "source.created",
            "source.changed",
            "source.merged",
            "source.unmerged",
            "document.created",
            "document.changed",
            "claim.created",
            "claim.changed",
            "claim.merged",
            "claim.unmerged",
            "mention.added",
            "mention.changed",
            "mention.withdrawn",
            "link.added",
            "link.changed",
            "link.withdrawn",
            "verdict.drafted",
            "verdict.published",
            "verdict.superseded",
            "verdict.withdrawn",
            "verdict.reviewed",
            "assignment.made",
            "assignment.ended",
            "page.created",
            "page.changed",
            "page.withdrawn",
            "key.created",
            "key.changed",
            "corroboration.changed",
            "agreement.changed",
        ]
    ]
    subject: NotRequired[str]


ProveConsistencyQuery = TypedDict(
    "ProveConsistencyQuery",
    {
        "from": "int",
        "to": "NotRequired[int]",
    },
)


class ProveInclusionQuery(TypedDict):
    size: NotRequired[int]


class ListHistoryQuery(TypedDict):
    after: NotRequired[int]
    limit: NotRequired[int]


class GetClaimReviewFeedQuery(TypedDict):
    since: NotRequired[dt.datetime | str]


class GetVerdictsFeedQuery(TypedDict):
    limit: NotRequired[int]


class ExportQuery(TypedDict):
    after: NotRequired[str]
    public: NotRequired[bool]


class ListKeysQuery(TypedDict):
    limit: NotRequired[int]
