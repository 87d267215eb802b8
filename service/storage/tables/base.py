"""The base of all models."""

from __future__ import annotations

import peewee as pw


class Base(pw.Model):
    """A table. It is bound to no database: every query is run on one explicitly."""
