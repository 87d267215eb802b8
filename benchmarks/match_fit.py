"""Fits the weights of ``service.matching.scoring`` to texts that were judged.

    .venv/bin/python -m benchmarks.match_fit FOLDER [--train 997]

Learns from the train part alone, and prints what it learnt, how well it does on texts that it did not learn from
(5-fold cross-validation), how far its probabilities can be trusted, and what each threshold would cost.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.judged import Judged, average_precision, read
from benchmarks.logistic import fit
from benchmarks.match import fill
from service.db import Database
from service.match import Matcher
from service.matching.scoring import WEIGHTS
from service.migrations import migrate
from service.store import Store
from tests.conftest import make_settings

FOLDS = 5
_RIDGE = 0.3
# It is in too few of the texts to be learnt: what it counts was set.
_SET = WEIGHTS._fields.index("otherwise")


@dataclass(frozen=True, slots=True)
class Example:
    """A text beside its candidates: their ids, measures, and whether it repeats them."""

    text: str
    claims: list[str]
    rows: list[list[float]]
    labels: list[float]


Model = tuple[list[float], float]


def learn(examples: Sequence[Example]) -> Model:
    """The weights of the measures, and the bias."""
    rows = [row for example in examples for row in example.rows]
    offsets = [WEIGHTS[_SET] * row[_SET] for row in rows]
    labels = [label for example in examples for label in example.labels]
    weights, bias = fit([row[:_SET] + row[_SET + 1 :] for row in rows], labels, offsets, _RIDGE)
    return [*weights[:_SET], WEIGHTS[_SET], *weights[_SET:]], bias


def score(model: Model, row: Sequence[float]) -> float:
    """How likely the text repeats the claim."""
    weights, bias = model
    return 1 / (1 + math.exp(-bias - sum(map(float.__mul__, weights, row))))


def examples_of(judged: Judged, texts: Sequence[str], store: Store) -> list[Example]:
    """Each text beside its candidates."""
    ids = dict(enumerate(judged.claims))
    public = {key: ids[int(name.removeprefix("c-"))] for name, key in _keys(store, len(ids)).items()}
    matcher = Matcher(store)
    found = []
    for text in texts:
        compared = list(matcher.compare(judged.texts[text]))
        claims = [public[one.key] for one in compared]
        rows = [list(map(float, one.measures)) for one in compared]
        found.append(Example(text, claims, rows, [float(claim in judged.repeats[text]) for claim in claims]))
    return found


def _keys(store: Store, claims: int) -> dict[str, int]:
    return store.public_keys("claims", [f"c-{number}" for number in range(claims)])


def report(judged: Judged, examples: list[Example]) -> None:
    """Cross-validate, and print."""
    order = list(range(len(examples)))
    random.Random(0).shuffle(order)  # noqa: S311 - the same folds every time
    folds = [[examples[place] for place in order[fold::FOLDS]] for fold in range(FOLDS)]
    precisions, present, absent = [], [], []
    for held_out in folds:
        model = learn([example for fold in folds if fold is not held_out for example in fold])
        scored = []
        for example in held_out:
            ranked = sorted(zip(example.claims, example.rows, strict=True), key=lambda one: -score(model, one[1]))
            right = judged.repeats[example.text]
            scored.append(average_precision([claim for claim, _ in ranked], right))
            present += [(score(model, row), claim in right) for claim, row in ranked[:1]]
            absent += [score(model, row) for claim, row in ranked if claim not in right][:1]
        precisions.append(statistics.fmean(scored))
    print(
        f"MAP@5 of {FOLDS} folds: {statistics.fmean(precisions):.3f}, spread {statistics.pstdev(precisions):.3f} "
        f"({', '.join(f'{value:.3f}' for value in precisions)})"
    )
    calibration(present)
    thresholds(present, absent)


def calibration(present: Sequence[tuple[float, bool]]) -> None:
    """How often the first claim is right, by how likely it was said to be."""
    print("\nfirst claim said to be likely   texts   said   right")
    for tenth in range(0, 10, 2):
        part = [one for one in present if tenth / 10 <= one[0] < (tenth + 2) / 10 or (tenth == 8 and one[0] == 1)]
        if part:
            said, right = statistics.fmean(one[0] for one in part), statistics.fmean(one[1] for one in part)
            print(f"{tenth / 10:.1f} to {(tenth + 2) / 10:.1f} {len(part):25}   {said:.2f}   {right:.2f}")


def thresholds(present: Sequence[tuple[float, bool]], absent: Sequence[float]) -> None:
    """What each threshold would answer to texts whose claim is there, and to the same without their claim."""
    print("\nthreshold   claim there: answered, right   claim not there: `none`   of `none`: right")
    for threshold in (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7):
        answered = [right for value, right in present if value >= threshold]
        none = sum(value < threshold for value in absent)
        missed = len(present) - len(answered)
        print(
            f"{threshold:9.2f}   {len(answered) / len(present):21.3f}, {statistics.fmean(answered):.3f} "
            f"{none / len(absent):25.3f}   {none / max(1, none + missed):.3f}"
        )


def main() -> None:
    """Fill a store, learn and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--train", type=int, default=997, help="how many texts to learn from, the rest is not looked at"
    )
    options = parser.parse_args()
    judged = read(options.folder)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(make_settings(f"sqlite:///{Path(folder) / 'claims.db'}"))
        migrate(database)
        store = Store(database)
        fill(store, judged.claims.values())
        examples = examples_of(judged, judged.parts(options.train)["train"], store)
        database.close()
    report(judged, examples)
    weights, bias = learn(examples)
    print("\nWEIGHTS = Measures(")
    for name, weight in zip(WEIGHTS._fields, weights, strict=True):
        print(f"    {name}={weight:.3f},")
    print(f")\nBIAS = {bias:.3f}")


if __name__ == "__main__":
    main()
