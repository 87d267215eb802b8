"""The command line, in a process of its own where that may matter: output, exit statuses and errors."""

import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest

from service.storage.database import Database
from service.storage.migrations import DIRECTORY, migrate
from service.store import Store
from tests.claim_verification.cli.commands import ran
from tests.operations.seeding.made_up import GULL, HERON, LEAFLET, SeedFolder, dump
from tests.processes import PROJECT
from tests.settings import make_settings

SEEDED = "6 added, 0 updated, 0 removed, 0 unchanged"


def claims(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command with these settings and no others."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "SEEDS_DIR")}
    return subprocess.run(
        [sys.executable, "-c", "from claim_verification.cli import main; main()", *arguments],
        cwd=PROJECT,
        env=environment | settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def refused(result: subprocess.CompletedProcess[str], status: int = 1) -> str:
    """Return the standard error of a command that must have been refused without a traceback."""
    assert result.returncode == status, result.stderr
    assert "Traceback" not in result.stderr
    assert "Error: " in result.stderr
    return result.stderr


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    """Return the URL of a database that does not exist yet."""
    return f"sqlite:///{tmp_path / 'claims.db'}"


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """Write a folder of made-up seeds."""
    return str(SeedFolder(tmp_path / "seeds").write())


def test_migrate_seed_doctor_and_rebuild(database_url: str, folder: str) -> None:
    environment = {"DATABASE_URL": database_url, "SEEDS_DIR": folder}
    assert (done := ran("migrate", **environment)).returncode == 0
    assert done.stdout == f"applied: {', '.join(sorted(path.stem for path in DIRECTORY.glob('[0-9]*.py')))}\n"

    first = ran("seed", **environment)
    assert first.returncode == 0
    assert f"sources: {SEEDED}\n" in first.stdout
    assert "claims with changed counts or state: 3\n" in first.stdout
    assert first.stderr.splitlines()[0] == "seeding: sources"
    database = Database(make_settings(database_url))
    before = dump(Store(database))
    again = ran("seed", **environment)
    assert (again.returncode, again.stdout.splitlines()[-1]) == (0, "nothing changed")
    assert dump(Store(database)) == before

    assert (sound := ran("doctor", **environment)).returncode == 0
    assert sound.stdout == "all stored counts are true\n"
    [(day,)] = database.rows("SELECT first_seen FROM documents WHERE public_id = 'doc-gull'")
    database.run("UPDATE documents SET published_earliest = '2999-01-01' WHERE public_id = 'doc-gull'")
    doubtful = claims("doctor", **environment)
    assert (doubtful.returncode, doubtful.stdout) == (0, "all stored counts are true\n")
    assert doubtful.stderr.startswith("doubtful: document doc-gull: `published_earliest` (2999-01-01) is after ")
    assert f"`first_seen` ({day})" in doubtful.stderr
    database.run("UPDATE documents SET published_earliest = NULL WHERE public_id = 'doc-gull'")
    database.run("UPDATE facets SET claims = 9 WHERE value = 'birds'")
    damaged = ran("doctor", **environment)
    assert "facet topic=birds: 9 claims stored, 1 counted" in damaged.stdout
    assert "claims rebuild" in refused(damaged)
    assert ran("rebuild", **environment).stdout == "claims rebuilt: 0\n"
    assert dump(Store(database)) == before
    database.close()


def test_seed_makes_the_schema_itself_and_reports_what_it_keeps(sqlite: str, folder: str, tmp_path: Path) -> None:
    assert ran("seed", "--seeds", folder, DATABASE_URL=sqlite).returncode == 0
    fewer = SeedFolder(tmp_path / "seeds")
    fewer.claims.pop()
    fewer.write()

    said = ran("seed", "--seeds", folder, DATABASE_URL=sqlite).stdout

    assert "claims: 1 in the store are not in the seed files, and were kept" in said
    assert "mentions: 0 added, 0 updated, 0 removed, 4 unchanged" in said


def test_seed_says_everything_that_is_wrong_and_loads_nothing(sqlite: str, tmp_path: Path) -> None:
    bad = SeedFolder(tmp_path / "seeds")
    bad.entry("dockers")["kind"] = "union"
    bad.entry("many-gulls")["topics"] = []
    result = claims("seed", "--seeds", str(bad.write()), DATABASE_URL=sqlite)

    said = refused(result).splitlines()
    assert [line.split(": ")[1] for line in said[:2]] == ["[2].kind", "[2].topics"]
    assert said[-1] == "Error: nothing was loaded: 2 findings"
    assert result.stdout == ""
    assert not (tmp_path / "claims.db").exists()


def test_a_missing_folder_of_seeds_is_refused(sqlite: str) -> None:
    assert "sources.yaml" in refused(ran("seed", "--seeds", "/nowhere", DATABASE_URL=sqlite))


def test_two_documents_with_one_text_are_refused(sqlite: str, tmp_path: Path) -> None:
    bad = SeedFolder(tmp_path / "seeds")
    bad.documents.append(bad.entry("doc-gull") | {"id": "doc-twin"})

    assert "sha256" in refused(ran("seed", "--seeds", str(bad.write()), DATABASE_URL=sqlite))


def test_a_number_beyond_64_bits_is_refused(sqlite: str, tmp_path: Path) -> None:
    bad = SeedFolder(tmp_path / "seeds")
    bad.entry("ships-arrived")["quantity"] = {"low": 10**30, "high": None, "unit": "ships"}

    assert "quantity.low" in refused(ran("seed", "--seeds", str(bad.write()), DATABASE_URL=sqlite))


def test_verify_seeds(folder: str, tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    for number, text in enumerate((GULL, HERON, LEAFLET)):
        (texts / f"{number}.txt").write_bytes(text.encode())
    fitting = ran("verify-seeds", "--documents", str(texts), "--seeds", folder)
    (texts / "1.txt").unlink()
    missing = ran("verify-seeds", "--documents", str(texts), SEEDS_DIR=folder)

    assert fitting.returncode == 0
    assert fitting.stdout.splitlines()[-1] == "all locators are right"
    assert "  untouched: It rained all day long in the whole town." in fitting.stdout
    assert re.search(r"WRONG no file in \S+ has its SHA-256", missing.stdout)
    refused(missing)


def test_openapi_is_printed_without_touching_a_database(tmp_path: Path) -> None:
    result = claims("openapi", DATABASE_URL=f"sqlite:///{tmp_path / 'new' / 'claims.db'}")

    assert result.returncode == 0
    assert result.stdout == (PROJECT / "openapi.yaml").read_text(encoding="utf-8")
    assert list(tmp_path.iterdir()) == []


def test_a_database_without_the_schema_is_refused(sqlite: str) -> None:
    said = refused(ran("rebuild", DATABASE_URL=sqlite))
    assert "`claims migrate` makes it" in said
    assert sqlite.removeprefix("sqlite:///") in said


def test_a_database_that_is_not_there_is_named_by_its_whole_path(tmp_path: Path) -> None:
    """The path shows the user that the working directory is not the one that they expected."""
    for arguments in (["import", "-"], ["search", "a"], ["keys", "list"], ["backup", "copy.db"]):
        done = subprocess.run(
            [sys.executable, "-m", "claim_verification", *arguments],
            cwd=tmp_path,
            env={name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "CLAIMS_URL")},
            input="",
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert str(tmp_path / "data" / "claims.db") in refused(done)
        assert "DATABASE_URL" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.postgres
def test_a_database_without_the_schema_is_named_without_its_password(postgres_server: str) -> None:
    url = psycopg.conninfo.conninfo_to_dict(postgres_server)
    for given in (postgres_server, f"postgresql:///postgres?{urlencode(url)}"):
        said = refused(ran("rebuild", DATABASE_URL=given))
        assert f"'postgres' on PostgreSQL at {url['host']}:{url['port']} (DATABASE_URL) lacks 0001_initial" in said
        assert str(url["password"]) not in said


def test_a_database_from_the_future_is_refused(sqlite: str) -> None:
    database = Database(make_settings(sqlite))
    migrate(database)
    database.run("INSERT INTO schema_migration (name, applied) VALUES ('9999_later', '2030-01-01')")
    database.close()

    assert "9999_later, unknown here" in refused(ran("doctor", DATABASE_URL=sqlite))


def test_bad_settings_are_refused_by_name() -> None:
    said = refused(claims("migrate", DATABASE_URL="mysql://me:secret@h/d", PORT="x", LOG_LEVEL="LOUD"))

    assert all(name in said for name in ("DATABASE_URL", "PORT", "LOG_LEVEL"))
    assert "secret" not in said


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:secret@127.0.0.1:1/none",
        "postgresql://me:secret@[::1/none",
        "postgresql://me:secret@127.0.0.1:1/none?colour=red",
        "postgresql://me:secret%zz@127.0.0.1:1/none",
    ],
)
def test_an_unusable_postgresql_url_is_refused_without_its_password(url: str) -> None:
    result = ran("migrate", DATABASE_URL=url, DATABASE_TIMEOUT="1")

    assert "secret" not in result.stderr + result.stdout
    refused(result, status=3 if url.endswith("secret@127.0.0.1:1/none") else 1)


@pytest.mark.postgres
def test_a_wrong_password_is_refused_without_it(postgres_server: str) -> None:
    url = psycopg.conninfo.conninfo_to_dict(postgres_server)
    result = ran("migrate", DATABASE_URL=f"postgresql://{url['user']}:secret@{url['host']}:{url['port']}/postgres")

    assert "secret" not in result.stderr + result.stdout
    refused(result, status=3)


@pytest.mark.parametrize("path", ["{tmp}/text/claims.db", "/proc/none/claims.db", "{tmp}/text"])
def test_an_unusable_file_is_refused(tmp_path: Path, path: str) -> None:
    (tmp_path / "text").write_text("This is no database.\n" * 99)

    refused(ran("migrate", DATABASE_URL=f"sqlite:///{path.format(tmp=tmp_path)}"), status=3)


@pytest.mark.parametrize("arguments", [["sing"], ["verify-seeds", "--documents", "/nowhere"]])
def test_wrong_usage_ends_with_2(arguments: list[str]) -> None:
    refused(claims(*arguments), status=2)


def test_help_names_every_command() -> None:
    result = claims("--help")

    assert result.returncode == 0
    assert all(name in result.stdout for name in ("migrate", "seed", "verify-seeds", "doctor", "rebuild", "openapi"))
