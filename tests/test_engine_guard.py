"""The guard over both engines records queries by their SQL, and names those that ran on SQLite only."""

from __future__ import annotations

from service.store import Store
from tests.engine_guard import POSTGRESQL, SQLITE, left_out, ran


def test_a_query_that_ran_on_sqlite_only_is_left_out() -> None:
    assert left_out({SQLITE: {"a", "b"}, POSTGRESQL: {"a", "c"}}) == ["b"]


def test_a_query_is_recorded_by_the_same_sql_on_either_engine(store: Store, engine: str) -> None:
    store.claims.get("no-such-claim")

    recorded = ran[SQLITE if engine == "sqlite" else POSTGRESQL]
    assert any('FROM "claims"' in sql and '"public_id" = ?' in sql for sql in recorded)


def test_a_query_of_one_engine_is_not_recorded(store: Store) -> None:
    store.index_checks.misindexed_claims()

    assert not any("search_terms_of" in sql or "fts5vocab" in sql for queries in ran.values() for sql in queries)
