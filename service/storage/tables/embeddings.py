"""What claims mean, as vectors: only where a model is set."""

from __future__ import annotations

import peewee as pw

from service.storage.tables.base import Base
from service.storage.tables.evidence import Claim


class ClaimVector(Base):
    """The vector of a claim's text by ``model``: 32-bit floats, little end first. A newer one has a higher ``id``."""

    id = pw.BigAutoField()
    claim = pw.ForeignKeyField(Claim, on_delete="CASCADE", backref="vectors", unique=True)
    model = pw.TextField()
    text_sha256 = pw.TextField()
    vector = pw.BlobField()

    class Meta:
        table_name = "claim_vectors"
        indexes = ((("model", "id"), False),)
