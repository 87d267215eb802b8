"""Short and long forms of tests that search at random, or that take their time.

``make test`` runs the short forms; ``LONG_TESTS=1``, which ``.ci/run`` sets, the long ones. Both assert the same.
"""

from __future__ import annotations

import os
from typing import TypeVar

T = TypeVar("T")

LONG = os.environ.get("LONG_TESTS") == "1"


def by_form(short: T, long: T) -> T:
    """Return ``long`` in a run of the long forms, else ``short``."""
    return long if LONG else short
