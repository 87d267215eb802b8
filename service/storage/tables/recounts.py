"""The queue of recounts: what wide edits leave to be recomputed by turns."""

from __future__ import annotations

import peewee as pw

from service.storage.tables.base import Base


class Recount(Base):
    """The claims that one edit concerns. Those up to the key ``after`` have been recomputed since."""

    id = pw.BigAutoField()
    kind = pw.TextField()
    value = pw.TextField()
    actor = pw.TextField()
    created_us = pw.BigIntegerField()
    after = pw.BigIntegerField(default=0)
    claims_left = pw.BigIntegerField()

    class Meta:
        table_name = "recounts"
        indexes = ((("kind", "value", "actor"), True),)
        constraints = (pw.Check("kind IN ('all', 'source', 'document', 'votes')"),)
