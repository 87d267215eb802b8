"""Verdicts, reviews of drafts, and assignments of claims to checkers."""

from __future__ import annotations

import peewee as pw

from service.storage.tables.base import Base
from service.storage.tables.evidence import Claim, Source


class Verdict(Base):
    """One checker's rating of one claim.

    Only its state and ``superseded_by`` ever change, and by an upgrade the form of its addresses.
    """

    id = pw.BigAutoField()
    public_id = pw.TextField(unique=True)
    claim = pw.ForeignKeyField(Claim, on_delete="RESTRICT", backref="verdicts", index=False)
    claim_version = pw.IntegerField()
    judged_hash = pw.TextField(null=True)
    checker = pw.TextField()
    retraction = pw.BooleanField()
    rating = pw.TextField(null=True)
    textual_rating = pw.TextField(null=True)
    rationale = pw.TextField(null=True)
    evidence = pw.TextField()
    url = pw.TextField(null=True)
    language = pw.TextField(null=True)
    supersedes = pw.ForeignKeyField("self", null=True, on_delete="RESTRICT", backref="successors", index=False)
    reason = pw.TextField(null=True)
    reviewers = pw.TextField()
    created_us = pw.BigIntegerField()
    state = pw.TextField()
    state_us = pw.BigIntegerField()
    superseded_by = pw.ForeignKeyField("self", null=True, on_delete="RESTRICT", backref="superseded", index=False)
    withdrawn_by = pw.TextField(null=True)
    withdrawn_reason = pw.TextField(null=True)
    publisher = pw.ForeignKeyField(Source, null=True, on_delete="RESTRICT", backref="verdicts", index=False)
    review = pw.TextField(null=True)
    site = pw.TextField(null=True)
    reviewed_us = pw.BigIntegerField(null=True)
    title = pw.TextField(null=True)
    author = pw.TextField(null=True)
    authors = pw.TextField(null=True)
    reviewed_at = pw.TextField(null=True)
    published_by = pw.TextField(null=True)
    page_key = pw.TextField(null=True)

    class Meta:
        table_name = "verdicts"
        constraints = (
            pw.Check("rating IN ('supported', 'refuted', 'not_enough_evidence', 'conflicting_evidence', 'unmapped')"),
            pw.Check("rating <> 'unmapped' OR publisher_id IS NOT NULL"),
            pw.Check("(publisher_id IS NULL) = (review IS NULL)"),
            pw.Check("retraction = (rating IS NULL)"),
            pw.Check("supersedes_id IS NULL OR reason IS NOT NULL"),
            pw.Check("state IN ('draft', 'published', 'withdrawn')"),
        )
        indexes = (
            (("claim", "state", "state_us", "id"), False),
            (("state", "state_us", "id"), False),
            (("state", "checker", "state_us", "id"), False),
            (("state", "rating", "state_us", "id"), False),
        )


# A withdrawn draft does not count: another verdict may supersede the same one.
Verdict.add_index(
    Verdict.index(
        Verdict.supersedes,
        unique=True,
        where=(Verdict.state != pw.SQL("'withdrawn'")) & Verdict.supersedes.is_null(False),
        name="verdict_superseded_once",
    )
)
# Most verdicts have neither.
Verdict.add_index(Verdict.index(Verdict.publisher, where=Verdict.publisher.is_null(False), name="verdict_publisher_id"))
Verdict.add_index(
    Verdict.index(
        Verdict.page_key,
        Verdict.state,
        Verdict.state_us,
        Verdict.id,
        where=Verdict.page_key.is_null(False),
        name="verdict_page_key_state_state_us_id",
    )
)

# Lists superseded verdicts, the latest first; most verdicts are current.
Verdict.add_index(
    Verdict.index(
        Verdict.state,
        Verdict.state_us,
        Verdict.id,
        where=Verdict.superseded_by.is_null(False),
        name="verdict_superseded",
    )
)

# Lists the reviews of a site, the latest first.
Verdict.add_index(
    Verdict.index(
        Verdict.site,
        Verdict.reviewed_us,
        Verdict.public_id,
        where=(Verdict.state == pw.SQL("'published'")) & Verdict.superseded_by.is_null() & Verdict.site.is_null(False),
        name="verdict_of_site",
    )
)


class Review(Base):
    """A second checker's decision about a draft."""

    id = pw.BigAutoField()
    public_id = pw.TextField(unique=True)
    verdict = pw.ForeignKeyField(Verdict, on_delete="RESTRICT", backref="reviews")
    reviewer = pw.TextField()
    decision = pw.TextField()
    note = pw.TextField(null=True)
    created_us = pw.BigIntegerField()

    class Meta:
        table_name = "reviews"
        constraints = (pw.Check("decision IN ('approve', 'request_changes')"),)


class Assignment(Base):
    """A claim is assigned to a checker until some time; a claim has one open assignment at most."""

    id = pw.BigAutoField()
    public_id = pw.TextField(unique=True)
    claim = pw.ForeignKeyField(Claim, on_delete="RESTRICT", backref="assignments")
    checker = pw.TextField()
    assigned_by = pw.TextField()
    note = pw.TextField(null=True)
    created_us = pw.BigIntegerField()
    until_us = pw.BigIntegerField()
    ended_us = pw.BigIntegerField(null=True)
    ended_by = pw.TextField(null=True)
    outcome = pw.TextField(null=True)
    offered_to = pw.TextField(null=True)

    class Meta:
        table_name = "assignments"
        constraints = (pw.Check("outcome IN ('judged', 'released', 'lapsed', 'handed_over')"),)


Assignment.add_index(
    Assignment.index(Assignment.claim, unique=True, where=Assignment.ended_us.is_null(), name="assigned_once")
)

# The claims of a checker, and those that are offered to one.
for _holder in (Assignment.checker, Assignment.offered_to):
    Assignment.add_index(
        Assignment.index(
            _holder,
            Assignment.until_us,
            Assignment.id,
            where=Assignment.ended_us.is_null(),
            name=f"assignment_open_{_holder.name}",
        )
    )
