"""The pages of sources, documents and conflicts: what the use cases return, with cursors that the API has, too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from service.model.entities import Status
from service.model.filters import IN_CONFLICT, ClaimFilters
from service.model.records import SourceRecord
from service.model.suggestions import SuggestionSort
from service.provenance.wording import published
from service.store import Store
from service.use_cases import catalogue
from service.use_cases.claims import ClaimInConflict, list_conflicts
from service.use_cases.document_statements import document_statements
from service.use_cases.source_influence import CLAIMS_AT_MOST, source_influence
from service.use_cases.suggestion_shape import suggestion_json
from service.use_cases.suggestions import list_suggestions
from service.web.http import keyset_pages
from service.web.http.pages_by_id import after_id
from service.web.pages.disputes import Dispute, disputes_of

CLAIMS_SHOWN, DISPUTES_SHOWN = 10, 20
_BY_NAME = "sources by name"


def sources_page(store: Store, arguments: Mapping[str, Any]) -> tuple[list[SourceRecord], str | None]:
    """Return a page of sources, and the cursor of the next page, if any."""
    limit: int = arguments["limit"]
    filters = arguments.get("kind"), arguments.get("country")
    if "q" in arguments:
        after = keyset_pages.decode(arguments.get("cursor"), _BY_NAME, (str, int)) or ("", 0)
        named = catalogue.find_sources(store, arguments["q"], (after[0], after[1]), limit, *filters)
        records = [each.record for each in named[:limit]]
        end = named[limit - 1] if len(named) > limit else None
        return records, None if end is None else keyset_pages.encode(_BY_NAME, end.folded, end.key)
    found = catalogue.list_sources(store, after_id(dict(arguments), "sources"), limit, *filters)
    last = found[limit - 1].source.id if len(found) > limit else None
    return found[:limit], last and keyset_pages.encode("sources", last)


def source_view(store: Store, source_id: str) -> dict[str, Any]:
    """Return a source with its whole and its parts, and its influence; raise ``NotFound`` or ``Merged``."""
    with store.snapshot():
        record = catalogue.existing_source(store, source_id)
        influence = source_influence(store, source_id, CLAIMS_SHOWN)
        wanted = [*record.parts, *filter(None, [record.source.part_of])]
        related = {each.source.id: each.source for each in store.catalogue.sources(sorted(wanted))}
    return {
        "record": record,
        "influence": influence,
        "alone": list(map(orjson.loads, influence.alone)),
        "denied": list(map(orjson.loads, influence.denied)),
        "above": related.get(record.source.part_of or ""),
        "parts": [related[part] for part in record.parts],
        "shown": CLAIMS_SHOWN,
        "most": CLAIMS_AT_MOST,
    }


def document_view(store: Store, document_id: str, arguments: Mapping[str, Any]) -> tuple[dict[str, Any], str | None]:
    """Return a document with what it states, and the cursor of the next page; raise ``NotFound`` or ``Merged``."""
    order = f"stated in {document_id}"
    after = keyset_pages.decode(arguments.get("cursor"), order, (int, int))
    statements = document_statements(store, document_id, after and (after[0], after[1]), arguments["limit"])
    view = {
        "statements": statements,
        "claims": [(stated.shape, stated.mentions) for stated in statements.claims],
        "published": published(statements.record.document),
    }
    return view, statements.following and keyset_pages.encode(order, *statements.following)


def suggestions_page(store: Store, arguments: Mapping[str, Any]) -> tuple[list[dict[str, Any]], str | None]:
    """Return a page of suggestions as the API has them, with the path of their records, and the next cursor, if any."""
    sort: SuggestionSort = arguments["sort"]
    limit: int = arguments["limit"]
    order = f"suggestions by {sort}"
    after = keyset_pages.decode(arguments.get("cursor"), order, (int, int))
    found = list_suggestions(store, arguments["filters"], sort, after and (after[0], after[1]), limit)
    items = [suggestion_json(each) | {"records_at": f"{each.stored.pair.kind.record_kind}s"} for each in found[:limit]]
    last = found[limit - 1].stored if len(found) > limit else None
    return items, None if last is None else keyset_pages.encode(order, last.likeness.score, last.key)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two claims of which a link says that they contradict each other, with its note."""

    claims: tuple[tuple[str, str, str], tuple[str, str, str]]
    note: str | None


@dataclass(frozen=True, slots=True)
class ConflictsView:
    """Claims in dispute with their sides, and pairs of claims that contradict each other.

    ``contested`` is on the first page alone, with ``DISPUTES_SHOWN`` claims at most; ``more`` if there are others.
    """

    contested: list[tuple[ClaimInConflict, list[Dispute]]]
    more: bool
    others: list[tuple[ClaimInConflict, list[Dispute]]]
    contradictions: list[Contradiction]


def conflicts_page(store: Store, arguments: Mapping[str, Any]) -> tuple[ConflictsView, str | None]:
    """Return a page of conflicts, and the cursor of the next page, if any. Its cursors are those of the API."""
    after = keyset_pages.decode(arguments.get("cursor"), "conflicts", (int, int))
    every = ClaimFilters(conflict=IN_CONFLICT[1])
    with store.snapshot():
        page = list_conflicts(store, after and (after[0], after[1]), arguments["limit"], every)
        first = None
        if after is None:
            first = list_conflicts(store, None, DISPUTES_SHOWN, replace(every, status=Status.CONTESTED))
    contested = first.claims if first else []
    shown = {item.state.claim.id for item in contested}
    pairs: dict[frozenset[str], Contradiction] = {}
    for item in page.claims:
        one = item.state.claim.id, item.state.claim.text, str(item.result.status)
        for other, result, note in item.contradicts:
            two = other.claim.id, other.claim.text, str(result.status)
            pairs.setdefault(frozenset((one[0], two[0])), Contradiction((one, two), note))
    view = ConflictsView(
        [(item, disputes_of(item.result)) for item in contested],
        first is not None and first.following is not None,
        [(i, disputes_of(i.result)) for i in page.claims if i.result.conflicts and i.state.claim.id not in shown],
        list(pairs.values()),
    )
    return view, page.following and keyset_pages.encode("conflicts", *page.following)
