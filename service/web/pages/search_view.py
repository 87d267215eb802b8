"""The page of a search: what was found, the filters that are set, and those that narrow it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

import orjson

from service.model.filters import FacetKind, Sort
from service.model.records import ListedClaim
from service.search.query_parser import parse
from service.store import Store
from service.use_cases.claims import list_claims
from service.use_cases.facet_counts import COUNTED_AT_MOST, FacetValue, count_facets
from service.use_cases.search import FoundClaim, search_claims
from service.web.http import keyset_pages
from service.web.http.public_address import link
from service.web.pages import words
from service.web.pages.rendering import without

FACETS = {
    FacetKind.STATUS: "Status",
    FacetKind.NAMED: "Origin named",
    FacetKind.TOPIC: "Topic",
    FacetKind.ORIGIN: "Origin",
    FacetKind.SOURCE: "Source, in any role",
    FacetKind.RATING: "Rating by checkers",
    FacetKind.LANGUAGE: "Language of reviews",
}
# Other filters of the API that a page can show and take back.
_OTHER = {
    "sole_origin": "Rests alone on",
    "document": "Document",
    "stance": "With a mention that",
    "agreement": "Agreement of checkers",
    "site": "Reviewed on",
    "min_origins": "Independent origins, at least",
    "min_named": "Named origins, at least",
    "updated_since": "Changed since",
}
SHOWN = 20
_VALUES = 8
_NOT_FILTERS = ("q", "sort", "limit", "cursor", "format")


@dataclass(frozen=True, slots=True)
class Choice:
    """A value to filter by, with the address of the search that has it; of a set filter, that does not."""

    name: str
    claims: int | None
    address: str


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The values of a facet that narrow the search."""

    title: str
    choices: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class Found:
    """A claim as found: its public JSON, and the pieces of text that matched."""

    shape: Mapping[str, Any]
    highlights: Sequence[Any]


@dataclass(frozen=True, slots=True)
class SearchView:
    """A search as its page shows it. ``number`` says how many claims there are, in words."""

    q: str
    number: str
    found: Sequence[Found]
    chosen: Sequence[Choice]
    narrowing: Sequence[Narrowing]
    kept: Mapping[str, str]
    sort: str
    since: str
    following: str | None


def search_view(store: Store, given: Mapping[str, str], arguments: Mapping[str, Any]) -> SearchView:
    """Return the page of the search that ``given`` parameters, loaded as ``arguments``, ask for."""
    query = parse(arguments["q"]) if "q" in arguments else None
    limit = min(arguments["limit"], SHOWN)
    sort: Sort | None = arguments["sort"]
    order = f"claims-{sort}" if query is None else f"search-{sort or 'relevance'}-{query.fingerprint}"
    position = keyset_pages.decode(arguments.get("cursor"), order, (int, int))
    after = position and (position[0], position[1])
    filters = arguments["filters"]
    with store.snapshot():
        listed: Sequence[ListedClaim | FoundClaim]
        if query is None:
            listed = list_claims(store, filters, sort or Sort.RECENCY, after, limit)
        else:
            listed = search_claims(store, query, filters, after, limit, sort).claims
        counts = count_facets(store, query, filters, tuple(FACETS), _VALUES)
        parties = [given[name] for name in ("origin", "sole_origin", "source") if name in given]
        names = store.catalogue.names(parties)
    last = listed[limit - 1] if len(listed) > limit else None
    base = without(given, "cursor", "format")
    narrowed = link("/search", **base) + ("&" if base else "?")
    return SearchView(
        q=given.get("q", ""),
        number=_number(counts.claims, complete=counts.complete),
        found=[Found(orjson.loads(c.json), c.highlights if isinstance(c, FoundClaim) else ()) for c in listed[:limit]],
        chosen=[
            Choice(_chosen(name, value, names), None, link("/search", **without(base, name)))
            for name, value in base.items()
            if name not in _NOT_FILTERS
        ],
        narrowing=[
            Narrowing(title, [_choice(kind, value, narrowed) for value in counts.values[kind]])
            for kind, title in FACETS.items()
            if kind not in base and len(counts.values[kind]) > 0
        ],
        kept=without(base, "q", "sort", "updated_since"),
        sort=given.get("sort", ""),
        since=given.get("updated_since", "")[:10],
        following=None if last is None else keyset_pages.encode(order, last.position, last.key),
    )


def _number(claims: int, *, complete: bool) -> str:
    if not complete:
        return f"More than {COUNTED_AT_MOST:,} claims; counts are of the latest {COUNTED_AT_MOST:,}"
    return "No claim" if claims == 0 else "1 claim" if claims == 1 else f"{claims:,} claims"


def value_words(kind: str, value: str) -> str:
    """Return the value of a facet in words."""
    if kind == FacetKind.NAMED:
        return "yes" if value == "true" else "no: nobody is named"
    if kind == FacetKind.LANGUAGE:
        return value
    return value.replace("-", " ") if kind == FacetKind.TOPIC else words.plain(value)


def _choice(kind: FacetKind, value: FacetValue, narrowed: str) -> Choice:
    """Return a choice; ``narrowed`` is the address of the search up to its own parameter."""
    name = value.name if value.name != value.value else value_words(kind, value.value)
    return Choice(name, value.claims, f"{narrowed}{kind}={quote_plus(value.value)}")


def _chosen(name: str, value: str, names: Mapping[str, str]) -> str:
    titles = {str(kind): title for kind, title in FACETS.items()} | _OTHER
    return f"{titles.get(name, words.plain(name))}: {names.get(value) or value_words(name, value)}"
