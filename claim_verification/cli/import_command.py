"""``claims import``: import reviews, or a complete export, into the local store or a service."""

from __future__ import annotations

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
from claim_verification.cli.backend import Importer, Json, open_backend
from claim_verification.cli.import_options import ImportOptions
from claim_verification.cli.import_preview import Preview, place
from claim_verification.cli.output import json_option, print_json
from claim_verification.cli.progress import Progress
from claim_verification.cli.url_option import url_option
from claim_verification.errors import printable

_STDIN = "-"
_REASONS_SHOWN = 10
_OUTCOMES = {
    "created": "created",
    "superseded": "superseded an earlier version",
    "retracted": "retracted, because their feed deleted them",
    "completed": "existed already, with less evidence",
    "unchanged": "existed already",
    "refused": "refused",
}


@dataclass(slots=True)
class _Tally:
    """The number of items by outcome, the accepted items with findings, and the first reasons for refusals."""

    outcomes: Counter[str] = field(default_factory=Counter)
    warned: int = 0
    reasons: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.outcomes.total() - self.refused} accepted, {self.refused} refused"

    @property
    def refused(self) -> int:
        """The number of refused items."""
        return self.outcomes["refused"]

    def add(self, name: str, answer: Json, *, is_sheet: bool) -> None:
        """Add the answer for a batch of the file ``name``."""
        for outcome in _OUTCOMES:
            self.outcomes[outcome] += answer.get(outcome, 0)  # an older service knows fewer outcomes
        self.warned += answer["warned"]
        missing = _REASONS_SHOWN - len(self.reasons)
        refused = [item for item in answer["report"] if item["outcome"] == "refused"] if missing else []
        self.reasons += [_reason(name, item, is_sheet=is_sheet) for item in refused[:missing]]


@click.command("import")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=str)
)
@click.option(
    "--report",
    type=click.File("wb"),
    help="Write all items that were refused or have findings to this file, one JSON object a line.",
)
@click.option(
    "--dry-run", is_flag=True, help="Show what would be done, of a spreadsheet row by row, and store nothing."
)
@click.option(
    "--map",
    "columns",
    multiple=True,
    metavar="COLUMN=FIELD",
    help="The field of a spreadsheet's column that is not recognised, such as 'Who said=claimant'. Can be repeated.",
)
@click.option(
    "--set",
    "values",
    multiple=True,
    metavar="FIELD=VALUE",
    help="A value for all rows of a spreadsheet, such as 'reviewer=Example Checks'. Can be repeated.",
)
@json_option
@url_option("The URL of the service to import into; takes an editor's key. Default: the local store.")
def import_command(
    files: Sequence[str],
    report: BinaryIO | None,
    dry_run: bool,
    columns: Sequence[str],
    values: Sequence[str],
    as_json: bool,
    url: str | None,
) -> None:
    """Import FILES: ClaimReviews as JSON-LD, feeds, NDJSON, web pages, answers of Google's API; or complete exports.

    Spreadsheets (CSV, TSV, XLSX) have a claim a row, with its sources and verdict; their columns are found by name.

    Gzip is unpacked; - is standard input. Items that exist already are not changed, so an import can be repeated.
    NDJSON is sent to a service in batches, anything else in one request. With --json the counts are one object. Exit
    status: 0 all accepted, 1 something refused, 2 wrong usage, 3 not reachable, 130 stopped by Ctrl-C.
    """
    tally, preview = _Tally(), Preview()
    with open_backend(url) as backend, Progress(_size(files)) as progress:
        try:
            importer = backend.importer(ImportOptions(dry_run, columns, values))
            _import_files(files, importer, tally, preview, progress, report)
        except KeyboardInterrupt:
            progress.close()
            _print_summary(tally, dry_run, as_json)
            click.echo("stopped: the items counted above are stored; run the same command again to go on", err=True)
            sys.exit(130)
        except ClientError:
            progress.close()
            _print_summary(tally, dry_run, as_json)
            raise
    if dry_run and not as_json:
        preview.show()
    _print_summary(tally, dry_run, as_json)
    if tally.refused:
        if report is None:
            _print_reasons(tally)
        raise click.ClickException(f"{tally.refused} refused{f': see {report.name}' if report else ''}")


def _import_files(
    files: Sequence[str],
    importer: Importer,
    tally: _Tally,
    preview: Preview,
    progress: Progress,
    report: BinaryIO | None,
) -> None:
    size_before = 0
    for name in files:
        with _opened(name) as stream:
            for answer, done in importer(name, stream):
                preview.add(name, answer)
                tally.add(name, answer, is_sheet=preview.is_sheet(name))
                progress.update(size_before + done, tally.outcomes.total(), str(tally))
                if report is not None:
                    report.writelines(_report_line(name, item) for item in answer["report"])
                for message in _reasons_to_give_up(answer["report"]):
                    click.echo(f"{name}: {message}", err=True)
                if answer["report_truncated"]:
                    click.echo(f"{name}: the report of the service is incomplete; it lists 1,000 items", err=True)
        size_before += 0 if name == _STDIN else Path(name).stat().st_size
    progress.finish()


def _reasons_to_give_up(report: Sequence[Json]) -> list[str]:
    """Return the message of an import that was not read to its end."""
    return [finding["message"] for item in report[-1:] for finding in item["findings"] if finding["code"] == "gave_up"]


def _size(files: Sequence[str]) -> int | None:
    """Return the size of all files in bytes; ``None`` with standard input."""
    return None if _STDIN in files else sum(Path(name).stat().st_size for name in files)


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    if name == _STDIN:
        yield sys.stdin.buffer
        return
    with Path(name).open("rb") as stream:
        yield stream


def _reason(name: str, item: Json, *, is_sheet: bool) -> str:
    """Return the reason of a refusal in a line: ``feed.json, item 3: reviewRating: is missing``."""
    findings = [": ".join(filter(None, (finding["field"], finding["message"]))) for finding in item["findings"]]
    return printable(f"{place(name, item, is_row=is_sheet)}: {'; '.join(findings)}")


def _report_line(name: str, item: Json) -> bytes:
    return json.dumps({"file": name, **item}, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _print_reasons(tally: _Tally) -> None:
    for reason in tally.reasons:
        click.echo(f"refused: {reason}", err=True)
    more = tally.refused - len(tally.reasons)
    if more:
        click.echo(f"and {more} more; --report FILE writes all of them", err=True)


def _print_summary(tally: _Tally, dry_run: bool, as_json: bool) -> None:
    if as_json:
        counts = {outcome: tally.outcomes[outcome] for outcome in _OUTCOMES}
        print_json({**counts, "warned": tally.warned, "dry_run": dry_run})
        return
    if dry_run:
        click.echo("a dry run: nothing was stored")
    for outcome, words in _OUTCOMES.items():
        if tally.outcomes[outcome] or outcome in ("created", "refused"):
            click.echo(f"{tally.outcomes[outcome]} {words}")
    if tally.warned:
        click.echo(f"{tally.warned} accepted with findings")
