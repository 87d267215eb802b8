"""``claims show`` and ``claims corroboration``: a claim, and the evidence for and against it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any

import click

from claim_verification.cli.backend import Backend, Json, open_backend
from claim_verification.cli.filters import FILTERS, describe, filter_options, given, one_of
from claim_verification.cli.output import (
    interval,
    json_option,
    print_all,
    print_facts,
    print_json,
    print_table,
    print_text,
)
from claim_verification.cli.url_option import url_option
from claim_verification.errors import printable
from claim_verification.models import GetCorroborationQuery

_OF_ONE_CLAIM = {"known_at", "independence", "quorum", "documents", "policy"}
_SIDES = ("supports", "differs", "refutes")
_WORD = re.compile(r"[a-z0-9-]+")


def _date(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    try:
        return None if value is None else dt.date.fromisoformat(value).isoformat()
    except ValueError:
        raise click.BadParameter(f"{value!r} is not a date such as 2025-06-30") from None


def _time_or_date(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    if value is None or _is_time_or_date(value):
        return value
    examples = "a date such as 2025-06-30 nor a time such as 2025-06-30T12:00:00Z"
    raise click.BadParameter(f"{value!r} is neither {examples}")


def _is_time_or_date(value: str) -> bool:
    try:
        is_day = dt.date.fromisoformat(value).isoformat() == value
    except ValueError:
        is_day = False
    try:
        return is_day or dt.datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


@click.command()
@click.argument("claim_id", metavar="CLAIM")
@json_option
@url_option()
def show(claim_id: str, as_json: bool, url: str | None) -> None:
    """Show the claim CLAIM with its mentions, verdicts and links."""
    with open_backend(url) as backend:
        claim = backend.claim(claim_id)
    if claim["id"] != claim_id:
        click.echo(printable(f"{claim_id} was merged into {claim['id']}"), err=True)
    if as_json:
        print_json(claim)
    else:
        _print_claim(claim)


@click.command()
@click.argument("claim_id", metavar="[CLAIM]", required=False)
@filter_options
@click.option(
    "--as-of",
    metavar="YYYY-MM-DD",
    callback=_date,
    help="Count only documents certainly published by then.",
)
@click.option(
    "--known-at",
    metavar="TIME",
    callback=_time_or_date,
    help="For CLAIM: use only what was recorded by then. A date means its end in UTC, such as 2025-06-30; a time has "
    "a time zone, such as 2025-06-30T12:00:00Z.",
)
@click.option(
    "--independence",
    type=one_of(GetCorroborationQuery, "independence"),
    help="For CLAIM: the level at which sources count as one.",
)
@click.option("--quorum", type=click.IntRange(min=2), help="For CLAIM: the number of origins that corroborate it.")
@click.option(
    "--documents", type=click.IntRange(min=1), help="For CLAIM: the number of documents in which they must stand."
)
@click.option(
    "--policy",
    metavar="ID",
    help="For CLAIM: the id of a policy, such as v1-organisation-2, instead of the three options before.",
)
@click.option("--csv", "as_csv", is_flag=True, help="Print the counts as CSV.")
@click.option(
    "--details",
    is_flag=True,
    default=None,
    help="With --csv or --json: also the texts, topics, names of origins and ratings.",
)
@json_option
@url_option()
def corroboration(claim_id: str | None, as_csv: bool, as_json: bool, url: str | None, **query: Any) -> None:
    """Count independent origins: of the claim CLAIM, with the reasons, or of all claims that match the filters."""
    chosen = given(query)
    misplaced = chosen.keys() & ({*FILTERS, "details"} if claim_id else _OF_ONE_CLAIM)
    bare = "details" in chosen and not (as_csv or as_json)
    if misplaced or bare or (claim_id and as_csv) or (as_csv and as_json):
        raise click.UsageError(
            "--known-at, --independence, --quorum, --documents and --policy take a CLAIM; filters, --details and --csv "
            "do not; --csv excludes --json; --details needs one of them"
        )
    with open_backend(url) as backend:
        if claim_id:
            reasoning = backend.corroboration(claim_id, chosen)
            print_json(reasoning) if as_json else _print_reasoning(reasoning, backend)
        elif as_csv:
            for line in backend.counts_csv(chosen):
                content = line.removesuffix("\r")  # a service ends its lines with CRLF
                click.echo(printable(content) + line[len(content) :])
        elif as_json:
            print_all(backend.counts(chosen))
        else:
            _print_counts(backend.counts(chosen), describe(chosen))


def _print_claim(claim: Json) -> None:
    counts, verdicts = claim["corroboration"], claim["verdicts"]
    click.echo(f"{click.style(printable(claim['id']), bold=True)}, version {claim['version']}")
    print_facts(
        [
            ("claim", claim["text"]),
            ("note", claim["note"]),
            ("topics", claim["topics"]),
            ("status", counts["status"]),
            ("origins", interval(counts["origins"])),
            ("mentions", f"{counts['mentions']}, documents: {counts['documents']}"),
            ("checkers", f"{verdicts['checkers']}, agreement: {verdicts['agreement']}"),
        ]
    )
    mentions = claim["included"]["mentions"]
    if mentions:
        names = _names(claim)
        click.echo()
        rows = (_mention_row(mention, names) for mention in mentions)
        print_table(("STANCE", "ORIGIN", "DOCUMENT", "BY WAY OF"), rows, title="DOCUMENT")
    if verdicts["current"]:
        click.echo()
        head = ("RATING", "CHECKER", "IN THEIR WORDS", "VERSION", "URL")
        print_table(head, map(_verdict_row, verdicts["current"]), title="CHECKER")
    if claim["links"]:
        click.echo()
        rows = ([link["type"], link["claim"], link["note"]] for link in claim["links"])
        print_table(("LINK", "CLAIM", "WHY"), rows, title="CLAIM")


def _names(claim: Json) -> dict[str, str]:
    """Return the names of the sources and documents of a claim by their ids."""
    mentions = claim["included"]["mentions"]
    sources = [*claim["claimants"], *(source for mention in mentions for source in mention["attribution"])]
    documents = (mention["document"] for mention in mentions)
    titles = {document["id"]: document["title"] or document["id"] for document in documents}
    return {**titles, **{source["id"]: source["name"] for source in sources}}


def _mention_row(mention: Json, names: Mapping[str, str]) -> list[object]:
    origin = mention["origin"]
    relays = [source["name"] for source in mention["attribution"] if source["id"] != origin]
    document = mention["document"]["id"]
    return [mention["stance"], names.get(origin, origin), names[document], " > ".join(relays) or None]


def _verdict_row(verdict: Json) -> list[object]:
    version = f"{verdict['claim_version']}{', stale' if verdict['stale'] else ''}"
    return [verdict["rating"], verdict["checker"], verdict["textual_rating"], version, verdict["url"]]


def _print_reasoning(reasoning: Json, backend: Backend) -> None:
    claim = backend.claim(reasoning["claim"])
    print_facts(
        [
            ("claim", reasoning["claim"]),
            ("text", claim["text"] if claim["id"] == reasoning["claim"] else None),  # it may be merged since
            ("status", reasoning["status"]),
            ("origins", interval(reasoning["origins"])),
            ("policy", reasoning["policy"]["id"]),
            ("as of", reasoning["as_of"]),
            ("known at", reasoning.get("known_at")),
        ]
    )
    names = _names(claim)
    for source in {source for side in _SIDES for group in reasoning[side]["groups"] for source in group["sources"]}:
        if source not in names:  # a publisher, which the mentions do not name
            names[source] = backend.source_name(source)
    groups = [_group_row(side, group, names) for side in _SIDES for group in reasoning[side]["groups"]]
    if groups:
        click.echo()
        print_table(("SIDE", "ORIGIN", "DOCUMENTS", "MENTIONS"), groups, title="ORIGIN")
    documents = {mention["id"]: mention["document"]["id"] for mention in claim["included"]["mentions"]}
    merges = [_merge_row(merge, documents, names) for side in _SIDES for merge in reasoning[side]["merges"]]
    if merges:
        click.echo()
        # Several mentions in one document give the same row.
        print_table(("COUNTED AS ONE", "WITH", "BECAUSE"), [list(row) for row in dict.fromkeys(merges)])
    click.echo()
    print_text(reasoning["explanation"])


def _group_row(side: str, group: Json, names: Mapping[str, str]) -> list[object]:
    sources = ", ".join(names.get(source, source) for source in group["sources"])
    if sources and not group["named"]:
        sources = f"{'probably' if group.get('basis') == 'inferred' else 'possibly'} {sources}"
    documents = "; ".join(names.get(document, document) for document in group["documents"])
    return [side, sources or "nobody named", documents, len(group["mentions"])]


def _merge_row(merge: Json, documents: Mapping[str, str], names: Mapping[str, str]) -> tuple[str, ...]:
    """Return the two documents of a merge, which names them or mentions in them, and its reason."""
    ends = (documents.get(merge[end], merge[end]) for end in ("left", "right"))
    return (
        *(names.get(end, end) for end in ends),
        _WORD.sub(lambda word: names.get(word[0], word[0]), merge["reason"]),
    )


def _print_counts(counts: Iterator[Json], filters: str) -> None:
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
    head = ("CLAIM", "STATUS", "ORIGINS", "DIFFERING", "REFUTING", "MENTIONS", "DOCUMENTS")
    print_table(head, rows, empty=f"no claim matches {filters}" if filters else "there are no claims yet")


def _range(row: Json, name: str) -> str:
    return interval({"at_least": row[f"{name}_at_least"], "at_most": row[f"{name}_at_most"]})
