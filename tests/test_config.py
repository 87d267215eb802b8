"""Settings: the values that each accepts; an error names the setting and never repeats a secret."""

import sys
from dataclasses import fields
from pathlib import Path

import pytest

from service import config
from service.config import Settings, load_settings, mistyped
from service.model.errors import ConfigError

NAMES = (
    "DATABASE_URL",
    "READ_DATABASE_URL",
    "REPLICA_MAX_LAG",
    "HOST",
    "PORT",
    "PUBLIC_URL",
    "WEB_CONCURRENCY",
    "THREADS",
    "SEEDS_DIR",
    "SEED_ON_START",
    "LOG_LEVEL",
    "CORS_ORIGINS",
    "CACHE_SECONDS",
    "DATABASE_TIMEOUT",
    "READING_IS_OPEN",
    "REVIEW_REQUIRED",
    "ASSIGNMENT_HOURS",
    "IDEMPOTENCY_HOURS",
    "MAX_BODY_BYTES",
    "IMPORT_MAX_BYTES",
    "COLLECTIVES_FILE",
    "RATE_LIMIT_READS",
    "RATE_LIMIT_WRITES",
    "RATE_LIMIT_STORAGE",
    "REQUEST_TIMEOUT",
    "MATCH_MAX_CHARACTERS",
    "METRICS_TOKEN",
    "SLOW_REQUEST_MS",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "TRUSTED_PROXIES",
    "RATINGS_FILE",
    "SEMANTIC_MODEL",
    "NLP_PIPELINE",
)


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_everything_has_a_default() -> None:
    settings = load_settings()

    assert settings.database_url == "sqlite:///data/claims.db"
    assert (settings.host, settings.port, settings.workers, settings.threads) == ("127.0.0.1", 8000, 2, 4)
    assert settings.seeds_dir == Path(__file__).parent.parent / "seeds"
    assert settings.seed_on_start is True
    assert settings.public_url == ""
    assert (settings.log_level, settings.cors_origins) == ("INFO", ("*",))
    assert (settings.cache_seconds, settings.database_timeout_seconds) == (0, 10.0)
    assert (settings.reading_is_open, settings.review_required) == (True, False)
    assert (settings.assignment_hours, settings.idempotency_hours) == (72, 24)
    assert settings.max_body_bytes == 1024 * 1024
    assert (settings.rate_limit_reads, settings.rate_limit_writes) == ("30000/minute", "1200/minute")
    assert (settings.rate_limit_storage, settings.trusted_proxies) == ("memory://", 0)
    assert (settings.ratings_file, settings.request_seconds, settings.match_max_characters) == (None, 10.0, 50_000)
    assert (settings.metrics_token, settings.slow_request_ms) == ("", 0)
    assert (settings.import_max_bytes, settings.collectives_file) == (4 * 1024 * 1024, None)


