"""Schemas of the provenance of a claim: its graph and its table."""

from __future__ import annotations

import datetime as dt
from typing import Any

from marshmallow import fields, post_dump, validate

from service.corroboration.results import MergeRule
from service.model.entities import Stance, Status
from service.model.timestamps import shown_time
from service.provenance.graph import Column, Graph, Node, State
from service.provenance.svg import Form
from service.provenance.table import sentence, table_rows
from service.provenance.wording import words_below
from service.schemas import enum_descriptions as values
from service.schemas.claims import CLAIM_ID
from service.schemas.corroboration import PolicySchema, UncountedSchema
from service.schemas.fields import Shape, choice, day, flag, identifier, many, nested, string, strings, timestamp
from service.schemas.requests import CorroborationQuery
from service.schemas.value_objects import IntervalSchema

FORMATS = ("json", "svg", "mermaid", "dot", "prov")
_TEXT = "About 15,000 North Korean workers had been sent to Russia by spring 2025."
_ORIGIN = "origin:supports:source:south-korea-government"
_MENTION = "m-3f0c9d2a7b41"


class ProvenanceQuery(CorroborationQuery):
    """The parameters of a corroboration, and the form of the answer."""

    format = fields.String(
        validate=validate.OneOf(FORMATS),
        metadata={
            "description": "The format of the answer, instead of an `Accept` header: `json` (nodes, edges and rows), "
            "`svg` (a picture), `mermaid`, `dot` (Graphviz) or `prov` (PROV-JSON). Default: by that header, else "
            "`json`.",
            "examples": ["svg"],
        },
    )
    layout = choice(
        Form,
        "The layout of the picture, with the format `svg`. `columns`: 1120 px wide. `rows`: 340 px wide. `auto`: both; "
        "the style sheet in it shows the rows in windows that are narrower than 900 px. In an `img` or `picture` "
        "element, choose one of the first two. Default: `auto`.",
        Form.COLUMNS,
        load_default=Form.AUTO,
    )


class BadgeQuery(CorroborationQuery):
    """The parameters of a corroboration."""


class ProvenanceNodeSchema(Shape):
    """A box of the graph: an origin, a chain of relays, a publisher or a document."""

    id = string("The id of the node in this graph.", _ORIGIN, required=True)
    column = choice(Column, "The column that it stands in, from left to right.", Column.ORIGIN, required=True)
    state = choice(
        State, f"The state of an origin; null for the others. {values.ORIGIN_STATE}", State.NAMED, allow_none=True
    )
    mark = string(
        "The number of a named origin, the sign of another origin, or the letter of a document; else empty.", "1"
    )
    label = string("The name, title or names.", "Government of South Korea", required=True)
    known = flag("False for an origin without a name and for an unknown publisher.", True)
    words = strings("The words below the label.", ["named origin", "5 mentions in 3 documents"])
    ids = strings("The ids of its sources, or of its document.", ["south-korea-nis"])
    mentions = strings("The ids of the mentions that go through it.", [_MENTION])
    groups = strings(
        "The group of an origin in the corroboration, as `SIDE:GROUP`. Empty for mentions that no group has.",
        ["supports:source:south-korea-government"],
    )
    rules = strings("The rules (of `not_counted`) by which the mentions of an origin add none; else empty.", [])


class ProvenanceEdgeSchema(Shape):
    """A step of some mentions from one box to the next."""

    source = string("The id of the node on the left.", _ORIGIN, required=True)
    target = string("The id of the node on the right.", "publisher:hngn", required=True)
    state = choice(State, f"The state of their origin. {values.ORIGIN_STATE}", State.NAMED, required=True)
    mentions = strings("The ids of the mentions.", [_MENTION])


class ProvenanceMergeSchema(Shape):
    """A merge of the corroboration, with the boxes in which its sides are."""

    side = choice(Stance, "The side that it belongs to.", Stance.SUPPORTS, required=True)
    rule = choice(MergeRule, f"The rule. {values.MERGE_RULE}", MergeRule.SAME_SOURCE, required=True)
    group = string("The id of the group.", "source:south-korea-government", required=True)
    left = string("The id of the first: a source, document or mention.", _MENTION, required=True)
    right = string("The id of the second.", "m-99ab01c3d4e5", required=True)
    reason = string("The reason in words.", "both rest on National Intelligence Service of South Korea", required=True)
    left_node = string("The id of the origin with the first.", _ORIGIN, required=True)
    right_node = string("The id of the origin with the second.", _ORIGIN, required=True)


