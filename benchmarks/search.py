"""Measure search beside plain full-text search, in one run.

    .venv/bin/python -m benchmarks.search [--claims 20000]

The reference is FTS5 over the same words with SQLite's own tokenizer, ranked by its own bm25, without highlights.
Prints ratios: times differ between machines, their ratios much less. Bounded: a fixed number of rounds of each.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from functools import partial
from pathlib import Path

from benchmarks.reads import best, report
from benchmarks.synthetic import fill
from service.model.filters import ClaimFilters
from service.search.query_parser import parse
from service.search.search_document import search_document
from service.search.stemming import stem
from service.search.tokenizer import words
from service.storage.database import Database
from service.storage.migrations import migrate
from service.store import Store
from service.use_cases.search import SearchPage, search_claims
from tests.settings import make_settings

ROUNDS = 15
EVERY = ClaimFilters()
ARTICLE = (
    "The agency said on Monday that some 4711 workers had been sent to region 12 in that year, and that agency 17 "
    "knew of about 500 more. Region 3 and region 44 had asked for workers too, it was told by agency 5."
)
_PLAIN = (
    "SELECT p.rowid, c.json FROM plain p JOIN claims c ON c.id = p.rowid WHERE plain MATCH ? ORDER BY rank LIMIT 50"
)


def make_plain(store: Store) -> float:
    """Make the reference, an FTS5 table as in its documentation; return the seconds it takes."""
    with store.write():
        store.database.run("CREATE VIRTUAL TABLE plain USING fts5(words, tokenize = 'porter unicode61')")
        began = time.perf_counter()
        store.database.run("INSERT INTO plain (rowid, words) SELECT claim_id, words FROM claim_search")
        return time.perf_counter() - began


def search(store: Store, q: str, filters: ClaimFilters = EVERY) -> SearchPage:
    """Search in a new ``Store``: the old one keeps the rankings of its last searches."""
    return search_claims(Store(store.database), parse(q), filters, None, 50)


def measure(store: Store) -> None:
    """Run all comparisons over a filled store."""
    for name, q in [
        ("a word of every claim", "workers"),
        ("two words of every claim", "workers sent"),
        ("a common and a rare word", "workers 4711"),
        ("two words of one in a hundred", "agency 17"),
        ("a phrase", '"region 12"'),
        ("a beginning", "ag*"),
    ]:
        found = search(store, q)
        plain = q if "*" in q or '"' in q else " AND ".join(q.split())
        ours = best(partial(search, store, q), ROUNDS)
        reference = best(partial(store.database.rows, _PLAIN, (plain,)), ROUNDS)
        report(f"{name}: {found.hits} hits{'' if found.complete else ', not all'}", ours, reference, "FTS5 bm25")

    topic = ClaimFilters(topic="topic-7")
    joined = _PLAIN.replace("WHERE", "JOIN claim_topics t ON t.claim_id = p.rowid AND t.topic = 'topic-7' WHERE")
    filtered = best(lambda: search(store, "workers sent", topic), ROUNDS)
    report(
        "two words, one topic",
        filtered,
        best(lambda: store.database.rows(joined, ("workers AND sent",)), ROUNDS),
        "joined",
    )

    stems = sorted({stem(word.term) for word in words(ARTICLE)})
    frequencies = store.search_index.term_frequencies(stems)
    rarest_first = sorted(frequencies, key=lambda stem: frequencies[stem])
    any_of = " OR ".join(f'"{stem}"' for stem in rarest_first)
    report(
        f"candidates for {len(rarest_first)} words",
        best(lambda: store.fulltext.candidates(rarest_first), ROUNDS),
        best(lambda: store.database.rows(_PLAIN, (any_of,)), ROUNDS),
        "FTS5 OR, bm25",
    )


def measure_writing(store: Store, plain: float) -> None:
    """Measure tokenizing a claim, and indexing it, a batch at a time."""
    keys = list(store.claims.all_claim_keys())[:2000]
    states, evidence = store.claims.claim_states(keys), store.evidence.of_claims(keys)
    began = time.perf_counter()
    documents = {state.key: search_document(state.key, state.claim, evidence) for state in states}
    apart = (time.perf_counter() - began) / len(keys)
    stored = {document.key: document for document in store.search_index.search_documents(keys)}
    with store.write():
        store.search_index.save_search_documents(dict.fromkeys(keys), stored)
    began = time.perf_counter()
    with store.write():
        store.search_index.save_search_documents(documents, {})
    kept = (time.perf_counter() - began) / len(keys)
    report("a claim indexed, with term frequencies", kept, plain, "plain FTS5, all at once")
    print(f"{'a claim tokenized into words and stems':<46} {apart * 1000:9.3f} ms")


def main() -> None:
    """Fill a store and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=20_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(make_settings(f"sqlite:///{Path(folder) / 'claims.db'}"))
        migrate(database)
        store = Store(database)
        began = time.perf_counter()
        fill(store, options.claims)
        print(f"{options.claims} claims stored in {time.perf_counter() - began:.1f} s\n")
        plain = make_plain(store) / options.claims
        measure(store)
        measure_writing(store, plain)
        database.close()


if __name__ == "__main__":
    main()
