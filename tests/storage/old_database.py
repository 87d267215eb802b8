"""A database of the version before writing: its schema and its rows, in plain SQL."""

from __future__ import annotations

import orjson
from playhouse.migrations import Runner

from service.storage.database import Database
from service.storage.migrations import DIRECTORY

FIRST_US = 1_760_000_000_000_000
NOTED = "Entered twice, says the ministry's “register”."
EVIDENCE = [{"mention": "m-report", "document": None, "url": None, "note": "Says so."}]

_SOURCES = """
    INSERT INTO sources (id, public_id, name, kind, country, part_of_id, merged_into_id, reliability, note, version,
        created_us, updated_us) VALUES
    (3, 'ministry', 'Ministry of the Sea', 'government', 'NO', NULL, NULL, 'B', 'Twice renamed.', 2, 10, 20),
    (5, 'harbour-office', 'Harbour Office', 'government', NULL, 3, NULL, NULL, NULL, 1, 10, 10),
    (8, 'gull', 'The Daily Gull', 'outlet', NULL, NULL, NULL, NULL, NULL, 1, 10, 10);
    INSERT INTO source_aliases (source_id, name) VALUES (3, 'the Ministry'), (3, 'Sea Ministry')
"""
_DOCUMENTS = """
    INSERT INTO documents (id, public_id, title, url, author, language, publisher_id, publisher_reason, sha256, length,
        published_earliest, published_latest, published_reason, derived_from_id, version, created_us, updated_us) VALUES
    (2, 'doc-report', 'Ships', 'https://gull.example/1', 'A. Tern', 'en', 8, 'Its name is on it.', 'a', 90,
        '2025-05-01', '2025-05-31', 'It speaks of May.', NULL, 4, 10, 30),
    (7, 'doc-copy', NULL, NULL, NULL, NULL, NULL, NULL, 'b', 80, NULL, NULL, NULL, 2, 1, 10, 10)
"""
# Id, public id, status, origins (certain and possible), mentions, documents, version.
_CLAIMS = (
    (4, "ships-arrived", "single_origin", 1, 1, 2, 2, 3),
    (6, "no-ships", "unsupported", 0, 0, 0, 0, 1),
    (9, "fee-doubled", "single_origin", 1, 1, 1, 1, 2),
)
_MENTIONS = """
    INSERT INTO mentions (id, public_id, claim_id, document_id, stance, chain, basis, passage, start_offset, end_offset,
        span_sha256, reported, note, seeded) VALUES
    (11, 'm-report', 4, 2, 'supports', 'gull>harbour-office', 'explicit', 'body', 10, 20, 'c', NULL, 'Plain.', {true}),
    (12, 'm-copy', 4, 7, 'supports', 'ministry', 'inferred', 'headline', NULL, NULL, NULL, NULL, NULL, {true}),
    (15, 'm-fee', 9, 2, 'supports', '', NULL, 'body', 30, 40, 'd', NULL, NULL, {false});
    INSERT INTO attributions (mention_id, position, source_id) VALUES (11, 0, 8), (11, 1, 5), (12, 0, 3)
"""
# The symmetric ones stand once for both claims; a pair that contradicts each other says so twice.
_LINKS = """
    INSERT INTO claim_links (claim_id, other_id, type, note, seeded) VALUES
    (4, 6, 'contradicts', 'One says yes, one no.', {true}),
    (6, 4, 'contradicts', NULL, {true}),
    (4, 9, 'distinct_from', 'Ships, not money.', {false}),
    (9, 4, 'part_of', NULL, {true})
"""
_VERDICTS = """
    INSERT INTO verdicts (id, public_id, claim_id, claim_version, checker, rating, textual_rating, rationale, evidence,
        url, language, supersedes_id, reason, created_us) VALUES
    (21, 'v-first', 4, 1, 'Jane Doe', 'supported', 'True', 'The report.', '{evidence}', 'https://checks.example/1',
        'en', NULL, NULL, 1000),
    (22, 'v-second', 4, 2, 'Jane Doe', 'not_enough_evidence', NULL, NULL, NULL, NULL, NULL, 21, '{noted}', 2000),
    (23, 'v-third', 4, 3, 'Jane Doe', 'refuted', NULL, NULL, NULL, NULL, NULL, 22, 'The register is out.', 3000),
    (30, 'v-other', 4, 3, 'John Roe', 'refuted', 'Mostly false', NULL, NULL, NULL, NULL, NULL, NULL, 2500)
"""


