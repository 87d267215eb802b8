"""Read the influence of a source: the claims that rest on it alone or that it denies, and who repeats it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from service.model.entities import Document, Mention, Role, Source, Stance
from service.model.filters import ClaimFilters, Sort
from service.model.records import Evidence
from service.store import Store
from service.use_cases.catalogue import existing_source
from service.use_cases.recounts import current

T = TypeVar("T")

CLAIMS_AT_MOST = 500
"""The most claims that are read: those that were changed last."""


@dataclass(frozen=True, slots=True)
class Influence:
    """The influence of a source and its parts. Claims are their public JSON.

    ``stances`` has the number of claims that have the source as an origin by stance, ``roles`` that of those that it
    relayed or published. ``alone`` are claims that rest on it alone, ``alone_number`` is their number; ``denied`` are
    those that it denies. ``repeaters`` are the relays and publishers of statements that come from it, ``citing`` the
    documents that name it in a chain, each with a number of claims, counted over ``counted`` ones. ``copies`` are
    derived from what it published. Not ``complete`` if there are more claims.
    """

    source: Source
    stances: Mapping[Stance, int]
    roles: Mapping[Role, int]
    alone_number: int
    alone: list[str]
    denied: list[str]
    repeaters: list[tuple[Source, int]]
    citing: list[tuple[Document, int]]
    copies: list[Document]
    counted: int
    complete: bool


def source_influence(store: Store, source_id: str, shown: int) -> Influence:
    """Return the influence of a source, with ``shown`` claims at most of each kind; raise ``NotFound`` or ``Merged``.

    One claim more than ``shown`` means that there are more.
    """
    with store.snapshot():
        record = existing_source(store, source_id)
        alone = ClaimFilters(sole_origin=source_id)
        [facet] = alone.facets()
        denied = ClaimFilters(origin=source_id, stance=Stance.REFUTES)
        keys = store.claims.latest_keys(ClaimFilters(source=source_id), CLAIMS_AT_MOST + 1)
        evidence = store.evidence.of_claims(sorted(keys[:CLAIMS_AT_MOST]))
        copies = store.evidence.copies_from([source_id])
        return Influence(
            record.source,
            _by_stance(store, source_id),
            record.claims,
            store.claims.numbers_with([facet]).get(facet, 0),
            _claims(store, alone, shown + 1),
            _claims(store, denied, shown + 1),
            _ranked(_repeaters(evidence, source_id), evidence.sources),
            _ranked(_citing(evidence, source_id), evidence.documents),
            [record.document for record in store.catalogue.documents(copies)],
            min(len(keys), CLAIMS_AT_MOST),
            len(keys) <= CLAIMS_AT_MOST,
        )


def _by_stance(store: Store, source_id: str) -> dict[Stance, int]:
    """Return the kept numbers of claims that have the source as an origin, by the stance of its mention."""
    facets = {ClaimFilters(origin=source_id, stance=stance).facets()[0]: stance for stance in Stance}
    numbers = store.claims.numbers_with(list(facets))
    return {stance: numbers.get(facet, 0) for facet, stance in facets.items()}


def _claims(store: Store, filters: ClaimFilters, most: int) -> list[str]:
    return [claim.json for claim in current(store, store.claims.claims_page(filters, Sort.MENTIONS, None, most))]


def _ranked(claims: Counter[str], records: Mapping[str, T]) -> list[tuple[T, int]]:
    order = sorted(claims.items(), key=lambda entry: (-entry[1], entry[0]))
    return [(records[name], number) for name, number in order]


def _repeaters(evidence: Evidence, source_id: str) -> Counter[str]:
    """Return in how many claims each party passes on what comes from the source."""

    def parties(mention: Mention) -> Iterator[str]:
        for place, name in enumerate(mention.attribution):
            if _belongs(evidence, name, source_id):
                yield from mention.attribution[:place]
                publisher = evidence.documents[mention.document].publisher
                if publisher is not None:
                    yield publisher

    return _claims_by(evidence, lambda mention: {p for p in parties(mention) if not _belongs(evidence, p, source_id)})


def _citing(evidence: Evidence, source_id: str) -> Counter[str]:
    """Return in how many claims each document names the source in a chain."""
    return _claims_by(
        evidence,
        lambda mention: (
            {mention.document} if any(_belongs(evidence, name, source_id) for name in mention.attribution) else set()
        ),
    )


def _claims_by(evidence: Evidence, named: Callable[[Mention], set[str]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for mentions in evidence.mentions.values():
        found.update(set().union(*map(named, mentions)))
    return found


def _belongs(evidence: Evidence, name: str, source_id: str) -> bool:
    """Return whether a source is ``source_id``, a part of it, or merged into one of these."""
    seen: set[str] = set()
    following: str | None = name
    while following is not None and following not in seen and following in evidence.sources:
        if following == source_id:
            return True
        seen.add(following)
        source = evidence.sources[following]
        following = source.merged_into or source.part_of
    return False