def test_settings_are_frozen() -> None:
    with pytest.raises(AttributeError):
        load_settings().port = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "value", "field", "expected"),
    [
        ("DATABASE_URL", "sqlite:////tmp/x.db", "database_url", "sqlite:////tmp/x.db"),
        ("DATABASE_URL", "postgresql://u:p@h/d", "database_url", "postgresql://u:p@h/d"),
        ("DATABASE_URL", "postgres://u:p@h/d", "database_url", "postgres://u:p@h/d"),
        ("HOST", "0.0.0.0", "host", "0.0.0.0"),  # noqa: S104  # only read, nothing listens
        ("PORT", "0", "port", 0),
        ("PORT", "65535", "port", 65535),
        ("PUBLIC_URL", "https://e.example", "public_url", "https://e.example"),
        ("PUBLIC_URL", "http://e.example:8080/", "public_url", "http://e.example:8080"),
        ("PUBLIC_URL", "https://[2001:db8::1]/a/b.c/", "public_url", "https://[2001:db8::1]/a/b.c"),
        ("PUBLIC_URL", "", "public_url", ""),
        ("WEB_CONCURRENCY", "1", "workers", 1),
        ("WEB_CONCURRENCY", "1024", "workers", 1024),
        ("THREADS", "1", "threads", 1),
        ("THREADS", "1024", "threads", 1024),
        ("SEEDS_DIR", "/somewhere", "seeds_dir", Path("/somewhere")),
        ("SEED_ON_START", "false", "seed_on_start", False),
        ("SEED_ON_START", "0", "seed_on_start", False),
        ("SEED_ON_START", "yes", "seed_on_start", True),
        ("LOG_LEVEL", "DEBUG", "log_level", "DEBUG"),
        ("LOG_LEVEL", "CRITICAL", "log_level", "CRITICAL"),
        (
            "CORS_ORIGINS",
            "https://a.example,https://b.example",
            "cors_origins",
            ("https://a.example", "https://b.example"),
        ),
        ("CACHE_SECONDS", "0", "cache_seconds", 0),
        ("CACHE_SECONDS", "31536000", "cache_seconds", 31536000),
        ("DATABASE_TIMEOUT", "0.1", "database_timeout_seconds", 0.1),
        ("DATABASE_TIMEOUT", "600", "database_timeout_seconds", 600.0),
        ("READING_IS_OPEN", "0", "reading_is_open", False),
        ("READING_IS_OPEN", "true", "reading_is_open", True),
        ("REVIEW_REQUIRED", "1", "review_required", True),
        ("REVIEW_REQUIRED", "no", "review_required", False),
        ("ASSIGNMENT_HOURS", "1", "assignment_hours", 1),
        ("ASSIGNMENT_HOURS", "2160", "assignment_hours", 2160),
        ("IDEMPOTENCY_HOURS", "1", "idempotency_hours", 1),
        ("IDEMPOTENCY_HOURS", "2160", "idempotency_hours", 2160),
        ("MAX_BODY_BYTES", "1024", "max_body_bytes", 1024),
        ("IMPORT_MAX_BYTES", "1024", "import_max_bytes", 1024),
        ("IMPORT_MAX_BYTES", "1073741824", "import_max_bytes", 2**30),
        ("MAX_BODY_BYTES", "1073741824", "max_body_bytes", 2**30),
        ("RATE_LIMIT_READS", "", "rate_limit_reads", ""),
        ("RATE_LIMIT_READS", "1 per 5 minutes", "rate_limit_reads", "1 per 5 minutes"),
        ("RATE_LIMIT_WRITES", "", "rate_limit_writes", ""),
        ("RATE_LIMIT_WRITES", "1000000000/day", "rate_limit_writes", "1000000000/day"),
        ("METRICS_TOKEN", "0123456789-abcdefghijklm", "metrics_token", "0123456789-abcdefghijklm"),
        ("METRICS_TOKEN", "", "metrics_token", ""),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "", "traces_endpoint", ""),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "https://c.example/in/", "traces_endpoint", "https://c.example/in/v1/traces"),
        ("SLOW_REQUEST_MS", "0", "slow_request_ms", 0),
        ("SLOW_REQUEST_MS", "600000", "slow_request_ms", 600000),
        ("RATE_LIMIT_STORAGE", "redis://u:p@h:6379/1", "rate_limit_storage", "redis://u:p@h:6379/1"),
        ("RATE_LIMIT_STORAGE", "rediss://h", "rate_limit_storage", "rediss://h"),
        ("MATCH_MAX_CHARACTERS", "1000", "match_max_characters", 1000),
        ("MATCH_MAX_CHARACTERS", "10000000", "match_max_characters", 10_000_000),
        ("REQUEST_TIMEOUT", "0.1", "request_seconds", 0.1),
        ("REQUEST_TIMEOUT", "600", "request_seconds", 600.0),
        ("TRUSTED_PROXIES", "0", "trusted_proxies", 0),
        ("TRUSTED_PROXIES", "10", "trusted_proxies", 10),
        ("READ_DATABASE_URL", "", "read_database_urls", ()),
        ("REPLICA_MAX_LAG", "1", "replica_max_lag_seconds", 1.0),
        ("REPLICA_MAX_LAG", "3600", "replica_max_lag_seconds", 3600.0),
    ],
)
def test_a_setting_is_taken_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, field: str, expected: object
) -> None:
    monkeypatch.setenv(name, value)

    assert getattr(load_settings(), field) == expected


