"""Shapes of claims, their mentions and lists of them, as they go out."""

from __future__ import annotations

from service.model.entities import Basis, LinkType, Passage, SourceKind, Stance, Status
from service.model.verdicts import Need
from service.schemas.fields import (
    Shape,
    choice,
    count,
    identifier,
    identifiers,
    integer,
    many,
    nested,
    string,
    timestamp,
)
from service.schemas.sources_and_documents import DocumentSchema, SourceSchema
from service.schemas.value_objects import (
    DaysSchema,
    IntervalSchema,
    LocatorSchema,
    MarkSchema,
    QuantitySchema,
    ReportedSchema,
    TimeFrameSchema,
)
from service.schemas.verdicts import CHECKER, JudgementSchema

CLAIM_ID = "nk-15000-workers-in-russia"


class SummarySchema(Shape):
    """What a claim's mentions add up to, in short. `GET /v1/claims/{id}/corroboration` has the reasons."""

    status = choice(Status, "What the mentions add up to.", Status.SINGLE_ORIGIN, required=True)
    policy = string("The policy that made this status.", "v1-organisation-2", required=True, attribute="policy.id")
    origins = nested(
        IntervalSchema, "Independent origins that support it.", required=True, attribute="supports.origins"
    )
    differing = nested(
        IntervalSchema,
        "Independent origins that state another value.",
        required=True,
        attribute="differs.origins",
    )
    refuting = nested(IntervalSchema, "Independent origins that deny it.", required=True, attribute="refutes.origins")
    mentions = count("Mentions of any stance.", 5)
    documents = count("Documents that mention it.", 3)


class LinkSchema(Shape):
    """How this claim relates to another."""

    id = identifier("The link's id.", "l-3f0c9d2a7b41", required=True)
    type = choice(LinkType, "The relation.", LinkType.DISTINCT_FROM, required=True)
    direction = string(
        "`outgoing` when this claim states the link, `incoming` when the other does.",
        "outgoing",
        required=True,
    )
    claim = identifier("The other claim.", "nk-15000-troops-sent", required=True)
    note = string("Why.", allow_none=True, required=True)


class ClaimantSchema(Shape):
    """Who says so."""

    id = identifier("The source.", "south-korea-nis", required=True)
    name = string("Its name.", "National Intelligence Service of South Korea", required=True)


class ClaimSchema(Shape):
    """One checkable statement, normalised, in our own words, with what stands behind it."""

    id = identifier("The claim's id.", CLAIM_ID, required=True, attribute="claim.id")
    text = string(
        "The statement.",
        "About 15,000 North Korean workers have been sent to Russia.",
        required=True,
        attribute="claim.text",
    )
    subject = string("What it is about.", "North Korean workers in Russia", required=True, attribute="claim.subject")
    quantity = nested(
        QuantitySchema, "The number it states.", allow_none=True, required=True, attribute="claim.quantity"
    )
    time_frame = nested(
        TimeFrameSchema, "The time it is about.", allow_none=True, required=True, attribute="claim.time_frame"
    )
    place = string("Where.", "Russia", allow_none=True, required=True, attribute="claim.place")
    topics = identifiers("What it is filed under.", ["labour-deployment"], required=True, attribute="claim.topics")
    note = string("What a reader should know.", allow_none=True, required=True, attribute="claim.note")
    claimants = many(
        ClaimantSchema, "Who is named as saying so, at most the first 20; the mentions have all.", required=True
    )
    first_stated = nested(
        DaysSchema,
        "When the first document that supports it was published, of those whose date is known.",
        allow_none=True,
        required=True,
    )
    corroboration = nested(SummarySchema, "What the mentions add up to.", required=True)
    verdicts = nested(JudgementSchema, "What checkers say of it.", required=True)
    links = many(LinkSchema, "Related claims, in both directions.", required=True)
    merged_from = identifiers("The claims it stands for: found to be the same, and merged into it.", [], required=True)
    version = integer("Counts up with every change of anything shown here.", 1, required=True)
    created_at = timestamp("When it was stored.", required=True)
    updated_at = timestamp("When it last changed.", required=True)


