"""Packages of the extras ``semantic`` and ``semantic-onnx``, which `make dev` leaves out for their size."""

from __future__ import annotations

import os
from importlib.util import find_spec

import pytest


def needs(*packages: str) -> None:
    """Skip the test, or fail it with REQUIRE_SEMANTIC=1, unless the packages are there."""
    missing = [package for package in packages if find_spec(package) is None]
    if not missing:
        return
    if os.environ.get("REQUIRE_SEMANTIC") == "1":
        pytest.fail(f"REQUIRE_SEMANTIC=1, but {', '.join(missing)} are not installed: make semantic", pytrace=False)
    pytest.skip(f"{', '.join(missing)} are not installed: make semantic")
