"""Events from here on say whether a restored mention or link is from seed files, so that the log can tell.

``derived`` keeps the last event from before; it is the first row of that table. The table ``attributions`` repeated the
chains of mentions, and nothing read it.
"""

from __future__ import annotations

import importlib
from typing import Any

import peewee

_run = importlib.import_module("service.storage.migrations.0002_writing")._run

CHANGES = """
DROP TABLE attributions;
INSERT INTO derived (name, version) SELECT 'before seeded in log', COALESCE(MAX(seq), 0) FROM events
"""


def up(migrator: Any, db: peewee.Database) -> None:
    """Drop the table, and note the last event."""
    _run(db, CHANGES)