TABLES = (
    "sources",
    "source_aliases",
    "documents",
    "claims",
    "claim_topics",
    "mentions",
    "claim_links",
    "verdicts",
    "facets",
    "claim_facets",
)
LINKS = {
    ("ships-arrived", "contradicts", "no-ships"),
    ("no-ships", "contradicts", "ships-arrived"),
    ("ships-arrived", "distinct_from", "fee-doubled"),
    ("fee-doubled", "part_of", "ships-arrived"),
}


def fill(database: Database, *, verdicts: bool = True) -> None:
    """Create the first schema in an empty database, with rows in all tables; verdicts are optional."""
    Runner(database.peewee, str(DIRECTORY)).up("0001_initial")
    words = {"true": "1", "false": "0"} if database.engine == "sqlite" else {"true": "TRUE", "false": "FALSE"}
    words |= {"noted": NOTED.replace("'", "''"), "evidence": orjson.dumps(EVIDENCE).decode()}
    with database.write():
        _run(database, _SOURCES, words)
        _run(database, _DOCUMENTS, words)
        _fill_claims(database)
        for statements in (_MENTIONS, _LINKS, *([_VERDICTS] if verdicts else [])):
            _run(database, statements, words)
        if database.engine == "postgresql":
            for table in ("sources", "documents", "claims", "mentions", *(["verdicts"] if verdicts else []), "facets"):
                _count_on(database, table)


def _count_on(database: Database, table: str) -> None:
    """Set the sequence as if it had numbered the rows."""
    database.row(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM {table}))")  # noqa: S608


def _run(database: Database, statements: str, words: dict[str, str]) -> None:
    for statement in statements.split(";"):
        for name, value in words.items():
            statement = statement.replace(f"{{{name}}}", value)
        database.run(statement)


def _fill_claims(database: Database) -> None:
    names = "id, public_id, status, origins_at_least, origins_at_most, mentions, documents, version, text, subject, "
    names += "quantity, time_frame, place, note, policy, differing_at_least, differing_at_most, refuting_at_least, "
    names += "refuting_at_most, json, created_us, updated_us"
    database.run("INSERT INTO facets (id, kind, value, claims) VALUES (1, 'all', '*', 3), (2, 'topic', 'harbour', 3)")
    for row in _CLAIMS:
        number, public_id, status, at_least, at_most, mentions, documents, version = row
        quantity = '{"high":12,"low":12,"qualifier":"exact","unit":"ships"}' if public_id == "ships-arrived" else None
        time_frame = '{"end":null,"label":"in May","start":"2025-05-01"}' if public_id == "ships-arrived" else None
        shape = {
            "id": public_id,
            "text": f"Statement of {public_id}.",
            "subject": "the harbour",
            "quantity": orjson.loads(quantity or "null"),
            "time_frame": orjson.loads(time_frame or "null"),
            "place": "Oldport",
            "topics": ["harbour"],
            "note": NOTED,
            "corroboration": {
                "status": status,
                "policy": "v1-organisation-2",
                "origins": {"at_least": at_least, "at_most": at_most},
                "differing": {"at_least": 0, "at_most": 0},
                "refuting": {"at_least": 0, "at_most": 0},
                "mentions": mentions,
                "documents": documents,
            },
            "links": [],
            "version": version,
            "created_at": "2025-10-09T08:53:20.000000Z",
            "updated_at": "2025-10-09T08:53:20.000000Z",
        }
        values = [*row, shape["text"], "the harbour", quantity, time_frame, "Oldport", NOTED, "v1-organisation-2"]
        values += [0, 0, 0, 0, orjson.dumps(shape).decode(), FIRST_US, FIRST_US]
        marks = ", ".join("?" * len(values))
        database.run(f"INSERT INTO claims ({names}) VALUES ({marks})", values)  # noqa: S608
        database.run("INSERT INTO claim_topics (claim_id, topic, position) VALUES (?, 'harbour', 0)", (number,))
        for facet in (1, 2):
            database.run(
                "INSERT INTO claim_facets VALUES (?, ?, ?, ?, ?)", (facet, number, FIRST_US, at_least, mentions)
            )


def rows(database: Database, table: str) -> list[dict[str, object]]:
    """Return every row of a table, by the names of its columns."""
    names = [column.name for column in database.peewee.get_columns(table)]
    found = database.rows(f"SELECT {', '.join(names)} FROM {table}")  # noqa: S608
    return sorted((dict(zip(names, row, strict=True)) for row in found), key=repr)
