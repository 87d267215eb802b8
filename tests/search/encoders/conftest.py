from __future__ import annotations

from pathlib import Path

import pytest

from tests.search.encoders.needs import needs
from tests.search.encoders.tiny_model import write_model


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a tiny model."""
    needs("onnx", "onnxruntime", "tokenizers")
    path = tmp_path / "tiny"
    path.mkdir()
    write_model(path)
    return path
