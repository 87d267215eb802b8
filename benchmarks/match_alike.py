"""Fit the weights of a sentence model beside the words, and measure how much it improves matching.

    .venv/bin/python -m benchmarks.match_alike FOLDER --model PATH [--train 997]

Needs the extra `semantic` or `semantic-onnx`. FOLDER has judged texts (``benchmarks.judged``). Embeds all claims, fits
the weight of the cosine beside the words on the train part (5-fold cross-validation), and scores both parts by words
alone and by both, in one run.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.judged import Judged, average_precision, read
from benchmarks.logit import fit_choices, fit_line
from benchmarks.match import fill
from service.search.encoders import Encoder, load_encoder
from service.search.matching.passage import read_passages
from service.search.matching.scoring import SemanticWeights, probability
from service.storage.database import Database
from service.storage.migrations import migrate
from service.store import Store
from service.use_cases.embeddings import Embedder
from service.use_cases.match import Matcher
from service.use_cases.nearest_claims import Nearest
from tests.settings import make_settings

FOLDS = 5
_RIDGE = 0.001


@dataclass(frozen=True, slots=True)
class Example:
    """A text and its candidates: ids, sums over the words, cosines, and labels (1 for a claim that it repeats)."""

    text: str
    claims: list[str]
    words: list[float]
    cosines: list[float]
    labels: list[float]


def learn(examples: Sequence[Example]) -> SemanticWeights:
    """Fit the weights: first the ranking, then its probability, as in ``benchmarks.match_fit``."""
    groups = [(list(zip(example.words, example.cosines, strict=True)), example.labels) for example in examples]
    words, cosine = fit_choices(groups, (0.0, 0.0), _RIDGE)
    first = [one for example in examples for one in _firsts(SemanticWeights(words, cosine, 0.0), example)]
    scale, shift = fit_line(first)
    return SemanticWeights(scale * words, scale * cosine, shift)


def _firsts(weights: SemanticWeights, example: Example) -> list[tuple[float, float]]:
    """Return sum and label of the first claim, and the same with the right claims removed."""
    ranked = sorted(zip(_sums(weights, example), example.labels, strict=True))
    wrong = [one for one in ranked if not one[1]]
    return [one[-1] for one in (ranked, wrong) if one]


def _sums(weights: SemanticWeights, example: Example) -> list[float]:
    return [
        weights.words * words + weights.cosine * cosine + weights.bias
        for words, cosine in zip(example.words, example.cosines, strict=True)
    ]


def precision(judged: Judged, examples: Sequence[Example], weights: SemanticWeights | None) -> float:
    """Return MAP@5; without ``weights`` by the words alone."""
    scored = []
    for example in examples:
        sums = example.words if weights is None else _sums(weights, example)
        order = sorted(range(len(sums)), key=lambda place: -sums[place])
        ranked = [example.claims[place] for place in order]
        scored.append(average_precision(ranked, judged.repeats[example.text]))
    return statistics.fmean(scored)


def examples_of(judged: Judged, texts: Sequence[str], encoder: Encoder) -> list[Example]:
    """Return each text with its candidates, found by words and by meaning."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(make_settings(f"sqlite:///{Path(folder) / 'claims.db'}"))
        migrate(database)
        store = Store(database)
        fill(store, judged.claims.values())
        began = time.perf_counter()
        made = Embedder(store, encoder, searched=False).embed_all()
        print(f"{made} vectors in {time.perf_counter() - began:.0f} s")
        ids = list(judged.claims)
        keys = store.claims.public_keys("claims", [f"c-{number}" for number in range(len(ids))])
        names = {key: ids[int(name.removeprefix("c-"))] for name, key in keys.items()}
        matcher = Matcher(store, Nearest(store, encoder))
        found, took = [], []
        for text in texts:
            began = time.perf_counter()
            compared = list(matcher.compare(read_passages(judged.texts[text])))
            took.append(time.perf_counter() - began)
            claims = [names[one.key] for one in compared]
            words = [_logit(probability(one.measures, one_word_only=False)) for one in compared]
            labels = [float(claim in judged.repeats[text]) for claim in claims]
            found.append(Example(text, claims, words, [one.cosine or 0.0 for one in compared], labels))
        print(f"one text: p50 {statistics.median(took) * 1000:.1f} ms\n")
        database.close()
    return found


def _logit(value: float) -> float:
    value = min(max(value, 1e-15), 1 - 1e-15)
    return math.log(value / (1 - value))


def report(judged: Judged, parts: dict[str, list[str]], examples: Sequence[Example]) -> None:
    """Print the scores of both parts by words alone and by both, and the folds of the train part."""
    by_text = {example.text: example for example in examples}
    train = [by_text[text] for text in parts["train"]]
    shuffled = list(train)
    random.Random(0).shuffle(shuffled)  # noqa: S311 - the same folds every time
    folds = [shuffled[fold::FOLDS] for fold in range(FOLDS)]
    each = [
        precision(judged, held_out, learn([one for fold in folds if fold is not held_out for one in fold]))
        for held_out in folds
    ]
    print(
        f"MAP@5 of {FOLDS} folds: {statistics.fmean(each):.3f}, spread {statistics.pstdev(each):.3f} "
        f"({', '.join(f'{value:.3f}' for value in each)})"
    )
    weights = learn(train)
    for part, texts in parts.items():
        of_part = [by_text[text] for text in texts]
        words, both = precision(judged, of_part, None), precision(judged, of_part, weights)
        print(f"{part:<5} {len(texts):5} texts   words {words:.3f}   with meaning {both:.3f}   {both / words:.3f} x")
    print(f"\nSEMANTIC_WEIGHTS = SemanticWeights({weights.words:.3f}, {weights.cosine:.3f}, {weights.bias:.3f})")


def main() -> None:
    """Load the model, embed the claims, fit and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", required=True, help="a model: its folder, or its name in the cache")
    parser.add_argument("--train", type=int, default=997, help="number of texts used for training")
    options = parser.parse_args()
    judged = read(options.folder)
    parts = judged.parts(options.train)
    texts = [text for part in parts.values() for text in part]
    report(judged, parts, examples_of(judged, texts, load_encoder(options.model)))


if __name__ == "__main__":
    main()
