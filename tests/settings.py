"""Settings for the tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from service.config import PROJECT, Settings


def make_settings(database_url: str, **changes: Any) -> Settings:
    """Return the default settings over this database."""
    defaults = Settings(
        database_url=database_url,
        read_database_urls=(),
        replica_max_lag_seconds=10.0,
        host="127.0.0.1",
        port=0,
        public_url="",
        workers=1,
        threads=4,
        seeds_dir=PROJECT / "seeds",
        seed_on_start=True,
        log_level="CRITICAL",
        cors_origins=("*",),
        cache_seconds=0,
        database_timeout_seconds=10.0,
        reading_is_open=True,
        review_required=False,
        assignment_hours=72,
        idempotency_hours=24,
        max_body_bytes=1024 * 1024,
        rate_limit_reads="",
        rate_limit_writes="",
        rate_limit_storage="memory://",
        request_seconds=10.0,
        metrics_token="",
        slow_request_ms=0,
        traces_endpoint="",
        trusted_proxies=0,
        import_max_bytes=4 * 1024 * 1024,
        match_max_characters=50_000,
        collectives_file=None,
        ratings_file=None,
        semantic_model="",
        nlp_pipeline="",
    )
    return replace(defaults, **changes)
