"""Sentences as vectors, by a model of sentence-transformers: the extra ``semantic``, loaded only where it is asked for.

Nothing is downloaded: the model is a folder, or is in the cache of the library already.
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
    """Makes vectors of length one: the nearer two sentences are in meaning, the nearer their product is to one.

    ``name`` tells its vectors from those of other encoders, which cannot be compared with them.
    """

    @property
    def name(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text."""
        ...


class SentenceEncoder:
    """A model of sentence-transformers, on one thread: several processes share the machine."""

    def __init__(self, model: str) -> None:
        try:
            import torch
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise ConfigError("SEMANTIC_MODEL needs sentence-transformers: install the extra `semantic`") from error
        torch.set_num_threads(1)
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        try:
            self._model = SentenceTransformer(model, device="cpu", local_files_only=True)
        except (OSError, ValueError, ImportError, RuntimeError) as error:
            raise ConfigError(
                f"SEMANTIC_MODEL: {model!r} is neither the folder of a model nor in the cache of models; the service "
                "downloads none"
            ) from error
        self.dimensions = len(self._model.encode(["one"])[0])
        self.name = f"{Path(model).name}-{self.dimensions}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text, of length one."""
        vectors: Vectors = self._model.encode(
            list(texts), batch_size=32, normalize_embeddings=True, show_progress_bar=False
        )
        return vectors
