"""Print the error rates of matching as a Markdown table, beside those of matching by words alone.

    [NLP_PIPELINE=...] make bench-truth

Seeds a store in a temporary folder and matches the pairs of ``benchmarks/matching``: those that the rules were tuned
on, those that were kept apart, and those that were written after the rules. The plain reference takes the best claim
by words above the same threshold as repeated, whatever the text says of it. Rates have 95 % intervals (Wilson, 1927).
"""

from __future__ import annotations

import datetime as dt
import math
import os
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.match_relations import LIMIT, OWN, SEEDS, Row, fault, rows
from service.operations.seeding.files import read_seeds
from service.operations.seeding.load import load_seeds
from service.reading.spacy_parser import syntax_of
from service.reading.syntax import Syntax
from service.search.matching.scoring import THRESHOLD
from service.storage.database import Database
from service.storage.migrations import migrate
from service.store import Store
from service.use_cases.match import match_texts
from tests.settings import make_settings

INDEPENDENT = OWN.parent / "independent"
SETS = {
    "tuned on": (OWN, *sorted(INDEPENDENT.glob("*_tune.tsv"))),
    "kept apart": tuple(sorted(INDEPENDENT.glob("*_held.tsv"))),
    "fresh": tuple(sorted((OWN.parent / "fresh").glob("*.tsv"))),
}
_Z = 1.96


@dataclass(slots=True)
class Rate:
    """The number of faults among the texts of a kind, of the service and of the reference."""

    texts: int = 0
    faults: int = 0
    plain: int = 0


def interval(faults: int, texts: int) -> tuple[float, float]:
    """Return the 95 % interval of a rate by Wilson's score."""
    rate, square = faults / texts, _Z * _Z / texts
    middle, width = rate + square / 2, _Z * math.sqrt(rate * (1 - rate) / texts + square / texts / 4)
    return max(0.0, (middle - width) / (1 + square)), min(1.0, (middle + width) / (1 + square))


def rates(store: Store, paths: Sequence[Path], syntax: Syntax | None = None) -> dict[str, Rate]:
    """Return the rates by what was counted, all kinds of distortions together and each alone."""
    found: defaultdict[str, Rate] = defaultdict(Rate)
    for path in paths:
        for row in rows(path):
            [matches] = match_texts(store, [row["text"]], LIMIT, THRESHOLD, syntax=syntax)
            wrong = fault(row, matches)
            for name, counts in _counted(row):
                rate = found[name]
                rate.texts += 1
                rate.faults += wrong is not None and wrong in counts
                # Without a relation all that is found is confirmed.
                rate.plain += bool(matches) if "not found" not in counts else not matches
    return found


def _counted(row: Row) -> Iterator[tuple[str, tuple[str, ...]]]:
    if row["expected"] == "same":
        yield "paraphrases with a difference told", ("told as different",)
        yield "paraphrases not found", ("not found",)
    elif row["expected"] == "none":
        kind = "passages on other subjects" if row["kind"] == "innocent" else "statements of nobody"
        yield f"{kind}, confirmed", ("told as a claim",)
    else:
        yield "distortions, confirmed", ("told as the same",)
        yield f"– {row['kind']}", ("told as the same",)


def table(name: str, found: dict[str, Rate]) -> Iterator[str]:
    """Yield the lines of a Markdown table."""
    yield f"| {name} | texts | errors | 95 % interval | by words alone |"
    yield "|---|---|---|---|---|"
    for label, rate in sorted(found.items(), key=lambda item: item[0].replace("–", "distortions, –")):
        low, high = interval(rate.faults, rate.texts)
        plain = "–" if label.endswith("told") else f"{rate.plain / rate.texts:.0%}"
        yield f"| {label} | {rate.texts} | {rate.faults / rate.texts:.1%} | {low:.0%} to {high:.0%} | {plain} |"


def main() -> None:
    """Seed a store, measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(make_settings(f"sqlite:///{Path(folder) / 'claims.db'}"))
        migrate(database)
        store = Store(database)
        load_seeds(store, read_seeds(SEEDS), dt.datetime.now(dt.UTC), lambda stage: None)
        syntax = syntax_of(os.environ.get("NLP_PIPELINE", ""))
        for name, paths in SETS.items():
            print("\n".join(table(name, rates(store, paths, syntax))), end="\n\n")
        database.close()


if __name__ == "__main__":
    main()
