"""The text by which claims are found, derived from claims and their mentions.

The full-text index itself, ``search_index``, differs by engine: an FTS5 table in SQLite, a ``tsvector`` with a GIN
index in PostgreSQL. Triggers keep it equal to ``claim_search``.
"""

from __future__ import annotations

import peewee as pw

from service.storage.tables.base import Base
from service.storage.tables.evidence import Claim


class ClaimSearch(Base):
    """The text of a claim, as shown (``fields``, JSON) and as terms and stems with one line for each field."""

    claim = pw.ForeignKeyField(Claim, primary_key=True, on_delete="CASCADE")
    stems = pw.TextField()
    words = pw.TextField()
    length = pw.IntegerField()
    fields = pw.TextField()

    class Meta:
        table_name = "claim_search"


class SearchTerm(Base):
    """A stem, and the number of claims that it is in."""

    term = pw.TextField(primary_key=True)
    claims = pw.BigIntegerField()

    class Meta:
        table_name = "search_terms"
        without_rowid = True


class SearchTotal(Base):
    """The number of claims in the index (``claims``), and of all their terms together (``words``)."""

    name = pw.TextField(primary_key=True)
    total = pw.BigIntegerField()

    class Meta:
        table_name = "search_totals"
        without_rowid = True
