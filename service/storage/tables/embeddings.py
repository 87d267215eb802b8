"""Embeddings of claims, for semantic search. Filled only if a model is set."""

from __future__ import annotations

import peewee as pw

from service.storage.tables.base import Base
from service.storage.tables.evidence import Claim


class ClaimVector(Base):
    """The embedding of a claim's text by ``model``: 32-bit floats, little-endian. A newer one has a higher ``id``."""

    id = pw.BigAutoField()
    claim = pw.ForeignKeyField(Claim, on_delete="CASCADE", backref="vectors", unique=True)
    model = pw.TextField()
    text_sha256 = pw.TextField()
    vector = pw.BlobField()

    class Meta:
        table_name = "claim_vectors"
        indexes = ((("model", "id"), False),)
