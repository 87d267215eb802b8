"""Fill a store with synthetic claims of realistic sizes."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

from service.eventlog.events import EventType
from service.model.actors import SEEDS
from service.model.entities import (
    Basis,
    Claim,
    Document,
    Locator,
    Mention,
    Quantity,
    Source,
    SourceKind,
    Stance,
    TimeFrame,
)
from service.store import Store
from service.use_cases.event_payloads import record_claim, record_document, record_mention, record_source
from service.use_cases.unit_of_work import unit_of_work

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
BATCH = 2000


def fill(store: Store, claims: int, seed: int = 1, house: Source | None = None) -> None:
    """Store ``claims`` claims with 1 to 4 mentions each, a tenth as many documents and a twentieth as many sources.

    All sources are part of ``house``, if it is given, so that every claim rests on it.
    """
    rng = random.Random(seed)  # noqa: S311 - made-up data
    sources = [_source(number) for number in range(max(20, claims // 20))]
    if house is not None:
        sources = [house, *(replace(each, part_of=each.part_of or house.id) for each in sources)]
    documents = [_document(number, rng, sources) for number in range(max(20, claims // 10))]
    with unit_of_work(store, SEEDS, NOW) as write:
        store.evidence_writes.insert_sources(sources, write.now_us)
        store.evidence_writes.insert_documents(documents, write.now_us)
        for source in sources:
            record_source(write, EventType.SOURCE_CREATED, source)
        for document in documents:
            record_document(write, EventType.DOCUMENT_CREATED, document)
    for start in range(0, claims, BATCH):
        batch = [_claim(number, rng) for number in range(start, min(start + BATCH, claims))]
        with unit_of_work(store, SEEDS, NOW + dt.timedelta(seconds=start)) as write:
            mentions = [m for claim in batch for m in _mentions(claim, rng, documents, sources)]
            store.evidence_writes.insert_claims(batch, write.now_us)
            store.evidence_writes.insert_mentions(mentions, seeded=True)
            for claim in batch:
                record_claim(write, EventType.CLAIM_CREATED, claim)
            for mention in mentions:
                record_mention(write, EventType.MENTION_ADDED, mention)
            write.touch(store.claims.public_keys("claims", [claim.id for claim in batch]).values())


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
        first_seen=day,
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
                stance=rng.choices(list(Stance), (88, 2, 6, 2, 2))[0],
                attribution=chain,
                basis=Basis.EXPLICIT if chain else None,
                locator=Locator(number * 100, number * 100 + 50, "0" * 64),
            )
        )
    return mentions
