"""Logit models, fitted by Newton's method in plain Python; few weights need no library."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence

Row = Sequence[float]
_Group = tuple[list[list[float]], list[float], list[float]]
_ROUNDS, _HALVINGS = 10, 8


def fit_choices(groups: Sequence[tuple[Sequence[Row], Sequence[float]]], fixed: Row, ridge: float) -> list[float]:
    """Fit weights that rank the right rows of each group first (McFadden's conditional logit).

    A group has rows and a label for each, 1 for a right row. A number other than 0 in ``fixed`` is kept as the weight
    of its column; ``ridge`` shrinks the other weights towards 0, each scaled by the spread of its column.
    """
    scales = [
        statistics.pstdev(column) or 1.0 for column in zip(*(row for rows, _ in groups for row in rows), strict=True)
    ]
    free = [place for place, weight in enumerate(fixed) if not weight]
    # A group without a right row carries no information.
    chosen = [
        (
            [[row[place] / scales[place] for place in free] for row in rows],
            [sum(map(float.__mul__, fixed, row)) for row in rows],
            [label / sum(labels) for label in labels],
        )
        for rows, labels in groups
        if any(labels)
    ]
    weights = [0.0] * len(free)
    loss = _loss(chosen, weights, ridge)
    for _ in range(_ROUNDS):
        step = _newton_step(chosen, weights, ridge)
        # Far from the optimum a full Newton step overshoots.
        for halvings in range(_HALVINGS):
            tried = [weight + part / 2**halvings for weight, part in zip(weights, step, strict=True)]
            if (less := _loss(chosen, tried, ridge)) < loss:
                weights, loss = tried, less
                break
    found = list(map(float, fixed))
    for place, weight in zip(free, weights, strict=True):
        found[place] = weight / scales[place]
    return found


def _shares(group: _Group, weights: Row) -> list[float]:
    rows, offsets, _ = group
    return softmax(offset + sum(map(float.__mul__, weights, row)) for row, offset in zip(rows, offsets, strict=True))


def _loss(chosen: Sequence[_Group], weights: Row, ridge: float) -> float:
    unlikely = -sum(
        label * math.log(share + 1e-12)
        for group in chosen
        for share, label in zip(_shares(group, weights), group[2], strict=True)
        if label
    )
    return unlikely + ridge * len(chosen) * sum(weight * weight for weight in weights)


def _newton_step(chosen: Sequence[_Group], weights: Row, ridge: float) -> list[float]:
    size, drawn = len(weights), 2 * ridge * len(chosen)
    slope = [-drawn * weight for weight in weights]
    bend = [[drawn * (one == other) for other in range(size)] for one in range(size)]
    for group in chosen:
        rows, _, labels = group
        shares = _shares(group, weights)
        mean = [sum(map(float.__mul__, shares, column)) for column in zip(*rows, strict=True)]
        for row, share, label in zip(rows, shares, labels, strict=True):
            for one, value in enumerate(row):
                slope[one] += (label - share) * value
            if share > 1e-4:
                off = [value - middle for value, middle in zip(row, mean, strict=True)]
                for one, value in enumerate(off):
                    line, part = bend[one], share * value
                    for other, beside in enumerate(off):
                        line[other] += part * beside
    return _solve(bend, slope)


def fit_line(values: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Fit scale and shift, so that the logistic function of a value is the probability of label 1 (Platt)."""
    scale, shift = 0.0, 0.0
    for _ in range(_ROUNDS):
        slope = [0.0, 0.0]
        bend = [[1e-9, 0.0], [0.0, 1e-9]]
        for value, label in values:
            likely = logistic(scale * value + shift)
            sure = likely * (1 - likely)
            for one, left in enumerate((value, 1.0)):
                slope[one] += (label - likely) * left
                for other, right in enumerate((value, 1.0)):
                    bend[one][other] += sure * left * right
        scale, shift = (old + step for old, step in zip((scale, shift), _solve(bend, slope), strict=True))
    return scale, shift


def logistic(value: float) -> float:
    """Map any number to one between 0 and 1."""
    return 1 / (1 + math.exp(-max(-500.0, min(500.0, value))))


def softmax(values: Iterable[float]) -> list[float]:
    """Return shares that sum to 1 and grow with the values."""
    given = list(values)
    most = max(given)
    powers = [math.exp(value - most) for value in given]
    whole = sum(powers)
    return [power / whole for power in powers]


def _solve(matrix: list[list[float]], vector: list[float]) -> list[float]:
    """Solve by Gaussian elimination; the matrix is symmetric and positive definite."""
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