class LinkOfChainSchema(Shape):
    """One party in an attribution chain."""

    id = identifier("The source.", "south-korea-nis", required=True)
    name = string("Its name.", "National Intelligence Service of South Korea", required=True)
    kind = choice(SourceKind, "What it is.", SourceKind.GOVERNMENT, required=True)


class MentionedDocumentSchema(Shape):
    """The document of a mention, in short."""

    id = identifier("The document.", "doc-wsj-report", required=True)
    title = string("Its title.", allow_none=True, required=True)
    publisher = identifier(
        "The source that published it, or null when unknown.", "hngn", allow_none=True, required=True
    )


class MentionSchema(Shape):
    """One document states one claim."""

    id = identifier("The mention's id.", "m-3f0c9d2a7b41", required=True, attribute="mention.id")
    claim = identifier("The claim.", CLAIM_ID, required=True, attribute="mention.claim")
    document = nested(MentionedDocumentSchema, "Where it stands.", required=True)
    stance = choice(Stance, "What it does to the claim.", Stance.SUPPORTS, required=True, attribute="mention.stance")
    reported = nested(
        ReportedSchema,
        "What it says in place of the claim's own value.",
        allow_none=True,
        required=True,
        attribute="mention.reported",
    )
    attribution = many(
        LinkOfChainSchema,
        "From the document outward, nearest relay first. Empty: unattributed.",
        required=True,
    )
    origin = identifier(
        "The last identifiable source of the chain, or null.",
        "south-korea-nis",
        allow_none=True,
        required=True,
    )
    basis = choice(
        Basis,
        "How the text carries the attribution; null without one.",
        Basis.EXPLICIT,
        allow_none=True,
        required=True,
        attribute="mention.basis",
    )
    passage = choice(
        Passage, "In which part of the document.", Passage.BODY, required=True, attribute="mention.passage"
    )
    locator = nested(LocatorSchema, "Where exactly.", allow_none=True, required=True, attribute="mention.locator")
    note = string("What a reader should know.", allow_none=True, required=True, attribute="mention.note")


class IncludedSchema(Shape):
    """What was asked for with `include`, each part only when asked for."""

    mentions = many(MentionSchema, "The claim's mentions.")
    sources = many(SourceSchema, "Every source in their chains, the publishers, and what these are part of.")
    documents = many(DocumentSchema, "The documents of the mentions and what these are derived from.")
    links = many(ClaimSchema, "The linked claims.")


class ClaimDetailSchema(ClaimSchema):
    """A claim, with what was asked for by `include`."""

    included = nested(IncludedSchema, "Present when `include` is given.")


class StatedLinkSchema(Shape):
    """A link as it was stated."""

    id = identifier("The link's id.", "l-3f0c9d2a7b41", required=True)
    claim = identifier("The claim that it was stated of.", CLAIM_ID, required=True)
    type = choice(LinkType, "The relation.", LinkType.DISTINCT_FROM, required=True)
    other = identifier("The other claim.", "nk-15000-troops-sent", required=True)
    note = string("Why.", allow_none=True, required=True)


class WithdrawnSchema(Shape):
    """That something is gone: its address answers 410 from now on."""

    id = identifier("What was withdrawn.", "m-3f0c9d2a7b41", required=True)
    withdrawn = nested(MarkSchema, "When, by whom and why.", required=True)


class QueuedClaimSchema(Shape):
    """A claim that waits to be judged."""

    need = choice(
        Need,
        "`unjudged`: by nobody. `stale`: it changed after a checker judged it. `contested`: checkers are split, "
        "or its evidence is contested and only one has judged it.",
        Need.UNJUDGED,
        required=True,
    )
    claim = nested(ClaimSchema, "The claim.", required=True)
    assigned_to = string("Who has taken it, or null.", CHECKER, required=True, allow_none=True)
    assigned_until = timestamp("Until when, or null.", required=True, allow_none=True)
