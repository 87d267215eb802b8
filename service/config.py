"""Settings: the environment, read once and frozen. Every one is described in ``docs/settings.md``."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from environs import Env, EnvError, ValidationError, validate
from limits import parse_many

from service.model.errors import ConfigError

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between installations. Units are in the names; defaults are in ``load_settings``."""

    database_url: str
    host: str
    port: int
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
    trusted_proxies: int
    semantic_model: str
    import_max_bytes: int
    collectives_file: Path | None
    ratings_file: Path | None


def _check_database_url(url: str) -> None:
    # The message never repeats the value: it may hold a password.
    if url.startswith("sqlite:///"):
        if url.removeprefix("sqlite:///") in ("", ":memory:"):
            raise ValidationError("needs a file: every worker must see the same database")
    elif not url.startswith(("postgresql://", "postgres://")):
        raise ValidationError("must start with sqlite:/// or postgresql://")
    else:
        try:
            from psycopg import ProgrammingError, conninfo
        except ImportError as error:
            raise ValidationError("PostgreSQL needs psycopg: install the extra `postgres`") from error
        try:
            conninfo.conninfo_to_dict(url)
        except ProgrammingError as error:
            raise ValidationError("is not a PostgreSQL address") from error


def _check_rate_limit(limit: str) -> None:
    if not limit:
        return
    try:
        [parsed] = parse_many(limit)
    except ValueError as error:
        raise ValidationError("must be one limit such as 6000/minute, or empty for none") from error
    if not 1 <= parsed.amount <= 10**9 or parsed.get_expiry() > 366 * 86400:
        raise ValidationError("must allow 1 to 1,000,000,000 requests in at most a year")


def _check_rate_limit_storage(url: str) -> None:
    # The message never repeats the value: it may hold a password.
    if url == "memory://":
        return
    if not url.startswith(("redis://", "rediss://")):
        raise ValidationError("must be memory://, or start with redis:// or rediss://")
    try:
        from redis import ConnectionPool
    except ImportError as error:
        raise ValidationError("Redis needs the package redis: install the extra `redis`") from error
    try:
        ConnectionPool.from_url(url)
    except ValueError as error:
        raise ValidationError("is not a Redis address") from error


def _check_semantic_model(model: str) -> None:
    if model and find_spec("sentence_transformers") is None:
        raise ValidationError("needs sentence-transformers: install the extra `semantic`")
    if Path(model).is_absolute() and not Path(model).is_dir():
        raise ValidationError("is not a folder")


def _seeds_here() -> Path | None:
    """Those of the checkout: an installed package has none."""
    folder = PROJECT / "seeds"
    return folder if (folder / "sources.yaml").is_file() else None


def load_settings() -> Settings:
    """Read the settings from the environment.

    Raises ``ConfigError`` naming every setting that cannot be used.
    """
    env = Env(eager=False)
    at_least_one = validate.Range(min=1, max=1024)
    settings = Settings(
        database_url=env.str("DATABASE_URL", "sqlite:///data/claims.db", validate=_check_database_url),
        host=env.str("HOST", "127.0.0.1"),
        port=env.int("PORT", 8000, validate=validate.Range(min=0, max=65535)),
        workers=env.int("WEB_CONCURRENCY", 2, validate=at_least_one),
        threads=env.int("THREADS", 4, validate=at_least_one),
        seeds_dir=env.path("SEEDS_DIR", _seeds_here()),
        seed_on_start=env.bool("SEED_ON_START", True),
        log_level=env.str(
            "LOG_LEVEL", "INFO", validate=validate.OneOf(("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
        ),
        cors_origins=tuple(origin.strip() for origin in env.list("CORS_ORIGINS", ["*"])),
        cache_seconds=env.int("CACHE_SECONDS", 0, validate=validate.Range(min=0, max=31_536_000)),
        database_timeout_seconds=env.float("DATABASE_TIMEOUT", 10.0, validate=validate.Range(min=0.1, max=600)),
        reading_is_open=env.bool("READING_IS_OPEN", True),
        review_required=env.bool("REVIEW_REQUIRED", False),
        assignment_hours=env.int("ASSIGNMENT_HOURS", 72, validate=validate.Range(min=1, max=24 * 90)),
        idempotency_hours=env.int("IDEMPOTENCY_HOURS", 24, validate=validate.Range(min=1, max=24 * 90)),
        max_body_bytes=env.int("MAX_BODY_BYTES", 1024 * 1024, validate=validate.Range(min=1024, max=2**30)),
        rate_limit_reads=env.str("RATE_LIMIT_READS", "6000/minute", validate=_check_rate_limit),
        rate_limit_writes=env.str("RATE_LIMIT_WRITES", "1200/minute", validate=_check_rate_limit),
        rate_limit_storage=env.str("RATE_LIMIT_STORAGE", "memory://", validate=_check_rate_limit_storage),
        import_max_bytes=env.int("IMPORT_MAX_BYTES", 4 * 1024 * 1024, validate=validate.Range(min=1024, max=2**30)),
        collectives_file=env.path("COLLECTIVES_FILE", None),
        trusted_proxies=env.int("TRUSTED_PROXIES", 0, validate=validate.Range(min=0, max=10)),
        semantic_model=env.str("SEMANTIC_MODEL", "", validate=_check_semantic_model),
        ratings_file=env.path("RATINGS_FILE", None),
    )
    try:
        env.seal()
    except EnvError as error:
        raise ConfigError(f"settings that cannot be used: {error}") from error
    return settings
