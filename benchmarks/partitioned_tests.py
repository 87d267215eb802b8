"""A plugin for pytest: the database of the tests on PostgreSQL has partitions."""

from __future__ import annotations

import psycopg
import pytest

from benchmarks.partitioned import partition
from tests import conftest

PARTS = 4


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """Partition each database after its migrations."""
    migrate = conftest._migrate

    def migrate_and_partition(url: str) -> None:
        migrate(url)
        if url.startswith("postgresql://"):
            with psycopg.connect(url, autocommit=True) as connection:
                partition(connection, PARTS)

    conftest._migrate = migrate_and_partition
