"""The names that sources are found by, derived from their names and aliases, and the sources that are distinct."""

from __future__ import annotations

import peewee as pw

from service.storage.tables.base import Base
from service.storage.tables.evidence import Source


class SourceName(Base):
    """A folded name of a source. Two sources may share one: namesakes of different countries, or distinct ones."""

    source = pw.ForeignKeyField(Source, on_delete="CASCADE", backref="folded_names", index=False)
    folded = pw.TextField()

    class Meta:
        table_name = "source_names"
        primary_key = pw.CompositeKey("source", "folded")
        without_rowid = True
        indexes = ((("folded", "source"), False),)


class SourceNearKey(Base):
    """A key under which a source is found by similar names."""

    source = pw.ForeignKeyField(Source, on_delete="CASCADE", backref="near_keys", index=False)
    near = pw.TextField()

    class Meta:
        table_name = "source_near_keys"
        primary_key = pw.CompositeKey("source", "near")
        without_rowid = True
        indexes = ((("near", "source"), False),)


class SourceDistinction(Base):
    """A source is another party than ``other``, the public id of a source, however alike their names are.

    ``other`` is no key: in an export the other source may come later.
    """

    source = pw.ForeignKeyField(Source, on_delete="CASCADE", backref="distinctions", index=False)
    other = pw.TextField(index=True)

    class Meta:
        table_name = "source_distinctions"
        primary_key = pw.CompositeKey("source", "other")
        without_rowid = True
