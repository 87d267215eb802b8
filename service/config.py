"""Settings: read once from the environment, and frozen. ``docs/settings.md`` describes every one."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from environs import Env, EnvValidationError, ValidationError, validate

from service.model.errors import ConfigError
from service.reading.pipelines import find_pipelines

PROJECT = Path(__file__).resolve().parent.parent
_READS, _WRITES = _DEFAULT_LIMITS = "30000/minute", "1200/minute"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between installations. Units are in the names; ``load_settings`` has the defaults."""

    database_url: str
    read_database_urls: tuple[str, ...]
    replica_max_lag_seconds: float
    host: str
    port: int
    public_url: str
    workers: int
    threads: int
    seeds_dir: Path | None
    seed_on_start: bool
    log_level: str
    cors_origins: tuple[str, ...]
    cache_seconds: int
    database_timeout_seconds: float
    reading_is_open: bool
    review_required: bool
    assignment_hours: int
    idempotency_hours: int
    max_body_bytes: int
    rate_limit_reads: str
    rate_limit_writes: str
    rate_limit_storage: str
    request_seconds: float
    metrics_token: str
    slow_request_ms: int
    traces_endpoint: str
    trusted_proxies: int
    semantic_model: str
    nlp_pipeline: str
    import_max_bytes: int
    match_max_characters: int
    collectives_file: Path | None
    ratings_file: Path | None


NAMES = frozenset(
    {
        "ASSIGNMENT_HOURS",
        "CACHE_SECONDS",
        "COLLECTIVES_FILE",
        "CORS_ORIGINS",
        "DATABASE_TIMEOUT",
        "DATABASE_URL",
        "HOST",
        "IDEMPOTENCY_HOURS",
        "IMPORT_MAX_BYTES",
        "LOG_LEVEL",
        "MATCH_MAX_CHARACTERS",
        "MAX_BODY_BYTES",
        "METRICS_TOKEN",
        "NLP_PIPELINE",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "PORT",
        "PUBLIC_URL",
        "RATE_LIMIT_READS",
        "RATE_LIMIT_STORAGE",
        "RATE_LIMIT_WRITES",
        "RATINGS_FILE",
        "READING_IS_OPEN",
        "READ_DATABASE_URL",
        "REPLICA_MAX_LAG",
        "REQUEST_TIMEOUT",
        "REVIEW_REQUIRED",
        "SEEDS_DIR",
        "SEED_ON_START",
        "SEMANTIC_MODEL",
        "SLOW_REQUEST_MS",
        "THREADS",
        "TRUSTED_PROXIES",
        "WEB_CONCURRENCY",
    }
)
# Values that are not repeated in messages: they may hold a password.
_SECRET = frozenset(
    {
        "DATABASE_URL",
        "METRICS_TOKEN",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "PUBLIC_URL",
        "RATE_LIMIT_STORAGE",
        "READ_DATABASE_URL",
    }
)
_EXAMPLES = {
    "DATABASE_URL": "sqlite:///data/claims.db or postgresql://user:password@host/name",
    "READ_DATABASE_URL": "postgresql://user:password@replica-1/name postgresql://user:password@replica-2/name",
    "REPLICA_MAX_LAG": "10",
    "PORT": "8000",
    "PUBLIC_URL": "https://example.org or https://example.org/claims",
    "WEB_CONCURRENCY": "2",
    "THREADS": "4",
    "SEED_ON_START": "false",
    "LOG_LEVEL": "INFO",
    "CACHE_SECONDS": "60",
    "DATABASE_TIMEOUT": "10",
    "READING_IS_OPEN": "false",
    "REVIEW_REQUIRED": "true",
    "ASSIGNMENT_HOURS": "72",
    "IDEMPOTENCY_HOURS": "24",
    "MAX_BODY_BYTES": "1048576",
    "RATE_LIMIT_READS": "30000/minute",
    "RATE_LIMIT_WRITES": "1200/minute",
    "RATE_LIMIT_STORAGE": "memory:// or redis://user:password@host:6379/0",
    "IMPORT_MAX_BYTES": "4194304",
    "MATCH_MAX_CHARACTERS": "50000",
    "REQUEST_TIMEOUT": "10",
    "NLP_PIPELINE": "en_core_web_sm or /opt/pipelines/en,/opt/pipelines/fr",
    "METRICS_TOKEN": "the output of `openssl rand -hex 24`",
    "SLOW_REQUEST_MS": "500",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318",
    "TRUSTED_PROXIES": "1",
}
_POSTGRESQL = ("postgresql://", "postgres://")
_LONGEST_VALUE = 60
_PUBLIC_URL = re.compile(
    r"https?://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?(/(?!\.{1,2}(/|$))[A-Za-z0-9._~-]+)*/?"
)
# One letter mistyped, missing or too many. Of shorter names too many others are as similar.
_SIMILAR, _SHORTEST = 0.85, 6


def _check_database_url(url: str) -> None:
    if url.startswith("sqlite:///"):
        if url.removeprefix("sqlite:///") in ("", ":memory:"):
            raise ValidationError("must name a file: every worker must see the same database")
    elif not url.startswith(_POSTGRESQL):
        raise ValidationError("must start with sqlite:/// or postgresql://")
    else:
        _check_postgresql_url(url)


