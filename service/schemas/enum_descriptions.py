"""Descriptions of the values of enumerations that several schemas use, for the OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from service.corroboration.results import MergeRule, NotCounted
from service.model.actors import KeyRole
from service.model.entities import (
    Basis,
    Independence,
    LinkType,
    Passage,
    Qualifier,
    Reliability,
    SourceKind,
    Stance,
    Status,
)
from service.model.suggestions import SuggestionDecision, SuggestionKind, SuggestionState
from service.model.verdicts import Agreement, Decision, Need, Rating, VerdictState
from service.provenance.graph import State

STATUS = (
    "`unsupported`: no mention supports the claim. `refuted`: none supports it, and at least one refutes it. "
    "`contested`: mentions support it, and others refute it or state another value. `unattributed`: mentions support "
    "it, but no origin is named: unknown is not independent. `single_origin`: all support comes from one named origin. "
    "`possibly_corroborated`: more than one origin may support it, but fewer than the quorum are named, or all in one "
    "document. `corroborated`: the named independent origins reach the quorum, in at least two documents that are no "
    "copies and not of one publisher."
)
STANCE = (
    "`supports`: the document states the claim. `partly_supports`: it states only a part of the claim; shown, but not "
    "counted. `differs`: it makes the same statement with a materially different value. `refutes`: it denies the "
    "claim. `partly_refutes`: it denies only a part of the claim; shown, but not counted."
)
BASIS = (
    "`explicit`: the statement itself names its sources. `carried_over`: the surrounding text names them. `inferred`: "
    "the annotator concluded them."
)
PASSAGE = (
    "`standfirst` is the introduction below the headline, `list` an item of a list or table, `embed` an embedded post, "
    "`pull_quote` a sentence of the text that is repeated in large type."
)
SOURCE_KIND = (
    "`outlet`: a medium that publishes. `official`: an office holder. `intergovernmental`: an organisation of states. "
    "`unspecified`: an identified party of unknown kind. `anonymous`: an unnamed person. `collective`: a group that "
    "cannot be identified, such as 'Western officials'. `anonymous` and `collective` sources are never an origin."
)
RELIABILITY = (
    "Reliability by the Admiralty code (NATO STANAG 2511): `A` completely reliable, `B` usually reliable, `C` fairly "
    "reliable, `D` not usually reliable, `E` unreliable, `F` cannot be judged."
)
LINK_TYPE = (
    "`contradicts`: the two cannot both be true. `refines`: the first is a more precise form of the second. `part_of`: "
    "the first is a part of the second. `distinct_from`: they look alike but are different statements."
)
QUALIFIER = "The wording of the number: `about` for 'some 15,000', `up_to` for 'as many as 15,000'."
INDEPENDENCE = (
    "`source`: each source is independent, except sources that were merged. `organisation`: sources that are part of "
    "one organisation (`part_of`) count as one. `country`: organisations of one country count as one, too."
)
AGREEMENT = (
    "`none`: no votes. `single`: one vote. `unanimous`: several votes, all for one rating. `majority`: one rating has "
    "more than half of the votes. `split`: no rating has more than half of the votes."
)
LABELS = (
    "`supported`, `refuted`, `not_enough_evidence` or `conflicting_evidence` (the four labels of AVeriTeC). "
    "`unmapped`: an imported review whose rating could not be mapped to one of the four; it is not counted as a vote."
)
VERDICT_STATE = (
    "`draft`: not published yet; only its author, its reviewers and editors can read it. `published`: counted. "
    "`withdrawn`: a draft that was given up."
)
NEED = (
    "`unjudged`: no checker has judged the claim. `stale`: the claim, or the evidence behind it, changed after a "
    "checker judged it. `contested`: the checkers are split, or the evidence is contested and only one checker has "
    "judged it. `review`: a draft waits to be reviewed."
)
MERGE_RULE = (
    "`same_source`: both rest on the same source. `merged_source`: two sources were merged as the same party. "
    "`part_of`: both sources belong to one organisation. `country`: both organisations are of one country. "
    "`derivation`: one document is a copy of, or derived from, the other, or both are from a third. `same_publisher`: "
    "neither names an origin, and both have the same publisher. `publisher_is_origin`: one is published, without "
    "attribution, by the source that the other names. `same_document`: the document names its origin for this claim "
    "elsewhere. `same_page`: the two documents are records of one page. `same_site`: neither names an origin, and both "
    "are pages of one site."
)
NOT_COUNTED = (
    "`partial_support`: it supports only a part of the claim. `partial_refutation`: it denies only a part of the "
    "claim. `document_names_origin`: its document names an origin for this claim elsewhere. `derived_document`: its "
    "document is derived from another that states the same. `opaque_archive`: its document is an archive copy that "
    "does not show its original, which may be another document of the claim. `undated`, `published_later`: its "
    "document is not certainly published by `as_of`."
)
SUGGESTION_STATE = (
    "`open`: not decided. `merged`: the two are one. `changed`: the source is a collective now. `declined`: they are "
    "two, or the source is identifiable. `outdated`: not decided, and its records were changed or merged meanwhile."
)
SUGGESTION_KIND = (
    "`source`, `document`, `claim`: two records of this kind may be one. `collective`: a source may be a collective, "
    "which cannot be identified and is no origin."
)
SUGGESTION_DECISION = (
    "`merge`: the two are one; or `distinct`: they are two. For a suggestion of the kind `collective`: `collective`, "
    "or `identifiable`."
)
REVIEW_DECISION = "`approve`: the draft can be published. `request_changes`: it needs the changes in `note` first."
ROLE = (
    "`checker`: writes verdicts. `editor`: also writes claims, mentions, sources and documents. `admin`: also corrects "
    "the verdicts of others and manages keys."
)
ORIGIN_STATE = (
    "`named`: a document names the origin. `possible`: nobody is named, or it is inferred. `differs`: it states "
    "another value. `refutes`: it denies the claim. `partial`: in part only. `not_counted`: it adds no origin."
)

# Each has a schema of its own in the document, with this name and description: clients get one type for it.
SHARED: Mapping[type[Enum], tuple[str, str]] = {
    Agreement: ("Agreement", AGREEMENT),
    Basis: ("Basis", BASIS),
    Decision: ("ReviewDecision", REVIEW_DECISION),
    Independence: ("Independence", INDEPENDENCE),
    KeyRole: ("KeyRole", ROLE),
    LinkType: ("LinkType", LINK_TYPE),
    MergeRule: ("MergeRule", MERGE_RULE),
    Need: ("Need", NEED),
    NotCounted: ("NotCounted", NOT_COUNTED),
    Passage: ("Passage", PASSAGE),
    Qualifier: ("Qualifier", QUALIFIER),
    Rating: ("Rating", LABELS),
    Reliability: ("Reliability", RELIABILITY),
    SourceKind: ("SourceKind", SOURCE_KIND),
    Stance: ("Stance", STANCE),
    State: ("OriginState", ORIGIN_STATE),
    Status: ("CorroborationStatus", STATUS),
    SuggestionDecision: ("SuggestionDecision", SUGGESTION_DECISION),
    SuggestionKind: ("SuggestionKind", SUGGESTION_KIND),
    SuggestionState: ("SuggestionState", SUGGESTION_STATE),
    VerdictState: ("VerdictState", VERDICT_STATE),
}
