"""Fill a store with synthetic claims of realistic sizes, through the code that stores real ones."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

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
from service.model.verdicts import LABELS, Verdict, VerdictState
from service.store import Store
from service.use_cases.event_payloads import (
    record_claim,
    record_document,
    record_mention,
    record_source,
    record_verdict,
)
from service.use_cases.unit_of_work import UnitOfWork, unit_of_work

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
BATCH = 2000
WORDS = 20_000
"""The number of made-up words; the n-th is used 1/n times as often as the first."""
VERDICTS = 10
"""One in so many claims has a verdict."""
WIDE = "source-0"
"""The source that a tenth of the claims rest on."""
_FREQUENCIES = list(accumulate(1 / rank for rank in range(1, WORDS + 1)))


@dataclass(frozen=True, slots=True)
class Batch:
    """Claims with their mentions and verdicts."""

    claims: list[Claim]
    mentions: list[Mention]
    verdicts: list[Verdict]


@dataclass(frozen=True, slots=True)
class World:
    """The sources and documents of a store of ``claims`` claims; a twentieth and a tenth as many."""

    claims: int
    seed: int
    sources: list[Source]
    documents: list[Document]

    @classmethod
    def of(cls, claims: int, seed: int = 1) -> World:
        """Return a world for so many claims."""
        rng = random.Random(seed)  # noqa: S311 - made-up data
        sources = [_source(number) for number in range(max(20, claims // 20))]
        documents = [_document(number, rng, sources) for number in range(max(20, claims // 10))]
        return cls(claims, seed, sources, documents)

    def batches(self) -> Iterator[Batch]:
        """Yield the claims in batches of ``BATCH``, each with 1 to 4 mentions."""
        rng = random.Random(self.seed)  # noqa: S311 - made-up data
        for start in range(0, self.claims, BATCH):
            claims = [_claim(number, rng) for number in range(start, min(start + BATCH, self.claims))]
            mentions = [mention for claim in claims for mention in self._mentions(claim, rng)]
            verdicts = [_verdict(claim, rng) for claim in claims if rng.randrange(VERDICTS) == 0]
            yield Batch(claims, mentions, verdicts)

    def _mentions(self, claim: Claim, rng: random.Random) -> Iterator[Mention]:
        for number in range(rng.randint(1, 4)):
            chain = tuple(rng.choice(self.sources).id for _ in range(rng.randint(0, 2)))
            if number == 0 and rng.randrange(10) == 0:
                chain = (WIDE,)
            yield Mention(
                id=f"m-{claim.id}-{number}",
                claim=claim.id,
                document=rng.choice(self.documents).id,
                stance=rng.choices(list(Stance), (88, 2, 6, 2, 2))[0],
                attribution=tuple(dict.fromkeys(chain)),
                basis=Basis.EXPLICIT if chain else None,
                locator=Locator(number * 100, number * 100 + 50, "0" * 64),
            )


def fill(store: Store, claims: int, seed: int = 1) -> None:
    """Store ``claims`` claims with 1 to 4 mentions each, a tenth as many documents and a twentieth as many sources."""
    world = World.of(claims, seed)
    with unit_of_work(store, SEEDS, NOW) as work:
        write_catalogue(work, world)
    for number, batch in enumerate(world.batches(), 1):
        with unit_of_work(store, SEEDS, NOW + dt.timedelta(seconds=number)) as work:
            work.touch(write_batch(work, batch))


def write_catalogue(work: UnitOfWork, world: World) -> None:
    """Write the sources and documents of a world, with their events."""
    work.store.evidence_writes.insert_sources(world.sources, work.now_us)
    work.store.evidence_writes.insert_documents(world.documents, work.now_us)
    for source in world.sources:
        record_source(work, EventType.SOURCE_CREATED, source)
    for document in world.documents:
        record_document(work, EventType.DOCUMENT_CREATED, document)


def write_batch(work: UnitOfWork, batch: Batch) -> list[int]:
    """Write claims with their mentions, verdicts and events. Return the keys of the claims, to be projected."""
    store = work.store
    store.evidence_writes.insert_claims(batch.claims, work.now_us)
    store.evidence_writes.insert_mentions(batch.mentions, seeded=True)
    store.verdicts.insert_verdicts(batch.verdicts)
    for claim in batch.claims:
        record_claim(work, EventType.CLAIM_CREATED, claim)
    for mention in batch.mentions:
        record_mention(work, EventType.MENTION_ADDED, mention)
    for verdict in batch.verdicts:
        record_verdict(work, EventType.VERDICT_PUBLISHED, verdict)
    return sorted(store.claims.public_keys("claims", [claim.id for claim in batch.claims]).values())


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
    words = " ".join(f"w{word}" for word in rng.choices(range(WORDS), cum_weights=_FREQUENCIES, k=6))
    return Claim(
        id=f"claim-{number}",
        text=f"About {number} workers were sent by agency {number % 97} to region {number % 89} in that year: {words}.",
        subject=f"workers in region {number % 89}",
        quantity=Quantity(number, number, "workers"),
        time_frame=TimeFrame("2025", dt.date(2025, 1, 1), dt.date(2025, 12, 31)),
        place=f"region {number % 89}",
        topics=tuple(sorted({f"topic-{rng.randrange(40)}", f"topic-{rng.randrange(40)}"})),
    )


def _verdict(claim: Claim, rng: random.Random) -> Verdict:
    return Verdict(
        id=f"v-{claim.id}",
        claim=claim.id,
        claim_version=1,
        checker=f"Checker {rng.randrange(20)}",
        created_at=NOW,
        state=VerdictState.PUBLISHED,
        state_at=NOW,
        rating=rng.choice(LABELS),
    )
