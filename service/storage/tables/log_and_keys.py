"""API keys and sessions, the event log with its Merkle tree, answers that are kept, versions of derived data."""

from __future__ import annotations

import peewee as pw

from service.storage.tables.base import Base


class ApiKey(Base):
    """A key that may write. Only the hash of its secret is stored; ``public_id`` is the prefix of the key."""

    id = pw.BigAutoField()
    public_id = pw.TextField(unique=True)
    name = pw.TextField(index=True)
    role = pw.TextField()
    secret_sha256 = pw.TextField()
    created_us = pw.BigIntegerField()
    expires_us = pw.BigIntegerField(null=True)
    revoked_us = pw.BigIntegerField(null=True)
    rotated_from = pw.TextField(null=True)
    last_used_us = pw.BigIntegerField(null=True)
    written_lsn = pw.BigIntegerField(null=True)

    class Meta:
        table_name = "api_keys"
        constraints = (pw.Check("role IN ('checker', 'editor', 'admin')"),)


class Session(Base):
    """A sign-in at the desk. Only the hash of its token is stored; it ends with its key, too."""

    token_sha256 = pw.TextField(primary_key=True)
    api_key = pw.ForeignKeyField(ApiKey, on_delete="CASCADE", backref="sessions")
    created_us = pw.BigIntegerField()
    expires_us = pw.BigIntegerField(index=True)

    class Meta:
        table_name = "sessions"
        constraints = (pw.Check("expires_us > created_us"),)
        without_rowid = True


class Event(Base):
    """One line of the log. ``hash`` covers the other columns, also ``previous``; see ``service.eventlog.events``."""

    seq = pw.BigIntegerField(primary_key=True)
    at_us = pw.BigIntegerField()
    actor = pw.TextField()
    type = pw.TextField()
    subject = pw.TextField()
    about = pw.TextField()
    payload = pw.TextField()
    previous = pw.TextField(null=True)
    hash = pw.TextField()

    class Meta:
        table_name = "events"
        indexes = ((("type", "seq"), False), (("subject", "at_us"), False))


class EventSubject(Base):
    """A subject that an event is found by (``service.eventlog.events.found_by``)."""

    subject = pw.TextField()
    event = pw.ForeignKeyField(Event, column_name="seq", on_delete="RESTRICT", backref="subjects")

    class Meta:
        table_name = "event_subjects"
        primary_key = pw.CompositeKey("subject", "event")
        without_rowid = True


class EventNode(Base):
    """The root of a complete subtree over the hashes of events (RFC 9162, 2.1). The leaves are in ``events``."""

    level = pw.IntegerField()
    position = pw.BigIntegerField()
    hash = pw.TextField()

    class Meta:
        table_name = "event_nodes"
        primary_key = pw.CompositeKey("level", "position")
        without_rowid = True


class AnsweredRequest(Base):
    """The answer to a request with an ``Idempotency-Key``, for when the request is repeated."""

    caller = pw.TextField()
    idempotency_key = pw.TextField()
    fingerprint = pw.TextField()
    status = pw.IntegerField()
    headers = pw.TextField()
    body = pw.TextField()
    expires_us = pw.BigIntegerField(index=True)

    class Meta:
        table_name = "answered_requests"
        primary_key = pw.CompositeKey("caller", "idempotency_key")
        without_rowid = True


class Derived(Base):
    """The version of the code that made some derived data, by the name of that data."""

    name = pw.TextField(primary_key=True)
    version = pw.IntegerField()

    class Meta:
        table_name = "derived"