def _check_postgresql_url(url: str) -> None:
    try:
        from psycopg import ProgrammingError, conninfo
    except ImportError as error:
        raise ValidationError("needs psycopg for PostgreSQL: install the extra `postgres`") from error
    try:
        conninfo.conninfo_to_dict(url)
    except ProgrammingError as error:
        raise ValidationError("is not a PostgreSQL URL") from error


def _check_read_database_url(urls: str) -> None:
    if not urls.strip():
        return
    if not os.environ.get("DATABASE_URL", "").startswith(_POSTGRESQL):
        raise ValidationError("needs PostgreSQL as DATABASE_URL: SQLite has no replicas")
    for number, url in enumerate(_urls(urls), 1):
        if not url.startswith(_POSTGRESQL):
            has = "is SQLite, which has no replicas" if url.startswith("sqlite:") else "is no PostgreSQL URL"
            raise ValidationError(f"must name streaming replicas of PostgreSQL: number {number} {has}")
        try:
            _check_postgresql_url(url)
        except ValidationError as error:
            raise ValidationError(f"must name streaming replicas of PostgreSQL: number {number} {error}") from error
    if len(set(_urls(urls))) < len(_urls(urls)):
        raise ValidationError("must name each replica once")


def _urls(text: str) -> tuple[str, ...]:
    """Return the URLs of a list, between commas or blanks. The hosts of one URL may have commas between them."""
    return tuple(url.rstrip(",") for url in re.split(r"[\s,]+(?=[a-z]+://)|\s+", text.strip()) if url.rstrip(","))


def _check_public_url(url: str) -> None:
    if url and not _PUBLIC_URL.fullmatch(url):
        raise ValidationError("must be http:// or https://, a host, and perhaps a port and a path")


def _check_rate_limit(limit: str) -> None:
    if not limit or limit in _DEFAULT_LIMITS:
        return
    from limits import parse_many  # takes a tenth of a second, which every local command would wait

    try:
        [parsed] = parse_many(limit)
    except ValueError as error:
        raise ValidationError("must be one limit such as 30000/minute, or empty for none") from error
    if not 1 <= parsed.amount <= 10**9 or parsed.get_expiry() > 366 * 86400:
        raise ValidationError("must allow 1 to 1,000,000,000 requests in at most a year")


def _check_rate_limit_storage(url: str) -> None:
    if url == "memory://":
        return
    if not url.startswith(("redis://", "rediss://")):
        raise ValidationError("must be memory://, or start with redis:// or rediss://")
    try:
        from redis import ConnectionPool
    except ImportError as error:
        raise ValidationError("needs the package redis: install the extra `redis`") from error
    try:
        ConnectionPool.from_url(url)
    except ValueError as error:
        raise ValidationError("is not a Redis URL") from error


def _check_metrics_token(token: str) -> None:
    if token and not re.fullmatch(r"[!-~]{24,200}", token):
        raise ValidationError("must have 24 to 200 visible ASCII characters without spaces, or be empty for no metrics")


def _check_traces_endpoint(url: str) -> None:
    if url and not _PUBLIC_URL.fullmatch(url):
        raise ValidationError("must be http:// or https://, a host, and perhaps a port and a path")
    if url and find_spec("opentelemetry") is None:
        raise ValidationError("needs the package opentelemetry-sdk: install the extra `opentelemetry`")


def _traces_endpoint(url: str) -> str:
    """Return the address that spans are sent to: OTLP puts its path after the one that is given."""
    return f"{url.rstrip('/')}/v1/traces" if url else ""


def _check_semantic_model(model: str) -> None:
    if not model:
        return
    if Path(model).is_absolute() and not Path(model).is_dir():
        raise ValidationError("is not a folder")
    if find_spec("sentence_transformers") is not None:
        return
    if find_spec("onnxruntime") is None or find_spec("tokenizers") is None:
        raise ValidationError(
            "needs a library: install the extra `semantic`, or `semantic-onnx` for a folder with an ONNX model"
        )
    if not Path(model).is_dir():
        raise ValidationError("is not a folder: a model by its name needs the extra `semantic`")


def _check_nlp_pipeline(pipelines: str) -> None:
    try:
        find_pipelines(pipelines)
    except ConfigError as error:
        raise ValidationError(str(error)) from error


def _between(least: float, most: float) -> Callable[[Any], Any]:
    """Return the rule that a number is between two others, both included."""
    return validate.Range(min=least, max=most, error=f"must be between {least} and {most}")


def _seeds_here() -> Path | None:
    """Return the seeds of the checkout; an installed package has none."""
    folder = PROJECT / "seeds"
    return folder if (folder / "sources.yaml").is_file() else None


