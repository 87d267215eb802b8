"""Schemas of claims, mentions and links, as the API answers them."""

from __future__ import annotations

from service.model.entities import Basis, LinkType, Passage, SourceKind, Stance, Status
from service.model.verdicts import Need
from service.schemas import enum_descriptions as values
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
    """The corroboration of a claim in short. `GET /v1/claims/{id}/corroboration` gives the full reasoning."""

    status = choice(Status, f"The status. {values.STATUS}", Status.SINGLE_ORIGIN, required=True)
    policy = string(
        "The id of the policy that the status was computed with: version, independence, quorum and documents.",
        "v2-organisation-2-2",
        required=True,
        attribute="policy.id",
    )
    origins = nested(
        IntervalSchema,
        "The number of independent origins that support the claim.",
        required=True,
        attribute="supports.origins",
    )
    differing = nested(
        IntervalSchema,
        "The number of independent origins that state another value.",
        required=True,
        attribute="differs.origins",
    )
    refuting = nested(
        IntervalSchema,
        "The number of independent origins that deny the claim.",
        required=True,
        attribute="refutes.origins",
    )
    mentions = count("The number of mentions of the claim, of any stance.", 5)
    documents = count("The number of documents that mention the claim.", 3)


class LinkSchema(Shape):
    """A link between this claim and another, as either of the two shows it."""

    id = identifier("The id of the link.", "l-3f0c9d2a7b41", required=True)
    type = choice(
        LinkType,
        "The relation. An outgoing link goes from this claim (the first) to the other (the second). "
        f"{values.LINK_TYPE}",
        LinkType.DISTINCT_FROM,
        required=True,
    )
    direction = string(
        "`outgoing` when the link was added to this claim, `incoming` when it was added to the other.",
        "outgoing",
        required=True,
    )
    claim = identifier("The id of the other claim.", "nk-15000-troops-sent", required=True)
    note = string("The reason for the link, or null.", "Workers are not soldiers.", allow_none=True, required=True)


class ClaimantSchema(Shape):
    """A source that is named as saying the claim."""

    id = identifier("The id of the source.", "south-korea-nis", required=True)
    name = string("The name of the source.", "National Intelligence Service of South Korea", required=True)


class ClaimSchema(Shape):
    """A checkable statement in the service's own words, with its corroboration and its verdicts."""

    id = identifier("The id of the claim.", CLAIM_ID, required=True, attribute="claim.id")
    text = string(
        "The statement.",
        "About 15,000 North Korean workers have been sent to Russia.",
        required=True,
        attribute="claim.text",
    )
    subject = string(
        "The subject of the statement.", "North Korean workers in Russia", required=True, attribute="claim.subject"
    )
    quantity = nested(
        QuantitySchema,
        "The number that the claim states, or null.",
        allow_none=True,
        required=True,
        attribute="claim.quantity",
    )
    time_frame = nested(
        TimeFrameSchema,
        "The time that the claim is about, or null.",
        allow_none=True,
        required=True,
        attribute="claim.time_frame",
    )
    place = string(
        "The place that the claim is about, or null.",
        "Russia",
        allow_none=True,
        required=True,
        attribute="claim.place",
    )
    summary = string(
        "The corroboration in one or two sentences: who supports the claim, in how many documents, since when, and who "
        "disputes it.",
        "Government of South Korea is the only origin of this; it stands in 3 documents, since 2025-06-11 at the "
        "latest.",
        required=True,
    )
    topics = identifiers("The topics of the claim.", ["labour-deployment"], required=True, attribute="claim.topics")
    note = string(
        "A remark for readers, or null.",
        "Later figures include construction workers.",
        allow_none=True,
        required=True,
        attribute="claim.note",
    )
    claimants = many(
        ClaimantSchema,
        "The sources that are named as saying so: at most the first 20. The mentions have all of them.",
        required=True,
    )
    first_stated = nested(
        DaysSchema,
        "The days in which the claim was first stated. `earliest`: the earliest possible date of its supporting "
        "documents, null when one of them has none. `latest`: the first day by which one of them was certainly "
        "published or first seen, or the claim was reviewed. Null without a supporting document.",
        allow_none=True,
        required=True,
    )
    corroboration = nested(SummarySchema, "The corroboration in short.", required=True)
    verdicts = nested(JudgementSchema, "The current verdicts of fact-checkers.", required=True)
    links = many(LinkSchema, "Links to other claims, outgoing and incoming.", required=True)
    merged_from = identifiers(
        "The ids of the claims that were merged into this one. Their addresses redirect here.", [], required=True
    )
    version = integer("The version, increased by every change to anything shown here.", 1, required=True)
    evidence_version = integer(
        "The first version with the present statement and evidence. A verdict on this version or a later one is not "
        "stale.",
        1,
        required=True,
    )
    created_at = timestamp("The time when the claim was created.", required=True)
    updated_at = timestamp("The time of the last change.", required=True)


