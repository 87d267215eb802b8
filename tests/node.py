"""Node.js and Java for the tests, which are skipped without them unless the environment requires them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

from tests.processes import PROJECT

CLIENTS = PROJECT / "tools" / "openapi-clients"
BROWSER = PROJECT / "tools" / "browser"


def require_packages(folder: Path) -> None:
    """Skip the test without Node.js and the packages of this folder, or fail it with ``REQUIRE_NODE=1``."""
    if shutil.which("node") is None or not (folder / "node_modules").exists():
        _skip("REQUIRE_NODE", f"no Node.js, or `make test` has not installed {folder.relative_to(PROJECT)}")


def require_java() -> None:
    """Skip the test without Java, or fail it with ``REQUIRE_JAVA=1``."""
    if shutil.which("java") is None:
        _skip("REQUIRE_JAVA", "no Java, which Debian has in default-jre-headless")


def _skip(variable: str, reason: str) -> NoReturn:
    if os.environ.get(variable) == "1":
        pytest.fail(f"{variable}=1, but {reason}", pytrace=False)
    pytest.skip(reason)
