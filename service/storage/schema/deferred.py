"""Indexes that an upgraded store gets behind the open port, since making them takes long in a large one.

The migrations leave them in a store with claims. What is left follows from the stored schema, so an interrupted upgrade
goes on. Queries give the same answers without them.
"""

from __future__ import annotations

from collections.abc import Iterator

from service.storage.database import Database
from service.storage.schema import expected_schema, stored_schema

_OBJECTS = ("index", "table")
_TOPICS = "table claim_topics"
_MADE = (
    "claimsortkeys_updated_us_claim_id_signature_0_signature_1",
    "claimsortkeys_origins_claim_id_signature_0_signature_1",
    "claimsortkeys_mentions_claim_id_signature_0_signature_1",
    "claimsortkeys_named_claim_id_signature_0_signature_1",
)
# Those that an earlier version had otherwise. One that is not there is lost.
_CHANGED = (
    "verdict_superseded_once",
    "verdict_publisher_id",
    "verdict_page_key_state_state_us_id",
    "verdict_of_site",
    "claim_root_id",
    "claim_merged_into_id",
    "mention_with_span",
)
# Those of SQLite's columns of earlier sort keys come first: every write changes them.
_DROPPED = (
    "claimfacet_facet_id_updated_us_claim_id",
    "claimfacet_facet_id_origins_claim_id",
    "claimfacet_facet_id_mentions_claim_id",
    "claimfacet_facet_id_named_claim_id",
    "verdict_supersedes_id",
    "verdict_superseded_by_id",
    "claimtopic_claim_id",
)


def deferred(database: Database) -> list[str]:
    """Return the names of the definitions that are left to be made or dropped, in this order."""
    stored, expected = stored_schema(database, _OBJECTS), expected_schema(database.engine).definitions
    dropped = [name for name in map("index {}".format, _DROPPED) if name in stored]
    made = [name for name in map("index {}".format, _MADE) if stored.get(name) != expected[name]]
    changed = (*map("index {}".format, _CHANGED), _TOPICS)
    return [*dropped, *made, *(name for name in changed if name in stored and stored[name] != expected[name])]


def make(database: Database, name: str) -> None:
    """Make or drop one of them, in a transaction of its own."""
    definition = expected_schema(database.engine).definitions.get(name)
    with database.write():
        for statement in _topics(definition) if name == _TOPICS else _index(name, definition):
            database.run(statement)


def _index(name: str, definition: str | None) -> Iterator[str]:
    yield f"DROP INDEX IF EXISTS {name.removeprefix('index ')}"
    if definition is not None:
        yield definition


def _topics(definition: str | None) -> Iterator[str]:
    """Yield the statements that store SQLite's topics of claims in their index."""
    yield "ALTER TABLE claim_topics RENAME TO old_claim_topics"
    yield definition or ""
    yield "INSERT INTO claim_topics SELECT claim_id, topic, position FROM old_claim_topics ORDER BY claim_id, topic"
    yield "DROP TABLE old_claim_topics"
