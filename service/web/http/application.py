"""The class of the Flask application."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.typing import ResponseReturnValue

Dispatch = Callable[[], ResponseReturnValue]


class SynchronousFlask(Flask):
    """A Flask application without coroutines.

    ``around_view`` is called with the function that answers a request, and returns the answer.
    """

    around_view: Callable[[Dispatch], ResponseReturnValue] | None = None

    def dispatch_request(self) -> ResponseReturnValue:
        """Answer the request by its view."""
        dispatch = super().dispatch_request
        return dispatch() if self.around_view is None else self.around_view(dispatch)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return ``func``: Flask would look into each function that it calls for a request."""
        return func
