"""``claims export``: everything in the store or in a service, into a file or a pipe."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

import click

from claim_verification.cli.atomic_files import whole
from claim_verification.cli.backend import open_backend
from claim_verification.cli.url_option import url_option


def _place(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    if value is not None and not all(value.partition(":")):
        raise click.BadParameter(f"{value!r} is not the kind and id of a line, as in claim:some-claim")
    return value


@click.command("export")
@click.option("--after", callback=_place, metavar="KIND:ID", help="Only what follows this line of an export.")
@click.option("--public", is_flag=True, help="Only what everybody may read: no drafts, reviews and assignments.")
@click.option("--gzip", "compress", is_flag=True, help="Compressed.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write, which is there whole or not at all; standard output by default.",
)
@url_option("The service to take it from: all that the key in CLAIMS_API_KEY may see; without it the local store.")
def export_command(after: str | None, public: bool, compress: bool, output: Path | None, url: str | None) -> None:
    """Write everything as NDJSON; `claims import` reads it back.

    Of the local store it is of one state whatever others write meanwhile; from a service, the last line says whether
    anything was written.
    """
    with open_backend(url) as backend, closing(backend.export(public, after)) as lines:
        if output is None:
            _write(lines, sys.stdout.buffer, compress)
            return
        with whole(output) as file:
            _write(lines, file, compress)
    click.echo(f"{output}: {output.stat().st_size} bytes", err=True)


def _write(lines: Iterable[bytes], target: BinaryIO, compress: bool) -> None:
    if compress:
        # Neither name nor time, so that two exports of the same state are the same bytes.
        with gzip.GzipFile(filename="", mode="wb", fileobj=target, mtime=0) as packed:
            packed.writelines(lines)
    else:
        target.writelines(lines)
    target.flush()
