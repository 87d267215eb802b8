"""An encoder without a model: a text means its words, and texts are as near as the words that they share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray


class Bags:
    """Each word points in a direction of its own, nearly."""

    def __init__(self, name: str = "bags", dimensions: int = 64) -> None:
        self.name = name
        self.dimensions = dimensions
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row a text, of length one."""
        self.encoded += texts
        rows = np.array([sum(self._direction(word) for word in text.casefold().split()) for text in texts])
        lengths: NDArray[np.float64] = np.linalg.norm(rows, axis=1, keepdims=True)
        return (rows / lengths).astype(np.float32)

    def _direction(self, word: str) -> NDArray[np.float64]:
        seed = int.from_bytes(sha256(word.strip(".,").encode()).digest()[:8])
        return np.random.default_rng(seed).standard_normal(self.dimensions)


class Same(Bags):
    """Some texts mean just what others do."""

    def __init__(self, bags: Bags, same: Mapping[str, str]) -> None:
        super().__init__(bags.name, bags.dimensions)
        self._same = same

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row a text, of length one."""
        return super().encode([self._same.get(text, text) for text in texts])
