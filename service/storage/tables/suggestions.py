"""Suggestions of merges, and the decisions on them.

Records are named by their public ids: in an export they may come in any order. ``suggestions`` is derived from the
records, except that a suggestion stays when its records change; ``suggestion_decisions`` is what people decided.
"""

from __future__ import annotations

import peewee as pw

from service.storage.tables.base import Base


class Suggestion(Base):
    """Two records that look like one, or a source that looks like a collective (``other`` is null)."""

    id = pw.BigAutoField()
    public_id = pw.TextField(unique=True)
    kind = pw.TextField()
    one = pw.TextField(index=True)
    other = pw.TextField(null=True, index=True)
    score = pw.IntegerField()
    reasons = pw.TextField()
    state = pw.TextField()
    found_us = pw.BigIntegerField()

    class Meta:
        table_name = "suggestions"
        indexes = (
            (("state", "score", "id"), False),
            (("state", "id"), False),
            (("state", "kind", "score", "id"), False),
            (("state", "kind", "id"), False),
        )


class SuggestionDecision(Base):
    """The decision on a suggestion. It can change once: an unmerge says that the two are not the same."""

    id = pw.BigAutoField()
    public_id = pw.TextField(unique=True)
    kind = pw.TextField()
    one = pw.TextField()
    other = pw.TextField(null=True)
    decision = pw.TextField()
    merged_into = pw.TextField(null=True)
    decided_us = pw.BigIntegerField()
    decided_by = pw.TextField()
    decided_reason = pw.TextField()

    class Meta:
        table_name = "suggestion_decisions"
        constraints = (pw.Check("decision IN ('merge', 'distinct', 'collective', 'identifiable')"),)
