"""What claims are found by, derived from all that is said of them.

The full-text index itself, ``search_index``, is of each engine's own kind: an FTS5 table of SQLite, a ``tsvector`` with
a GIN index on PostgreSQL. Triggers keep it to what ``claim_search`` says.
"""

from __future__ import annotations

import peewee as pw

from service.storage.tables.base import Base
from service.storage.tables.evidence import Claim


class ClaimSearch(Base):
    """The text a claim is found by, as it is shown (``fields``, JSON) and as terms and stems, a line for each field."""

    claim = pw.ForeignKeyField(Claim, primary_key=True, on_delete="CASCADE")
    stems = pw.TextField()
    words = pw.TextField()
    length = pw.IntegerField()
    fields = pw.TextField()

    class Meta:
        table_name = "claim_search"


class SearchTerm(Base):
    """How many claims a stem is in."""

    term = pw.TextField(primary_key=True)
    claims = pw.BigIntegerField()

    class Meta:
        table_name = "search_terms"
        without_rowid = True


class SearchTotal(Base):
    """How many claims can be found (``claims``), and how many terms they have together (``words``)."""

    name = pw.TextField(primary_key=True)
    total = pw.BigIntegerField()

    class Meta:
        table_name = "search_totals"
        without_rowid = True