_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def load_settings() -> Settings:
    """Read the settings from the environment.

    Raises ``ConfigError`` naming every setting that has an invalid value.
    """
    env = Env(eager=False)
    a_few = _between(1, 1024)
    level = validate.OneOf(_LEVELS, error=f"must be one of {', '.join(_LEVELS)}")
    settings = Settings(
        database_url=env.str("DATABASE_URL", "sqlite:///data/claims.db", validate=_check_database_url),
        read_database_urls=_urls(env.str("READ_DATABASE_URL", "", validate=_check_read_database_url) or ""),
        replica_max_lag_seconds=env.float("REPLICA_MAX_LAG", 10.0, validate=_between(1, 3600)),
        host=env.str("HOST", "127.0.0.1"),
        port=env.int("PORT", 8000, validate=_between(0, 65535)),
        public_url=(env.str("PUBLIC_URL", "", validate=_check_public_url) or "").rstrip("/"),
        workers=env.int("WEB_CONCURRENCY", 2, validate=a_few),
        threads=env.int("THREADS", 4, validate=a_few),
        seeds_dir=env.path("SEEDS_DIR", _seeds_here()),
        seed_on_start=env.bool("SEED_ON_START", True),
        log_level=env.str("LOG_LEVEL", "INFO", validate=level),
        cors_origins=tuple(origin.strip() for origin in env.list("CORS_ORIGINS", ["*"])),
        cache_seconds=env.int("CACHE_SECONDS", 0, validate=_between(0, 31_536_000)),
        database_timeout_seconds=env.float("DATABASE_TIMEOUT", 10.0, validate=_between(0.1, 600)),
        reading_is_open=env.bool("READING_IS_OPEN", True),
        review_required=env.bool("REVIEW_REQUIRED", False),
        assignment_hours=env.int("ASSIGNMENT_HOURS", 72, validate=_between(1, 24 * 90)),
        idempotency_hours=env.int("IDEMPOTENCY_HOURS", 24, validate=_between(1, 24 * 90)),
        max_body_bytes=env.int("MAX_BODY_BYTES", 1024 * 1024, validate=_between(1024, 2**30)),
        rate_limit_reads=env.str("RATE_LIMIT_READS", _READS, validate=_check_rate_limit),
        rate_limit_writes=env.str("RATE_LIMIT_WRITES", _WRITES, validate=_check_rate_limit),
        rate_limit_storage=env.str("RATE_LIMIT_STORAGE", "memory://", validate=_check_rate_limit_storage),
        metrics_token=env.str("METRICS_TOKEN", "", validate=_check_metrics_token),
        traces_endpoint=_traces_endpoint(
            env.str("OTEL_EXPORTER_OTLP_ENDPOINT", "", validate=_check_traces_endpoint) or ""
        ),
        slow_request_ms=env.int("SLOW_REQUEST_MS", 0, validate=_between(0, 600_000)),
        import_max_bytes=env.int("IMPORT_MAX_BYTES", 4 * 1024 * 1024, validate=_between(1024, 2**30)),
        match_max_characters=env.int("MATCH_MAX_CHARACTERS", 50_000, validate=_between(1000, 10_000_000)),
        collectives_file=env.path("COLLECTIVES_FILE", None),
        request_seconds=env.float("REQUEST_TIMEOUT", 10.0, validate=_between(0.1, 600)),
        trusted_proxies=env.int("TRUSTED_PROXIES", 0, validate=_between(0, 10)),
        semantic_model=env.str("SEMANTIC_MODEL", "", validate=_check_semantic_model),
        nlp_pipeline=env.str("NLP_PIPELINE", "", validate=_check_nlp_pipeline),
        ratings_file=env.path("RATINGS_FILE", None),
    )
    try:
        env.seal()
    except EnvValidationError as error:
        messages = error.error_messages
        explained = _explained(messages) if isinstance(messages, Mapping) else messages
        raise ConfigError(f"invalid settings: {'; '.join(explained)}") from error
    return settings


def _explained(messages: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield a message for each setting: its value unless it may be a secret, the rule, and an example."""
    for name, [message, *_] in messages.items():
        value = os.environ.get(name, "")
        shown = value if len(value) <= _LONGEST_VALUE else f"{value[: _LONGEST_VALUE - 1]}…"
        near = get_close_matches(value.upper(), _LEVELS, n=1) if name == "LOG_LEVEL" else None
        hint = f". Did you mean {near[0]}?" if near else ""
        rule = f"{message[0].lower()}{message[1:]}".rstrip(".").replace("not a valid", "is not a valid")
        example = f", for example {_EXAMPLES[name]}" if name in _EXAMPLES and "such as" not in rule else ""
        yield f"{name}{'' if name in _SECRET else f'={shown!r}'} {rule}{example}{hint}"


def mistyped(environment: Iterable[str]) -> list[str]:
    """Return a warning for each variable of ``environment`` whose name is nearly that of a setting."""
    warnings = []
    # OpenTelemetry has many variables of its own, whose names are alike.
    for name in sorted(name for name in set(environment) - NAMES if not name.startswith("OTEL_")):
        if _SHORTEST <= len(name) <= _LONGEST_VALUE:
            near = get_close_matches(name.upper(), NAMES, n=1, cutoff=_SIMILAR)
            warnings += [f"{name} is not a setting. Did you mean {near[0]}?"] if near else []
    return warnings
