"""The programs of a cluster for the tests: etcd, Patroni, PostgreSQL, HAProxy, Redis, nginx."""

import os

import pytest

from deploy.local_cluster import Missing, check_programs

NO_CLUSTER = "no cluster: "


def need_cluster() -> None:
    """Skip the test where one of the programs is missing, or fail it with ``REQUIRE_CLUSTER=1``."""
    try:
        check_programs()
    except Missing as error:
        if os.environ.get("REQUIRE_CLUSTER") == "1":
            pytest.fail(f"REQUIRE_CLUSTER=1, but {error}", pytrace=False)
        pytest.skip(f"{NO_CLUSTER}{error}")


def need_time() -> None:
    """Skip the test without ``REQUIRE_CLUSTER=1``: it takes a minute and more."""
    if os.environ.get("REQUIRE_CLUSTER") != "1":
        pytest.skip(f"{NO_CLUSTER}`make test-cluster` runs them")
