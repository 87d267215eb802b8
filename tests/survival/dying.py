"""The service, but for two moments at which a request can ask it to die as by a power cut."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable
from typing import Any

from flask import Flask, request

from service import api
from service.store import Store

HEADER = "X-Die"
BEFORE_COMMIT, BEFORE_ANSWER = "before-commit", "before-answer"


def create_app() -> Flask:
    """Return the application as it is served."""
    app = api.create_app()
    store: Store = app.extensions["store"]
    keep_answer = store.api_keys.keep_answer

    def keep(*arguments: Any) -> None:
        keep_answer(*arguments)  # the last statement of the transaction
        if request.headers.get(HEADER) == BEFORE_COMMIT:
            os.kill(os.getpid(), signal.SIGKILL)

    setattr(store.api_keys, "keep_answer", keep)  # noqa: B010 - mypy lets no method be assigned
    serve = app.wsgi_app

    def wsgi_app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        answer = serve(environ, start_response)
        if environ.get("HTTP_X_DIE") == BEFORE_ANSWER:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    app.wsgi_app = wsgi_app  # type: ignore[method-assign]
    return app
