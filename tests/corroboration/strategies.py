"""A small random world: few sources, documents and mentions, so that they collide often."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations_with_replacement, product
from typing import Any

from hypothesis import Phase, settings
from hypothesis import strategies as st

from service.corroboration.results import Corroboration
from service.model.entities import (
    DEFAULT_POLICY,
    Basis,
    Document,
    Independence,
    Mention,
    Policy,
    Reported,
    Source,
    SourceKind,
    Stance,
    TimeFrame,
)
from tests.corroboration.factories import claim, compute, document, mention, quantity, source

kernel = settings(max_examples=80, deadline=None, phases=set(Phase) - {Phase.explain})
"""Enough to find what we know how to break, few enough for the whole run to take seconds."""

FIRST_DAY = dt.date(2024, 10, 1)
SPAN = 6
DOOMSDAY = dt.date(9999, 12, 31)

KINDS = (SourceKind.GOVERNMENT, SourceKind.OUTLET, SourceKind.OFFICIAL, SourceKind.ANONYMOUS, SourceKind.COLLECTIVE)
STANCES = (Stance.SUPPORTS, Stance.SUPPORTS, *Stance)
BASES = (Basis.EXPLICIT, Basis.CARRIED_OVER, Basis.INFERRED)
REPORTS = (
    None,
    Reported(quantity=quantity(8_000)),
    Reported(quantity=quantity(8_000), text="eight thousand"),
    Reported(quantity=quantity(12_000), time_frame=TimeFrame("in November")),
    Reported(time_frame=TimeFrame("in December")),
    Reported(text="far fewer"),
)


@dataclass(frozen=True)
class World:
    """Everything ``corroborate`` is given, but the policy and the date."""

    sources: tuple[Source, ...]
    documents: tuple[Document, ...]
    mentions: tuple[Mention, ...]

    def compute(self, policy: Policy = DEFAULT_POLICY, as_of: dt.date | None = None) -> Corroboration:
        return compute(
            *self.mentions,
            policy=policy,
            as_of=as_of,
            claim=claim(time_frame=TimeFrame("in October")),
            sources=self.sources,
            documents=self.documents,
        )

    def only(self, ids: Iterable[str]) -> World:
        """Return the same world with no other mentions than these."""
        kept = frozenset(ids)
        return replace(self, mentions=tuple(each for each in self.mentions if each.id in kept))

    def plus(self, added: Mention, *documents: Document) -> World:
        return replace(self, mentions=(*self.mentions, added), documents=(*self.documents, *documents))


DAYS = tuple(FIRST_DAY + dt.timedelta(days=offset) for offset in range(SPAN))
INTERVALS: tuple[tuple[dt.date | None, dt.date | None], ...] = (
    (None, None),
    *((None, day) for day in DAYS),
    *((day, None) for day in DAYS),
    *combinations_with_replacement(DAYS, 2),
)
"""Unknown, open at the start, open at the end, closed."""

days = st.sampled_from(DAYS)
policies = st.builds(Policy, quorum=st.integers(2, 4), independence=st.sampled_from(Independence))


@cache
def one_of_each(*choices: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    """One draw for several choices: much faster than a draw each."""
    return st.sampled_from(list(product(*choices)))


@st.composite
def worlds(draw: st.DrawFn, made: type[World] = World, *, plain: bool = False) -> World:
    """Cycles of every kind of link included; a ``plain`` world has no cycle, no derived document, no merged source."""
    source_ids = tuple(f"s{number}" for number in range(draw(st.integers(1, 6))))
    document_ids = tuple(f"d{number}" for number in range(draw(st.integers(1, 5))))
    nobody: tuple[str | None, ...] = (None,)
    sources = []
    for position, each in enumerate(source_ids):
        parents = (*nobody, *(source_ids[:position] if plain else source_ids))
        kind, country, parent = draw(one_of_each(KINDS, (None, "KR", "US"), parents))
        merged = None if plain else draw(st.sampled_from((*nobody * len(source_ids), *source_ids)))
        sources.append(source(each, kind, country, part_of=parent, merged_into=merged))
    documents = []
    for each in document_ids:
        originals = nobody if plain else (*nobody * 2, *document_ids)
        publisher, original, (earliest, latest) = draw(one_of_each((*nobody, *source_ids), originals, INTERVALS))
        documents.append(document(each, publisher, derived_from=original, earliest=earliest, latest=latest))
    mentions = []
    for number in range(draw(st.integers(0, 7))):
        place, stance, reported, basis = draw(one_of_each(document_ids, STANCES, REPORTS, BASES))
        chain = draw(one_of_each(*[(*nobody, *source_ids)] * 2))
        links = [each for each in chain if each is not None]
        mentions.append(mention(f"m{number}", place, *links, stance=stance, basis=basis, reported=reported))
    return made(tuple(sources), tuple(documents), tuple(mentions))
