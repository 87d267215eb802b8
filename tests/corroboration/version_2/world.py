"""Random worlds with addresses and merged documents, besides all that version 1 has."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from service.model.entities import Document, Independence, Policy, Source
from tests.corroboration import strategies
from tests.corroboration.strategies import World

PAGES = (
    "https://gazette.example/a",
    "http://www.gazette.example/a/",
    "https://gazette.example/b",
    "https://web.archive.org/web/2020/https://gazette.example/b",
    "https://herald.example/a",
    "https://archive.ph/AbCdE",
    "https://archive.ph/FgHiJ",
    "https://x.com/u/status/1",
)
HOMES = ("https://gazette.example", "https://herald.example/", "https://herald.example/authors/roe")

policies = st.builds(
    Policy, quorum=st.integers(2, 4), independence=st.sampled_from(Independence), documents=st.integers(1, 3)
)


@st.composite
def worlds(draw: st.DrawFn, *, plain: bool = False) -> World:
    """Worlds of all kinds; a ``plain`` one has no address, and nothing is merged, derived or in a circle."""
    world: World = draw(strategies.worlds(plain=plain))
    if plain:
        return world
    documents: list[Document] = []
    for each in world.documents:
        url, into = draw(
            strategies.one_of_each((None, *PAGES), (*(None,) * 6, *(other.id for other in world.documents)))
        )
        free = into != each.id and all(other.merged_into != each.id for other in documents)
        open_target = all(other.merged_into is None for other in documents if other.id == into)
        documents.append(replace(each, url=url, merged_into=into if free and open_target else None))
    sources: list[Source] = [replace(each, url=draw(st.sampled_from((None, None, *HOMES)))) for each in world.sources]
    return replace(world, documents=tuple(documents), sources=tuple(sources))
