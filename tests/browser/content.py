"""The content for the browser: the seeds, a verdict, a claim of 200 mentions, and words too long for a line."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path
from shutil import copyfile

from benchmarks.synthetic import Batch, World, write_batch, write_catalogue
from service.model.actors import SEEDS, KeyRole
from service.model.entities import Basis, Claim, Document, Locator, Mention, Source, SourceKind, Stance
from service.storage.database import Database
from service.store import Store
from service.use_cases.unit_of_work import unit_of_work
from tests.furnished import furnish
from tests.settings import make_settings
from tests.web.helpers import example_claim

MANY, LONG, EMPTY = "claim-of-200-mentions", "claim-of-long-words", "claim-of-nothing"
MENTIONS = 200
ADMIN = "key"
_NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
_ADDRESS = f"https://archive.example/{'a' * 180}"


def browsed(folder: Path, seeded_file: Path) -> None:
    """Make the store in a folder, as ``claims.db``, and a file with the key of an admin."""
    path = folder / "claims.db"
    copyfile(seeded_file, path)
    database = Database(make_settings(f"sqlite:///{path}"))
    store = Store(database)
    (folder / ADMIN).write_text(furnish(store, example_claim())[KeyRole.ADMIN], encoding="utf-8")
    sources, documents = [*_sources(), _long_source()], [*_documents(), _long_document()]
    claims = [
        _claim(MANY, "About 900 ships left the harbour."),
        _claim(LONG, f"{_WORD} {_WORD}."),
        _claim(EMPTY, "No."),
    ]
    with unit_of_work(store, SEEDS, _NOW) as work:
        write_catalogue(work, World(len(claims), 1, sources, documents))
        work.touch(write_batch(work, Batch(claims, [*_mentions(), _long_mention()], [])))
    database.close()


def _claim(own_id: str, text: str) -> Claim:
    return Claim(id=own_id, text=text, subject="ships", topics=("harbour",))


def _sources() -> list[Source]:
    """Forty papers of eight owners, and the owners."""
    owners = [Source(f"owner-{n}", f"Owner {n}", SourceKind.COMPANY, "NO") for n in range(8)]
    papers = [Source(f"paper-{n}", f"The Paper {n}", SourceKind.OUTLET, "NO", f"owner-{n % 8}") for n in range(40)]
    return owners + papers


def _documents() -> list[Document]:
    first = dt.date(2025, 1, 1)
    days = [first + dt.timedelta(days=number) for number in range(MENTIONS)]
    return [
        Document(
            id=f"article-{number}",
            title=f"Article {number} on the harbour",
            publisher=f"paper-{number % 40}",
            sha256=f"{number:064x}",
            length=5000,
            published_earliest=day,
            published_latest=day,
            first_seen=day,
        )
        for number, day in enumerate(days)
    ]


def _mentions() -> list[Mention]:
    rng = random.Random(7)
    return [
        Mention(
            id=f"m-many-{number}",
            claim=MANY,
            document=f"article-{number}",
            stance=rng.choices([Stance.SUPPORTS, Stance.PARTLY_SUPPORTS, Stance.REFUTES], (90, 5, 5))[0],
            attribution=chain,
            basis=Basis.EXPLICIT if chain else None,
            locator=Locator(100, 150, "0" * 64),
        )
        for number in range(MENTIONS)
        for chain in [rng.choice([(), ("owner-0",), ("paper-1", "owner-2"), (f"paper-{rng.randrange(40)}",)])]
    ]


def _long_source() -> Source:
    return Source("long-source", _WORD, SourceKind.OUTLET, note=_WORD, url=_ADDRESS, aliases=(f"{_WORD} 2",))


def _long_document() -> Document:
    return Document(
        id="long-document",
        title=_WORD,
        publisher="long-source",
        url=_ADDRESS,
        author=_WORD,
        first_seen=dt.date(2025, 1, 1),
    )


def _long_mention() -> Mention:
    return Mention(
        id="m-long",
        claim=LONG,
        document="long-document",
        stance=Stance.SUPPORTS,
        attribution=("long-source",),
        basis=Basis.EXPLICIT,
        locator=Locator(0, 10, "0" * 64),
        note=_WORD,
    )
