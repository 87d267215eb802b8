"""The service with one route more, which answers with the JSON it was sent: for tests under the real server."""

from flask import Flask, Response, jsonify

from service.api import create_app
from service.web.bodies import load_body


def create_echo() -> Flask:
    """The application, with ``/echo``."""
    app = create_app()

    @app.post("/echo")
    def echo() -> Response:
        return jsonify(load_body())

    return app
