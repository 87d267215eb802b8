"""``claims import``: reviews from elsewhere, or a whole export, into the store that the settings name."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

import click
import orjson

from service.actors import COMMAND_LINE
from service.claimreview.collectives import load_collectives
from service.claimreview.ratings import load_table
from service.cli.local import open_store
from service.cli.progress import Progress, Watched
from service.config import load_settings
from service.importing.intake import take_in
from service.importing.reviews import Import
from service.schemas.imports import TakenSchema
from service.taken import Outcome, Taken, Tally

_STDIN = "-"
_TAKEN = TakenSchema()
_WORDS = {
    Outcome.CREATED: "created",
    Outcome.SUPERSEDED: "superseded what they said before",
    Outcome.COMPLETED: "were there, and rest on more now",
    Outcome.UNCHANGED: "were there already",
    Outcome.REFUSED: "refused",
}


@click.command("import")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=str)
)
@click.option(
    "--report",
    type=click.File("wb"),
    help="Write everything that was refused or has findings to this file, one JSON object a line.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
def import_command(files: Sequence[str], report: BinaryIO | None, dry_run: bool) -> None:
    """Take in FILES of reviews: ClaimReviews as JSON-LD, feeds, NDJSON, web pages, Google's answers; or whole exports.

    Gzip is unpacked. - is standard input. What is there already is left as it is: import the same again, and nothing
    changes. Exit status: 0 all accepted, 1 something refused, 2 wrong usage, 130 stopped by Ctrl-C.
    """
    settings = load_settings()
    table, collectives = load_table(settings.ratings_file), load_collectives(settings.collectives_file)
    tally = Tally()
    with ExitStack() as stack:
        store = stack.enter_context(open_store())
        progress = stack.enter_context(Progress(_size(files)))
        taking = Import(store, COMMAND_LINE, collectives, dry_run)
        try:
            for name in files:
                with _opened(name) as stream:
                    watched = io.BufferedReader(Watched(stream, progress))
                    for batch in take_in(taking, watched, table=table, name=None if name == _STDIN else name):
                        tally.add(batch)
                        progress.show(tally)
                        if report is not None:
                            report.writelines(_reported(name, taken) for taken in batch if not taken.plain)
        except KeyboardInterrupt:
            progress.close()
            _summarise(tally, dry_run)
            click.echo("stopped: what is counted above is stored, the rest is not; the same again goes on", err=True)
            sys.exit(130)
    _summarise(tally, dry_run)
    if tally.refused:
        where = f": {report.name} has the reasons" if report else "; --report FILE writes down why"
        raise click.ClickException(f"{tally.refused} refused{where}")


def _size(files: Sequence[str]) -> int | None:
    """How many bytes there are to read, if that is known."""
    return None if _STDIN in files else sum(Path(name).stat().st_size for name in files)


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    if name == _STDIN:
        yield sys.stdin.buffer
        return
    with Path(name).open("rb") as stream:
        yield stream


def _reported(name: str, taken: Taken) -> bytes:
    return orjson.dumps({"file": name, **_TAKEN.dump(taken)}, option=orjson.OPT_APPEND_NEWLINE)


def _summarise(tally: Tally, dry_run: bool) -> None:
    if dry_run:
        click.echo("a dry run: nothing was stored")
    for outcome, words in _WORDS.items():
        if tally.outcomes[outcome] or outcome in (Outcome.CREATED, Outcome.REFUSED):
            click.echo(f"{tally.outcomes[outcome]} {words}")
    if tally.warned:
        click.echo(f"{tally.warned} accepted with findings")
