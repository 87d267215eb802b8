"""``claims backup``: a copy of the store, taken while others write."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import click

from claim_verification import BadAnswer, Client
from claim_verification.cli.atomic_files import whole
from claim_verification.cli.local_service import local_module
from claim_verification.cli.output import json_option, print_json
from claim_verification.cli.url_option import api_key, url_option
from claim_verification.errors import BadInput

# The service says nothing for as long as it takes to copy its store.
_PATIENCE = (5.0, 600.0)


@click.command("backup")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@json_option
@url_option("The service whose store to copy, with an admin's key in CLAIMS_API_KEY; without it the local store.")
def backup_command(target: Path, as_json: bool, url: str | None) -> None:
    """Copy the store into the file TARGET, while others write (SQLite).

    Everything is in the copy: drafts, hashes of keys, answers kept for retries. `claims restore` puts it back.
    """
    size = _copied(target) if url is None else _fetched(url, target)
    if as_json:
        print_json({"file": str(target), "bytes": size})
    else:
        click.echo(f"{target}: {size} bytes")


def _copied(target: Path) -> int:
    size: int = local_module("checks").copy_store(target)
    return size


def _fetched(url: str, target: Path) -> int:
    """The copy that a service makes; the file appears when all of it has come and is sound."""
    if target.exists():
        raise BadInput("target", f"{target} is there already.")
    with Client(url, api_key(), timeout=_PATIENCE) as client, whole(target) as file:
        file.writelines(client.get_backup())
        file.flush()
        _check(Path(file.name), url)
    return target.stat().st_size


def _check(copy: Path, url: str) -> None:
    try:
        with closing(sqlite3.connect(f"{copy.resolve().as_uri()}?mode=ro", uri=True)) as came:
            [found] = came.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        raise BadAnswer(f"{url}: what came is damaged: {found}")
