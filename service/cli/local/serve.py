"""``claims serve``: run the service."""

from __future__ import annotations

import os
from typing import Any

import click
from gunicorn.app.base import BaseApplication

from service.config import load_settings


class _Server(BaseApplication):
    """gunicorn with the settings of ``gunicorn.conf.py``."""

    def load_config(self) -> None:
        from service import gunicorn_settings  # reads the settings

        for name, value in vars(gunicorn_settings).items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        from service.api import create_app

        return create_app()


@click.command()
@click.option("--host", help="The address to listen on. Default: HOST.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port; 0 for any free one. Default: PORT.")
@click.option(
    "--workers", type=click.IntRange(1, 1024), help="The number of worker processes. Default: WEB_CONCURRENCY."
)
def serve(**given: Any) -> None:
    """Serve the API from the store of the settings (docs/settings.md).

    The database is migrated first, and seeded if it is empty.
    """
    names = {"host": "HOST", "port": "PORT", "workers": "WEB_CONCURRENCY"}
    os.environ.update({names[name]: str(value) for name, value in given.items() if value is not None})
    load_settings()
    _Server().run()
