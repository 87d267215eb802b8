"""Sentence vectors by sentence-transformers, with PyTorch."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from sentence_transformers import SentenceTransformer

from service.model.errors import ConfigError
from service.search.encoders.encoder import BATCH, encoder_name

if TYPE_CHECKING:
    from service.search.encoders.encoder import Vectors


class TorchEncoder:
    """A model of sentence-transformers, from a folder or from the library's cache, on one thread."""

    def __init__(self, model: str) -> None:
        torch.set_num_threads(1)
        try:
            self._model = SentenceTransformer(model, device="cpu", local_files_only=True)
        except (OSError, ValueError, ImportError, RuntimeError) as error:
            raise ConfigError(
                f"SEMANTIC_MODEL: {model!r} is neither a folder with a model nor a model in the local cache, and the "
                "service downloads none. An example is 'sentence-transformers/all-MiniLM-L6-v2'."
            ) from error
        self.dimensions = len(self._model.encode(["one"])[0])
        self.name = encoder_name(Path(model).name, self.dimensions, self._digest())

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row per text, each of length one."""
        vectors: Vectors = self._model.encode(
            list(texts), batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return vectors

    def _digest(self) -> str:
        model = self._model
        digest = sha256(repr((model.max_seq_length, model.prompts, model.default_prompt_name)).encode())
        for name, tensor in model.state_dict().items():
            digest.update(name.encode())
            digest.update(tensor.contiguous().reshape(-1).view(torch.uint8).numpy())
        return digest.hexdigest()
