"""``claims export``: write a complete store, or that of a service, to a file or a pipe."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

import click

from claim_verification.cli.atomic_files import atomic_file
from claim_verification.cli.backend import open_backend
from claim_verification.cli.output import escaped
from claim_verification.cli.url_option import url_option


def _position(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    if value is not None and not all(value.partition(":")):
        raise click.BadParameter(f"{value!r} is not KIND:ID; an example: claim:nk-15000-workers-in-russia")
    return value


@click.command("export")
@click.option("--after", callback=_position, metavar="KIND:ID", help="Only the lines after this one.")
@click.option("--public", is_flag=True, help="Only public records: no drafts, reviews and assignments.")
@click.option("--gzip", "compress", is_flag=True, help="Compress the output.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write, completely or not at all; standard output by default.",
)
@url_option("The URL of the service to export, as far as the key may see. Default: the local store.")
def export_command(after: str | None, public: bool, compress: bool, output: Path | None, url: str | None) -> None:
    """Write everything as NDJSON; `claims import` reads it.

    The export of the local store is a consistent snapshot. The last line of a service's export tells whether anything
    was written meanwhile.
    """
    with open_backend(url) as backend, closing(backend.export(public, after)) as lines:
        if output is None:
            safe = _for_terminal(lines) if sys.stdout.isatty() and not compress else lines
            _write(safe, sys.stdout.buffer, compress)
            return
        with atomic_file(output) as file:
            _write(lines, file, compress)
    click.echo(f"{output}: {output.stat().st_size} bytes", err=True)


def _for_terminal(lines: Iterable[bytes]) -> Iterator[bytes]:
    for line in lines:
        yield "\n".join(map(escaped, line.decode().split("\n"))).encode()


def _write(lines: Iterable[bytes], target: BinaryIO, compress: bool) -> None:
    if compress:
        # No name and no time, so that two exports of the same state have the same bytes.
        with gzip.GzipFile(filename="", mode="wb", fileobj=target, mtime=0) as packed:
            packed.writelines(lines)
    else:
        target.writelines(lines)
    target.flush()
