"""``claims show`` and ``claims corroboration``: what is claimed, and what stands behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from claim_verification.cli.backend import Json, open_backend
from claim_verification.cli.filters import FILTERS, filter_options, given, one_of
from claim_verification.cli.output import interval, json_option, print_all, print_facts, print_json, print_table
from claim_verification.cli.url_option import url_option
from claim_verification.errors import printable
from claim_verification.models import GetCorroborationQuery

_OF_ONE = {"as_of", "independence", "quorum"}


@click.command()
@click.argument("claim_id", metavar="CLAIM")
@json_option
@url_option()
def show(claim_id: str, as_json: bool, url: str | None) -> None:
    """Show the claim CLAIM: what stands behind it, and what checkers say."""
    with open_backend(url) as backend:
        claim = backend.claim(claim_id)
    if claim["id"] != claim_id:
        click.echo(f"{claim_id} was merged into {claim['id']}", err=True)
    if as_json:
        print_json(claim)
    else:
        _print_claim(claim)


@click.command()
@click.argument("claim_id", metavar="[CLAIM]", required=False)
@filter_options
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Of CLAIM: only documents certainly published by then."
)
@click.option(
    "--independence",
    type=one_of(GetCorroborationQuery, "independence"),
    help="Of CLAIM: up to where two sources are one.",
)
@click.option("--quorum", type=click.IntRange(min=2), help="Of CLAIM: how many origins corroborate it.")
@click.option("--csv", "as_csv", is_flag=True, help="Print the counts as CSV.")
@json_option
@url_option()
def corroboration(claim_id: str | None, as_csv: bool, as_json: bool, url: str | None, **query: Any) -> None:
    """Count independent origins: of the claim CLAIM, with all reasons, or of all that the filters let through."""
    asked = given(query)
    foreign = asked.keys() & (FILTERS.keys() if claim_id else _OF_ONE)
    if foreign or (claim_id and as_csv) or (as_csv and as_json):
        raise click.UsageError(
            "--as-of, --independence and --quorum are for one CLAIM, filters and --csv for many, --csv or --json"
        )
    if "as_of" in asked:
        asked["as_of"] = f"{asked['as_of']:%Y-%m-%d}"
    with open_backend(url) as backend:
        if claim_id:
            reasoning = backend.corroboration(claim_id, asked)
            print_json(reasoning) if as_json else _print_reasoning(reasoning)
        elif as_csv:
            for line in backend.counts_csv(asked):
                click.echo(line)
        elif as_json:
            print_all(backend.counts(asked))
        else:
            _print_counts(backend.counts(asked))


def _print_claim(claim: Json) -> None:
    said, judged = claim["corroboration"], claim["verdicts"]
    click.echo(f"{click.style(claim['id'], bold=True)}, version {claim['version']}")
    print_facts(
        [
            ("claim", claim["text"]),
            ("note", claim["note"]),
            ("topics", claim["topics"]),
            ("status", said["status"]),
            ("origins", interval(said["origins"])),
            ("mentions", f"{said['mentions']}, documents: {said['documents']}"),
            ("checkers", f"{judged['checkers']}, agreement: {judged['agreement']}"),
        ]
    )
    mentions = claim["included"]["mentions"]
    if mentions:
        click.echo()
        print_table(("STANCE", "ORIGIN", "DOCUMENT", "BY WAY OF"), map(_mention_row, mentions))
    if judged["current"]:
        click.echo()
        print_table(("RATING", "CHECKER", "IN THEIR WORDS", "VERSION", "URL"), map(_verdict_row, judged["current"]))
    if claim["links"]:
        click.echo()
        print_table(("LINK", "CLAIM", "WHY"), ([link["type"], link["claim"], link["note"]] for link in claim["links"]))


def _mention_row(mention: Json) -> list[object]:
    chain = [step["id"] for step in mention["attribution"]]
    return [mention["stance"], mention["origin"], mention["document"]["id"], " > ".join(chain) or None]


def _verdict_row(verdict: Json) -> list[object]:
    version = f"{verdict['claim_version']}{', stale' if verdict['stale'] else ''}"
    return [verdict["rating"], verdict["checker"], verdict["textual_rating"], version, verdict["url"]]


def _print_reasoning(reasoning: Json) -> None:
    print_facts(
        [
            ("claim", reasoning["claim"]),
            ("status", reasoning["status"]),
            ("origins", interval(reasoning["origins"])),
            ("policy", reasoning["policy"]["id"]),
            ("as of", reasoning["as_of"]),
        ]
    )
    groups = [
        [side, ", ".join(group["sources"]) or "nobody named", group["documents"], len(group["mentions"])]
        for side in ("supports", "differs", "refutes")
        for group in reasoning[side]["groups"]
    ]
    if groups:
        click.echo()
        print_table(("SIDE", "ORIGIN", "DOCUMENTS", "MENTIONS"), groups)
    merges = [merge for side in ("supports", "differs", "refutes") for merge in reasoning[side]["merges"]]
    if merges:
        click.echo()
        print_table(("TAKEN AS ONE", "WITH", "BECAUSE"), ([m["left"], m["right"], m["reason"]] for m in merges))
    click.echo()
    click.echo(printable(reasoning["explanation"]))


def _print_counts(counts: Iterator[Json]) -> None:
    rows = (
        [
            row["id"],
            row["status"],
            *(_range(row, name) for name in ("origins", "differing", "refuting")),
            row["mentions"],
            row["documents"],
        ]
        for row in counts
    )
    print_table(("CLAIM", "STATUS", "ORIGINS", "DIFFERING", "REFUTING", "MENTIONS", "DOCUMENTS"), rows)


def _range(row: Json, name: str) -> str:
    return interval({"at_least": row[f"{name}_at_least"], "at_most": row[f"{name}_at_most"]})
