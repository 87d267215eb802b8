"""What every model has."""

from __future__ import annotations

import peewee as pw


class Base(pw.Model):
    """No database of its own: every query says which one it runs on."""
