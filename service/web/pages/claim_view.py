"""The page of a claim: standing, numbers, picture and table, disputes, verdicts, related claims, and changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import orjson
from markupsafe import Markup

from service.interchange.publishing.claim_review_jsonld import document_of
from service.interchange.publishing.claim_reviews import reviews_of_claim
from service.model.entities import LinkType, Policy
from service.model.filters import VerdictFilters
from service.model.timestamps import shown_time
from service.provenance.folding import folded
from service.provenance.svg import figures
from service.provenance.table import Row, sentence, table_rows
from service.provenance.wording import number
from service.store import Store
from service.use_cases.claims import ExplainedCorroboration, get_claim_with
from service.use_cases.history import HistoryEntry, latest_history
from service.use_cases.provenance import get_provenance
from service.use_cases.timeline import get_timeline
from service.use_cases.verdict_reads import ShownVerdict, list_verdicts
from service.web.pages import words
from service.web.pages.disputes import Dispute, disputes_of
from service.web.pages.evidence import OriginView, origins_of
from service.web.pages.timeline_view import TimelineView, timeline_view

VERDICTS_SHOWN, CHANGES_SHOWN, POINTS_SHOWN = 50, 60, 8


@dataclass(frozen=True, slots=True)
class Change:
    """The changes of one actor at one time, in words."""

    at: str
    actor: str
    lines: tuple[HistoryEntry, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """Claims of one relation to this one, each as its public JSON with the note of the link."""

    title: str
    claims: tuple[tuple[Mapping[str, Any], str | None], ...]


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim as its page shows it. ``shape`` is its public JSON, ``numbers`` are labels with their words.

    ``table`` has the documents of each row for their links. ``cited`` are the mentions by id: the letter and the
    document. ``boxes`` are the numbers of boxes before and after folding.
    """

    shape: Mapping[str, Any]
    text: str
    status: str
    sentence: str
    caution: str
    numbers: Sequence[tuple[str, str]]
    picture: Markup
    boxes: tuple[int, int]
    table: Sequence[Row]
    origins: Sequence[OriginView]
    disputes: Sequence[Dispute]
    verdicts: Sequence[ShownVerdict]
    related: Sequence[Related]
    timeline: TimelineView
    changes: Sequence[Change]
    linked_data: Any
    policy: Policy
    as_of: dt.date | None
    known_at: str | None
    cited: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def claim_view(store: Store, claim_id: str, arguments: Mapping[str, Any], base: str) -> ClaimView:
    """Return the page of a claim, counted as ``arguments`` of a corroboration say; raise what reading it raises."""
    times = arguments.get("as_of"), arguments.get("known_at")
    with store.snapshot():
        claim, included = get_claim_with(store, claim_id, ["links"])
        found = get_provenance(store, claim_id, arguments["policy"], *times)
        timeline = get_timeline(store, claim_id, arguments["policy"], *times, POINTS_SHOWN)
        verdicts = list_verdicts(store, VerdictFilters(current=True), None, VERDICTS_SHOWN, None, claim_id)
        history = latest_history(store, claim_id, CHANGES_SHOWN)
        nodes = reviews_of_claim(store, claim_id, base)
    shape, graph, explained = orjson.loads(claim.json), found.graph, found.explained
    result = explained.result
    as_stored = result.policy.id == shape["corroboration"]["policy"] and not result.as_of and not explained.known_at
    view, table = folded(graph), table_rows(graph)
    return ClaimView(
        shape=shape,
        text=explained.claim.text,
        status=result.status,
        sentence=words.dated(shape["summary"] if as_stored else sentence(result)),
        caution=words.caution(result),
        numbers=_numbers(shape, explained, stored=as_stored),
        picture=Markup(figures(view)),  # noqa: S704 - every text in it is escaped
        boxes=(len(graph.nodes), len(view.nodes)),
        table=table,
        origins=origins_of(graph, explained.evidence.mentions.get(claim_id, ()), explained.evidence),
        disputes=disputes_of(result),
        verdicts=verdicts,
        related=_related(shape, included.links or []),
        timeline=timeline_view(timeline),
        changes=_changes(history),
        linked_data=document_of(nodes),
        policy=result.policy,
        as_of=result.as_of,
        known_at=shown_time(explained.known_at),
        cited={mention: (row.letter, row.document) for row in table for mention in row.mentions},
    )


def _numbers(shape: Mapping[str, Any], explained: ExplainedCorroboration, *, stored: bool) -> list[tuple[str, str]]:
    result = explained.result
    rows = [("Origins", f"{words.side(result.supports)} in support")]
    rows += [("Other value", f"{words.side(result.differs)}")] if result.differs.groups else []
    rows += [("Denied by", f"{words.side(result.refutes)}")] if result.refutes.groups else []
    rows += [("Documents", f"{result.documents:,}"), ("Mentions", f"{result.mentions:,}")]
    if result.uncounted:
        rows.append(("Not counted", number(len(result.uncounted), "mention")))
    if stored and shape["first_stated"]:
        rows.append(("First stated", words.days(shape["first_stated"]["earliest"], shape["first_stated"]["latest"])))
    return rows


_RELATIONS = {
    (LinkType.CONTRADICTS, "outgoing"): "Contradicts",
    (LinkType.CONTRADICTS, "incoming"): "Contradicts",
    (LinkType.DISTINCT_FROM, "outgoing"): "Not the same as",
    (LinkType.DISTINCT_FROM, "incoming"): "Not the same as",
    (LinkType.REFINES, "outgoing"): "More precise than",
    (LinkType.REFINES, "incoming"): "Stated more precisely",
    (LinkType.PART_OF, "outgoing"): "Part of",
    (LinkType.PART_OF, "incoming"): "Its parts",
}


def _related(shape: Mapping[str, Any], linked: Sequence[str]) -> list[Related]:
    claims = {claim["id"]: claim for claim in map(orjson.loads, linked)}
    groups: dict[str, list[tuple[Mapping[str, Any], str | None]]] = {title: [] for title in _RELATIONS.values()}
    for entry in shape["links"]:
        if entry["claim"] in claims:
            groups[_RELATIONS[LinkType(entry["type"]), entry["direction"]]].append(
                (claims[entry["claim"]], entry["note"])
            )
    return [Related(title, tuple(entries)) for title, entries in groups.items() if entries]


def _changes(history: Sequence[HistoryEntry]) -> list[Change]:
    """Return entries, the latest first, in groups of one actor and time; results stand before their causes."""
    grouped = groupby(history, key=lambda entry: (entry.at, entry.actor))
    return [Change(at, actor, tuple(entries)) for (at, actor), entries in grouped]
