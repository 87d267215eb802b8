"""Measure the latency of matching one text in a store of many claims, beside FTS5's own OR of its words.

    .venv/bin/python -m benchmarks.match_large FOLDER [--claims 1000000]

FOLDER has judged texts (``benchmarks.judged``). Each claim is made of the halves of two of its claims and written to a
temporary SQLite store without projections or events, but indexed as usual. A million claims take some minutes.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import orjson

from benchmarks.judged import Judged, read
from benchmarks.match import fill
from service.search.matching.scoring import THRESHOLD
from service.search.search_document import STEM, SearchDocument
from service.search.stemming import stem
from service.search.tokenizer import words
from service.storage.database import Database
from service.storage.migrations import migrate
from service.store import Store
from service.use_cases.match import match_texts
from tests.settings import make_settings

TEXTS, REFERENCES = 200, 20


def mixed(documents: Sequence[SearchDocument], number: int) -> SearchDocument:
    """Make the claim with this number: the first half of one and the second half of another."""
    round_, place = divmod(number, len(documents))
    one, other = documents[place], documents[(place * 7919 + round_ * 104_729) % len(documents)]
    parts = []
    for lines, others in ((one.words, other.words), (one.stems, other.stems)):
        left, right = lines.split("\n")[0].split(), others.split("\n")[0].split()
        parts.append(" ".join(left[: len(left) // 2] + right[len(right) // 2 :]))
    fields = orjson.dumps({"text": [parts[0]], "subject": [], "topics": [], "claimants": [], "reported": []}).decode()
    gaps = "\n|" * 4
    return SearchDocument(number + 1, fields, parts[0] + gaps, parts[1] + "\n" * 4, parts[0].count(" ") + 1)


def grow(store: Store, claims: int) -> None:
    """Add claims made of halves of the existing ones, up to ``claims``."""
    documents = store.search_index.search_documents(list(store.claims.all_claim_keys()))
    names = [row[1] for row in store.database.rows("PRAGMA table_info(claims)")]
    own = {"id": "id + ?", "public_id": "public_id || '-' || ?", "json": "'{}'"}
    copied = ", ".join(own.get(name, name) for name in names)
    frequencies: Counter[str] = Counter()
    for start in range(len(documents), claims, len(documents)):
        number = min(len(documents), claims - start)
        with store.write():
            store.database.run(
                f"INSERT INTO claims ({', '.join(names)}) SELECT {copied} FROM claims WHERE id <= ?",  # noqa: S608
                [start] * 2 + [number],
            )
            made = [mixed(documents, start + place) for place in range(number)]
            store.database.run_many(
                "INSERT INTO claim_search (claim_id, fields, words, stems, length) VALUES (?, ?, ?, ?, ?)",
                [(one.key, one.fields, one.words, one.stems, one.length) for one in made],
            )
        for one in made:
            frequencies.update({found.removeprefix(STEM) for found in one.stems.split()})
    with store.write():
        store.database.run_many(
            "INSERT INTO search_terms (term, claims) VALUES (?, ?) "
            "ON CONFLICT (term) DO UPDATE SET claims = search_terms.claims + excluded.claims",
            list(frequencies.items()),
        )
        store.database.run_many("UPDATE search_totals SET total = ? WHERE name = 'claims'", [(claims,)])


def measure(store: Store, judged: Judged, texts: Sequence[str]) -> None:
    """Print our latency and the reference's: any word of the text, ranked by FTS5."""
    waited, busy, reference = [], [], []
    for text in texts[:TEXTS]:
        began, cpu = time.perf_counter(), time.thread_time()
        match_texts(store, [judged.texts[text]], 5, THRESHOLD)
        waited.append(time.perf_counter() - began)
        busy.append(time.thread_time() - cpu)
    for text in texts[:REFERENCES]:
        asked = " OR ".join(f'"{STEM}{found}"' for found in _stems(judged.texts[text]))
        began = time.thread_time()
        store.database.rows(
            "SELECT rowid FROM search_index WHERE search_index MATCH ? ORDER BY bm25(search_index) LIMIT 5", (asked,)
        )
        reference.append(time.thread_time() - began)
    for name, times in (("ours", waited), ("  of it at work", busy), ("FTS5 OR, at work", reference)):
        parts = statistics.quantiles(times, n=20)
        print(f"{name:<20} p50 {parts[9] * 1000:8.1f} ms   p95 {parts[18] * 1000:8.1f} ms")


def _stems(text: str) -> Iterator[str]:
    yield from dict.fromkeys(stem(word.term) for word in words(text))


def main() -> None:
    """Fill a store and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--claims", type=int, default=1_000_000)
    options = parser.parse_args()
    judged = read(options.folder)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(make_settings(f"sqlite:///{Path(folder) / 'claims.db'}"))
        migrate(database)
        store = Store(database)
        began = time.perf_counter()
        fill(store, judged.claims.values())
        grow(store, options.claims)
        print(f"{store.search_index.search_size()[0]} claims stored in {time.perf_counter() - began:.0f} s\n")
        measure(store, judged, [text for texts in judged.parts(len(judged.texts)).values() for text in texts])
        database.close()


if __name__ == "__main__":
    main()
