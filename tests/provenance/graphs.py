"""Graphs to draw, of seeded claims, random worlds, many mentions and hostile names; and a reader of pictures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from xml.etree import ElementTree as ET

from service.corroboration.corroborate import corroborate
from service.model.entities import (
    DEFAULT_POLICY,
    Basis,
    Claim,
    Document,
    Mention,
    Policy,
    Reported,
    Source,
    SourceKind,
    Stance,
)
from service.provenance.building import provenance_graph
from service.provenance.graph import Graph
from tests.corroboration.strategies import World
from tests.web.helpers import project_seeds

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = (
    "</text><script>alert(1)</script>",
    "شركة الأخبار العربية للنشر والتوزيع",
    "x" * 400,
    "a\u202egnirts\x00\x08\x1b[31m & \"q\" 'r' \\N \ud800 \uffff",
    "北朝鲜劳动者大量涌入俄罗斯各地的最新消息报道" * 3,
    "family ]]> <!-- --> #lt; %% `code` *bold* \r\n\t end",
)


@dataclass(frozen=True)
class Evidence:
    """The input of a graph."""

    claim: Claim
    mentions: tuple[Mention, ...]
    documents: dict[str, Document]
    sources: dict[str, Source]

    def graph(self, policy: Policy = DEFAULT_POLICY, as_of: dt.date | None = None) -> Graph:
        inputs = (self.claim, self.mentions, self.documents, self.sources)
        return provenance_graph(*inputs, corroborate(*inputs, policy, as_of))


def seeded(claim: str) -> Evidence:
    seeds = project_seeds()
    mentions = tuple(mention for mention in seeds.mentions.values() if mention.claim == claim)
    return Evidence(seeds.claims[claim], mentions, dict(seeds.documents), dict(seeds.sources))


@cache
def all_seeded() -> tuple[Evidence, ...]:
    return tuple(map(seeded, sorted(project_seeds().claims)))


def of_world(world: World) -> Evidence:
    return Evidence(
        Claim("claim", "About 10,000 troops were sent.", "troops"),
        world.mentions,
        {document.id: document for document in world.documents},
        {source.id: source for source in world.sources},
    )


def evidence(
    sources: Iterable[Source], documents: Iterable[Document], mentions: Iterable[Mention], text: str = "A claim."
) -> Evidence:
    return Evidence(
        Claim("c", text, "subject"), tuple(mentions), {d.id: d for d in documents}, {s.id: s for s in sources}
    )


def many(mentions: int = 200, origins: int = 8) -> Evidence:
    """Return a claim of many mentions, of every stance, in two thirds as many documents of 60 publishers."""
    stances = (*[Stance.SUPPORTS] * 12, *Stance)
    ministries = [Source(f"o{i}", f"Ministry {i}", SourceKind.GOVERNMENT) for i in range(origins)]
    owners = [Source(f"own{i}", f"Media Group {i}", SourceKind.COMPANY) for i in range(6)]
    outlets = [
        Source(f"out{i}", f"The Daily {i}", SourceKind.OUTLET, part_of=f"own{i % 6}" if i % 3 else None)
        for i in range(60)
    ]
    crowd = Source("some", "Some reports", SourceKind.COLLECTIVE)
    documents = [
        Document(
            f"d{i}",
            title=f"Article {i}",
            publisher=f"out{i * 7 % 60}" if i % 5 else None,
            published_earliest=dt.date(2025, 1, 1) + dt.timedelta(days=i),
            derived_from=f"d{i // 2}" if i % 9 == 8 else None,
        )
        for i in range(mentions * 2 // 3)
    ]
    chains = [
        (),
        ("some",),
        *[(f"o{i * i % origins}",) for i in range(5)],
        *[(f"out{i}", f"o{origins - 1}") for i in (3, 4)],
    ]
    said = [
        Mention(
            f"m{i:03}",
            "c",
            f"d{i * 11 % len(documents)}",
            stances[i * 5 % len(stances)],
            (chain := chains[i % len(chains)] if origins < 20 else (f"o{i % origins}",)),
            Basis.EXPLICIT if chain else None,
            reported=Reported(text=f"{i % 9} thousand"),
        )
        for i in range(mentions)
    ]
    return evidence([*ministries, *owners, *outlets, crowd], documents, said)


def hostile() -> Evidence:
    """Return a claim whose every name, title and value is hostile."""
    count = len(HOSTILE)
    stances = (Stance.SUPPORTS, Stance.DIFFERS, Stance.REFUTES)
    return evidence(
        [Source(f"s{i}", name, SourceKind.OUTLET) for i, name in enumerate(HOSTILE)],
        [Document(f"d{i}", title=name, publisher=f"s{(i + 1) % count}") for i, name in enumerate(HOSTILE)],
        [
            Mention(
                f"m{i}",
                "c",
                f"d{i}",
                stances[i % 3],
                (f"s{(i + 2) % count}", f"s{i}"),
                Basis.EXPLICIT,
                reported=Reported(text=name),
            )
            for i, name in enumerate(HOSTILE)
        ],
        " ".join(HOSTILE),
    )


def replace_all(old: Evidence, documents: dict[str, dict[str, str]], sources: dict[str, dict[str, str]]) -> Evidence:
    """Return evidence with other members of some documents and sources."""
    return replace(
        old,
        documents=old.documents | {name: replace(old.documents[name], **new) for name, new in documents.items()},  # type: ignore[arg-type]
        sources=old.sources | {name: replace(old.sources[name], **new) for name, new in sources.items()},  # type: ignore[arg-type]
    )


class Picture:
    """A picture, read back."""

    def __init__(self, text: str) -> None:
        self.root = ET.fromstring(text)  # noqa: S314 - our own output

    def having(self, name: str) -> list[ET.Element]:
        """Return the elements with this data attribute."""
        return [element for element in self.root.iter() if f"data-{name}" in element.attrib]

    def nodes(self) -> dict[str, ET.Element]:
        return {element.attrib["data-id"]: element for element in self.having("node")}

    def words(self, element: ET.Element | None = None) -> str:
        """Return the visible text of an element or of all, lines joined by spaces."""
        found = (self.root if element is None else element).iter(f"{SVG}text")
        return " ".join("".join(text.itertext()) for text in found)


def listed(element: ET.Element, name: str) -> list[str]:
    """Return the values of a data attribute that is a list."""
    return element.attrib.get(f"data-{name}", "").split()