def test_spaces_around_origins_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORS_ORIGINS", "https://a.example, https://b.example")

    assert load_settings().cors_origins == ("https://a.example", "https://b.example")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "claims.db"),
        ("DATABASE_URL", "mysql://u:secret@h/d"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "SQLITE:///x.db"),
        ("DATABASE_URL", "postgresql+psycopg://u:secret@h/d"),
        ("PORT", ""),
        ("PORT", "-1"),
        ("PORT", "65536"),
        ("PORT", "http"),
        ("PORT", "80.5"),
        ("PUBLIC_URL", "e.example"),
        ("PUBLIC_URL", "/claims"),
        ("PUBLIC_URL", "ftp://e.example"),
        ("PUBLIC_URL", "https://me:secret@e.example"),
        ("PUBLIC_URL", "https://e.example/?a=b"),
        ("PUBLIC_URL", "https://e.example//claims"),
        ("PUBLIC_URL", "https://e.example/../claims"),
        ("PUBLIC_URL", "https://e.example/a b"),
        ("WEB_CONCURRENCY", "0"),
        ("WEB_CONCURRENCY", "1025"),
        ("WEB_CONCURRENCY", "many"),
        ("THREADS", "0"),
        ("THREADS", "1025"),
        ("SEED_ON_START", "perhaps"),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_LEVEL", ""),
        ("CACHE_SECONDS", "-1"),
        ("CACHE_SECONDS", "31536001"),
        ("DATABASE_TIMEOUT", "0"),
        ("DATABASE_TIMEOUT", "0.09"),
        ("DATABASE_TIMEOUT", "600.1"),
        ("DATABASE_TIMEOUT", "nan"),
        ("DATABASE_TIMEOUT", "inf"),
        ("DATABASE_TIMEOUT", "soon"),
        ("READING_IS_OPEN", "perhaps"),
        ("READING_IS_OPEN", ""),
        ("REVIEW_REQUIRED", "2"),
        ("ASSIGNMENT_HOURS", "0"),
        ("ASSIGNMENT_HOURS", "2161"),
        ("ASSIGNMENT_HOURS", "1.5"),
        ("IDEMPOTENCY_HOURS", "0"),
        ("IDEMPOTENCY_HOURS", "2161"),
        ("IDEMPOTENCY_HOURS", "a day"),
        ("MAX_BODY_BYTES", "1023"),
        ("IMPORT_MAX_BYTES", "1023"),
        ("IMPORT_MAX_BYTES", "1073741825"),
        ("MAX_BODY_BYTES", "1073741825"),
        ("MAX_BODY_BYTES", "1 MiB"),
        ("RATE_LIMIT_READS", "6000"),
        ("RATE_LIMIT_READS", "many/minute"),
        ("RATE_LIMIT_READS", "0/minute"),
        ("RATE_LIMIT_READS", "-1/minute"),
        ("RATE_LIMIT_READS", "10/second;100/minute"),
        ("RATE_LIMIT_READS", "10/fortnight"),
        ("RATE_LIMIT_READS", " "),
        ("RATE_LIMIT_WRITES", "1000000001/minute"),
        ("RATE_LIMIT_WRITES", "9" * 5000 + "/minute"),
        ("RATE_LIMIT_WRITES", "1/2 years"),
        ("METRICS_TOKEN", "secret"),
        ("METRICS_TOKEN", "secret " * 4),
        ("METRICS_TOKEN", "secret-\u00e9" * 4),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "grpc://secret:secret@collector:4317"),
        ("SLOW_REQUEST_MS", "-1"),
        ("SLOW_REQUEST_MS", "600001"),
        ("RATE_LIMIT_STORAGE", ""),
        ("RATE_LIMIT_STORAGE", "redis"),
        ("RATE_LIMIT_STORAGE", "memcached://u:secret@h"),
        ("RATE_LIMIT_STORAGE", "redis://u:secret@h:port"),
        ("RATE_LIMIT_STORAGE", "memory://secret"),
        ("MATCH_MAX_CHARACTERS", "999"),
        ("REQUEST_TIMEOUT", "0"),
        ("REQUEST_TIMEOUT", "601"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "11"),
        ("TRUSTED_PROXIES", "10.0.0.1"),
        ("READ_DATABASE_URL", "postgresql://u:secret@h/d"),
        ("REPLICA_MAX_LAG", "0"),
        ("REPLICA_MAX_LAG", "3601"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ConfigError, match=name) as caught:
        load_settings()

    assert "secret" not in str(caught.value)


def test_a_redis_without_its_package_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RATE_LIMIT_STORAGE", "redis://u:secret@h")
    monkeypatch.setitem(sys.modules, "redis", None)

    with pytest.raises(ConfigError, match=r"RATE_LIMIT_STORAGE.*extra `redis`") as caught:
        load_settings()

    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("between", [" ", ",", ", ", "\n"])
def test_replicas_are_named_in_a_list(monkeypatch: pytest.MonkeyPatch, between: str) -> None:
    urls = ("postgresql://u:p@a,b:5433/d", "postgres://u:p@c/d?connect_timeout=3")
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:p@h/d")
    monkeypatch.setenv("READ_DATABASE_URL", between.join(urls))

    assert load_settings().read_database_urls == urls


