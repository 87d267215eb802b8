"""Fit the weights of ``service.search.matching.scoring`` to judged texts.

    .venv/bin/python -m benchmarks.match_fit FOLDER [--train 997]

Fits on the train part alone, and prints the weights, their quality on held-out texts (5-fold cross-validation), the
calibration of the probabilities, and the effect of each threshold.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.judged import Judged, average_precision, read
from benchmarks.logit import fit_choices, fit_line, logistic
from benchmarks.match import fill
from service.search.matching.passage import read_passages
from service.search.matching.scoring import WEIGHTS, Measures
from service.storage.database import Database
from service.storage.migrations import migrate
from service.store import Store
from service.use_cases.match import Matcher
from tests.settings import make_settings

FOLDS = 5
SMALL = 300
_NOTHING = (-30.0, 0.0)
_RIDGE = 0.01
# Set, not fitted: too few of the texts have it.
_FIXED = Measures(*[0.0] * len(WEIGHTS))._replace(amount_difference=-1.0)


@dataclass(frozen=True, slots=True)
class Example:
    """A text and its candidates: ids, measures, and labels (1 for a claim that it repeats)."""

    text: str
    claims: list[str]
    rows: list[list[float]]
    labels: list[float]


Model = tuple[list[float], float]


def learn(examples: Sequence[Example]) -> Model:
    """Fit the weights of the measures and the bias: first the ranking, then its probability."""
    weights = fit_choices([(example.rows, example.labels) for example in examples], _FIXED, _RIDGE)
    # Assume that every second text repeats a claim that is missing.
    scale, shift = fit_line([first for example in examples for first in _firsts((weights, 0.0), example)])
    return [scale * weight for weight in weights], shift


def _firsts(model: Model, example: Example) -> list[tuple[float, float]]:
    """Return sum and label of the first claim, and the same with the right claims removed."""
    ranked = sorted(((_sum(model, row), label) for row, label in zip(example.rows, example.labels, strict=True)))
    wrong = [one for one in ranked if not one[1]]
    return [(ranked or [_NOTHING])[-1], (wrong or [_NOTHING])[-1]]


def _sum(model: Model, row: Sequence[float]) -> float:
    weights, bias = model
    return bias + sum(map(float.__mul__, weights, row))


def examples_of(judged: Judged, texts: Sequence[str], claims: Sequence[str]) -> list[Example]:
    """Return each text with its candidates in a store of ``claims``."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(make_settings(f"sqlite:///{Path(folder) / 'claims.db'}"))
        migrate(database)
        store = Store(database)
        fill(store, [judged.claims[claim] for claim in claims])
        keys = store.claims.public_keys("claims", [f"c-{number}" for number in range(len(claims))])
        ids = {key: claims[int(name.removeprefix("c-"))] for name, key in keys.items()}
        matcher = Matcher(store)
        found = []
        for text in texts:
            compared = list(matcher.compare(read_passages(judged.texts[text])))
            names = [ids[one.key] for one in compared]
            rows = [list(map(float, one.measures)) for one in compared]
            found.append(Example(text, names, rows, [float(name in judged.repeats[text]) for name in names]))
        database.close()
    return found


def in_small_stores(judged: Judged, texts: Sequence[str]) -> list[Example]:
    """Return each text with its candidates in small stores, where rarity means less."""
    claims = list(judged.claims)
    random.Random(0).shuffle(claims)  # noqa: S311 - the same stores every time
    stores = [claims[start : start + SMALL] for start in range(0, len(claims), SMALL)]
    return [
        example
        for store in stores
        for example in examples_of(judged, [text for text in texts if judged.repeats[text] & set(store)], store)
    ]


def report(judged: Judged, large: Sequence[Example], small: Sequence[Example]) -> None:
    """Cross-validate and print."""
    texts = [example.text for example in large]
    random.Random(0).shuffle(texts)  # noqa: S311 - the same folds every time
    precisions: list[float] = []
    firsts: dict[str, list[tuple[float, float]]] = {"all claims": [], f"{SMALL} claims": []}
    for fold in range(FOLDS):
        held_out = set(texts[fold::FOLDS])
        model = learn([example for example in (*large, *small) if example.text not in held_out])
        scored = []
        for name, examples in zip(firsts, (large, small), strict=True):
            for example in examples:
                if example.text in held_out:
                    firsts[name] += [(logistic(sum_), right) for sum_, right in _firsts(model, example)]
        for example in large:
            if example.text in held_out:
                ranked = sorted(zip(example.claims, example.rows, strict=True), key=lambda one: -_sum(model, one[1]))
                scored.append(average_precision([name for name, _ in ranked], judged.repeats[example.text]))
        precisions.append(statistics.fmean(scored))
    print(
        f"MAP@5 of {FOLDS} folds: {statistics.fmean(precisions):.3f}, spread {statistics.pstdev(precisions):.3f} "
        f"({', '.join(f'{value:.3f}' for value in precisions)})"
    )
    for name, values in firsts.items():
        print(f"\n{name}, each text with its claim there and not there")
        calibration(values)
        thresholds(values)


def calibration(firsts: Sequence[tuple[float, float]]) -> None:
    """Print how often the first claim is right, by predicted probability; half of the texts lack their claim."""
    print("\nfirst claim, likely   texts   said   right")
    for tenth in range(10):
        part = [one for one in firsts if tenth == min(9, int(one[0] * 10))]
        if part:
            said, right = (statistics.fmean(values) for values in zip(*part, strict=True))
            print(f"{tenth / 10:.1f} to {tenth / 10 + 0.1:.1f}          {len(part):6}   {said:.2f}   {right:.2f}")


def thresholds(firsts: Sequence[tuple[float, float]]) -> None:
    """Print the answers at each threshold, for texts whose claim is present and for the same with it missing."""
    there, taken_away = firsts[::2], firsts[1::2]
    print("\nthreshold   claim there: answered, of these right   not there: `none`   all: right answer")
    for percent in range(10, 100, 10):
        least = percent / 100
        answered = [right for value, right in there if value >= least]
        none = sum(value < least for value, _ in taken_away)
        share, right = len(answered) / len(there), statistics.fmean(answered or [0])
        print(
            f"{least:9.2f} {share:24.3f} {right:16.3f} {none / len(taken_away):19.3f} "
            f"{(sum(answered) + none) / len(firsts):19.3f}"
        )


def main() -> None:
    """Fill a store, fit and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--train", type=int, default=997, help="number of texts used for training; the rest is not read"
    )
    options = parser.parse_args()
    judged = read(options.folder)
    texts = judged.parts(options.train)["train"]
    large, small = examples_of(judged, texts, list(judged.claims)), in_small_stores(judged, texts)
    report(judged, large, small)
    weights, bias = learn([*large, *small])
    print("\nWEIGHTS = Measures(")
    for name, weight in zip(WEIGHTS._fields, weights, strict=True):
        print(f"    {name}={weight:.3f},")
    print(f")\nBIAS = {bias:.3f}")


if __name__ == "__main__":
    main()
