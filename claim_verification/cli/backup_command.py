"""``claims backup``: a copy of the store, made while it is in use."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import click

from claim_verification import BadAnswer
from claim_verification.cli.atomic_files import atomic_file
from claim_verification.cli.local_service import local_module
from claim_verification.cli.output import json_option, print_json
from claim_verification.cli.url_option import api_key, url_option
from claim_verification.errors import BadInput

# The service sends nothing while it copies its store.
_TIMEOUT = (5.0, 600.0)


@click.command("backup")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@json_option
@url_option("The URL of the service whose store to copy; takes an admin's key. Default: the local store.")
def backup_command(target: Path, as_json: bool, url: str | None) -> None:
    """Copy the store into the new file TARGET, while it is in use (SQLite).

    The copy has everything, also drafts, hashes of keys and stored answers for retries. `claims restore` restores it.
    """
    size = local_module("checks").copy_store(target) if url is None else _download(url, target)
    if as_json:
        print_json({"file": str(target), "bytes": size})
    else:
        click.echo(f"{target}: {size} bytes")


def _download(url: str, target: Path) -> int:
    """Download a backup from a service; the file appears when it is complete and SQLite finds no damage."""
    if target.exists():
        raise BadInput("target", f"{target} exists already; give the name of a new file")
    from claim_verification.client import Client

    with Client(url, api_key(), timeout=_TIMEOUT) as client, atomic_file(target) as file:
        file.writelines(client.get_backup())
        file.flush()
        _check(Path(file.name), url)
    return target.stat().st_size


def _check(copy: Path, url: str) -> None:
    try:
        with closing(sqlite3.connect(f"{copy.resolve().as_uri()}?mode=ro", uri=True)) as database:
            [result] = database.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        result = str(error)
    if result != "ok":
        raise BadAnswer(f"{url}: the downloaded backup is damaged: {result}")
