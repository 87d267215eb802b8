"""Logistic regression by Newton's method, in plain Python: a few weights need no library."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

Row = Sequence[float]
_ROUNDS = 12


def fit(
    rows: Sequence[Row], labels: Sequence[float], offsets: Sequence[float], ridge: float
) -> tuple[list[float], float]:
    """The weights and the bias that make ``labels`` likeliest; ``ridge`` draws the weights of scaled rows to zero.

    ``offsets`` are parts of the sum that are not fitted.
    """
    columns = list(zip(*rows, strict=True))
    means = [statistics.fmean(column) for column in columns]
    scales = [statistics.pstdev(column) or 1.0 for column in columns]
    scaled = [
        [(value - mean) / scale for value, mean, scale in zip(row, means, scales, strict=True)] + [1.0] for row in rows
    ]
    size = len(means) + 1
    weights = [0.0] * size
    for _ in range(_ROUNDS):
        slope = [-2 * ridge * weight for weight in weights[:-1]] + [0.0]
        bend = [[2 * ridge * (one == other < size - 1) for other in range(size)] for one in range(size)]
        for row, label, offset in zip(scaled, labels, offsets, strict=True):
            expected = 1 / (1 + math.exp(-offset - sum(map(float.__mul__, weights, row))))
            error, certainty = label - expected, expected * (1 - expected)
            for one, value in enumerate(row):
                slope[one] += error * value
                if certainty > 1e-6:
                    line, part = bend[one], certainty * value
                    for other in range(one + 1):
                        line[other] += part * row[other]
        for one in range(size):
            for other in range(one):
                bend[other][one] = bend[one][other]
        weights = [weight + step for weight, step in zip(weights, _solve(bend, slope), strict=True)]
    real = [weight / scale for weight, scale in zip(weights, scales, strict=False)]
    return real, weights[-1] - sum(map(float.__mul__, real, means))


def _solve(matrix: list[list[float]], vector: list[float]) -> list[float]:
    """By Gaussian elimination; the matrix is symmetric and positive."""
    lines = [[*line, value] for line, value in zip(matrix, vector, strict=True)]
    size = len(vector)
    for pivot in range(size):
        for below in range(pivot + 1, size):
            factor = lines[below][pivot] / lines[pivot][pivot]
            lines[below] = [a - factor * b for a, b in zip(lines[below], lines[pivot], strict=True)]
    found = [0.0] * size
    for place in reversed(range(size)):
        rest = sum(lines[place][other] * found[other] for other in range(place + 1, size))
        found[place] = (lines[place][size] - rest) / lines[place][place]
    return found
