"""Measure reads whose answers are not kept, in a small store and in a large one.

    .venv/bin/python -m benchmarks.growth [--claims 10000 1000000] [--folder data/benchmarks]

Each read is asked for with limits from 31 to 50 and other words, so that no answer is kept from the one before. Prints
the median and the longest processor time of each, without a server, and the ratio of the medians. Nothing is written.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from flask.testing import FlaskClient

from benchmarks.stores import FOLDER, SIZES, open_database, path_of
from service.api import build_app
from service.store import Store
from tests.settings import make_settings

LIMITS = range(31, 51)
_SLOW_MS, _GROWN = 20, 1.5
_FILTERS = {
    "topic": "topic=topic-7",
    "source": "source=source-3",
    "a source of a tenth of the claims": "source=source-0",
    "document": "document=document-11",
    "status": "status=contested",
    "stance": "stance=refutes",
    "min_origins": "min_origins=2",
    "rating": "rating=refuted",
    "updated_since": "updated_since=2026-01-01T00:00:05Z",
    "two filters": "topic=topic-7&status=contested",
    "two disjoint filters": "stance=refutes&status=corroborated",
    "two rare disjoint filters": "source=source-3&document=document-11",
}
_SORTS = ("recency", "origins", "mentions", "named")
READS: Mapping[str, str] = {
    "list": "/v1/claims?",
    **{f"list by {sort}": f"/v1/claims?sort={sort}&" for sort in _SORTS[1:]},
    **{f"list, {name}": f"/v1/claims?{query}&" for name, query in _FILTERS.items()},
    **{
        f"list, {name}, by {sort}": f"/v1/claims?{_FILTERS[name]}&sort={sort}&"
        for name in ("topic", "updated_since", "two disjoint filters")
        for sort in _SORTS[1:]
    },
    "conflicts": "/v1/conflicts?",
    "verdicts": "/v1/verdicts?",
    "verdicts, superseded": "/v1/verdicts?current=false&",
    "sources": "/v1/sources?",
    "search, a rare word": "/v1/claims?q=w190{limit}&",
    "search, a middling word": "/v1/claims?q=w{limit}&",
    "search, a common word": "/v1/claims?q=workers&",
    "search, two words": "/v1/claims?q=workers+w{limit}&",
    "search, a common word, rare filter": "/v1/claims?q=workers&source=source-3&",
    "search, two words, disjoint filters": "/v1/claims?q=workers+w{limit}&stance=refutes&status=corroborated&",
}


def times_of(client: FlaskClient, path: str, limits: Sequence[int] = LIMITS) -> list[float]:
    """Return the milliseconds of a read with each limit. Raises ``RuntimeError`` for a wrong answer."""
    taken = []
    for limit in limits:
        url = f"{path.format(limit=limit)}limit={limit}"
        began = time.process_time()
        answer = client.get(url)
        taken.append((time.process_time() - began) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"{url} answered {answer.status_code}: {answer.text[:200]}")
    return taken


def measured(path: Path) -> dict[str, list[float]]:
    """Return the milliseconds of each read over a store."""
    with closing(open_database(path)) as database:
        settings = make_settings(f"sqlite:///{path}")
        client = build_app(Store(database), settings).test_client()
        times_of(client, "/v1/claims?")
        return {name: times_of(client, read) for name, read in READS.items()}


def report(small: Mapping[str, Sequence[float]], large: Mapping[str, Sequence[float]]) -> None:
    """Print a Markdown table."""
    print("| read | p50 ms, small | p50 ms, large | ratio | longest ms, large | |\n|---|---|---|---|---|---|")
    for name in READS:
        one, other = statistics.median(small[name]), statistics.median(large[name])
        short = "slow" if other > _SLOW_MS else "grown" if other / one > _GROWN else ""
        print(f"| {name} | {one:.2f} | {other:.2f} | {other / one:.2f} | {max(large[name]):.1f} | {short} |")


def main() -> None:
    """Measure both stores, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, nargs=2, default=(SIZES[0], SIZES[-1]))
    parser.add_argument("--folder", type=Path, default=FOLDER)
    options = parser.parse_args()
    measured(path_of(options.claims[0], options.folder))  # what a process keeps of both, such as stems of words
    small, large = (measured(path_of(claims, options.folder)) for claims in options.claims)
    report(small, large)


if __name__ == "__main__":
    main()
