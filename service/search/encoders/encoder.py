"""The interface of encoders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

# Texts that are encoded at once.
BATCH = 32


class Encoder(Protocol):
    """Encodes sentences as vectors of length one; the dot product of two vectors is their cosine.

    Vectors of encoders with different ``name`` cannot be compared: another model, or another use of one, has another
    name.
    """

    @property
    def name(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row per text."""
        ...


def encoder_name(model: str, dimensions: int, digest: str) -> str:
    """Return the name of an encoder; ``digest`` is of all that its vectors depend on."""
    return f"{model}-{dimensions}-{digest[:12]}"