class LinkOfChainSchema(Shape):
    """A source in an attribution chain."""

    id = identifier("The id of the source.", "south-korea-nis", required=True)
    name = string("The name of the source.", "National Intelligence Service of South Korea", required=True)
    kind = choice(SourceKind, f"The kind of the source. {values.SOURCE_KIND}", SourceKind.GOVERNMENT, required=True)


class MentionedDocumentSchema(Shape):
    """The document of a mention, in short."""

    id = identifier("The id of the document.", "doc-wsj-report", required=True)
    title = string("The title, or null.", "North Korea sends workers to Russia", allow_none=True, required=True)
    publisher = identifier(
        "The id of the source that published the document, or null when unknown.",
        "hngn",
        allow_none=True,
        required=True,
    )


class MentionSchema(Shape):
    """A statement of a claim in a document, with the sources that it is attributed to."""

    id = identifier("The id of the mention.", "m-3f0c9d2a7b41", required=True, attribute="mention.id")
    claim = identifier("The id of the claim.", CLAIM_ID, required=True, attribute="mention.claim")
    document = nested(MentionedDocumentSchema, "The document that mentions the claim.", required=True)
    stance = choice(Stance, f"The stance. {values.STANCE}", Stance.SUPPORTS, required=True, attribute="mention.stance")
    reported = nested(
        ReportedSchema,
        "The value that the document states instead of the claim's, or null.",
        allow_none=True,
        required=True,
        attribute="mention.reported",
    )
    attribution = many(
        LinkOfChainSchema,
        "The chain of sources that the document attributes the statement to, from the nearest relay to the origin. "
        "Empty when it is unattributed.",
        required=True,
    )
    origin = identifier(
        "The id of the last identifiable source of the chain, or null when there is none.",
        "south-korea-nis",
        allow_none=True,
        required=True,
    )
    basis = choice(
        Basis,
        f"The basis of the attribution; null without one. {values.BASIS}",
        Basis.EXPLICIT,
        allow_none=True,
        required=True,
        attribute="mention.basis",
    )
    passage = choice(
        Passage,
        f"The part of the document that has the statement. {values.PASSAGE}",
        Passage.BODY,
        required=True,
        attribute="mention.passage",
    )
    locator = nested(
        LocatorSchema,
        "The exact position of the statement in the document's text, or null.",
        allow_none=True,
        required=True,
        attribute="mention.locator",
    )
    note = string(
        "A remark for readers, or null.",
        "The sentence before names the source.",
        allow_none=True,
        required=True,
        attribute="mention.note",
    )
    quote = string(
        "The text of the locator's span, verified by its hash; or null.",
        "The workers had arrived by spring.",
        allow_none=True,
        required=True,
        attribute="mention.quote",
    )


class IncludedSchema(Shape):
    """The records that `include` asks for. Each list is present only when it was asked for."""

    mentions = many(MentionSchema, "The mentions of the claim.")
    sources = many(
        SourceSchema,
        "The sources in the attribution chains, the publishers of the documents, and the sources these are part of.",
    )
    documents = many(DocumentSchema, "The documents of the mentions, and the documents these are derived from.")
    links = many(ClaimSchema, "The linked claims.")


class ClaimDetailSchema(ClaimSchema):
    """A claim, with the records that `include` asks for."""

    included = nested(IncludedSchema, "The records that `include` asks for; absent without that parameter.")


class StatedLinkSchema(Shape):
    """A link from one claim to another, as it was added."""

    id = identifier("The id of the link.", "l-3f0c9d2a7b41", required=True)
    claim = identifier("The id of the claim that the link was added to: the first of the two.", CLAIM_ID, required=True)
    type = choice(LinkType, f"The relation. {values.LINK_TYPE}", LinkType.DISTINCT_FROM, required=True)
    other = identifier("The id of the second claim.", "nk-15000-troops-sent", required=True)
    note = string("The reason for the link, or null.", "Workers are not soldiers.", allow_none=True, required=True)


class WithdrawnSchema(Shape):
    """A record that was withdrawn. Its address answers 410 from now on."""

    id = identifier("The id of the withdrawn record.", "m-3f0c9d2a7b41", required=True)
    withdrawn = nested(MarkSchema, "The time, the author and the reason of the withdrawal.", required=True)


class QueuedClaimSchema(Shape):
    """A claim in the queue, waiting to be judged."""

    need = choice(Need, f"The reason why the claim waits. {values.NEED}", Need.UNJUDGED, required=True)
    claim = nested(ClaimSchema, "The claim.", required=True)
    assigned_to = string(
        "The name of the checker who has taken the claim, or null.", CHECKER, required=True, allow_none=True
    )
    assigned_until = timestamp("The time when that assignment expires, or null.", required=True, allow_none=True)
    draft = identifier(
        "The id of the draft to review, for the need `review`; else null.",
        "v-3f0c9d2a7b41",
        required=True,
        allow_none=True,
    )
