"""The class of the Flask application."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask


class SynchronousFlask(Flask):
    """A Flask application without coroutines."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return ``func``: Flask would look into each function that it calls for a request."""
        return func
