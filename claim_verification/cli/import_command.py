"""``claims import``: reviews from elsewhere, or a whole export, into the local store or a service."""

from __future__ import annotations

import io
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import click

from claim_verification import ClientError
from claim_verification.cli.backend import Json, open_backend
from claim_verification.cli.output import json_option, print_json
from claim_verification.cli.progress import Progress, Watched
from claim_verification.cli.url_option import url_option

_STDIN = "-"
_WORDS = {
    "created": "created",
    "superseded": "superseded what they said before",
    "retracted": "retracted, as their feed has deleted them",
    "completed": "were there, and rest on more now",
    "unchanged": "were there already",
    "refused": "refused",
}


@dataclass(slots=True)
class _Tally:
    """How many items had which outcome, and how many of the accepted ones have findings."""

    outcomes: Counter[str] = field(default_factory=Counter)
    warned: int = 0

    def __str__(self) -> str:
        return f"{self.outcomes.total() - self.refused} accepted, {self.refused} refused"

    @property
    def refused(self) -> int:
        """How many were refused."""
        return self.outcomes["refused"]


@click.command("import")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=str)
)
@click.option(
    "--report",
    type=click.File("wb"),
    help="Write everything that was refused or has findings to this file, one JSON object a line.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing; on a local store only.")
@json_option
@url_option("The service to hand it in to, with an editor's key; without it the local store.")
def import_command(
    files: Sequence[str], report: BinaryIO | None, dry_run: bool, as_json: bool, url: str | None
) -> None:
    """Take in FILES of reviews: ClaimReviews as JSON-LD, feeds, NDJSON, web pages, Google's answers; or whole exports.

    Gzip is unpacked. - is standard input. What is there already is left as it is: import the same again, and nothing
    changes. A service takes so much at once: NDJSON of reviews is sent in parts, anything else whole. With --json the
    counts are one object. Exit status: 0 all accepted, 1 something refused, 2 wrong usage, 3 cannot be reached, 130
    stopped by Ctrl-C.
    """
    if dry_run and url is not None:
        raise click.UsageError("--dry-run works on a local store only")
    tally = _Tally()
    with open_backend(url) as backend, Progress(_size(files)) as progress:
        take = backend.importer(dry_run)
        try:
            for name in files:
                with _opened(name) as stream:
                    watched = io.BufferedReader(Watched(stream, progress))
                    for answer in take(name, watched):
                        _add(tally, answer)
                        progress.show(tally.outcomes.total(), str(tally))
                        if report is not None:
                            report.writelines(_reported(name, taken) for taken in answer["report"])
                        if answer["report_truncated"]:
                            progress.close()
                            click.echo(f"{name}: more has findings than the service reports", err=True)
        except KeyboardInterrupt:
            progress.close()
            _summarise(tally, dry_run, as_json)
            click.echo("stopped: what is counted above is stored, the rest is not; the same again goes on", err=True)
            sys.exit(130)
        except ClientError:
            progress.close()
            _summarise(tally, dry_run, as_json)
            raise
    _summarise(tally, dry_run, as_json)
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


def _add(tally: _Tally, answer: Json) -> None:
    for outcome in _WORDS:
        tally.outcomes[outcome] += answer.get(outcome, 0)  # one from an older service knows fewer
    tally.warned += answer["warned"]


def _reported(name: str, taken: Json) -> bytes:
    return json.dumps({"file": name, **taken}, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _summarise(tally: _Tally, dry_run: bool, as_json: bool) -> None:
    if as_json:
        counts = {outcome: tally.outcomes[outcome] for outcome in _WORDS}
        print_json({**counts, "warned": tally.warned, "dry_run": dry_run})
        return
    if dry_run:
        click.echo("a dry run: nothing was stored")
    for outcome, words in _WORDS.items():
        if tally.outcomes[outcome] or outcome in ("created", "refused"):
            click.echo(f"{tally.outcomes[outcome]} {words}")
    if tally.warned:
        click.echo(f"{tally.warned} accepted with findings")
