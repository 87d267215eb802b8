"""Web pages whose ClaimReview markup is stored here."""

from __future__ import annotations

import peewee as pw

from service.storage.tables.base import Base


class Page(Base):
    """A page. ``content`` is its markup, ``verdicts`` the ids of the verdicts of its items, in order: both JSON."""

    id = pw.BigAutoField()
    public_id = pw.TextField(unique=True)
    url = pw.TextField()
    site = pw.TextField()
    content = pw.TextField()
    verdicts = pw.TextField()
    version = pw.IntegerField()
    created_us = pw.BigIntegerField()
    updated_us = pw.BigIntegerField()
    withdrawn_us = pw.BigIntegerField(null=True)
    withdrawn_by = pw.TextField(null=True)
    withdrawn_reason = pw.TextField(null=True)
    page_key = pw.TextField(null=True)

    class Meta:
        table_name = "pages"
        indexes = ((("site", "id"), False), (("page_key", "id"), False))


Page.add_index(Page.index(Page.url, unique=True, where=Page.withdrawn_us.is_null(), name="page_url"))
