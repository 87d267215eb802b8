"""Sources, documents, claims, mentions and links, and the facets derived from them.

``claim_facets`` is the index behind every filter of a list of claims, ``claim_sort_keys`` behind every order.
``facets`` keeps the number of claims of each facet, so that no list has to count.
"""

from __future__ import annotations

import peewee as pw

from service.storage.tables.base import Base


class Source(Base):
    """A party that says or relays claims."""

    id = pw.BigAutoField()
    public_id = pw.TextField(unique=True)
    name = pw.TextField()
    kind = pw.TextField(index=True)
    country = pw.TextField(null=True, index=True)
    part_of = pw.ForeignKeyField("self", null=True, on_delete="RESTRICT", backref="parts")
    merged_into = pw.ForeignKeyField("self", null=True, on_delete="RESTRICT", backref="merged")
    reliability = pw.TextField(null=True)
    note = pw.TextField(null=True)
    url = pw.TextField(null=True)
    same_as = pw.TextField(null=True)
    site = pw.TextField(null=True, index=True)
    house = pw.TextField(null=True, index=True)
    version = pw.IntegerField(default=1)
    created_us = pw.BigIntegerField()
    updated_us = pw.BigIntegerField()
    merged_us = pw.BigIntegerField(null=True)
    merged_by = pw.TextField(null=True)
    merged_reason = pw.TextField(null=True)

    class Meta:
        table_name = "sources"
        constraints = (
            pw.Check("part_of_id IS NULL OR part_of_id <> id"),
            pw.Check("merged_into_id IS NULL OR merged_into_id <> id"),
            pw.Check("reliability IN ('A', 'B', 'C', 'D', 'E', 'F')"),
        )


class SourceAlias(Base):
    """Another name of a source."""

    source = pw.ForeignKeyField(Source, on_delete="CASCADE", backref="aliases")
    name = pw.TextField(index=True)

    class Meta:
        table_name = "source_aliases"
        primary_key = pw.CompositeKey("source", "name")


class Document(Base):
    """One published item, without its text.

    ``page_key`` is derived from ``url``: that of all addresses of its page; ``title_key`` from title and publisher.
    """

    id = pw.BigAutoField()
    public_id = pw.TextField(unique=True)
    title = pw.TextField(null=True)
    url = pw.TextField(null=True, index=True)
    page_key = pw.TextField(null=True, index=True)
    author = pw.TextField(null=True)
    language = pw.TextField(null=True)
    publisher = pw.ForeignKeyField(Source, null=True, on_delete="RESTRICT", backref="documents")
    publisher_reason = pw.TextField(null=True)
    sha256 = pw.TextField(null=True, unique=True)
    length = pw.IntegerField(null=True)
    published_earliest = pw.TextField(null=True)
    published_latest = pw.TextField(null=True, index=True)
    published_reason = pw.TextField(null=True)
    derived_from = pw.ForeignKeyField("self", null=True, on_delete="RESTRICT", backref="derivatives")
    merged_into = pw.ForeignKeyField("self", null=True, on_delete="RESTRICT", backref="merged")
    merged_us = pw.BigIntegerField(null=True)
    merged_by = pw.TextField(null=True)
    merged_reason = pw.TextField(null=True)
    first_seen = pw.TextField(null=True)
    title_key = pw.TextField(null=True, index=True)
    version = pw.IntegerField(default=1)
    created_us = pw.BigIntegerField()
    updated_us = pw.BigIntegerField()

    class Meta:
        table_name = "documents"
        constraints = (
            pw.Check("derived_from_id IS NULL OR derived_from_id <> id"),
            pw.Check("merged_into_id IS NULL OR merged_into_id <> id"),
            pw.Check("published_earliest <= published_latest"),
            pw.Check("length >= 0"),
        )


class Claim(Base):
    """One checkable statement. ``json`` is its JSON as shown to users, made by its schema at write time.

    Claims of the same words have the same ``statement_key`` (``service.identity.statements``), those of nearly the same
    words the same ``near_key`` (``service.identity.near_statements``).
    """

    id = pw.BigAutoField()
    public_id = pw.TextField(unique=True)
    text = pw.TextField()
    subject = pw.TextField()
    quantity = pw.TextField(null=True)
    time_frame = pw.TextField(null=True)
    place = pw.TextField(null=True)
    note = pw.TextField(null=True)
    status = pw.TextField()
    policy = pw.TextField()
    origins_at_least = pw.IntegerField()
    origins_at_most = pw.IntegerField()
    differing_at_least = pw.IntegerField()
    differing_at_most = pw.IntegerField()
    refuting_at_least = pw.IntegerField()
    refuting_at_most = pw.IntegerField()
    origins_named = pw.IntegerField(default=0)
    differing_named = pw.IntegerField(default=0)
    refuting_named = pw.IntegerField(default=0)
    mentions = pw.IntegerField()
    documents = pw.IntegerField()
    json = pw.TextField()
    version = pw.IntegerField(default=1)
    created_us = pw.BigIntegerField()
    updated_us = pw.BigIntegerField()
    judged_version = pw.IntegerField(default=1)
    judged_hash = pw.TextField(default="")
    judged_before = pw.TextField(null=True)
    merged_into = pw.ForeignKeyField("self", null=True, on_delete="RESTRICT", backref="merged", index=False)
    root = pw.ForeignKeyField("self", null=True, on_delete="RESTRICT", backref="members", index=False)
    merged_us = pw.BigIntegerField(null=True)
    merged_by = pw.TextField(null=True)
    merged_reason = pw.TextField(null=True)
    statement_key = pw.TextField(default="", index=True)
    near_key = pw.TextField(default="", index=True)

    class Meta:
        table_name = "claims"
        constraints = (pw.Check("origins_at_least <= origins_at_most"),)


