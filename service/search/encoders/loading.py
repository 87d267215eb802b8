"""Load the model that the operator names, with the library that its files are for."""

from __future__ import annotations

import os
from pathlib import Path

from service.model.errors import ConfigError
from service.search.encoders.encoder import Encoder
from service.search.encoders.model_folder import graph_file, read_folder


def load_encoder(model: str) -> Encoder:
    """Return the encoder for ``model``, a folder or a name.

    A folder with an ONNX graph is run by ONNX Runtime, every other model by sentence-transformers. Nothing is
    downloaded. The libraries are imported here: they may be missing, and are slow to import.
    """
    # Each worker process has one thread for it: several processes share the machine.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    folder = Path(model)
    graph = graph_file(folder)
    if graph is not None:
        try:
            from service.search.encoders.onnx_encoder import OnnxEncoder
        except ImportError as error:
            raise ConfigError(
                f"SEMANTIC_MODEL: {graph} needs onnxruntime and tokenizers: "
                f"pip install 'claim-verification[semantic-onnx]' ({error})"
            ) from error
        return OnnxEncoder(read_folder(folder, graph))
    try:
        from service.search.encoders.torch_encoder import TorchEncoder
    except ImportError as error:
        without = "has neither model.onnx nor onnx/model.onnx, so it" if folder.is_dir() else "is not a folder, so it"
        raise ConfigError(
            f"SEMANTIC_MODEL: {model!r} {without} needs sentence-transformers: "
            f"pip install 'claim-verification[semantic]' ({error})"
        ) from error
    return TorchEncoder(model)
