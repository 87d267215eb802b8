"""A store of made-up claims for measuring: sizes are what matters in it, not sense."""

from __future__ import annotations

import datetime as dt
import random

from service.records import to_us
from service.standing import refresh
from service.store import Store
from service.types import Basis, Claim, Document, Locator, Mention, Quantity, Source, SourceKind, Stance, TimeFrame

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
BATCH = 2000


def fill(store: Store, claims: int, seed: int = 1) -> None:
    """``claims`` claims with 1 to 4 mentions each, over a tenth as many documents and a twentieth as many sources."""
    rng = random.Random(seed)  # noqa: S311 - made-up data
    sources = [_source(number) for number in range(max(20, claims // 20))]
    documents = [_document(number, rng, sources) for number in range(max(20, claims // 10))]
    with store.write():
        store.insert_sources(sources, to_us(NOW))
        store.insert_documents(documents, to_us(NOW))
    for start in range(0, claims, BATCH):
        batch = [_claim(number, rng) for number in range(start, min(start + BATCH, claims))]
        now = NOW + dt.timedelta(seconds=start)
        with store.write():
            store.insert_claims(batch, to_us(now))
            mentions = [m for claim in batch for m in _mentions(claim, rng, documents, sources)]
            store.insert_mentions(mentions, seeded=False)
            refresh(store, [claim.key for claim in store.claims([claim.id for claim in batch])], now)


def _source(number: int) -> Source:
    kinds = [kind for kind in SourceKind if kind.identifiable]
    parent = f"source-{number // 10}" if number >= 100 else None
    return Source(f"source-{number}", f"Source {number}", kinds[number % len(kinds)], "KR", parent)


def _document(number: int, rng: random.Random, sources: list[Source]) -> Document:
    day = dt.date(2025, 1, 1) + dt.timedelta(days=number % 365)
    return Document(
        id=f"document-{number}",
        title=f"Document {number}",
        publisher=rng.choice(sources).id,
        sha256=f"{number:064x}",
        length=5000,
        published_earliest=day,
        published_latest=day,
    )


def _claim(number: int, rng: random.Random) -> Claim:
    return Claim(
        id=f"claim-{number}",
        text=f"About {number} workers were sent by agency {number % 97} to region {number % 89} in that year.",
        subject=f"workers in region {number % 89}",
        quantity=Quantity(number, number, "workers"),
        time_frame=TimeFrame("2025", dt.date(2025, 1, 1), dt.date(2025, 12, 31)),
        place=f"region {number % 89}",
        topics=tuple(sorted({f"topic-{rng.randrange(40)}", f"topic-{rng.randrange(40)}"})),
    )


def _mentions(claim: Claim, rng: random.Random, documents: list[Document], sources: list[Source]) -> list[Mention]:
    mentions = []
    for number in range(rng.randint(1, 4)):
        chain = tuple(source.id for source in rng.sample(sources, rng.randint(0, 2)))
        mentions.append(
            Mention(
                id=f"m-{claim.id}-{number}",
                claim=claim.id,
                document=rng.choice(documents).id,
                stance=rng.choices(list(Stance), (90, 6, 2, 2))[0],
                attribution=chain,
                basis=Basis.EXPLICIT if chain else None,
                locator=Locator(number * 100, number * 100 + 50, "0" * 64),
            )
        )
    return mentions
