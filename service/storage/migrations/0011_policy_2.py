"""Counts by version 2 of the policy: the named origins of a claim, and what its verdicts judged.

Verdicts until now carry a hash of the statement and its counts. From here on the hash is of the statement and its
evidence; ``judged_before`` keeps the earlier one, with the new one of the same state, so that no verdict becomes stale.
"""

from __future__ import annotations

import importlib
from typing import Any

import peewee

_run = importlib.import_module("service.storage.migrations.0002_writing")._run

# Until a claim is counted anew its named origins are those that were certain.
CHANGES = """
ALTER TABLE claims ADD COLUMN origins_named INTEGER NOT NULL DEFAULT 0;
ALTER TABLE claims ADD COLUMN differing_named INTEGER NOT NULL DEFAULT 0;
ALTER TABLE claims ADD COLUMN refuting_named INTEGER NOT NULL DEFAULT 0;
ALTER TABLE claims ADD COLUMN judged_before TEXT;
UPDATE claims SET origins_named = origins_at_least, differing_named = differing_at_least,
    refuting_named = refuting_at_least, judged_before = judged_hash || '=', judged_hash = '';
ALTER TABLE claim_facets ADD COLUMN named INTEGER NOT NULL DEFAULT 0;
UPDATE claim_facets SET named = origins;
CREATE INDEX claimfacet_facet_id_named_claim_id ON claim_facets (facet_id, named, claim_id)
"""


def up(migrator: Any, db: peewee.Database) -> None:
    """Add the columns, and fill them in from what is there."""
    _run(db, CHANGES)