class ProvenanceRowSchema(Shape):
    """A row of the table: one way that the statement took, with its mentions."""

    mark = string("The mark of the origin.", "1", required=True)
    origin = string("The origin.", "Government of South Korea", required=True)
    state = choice(State, f"The state of the origin. {values.ORIGIN_STATE}", State.NAMED, required=True)
    counts_as = string("The standing of the origin, in words.", "named origin", required=True)
    relay = string(
        "The relays, nearest the document first; null without one.", "The Wall Street Journal", allow_none=True
    )
    publisher = string("The publisher, or null.", "HNGN", allow_none=True)
    letter = string("The letter of the document.", "A", required=True)
    document = identifier("The id of the document.", "doc-wsj-report", required=True)
    title = string("The title of the document.", "North Korea sends workers to Russia", allow_none=True)
    published = string("The days of publication, in words.", "28 Apr to 31 May 2025", required=True)
    mentions = strings("The ids of the mentions.", [_MENTION])
    reasons = strings("The reasons why they are not counted. Empty for those that are.", [])


class ProvenanceSchema(Shape):
    """The provenance of a claim: from origins through relays and publishers to documents."""

    claim = identifier("The id of the claim.", CLAIM_ID, required=True)
    text = string("The statement.", _TEXT, required=True)
    status = choice(Status, f"The status. {values.STATUS}", Status.SINGLE_ORIGIN, required=True)
    sentence = string(
        "The result in one or two sentences.",
        "Government of South Korea is the only origin of this; it stands in 3 documents.",
        required=True,
    )
    policy = nested(PolicySchema, "The policy that the status was computed with.", required=True)
    as_of = day("The date of the parameter `as_of`, or null without it.", "2025-12-31", allow_none=True, required=True)
    known_at = timestamp("The instant that the parameter `known_at` means, or null without it.", allow_none=True)
    origins = nested(IntervalSchema, "The number of independent origins that support the claim.", required=True)
    nodes = many(ProvenanceNodeSchema, "The boxes, column by column, each in reading order.", required=True)
    edges = many(ProvenanceEdgeSchema, "The steps between boxes.", required=True)
    merges = many(ProvenanceMergeSchema, "The merges of all sides.", required=True)
    not_counted = many(UncountedSchema, "The mentions that add no origin, with reasons.", required=True)
    rows = many(ProvenanceRowSchema, "The same as a table, in reading order.", required=True)

    @post_dump
    def _drop_members_of_later_versions(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Leave out the members that version 1 of the policy does not have."""
        if data["policy"]["version"] == 1:
            data["policy"].pop("documents")
            data["origins"].pop("named")
            for entry in data["not_counted"]:
                entry.pop("document_title")
                entry.pop("document")
        return data


_SCHEMA = ProvenanceSchema()


def provenance_shape(graph: Graph, known_at: dt.datetime | None) -> dict[str, Any]:
    """Return a graph that is not folded, with its table, as the API answers it."""
    words = words_below(graph)
    result = graph.result
    shape: dict[str, Any] = _SCHEMA.dump(
        {
            "claim": graph.claim.id,
            "text": graph.claim.text,
            "status": result.status,
            "sentence": sentence(result),
            "policy": result.policy,
            "as_of": result.as_of,
            "origins": result.supports.origins,
            "nodes": [_node(node, words[node.id]) for node in graph.nodes.values()],
            "edges": graph.edges(),
            "merges": [
                {
                    "side": entry.side,
                    "rule": entry.merge.rule,
                    "group": entry.merge.group,
                    "left": entry.merge.left,
                    "right": entry.merge.right,
                    "reason": entry.merge.reason,
                    "left_node": entry.left,
                    "right_node": entry.right,
                }
                for entry in graph.merges
            ],
            "not_counted": result.uncounted,
            "rows": table_rows(graph),
        }
    )
    return {**shape, "known_at": shown_time(known_at)}


def _node(node: Node, words: list[str]) -> dict[str, Any]:
    own = ("id", "column", "state", "mark", "label", "known", "ids", "mentions", "groups", "rules")
    return {name: getattr(node, name) for name in own} | {"words": words}