for _merge in (Claim.root, Claim.merged_into):
    Claim.add_index(Claim.index(_merge, where=_merge.is_null(False), name=f"claim_{_merge.column_name}"))


class ClaimTopic(Base):
    """A topic of a claim; ``position`` keeps the order in which topics were given."""

    claim = pw.ForeignKeyField(Claim, on_delete="CASCADE", backref="topics", index=False)
    topic = pw.TextField()
    position = pw.IntegerField()

    class Meta:
        table_name = "claim_topics"
        primary_key = pw.CompositeKey("claim", "topic")
        without_rowid = True


class Mention(Base):
    """One document states one claim. No two current mentions have the same span and the same chain."""

    id = pw.BigAutoField()
    public_id = pw.TextField(unique=True)
    claim = pw.ForeignKeyField(Claim, on_delete="RESTRICT", backref="mention_rows")
    document = pw.ForeignKeyField(Document, on_delete="RESTRICT", backref="mention_rows")
    stance = pw.TextField()
    chain = pw.TextField()
    basis = pw.TextField(null=True)
    passage = pw.TextField()
    start_offset = pw.IntegerField(null=True)
    end_offset = pw.IntegerField(null=True)
    span_sha256 = pw.TextField(null=True)
    reported = pw.TextField(null=True)
    note = pw.TextField(null=True)
    seeded = pw.BooleanField(default=False)
    withdrawn_us = pw.BigIntegerField(null=True)
    withdrawn_by = pw.TextField(null=True)
    withdrawn_reason = pw.TextField(null=True)
    quote = pw.TextField(null=True)

    class Meta:
        table_name = "mentions"
        constraints = (
            pw.Check("stance IN ('supports', 'partly_supports', 'differs', 'refutes', 'partly_refutes')"),
            pw.Check("start_offset >= 0 AND start_offset < end_offset"),
            pw.Check("(chain = '') = (basis IS NULL)"),
        )


# A withdrawn mention may be entered again. A unique index regards all NULLs as different: mentions without a span need
# an index of their own.
Mention.add_index(
    Mention.index(
        Mention.claim,
        Mention.document,
        Mention.start_offset,
        Mention.end_offset,
        Mention.chain,
        unique=True,
        where=Mention.start_offset.is_null(False) & Mention.withdrawn_us.is_null(),
        name="mention_with_span",
    )
)
Mention.add_index(
    Mention.index(
        Mention.claim,
        Mention.document,
        Mention.chain,
        unique=True,
        where=Mention.start_offset.is_null() & Mention.withdrawn_us.is_null(),
        name="mention_without_span",
    )
)


class ClaimLink(Base):
    """A relation between two claims."""

    id = pw.BigAutoField()
    public_id = pw.TextField(unique=True)
    claim = pw.ForeignKeyField(Claim, on_delete="CASCADE", backref="links")
    other = pw.ForeignKeyField(Claim, on_delete="CASCADE", backref="linked_from")
    type = pw.TextField()
    note = pw.TextField(null=True)
    seeded = pw.BooleanField(default=False)
    withdrawn_us = pw.BigIntegerField(null=True)
    withdrawn_by = pw.TextField(null=True)
    withdrawn_reason = pw.TextField(null=True)

    class Meta:
        table_name = "claim_links"
        constraints = (
            pw.Check("claim_id <> other_id"),
            pw.Check("type IN ('contradicts', 'refines', 'part_of', 'distinct_from')"),
        )


ClaimLink.add_index(
    ClaimLink.index(
        ClaimLink.claim,
        ClaimLink.type,
        ClaimLink.other,
        unique=True,
        where=ClaimLink.withdrawn_us.is_null(),
        name="link_between",
    )
)


class Facet(Base):
    """A value that claims can be filtered by, and how many claims have it."""

    id = pw.BigAutoField()
    kind = pw.TextField()
    value = pw.TextField()
    claims = pw.IntegerField(default=0)

    class Meta:
        table_name = "facets"
        indexes = ((("kind", "value"), True),)


class ClaimFacet(Base):
    """A claim has a facet. It has no sort keys: they change with most writes, the facets of a claim with few."""

    facet = pw.ForeignKeyField(Facet, on_delete="RESTRICT", backref="claim_rows", index=False)
    claim = pw.ForeignKeyField(Claim, on_delete="CASCADE", backref="facet_rows")

    class Meta:
        table_name = "claim_facets"
        primary_key = pw.CompositeKey("facet", "claim")
        without_rowid = True


class ClaimSortKeys(Base):
    """The sort keys of a claim that is listed, and its signature. A merged claim has none. An index for each order.

    The signature (``service.storage.queries.signatures``) is in each index, so that a walk reads nothing else.
    """

    claim = pw.ForeignKeyField(Claim, primary_key=True, on_delete="CASCADE", backref="sort_keys")
    updated_us = pw.BigIntegerField()
    origins = pw.IntegerField()
    mentions = pw.IntegerField()
    named = pw.IntegerField()
    signature_0 = pw.BigIntegerField()
    signature_1 = pw.BigIntegerField()

    class Meta:
        table_name = "claim_sort_keys"
        indexes = (
            (("updated_us", "claim", "signature_0", "signature_1"), False),
            (("origins", "claim", "signature_0", "signature_1"), False),
            (("mentions", "claim", "signature_0", "signature_1"), False),
            (("named", "claim", "signature_0", "signature_1"), False),
        )
