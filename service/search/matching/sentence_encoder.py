"""Sentence vectors from a model of sentence-transformers (the extra ``semantic``, imported only if it is used).

Nothing is downloaded: the model is a local folder or is already in the library's cache.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from service.model.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Encodes sentences as vectors of length one; the dot product of two vectors is their cosine.

    Vectors of encoders with different ``name`` cannot be compared.
    """

    @property
    def name(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row per text."""
        ...


class SentenceEncoder:
    """A model of sentence-transformers, on one thread, since several processes share the machine."""

    def __init__(self, model: str) -> None:
        try:
            import torch
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise ConfigError(
                "SEMANTIC_MODEL needs sentence-transformers: pip install 'claim-verification[semantic]'"
            ) from error
        torch.set_num_threads(1)
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        try:
            self._model = SentenceTransformer(model, device="cpu", local_files_only=True)
        except (OSError, ValueError, ImportError, RuntimeError) as error:
            raise ConfigError(
                f"SEMANTIC_MODEL: {model!r} is neither a folder with a model nor a model in the local cache, and the "
                "service downloads none. An example is 'sentence-transformers/all-MiniLM-L6-v2'."
            ) from error
        self.dimensions = len(self._model.encode(["one"])[0])
        self.name = f"{Path(model).name}-{self.dimensions}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row per text, each of length one."""
        vectors: Vectors = self._model.encode(
            list(texts), batch_size=32, normalize_embeddings=True, show_progress_bar=False
        )
        return vectors
