"""Measure the relations that matching tells, on pairs of texts and seeded claims.

    [NLP_PIPELINE=...] .venv/bin/python -m benchmarks.match_relations [FILE.tsv ...] [--show]

A file has the columns kind, language, expected, differs, claim (or claim_id) and text; ``benchmarks/matching/`` has
pairs of our own. Seeds a store in a temporary folder, matches every text, and prints by kind: distortions that were
told as the same, paraphrases of which a difference was told, and statements of no claim that were told as a claim.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import orjson

from service.operations.seeding.files import read_seeds
from service.operations.seeding.load import load_seeds
from service.reading.spacy_parser import syntax_of
from service.search.matching.scoring import THRESHOLD
from service.search.relations.findings import RelationKind
from service.storage.database import Database
from service.storage.migrations import migrate
from service.store import Store
from service.use_cases.match import Match, match_texts
from tests.settings import make_settings

OWN = Path(__file__).with_name("matching") / "pairs.tsv"
SEEDS = Path(__file__).parents[1] / "seeds"
LIMIT = 5

Row = Mapping[str, str]


def rows(path: Path) -> Iterator[Row]:
    """Yield the pairs of a file."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield {**row, "claim": row.get("claim") or row.get("claim_id") or ""}


def fault(row: Row, matches: Sequence[Match]) -> str | None:
    """Return what is wrong with the answer, ``None`` if it is right."""
    first = matches[0].relation.kind if matches else None
    own = next((match for match in matches if _id(match) == row["claim"]), None)
    if row["expected"] == "none":
        told = [match for match in matches if match.relation.kind is RelationKind.SAME]
        return "told as a claim" if told else None
    if row["expected"] == "same":
        if own is None:
            return "not found"
        return None if own.relation.kind is RelationKind.SAME else "told as different"
    if RelationKind.SAME in (first, own.relation.kind if own else None):
        return "told as the same"
    return None


def _id(match: Match) -> str:
    name: str = orjson.loads(match.json)["id"]
    return name


def measure(store: Store, paths: Sequence[Path], *, show: bool) -> None:
    """Print the faults by kind and expectation, and of distortions how often the kind of the difference is right."""
    syntax = syntax_of(os.environ.get("NLP_PIPELINE", ""))
    total, wrong, named = Counter[str](), Counter[str](), Counter[str]()
    for path in paths:
        for row in rows(path):
            [matches] = match_texts(store, [row["text"]], LIMIT, THRESHOLD, syntax=syntax)
            label = f"{row['expected'] if row['expected'] in ('same', 'none') else 'distortion'}: {row['kind']}"
            total[label] += 1
            found = fault(row, matches)
            if found is not None:
                wrong[f"{label} {found}"] += 1
                if show:
                    told = [(_id(one), one.score, one.relation) for one in matches[:2]]
                    print(f"{label} {found}: {row['text']}\n    {row['claim']}: {told}")
            own = next((match for match in matches if _id(match) == row["claim"]), None)
            if row.get("differs") and own is not None:
                kinds = {str(one.kind) for one in own.relation.differences}
                named["right" if kinds & set(row["differs"].split(",")) else "another"] += 1
    for label, number in sorted(total.items()):
        faults = {
            name.removeprefix(label).strip(): count for name, count in wrong.items() if name.startswith(f"{label} ")
        }
        print(
            f"{label:<28} {number:4}   "
            + (", ".join(f"{count} {name}" for name, count in faults.items()) or "no fault")
        )
    for group in ("distortion", "same", "none"):
        number = sum(count for label, count in total.items() if label.startswith(group))
        faulty = Counter[str]()
        for name, count in wrong.items():
            if name.startswith(group):
                faulty[next(end for end in _FAULTS if name.endswith(end))] += count
        print(f"{group}: {number}; " + ", ".join(f"{name} {count / number:.1%}" for name, count in faulty.items()))
    print(f"kinds of differences: {dict(named)}")


_FAULTS = ("told as the same", "told as different", "told as a claim", "not found")


def main() -> None:
    """Seed a store and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="*", default=[OWN])
    parser.add_argument("--show", action="store_true", help="print each fault")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(make_settings(f"sqlite:///{Path(folder) / 'claims.db'}"))
        migrate(database)
        store = Store(database)
        load_seeds(store, read_seeds(SEEDS), dt.datetime.now(dt.UTC), lambda stage: None)
        measure(store, options.files, show=options.show)
        database.close()


if __name__ == "__main__":
    main()