@pytest.mark.parametrize(
    ("primary", "replicas", "said"),
    [
        ("sqlite:///x.db", "postgresql://u:secret@h/d", "needs PostgreSQL as DATABASE_URL: SQLite has no replicas"),
        (
            "postgresql://u:secret@h/d",
            "postgresql://u:secret@r/d sqlite:///x.db",
            "must name streaming replicas of PostgreSQL: number 2 is SQLite, which has no replicas",
        ),
        (
            "postgresql://u:secret@h/d",
            "mysql://u:secret@r/d",
            "must name streaming replicas of PostgreSQL: number 1 is no PostgreSQL URL",
        ),
        (
            "postgresql://u:secret@h/d",
            "postgresql://u:secret@r/d?secret=1",
            "must name streaming replicas of PostgreSQL: number 1 is not a PostgreSQL URL",
        ),
        (
            "postgresql://u:secret@h/d",
            "postgresql://u:secret@r/d,postgresql://u:secret@r/d",
            "must name each replica once",
        ),
    ],
)
def test_what_is_no_replica_is_refused(monkeypatch: pytest.MonkeyPatch, primary: str, replicas: str, said: str) -> None:
    monkeypatch.setenv("DATABASE_URL", primary)
    monkeypatch.setenv("READ_DATABASE_URL", replicas)

    with pytest.raises(ConfigError) as caught:
        load_settings()

    example = "postgresql://user:password@replica-1/name postgresql://user:password@replica-2/name"
    assert str(caught.value) == f"invalid settings: READ_DATABASE_URL {said}, for example {example}"


def test_every_setting_that_is_wrong_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("DATABASE_URL", "oracle://u:secret@h"), ("PORT", "x"), ("DATABASE_TIMEOUT", "x")):
        monkeypatch.setenv(name, value)

    with pytest.raises(ConfigError) as caught:
        load_settings()

    assert all(name in str(caught.value) for name in ("DATABASE_URL", "PORT", "DATABASE_TIMEOUT"))
    assert "secret" not in str(caught.value)


def test_every_setting_is_tested_here() -> None:
    assert len(fields(Settings)) == len(NAMES)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "http", "PORT='http' is not a valid integer, for example 8000"),
        ("PORT", "65536", "PORT='65536' must be between 0 and 65535, for example 8000"),
        ("DATABASE_TIMEOUT", "0", "DATABASE_TIMEOUT='0' must be between 0.1 and 600, for example 10"),
        ("SEED_ON_START", "perhaps", "SEED_ON_START='perhaps' is not a valid boolean, for example false"),
        (
            "LOG_LEVEL",
            "warn",
            "LOG_LEVEL='warn' must be one of DEBUG, INFO, WARNING, ERROR, CRITICAL, for example INFO. "
            "Did you mean WARNING?",
        ),
        (
            "RATE_LIMIT_READS",
            "many",
            "RATE_LIMIT_READS='many' must be one limit such as 30000/minute, or empty for none",
        ),
        (
            "DATABASE_URL",
            "mysql://u:secret@h/d",
            "DATABASE_URL must start with sqlite:/// or postgresql://, for example sqlite:///data/claims.db or "
            "postgresql://user:password@host/name",
        ),
    ],
)
def test_a_message_has_the_value_the_rule_and_an_example(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ConfigError) as caught:
        load_settings()

    assert str(caught.value) == f"invalid settings: {said}"


def test_a_value_in_a_message_is_short_and_printable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "\x1b[31m" * 1000)

    with pytest.raises(ConfigError) as caught:
        load_settings()

    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("DATABASE_URI", "DATABASE_URL"),
        ("database_url", "DATABASE_URL"),
        ("RATE_LIMIT_READ", "RATE_LIMIT_READS"),
        ("READING_OPEN", "READING_IS_OPEN"),
        ("LOGLEVEL", "LOG_LEVEL"),
    ],
)
def test_a_variable_that_is_nearly_a_setting_is_warned_of(name: str, meant: str) -> None:
    assert mistyped([name, "PATH", "HOME", *NAMES]) == [f"{name} is not a setting. Did you mean {meant}?"]


def test_no_other_variable_is_warned_of() -> None:
    others = ("TEST_DATABASE_URL", "CLAIMS_URL", "CLAIMS_API_KEY", "HOSTNAME", "PORTS", "TERM", "X" * 1000, "")
    assert mistyped(others) == []
    assert set(NAMES) == config.NAMES
