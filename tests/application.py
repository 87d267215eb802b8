"""The application over a test's store, without building it anew: that costs more than most tests."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from flask import Flask

from service.api import build_app
from service.config import Settings
from service.storage.database import Database
from service.store import Store


def application(store: Store, settings: Settings) -> Flask:
    """Return the application over this store, until it is asked for over another one."""
    served, app = _built(replace(settings, database_url="sqlite:///none"))
    vars(served).update(vars(store))
    return app


@cache
def _built(settings: Settings) -> tuple[Store, Flask]:
    """Return an application and the store it serves, whose database a test puts in."""
    store = Store(Database(settings))
    return store, build_app(store, settings)
