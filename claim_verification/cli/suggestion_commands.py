"""``claims suggestions``: records that look like one, and the decisions on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click

from claim_verification.cli.backend import Json, open_backend
from claim_verification.cli.filters import given, one_of
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
from claim_verification.models import ListSuggestionsQuery

_DECISIONS = {
    "merge": "Decide that the two are one.",
    "distinct": "Decide that they are two.",
    "collective": "Decide that the source is a collective.",
    "identifiable": "Decide that the source is no collective.",
}


def _decision_options(command: Any) -> Any:
    """Add one option for each decision."""
    for decision, text in reversed(_DECISIONS.items()):
        command = click.option(f"--{decision}", "decision", flag_value=decision, help=text)(command)
    return command


@click.command()
@click.argument("suggestion_id", metavar="[SUGGESTION]", required=False)
@click.option("--kind", type=one_of(ListSuggestionsQuery, "kind"), help="Only suggestions of this kind.")
@click.option(
    "--state", type=one_of(ListSuggestionsQuery, "state"), help="Only suggestions of this state, by default open ones."
)
@click.option("--record", metavar="ID", help="Only suggestions on this source, document or claim.")
@click.option("--sort", type=one_of(ListSuggestionsQuery, "sort"), help="The order, by default by the score.")
@_decision_options
@click.option("--into", metavar="ID", help="With --merge: the record that stays. Default: the one that more rests on.")
@click.option("--reason", help="The reason for the decision, for the log.")
@json_option
@url_option()
def suggestions(
    suggestion_id: str | None,
    decision: str | None,
    into: str | None,
    reason: str | None,
    as_json: bool,
    url: str | None,
    **query: str | None,
) -> None:
    """List records that look like one; show SUGGESTION with what it would change; or decide it.

    A decision is in the log under the name of the holder of the key in CLAIMS_API_KEY. In the local store it needs no
    key; without one it is logged as made on the command line.
    """
    chosen = given(query)
    _check_usage(suggestion_id, decision, into, reason, chosen)
    with open_backend(url) as backend:
        if suggestion_id is None:
            found = backend.suggestions(chosen)
            print_all(found) if as_json else _print_list(found)
            return
        if decision is None:
            shown = backend.suggestion(suggestion_id)
        else:
            shown = backend.decide_suggestion(
                suggestion_id, given({"decision": decision, "into": into, "reason": reason})
            )
    print_json(shown) if as_json else _print_suggestion(shown)


def _check_usage(
    suggestion_id: str | None, decision: str | None, into: str | None, reason: str | None, query: Mapping[str, Any]
) -> None:
    if suggestion_id is not None and query:
        raise click.UsageError("--kind, --state, --record and --sort select from the list: leave SUGGESTION out")
    if suggestion_id is None and (decision or into or reason):
        raise click.UsageError("a decision takes the SUGGESTION, whose id `claims suggestions` prints")
    if (decision is None) != (reason is None):
        raise click.UsageError("a decision, such as --merge or --distinct, and its --reason belong together")
    if into is not None and decision != "merge":
        raise click.UsageError("--into names the record that stays, and takes --merge")


def _print_list(found: Iterator[Json]) -> None:
    rows = ([each["id"], each["kind"], each["score"], *_ends(each), _codes(each)] for each in found)
    print_table(("SUGGESTION", "KIND", "SCORE", "ONE", "OTHER", "WHY"), rows, empty="there are no such suggestions")


def _ends(suggestion: Json) -> tuple[str, str | None]:
    one, *others = (f"{record['name']} ({record['id']})" for record in suggestion["records"])
    return one, others[0] if others else None


def _codes(suggestion: Json) -> list[str]:
    return [reason["code"].replace("_", " ") for reason in suggestion["reasons"]]


def _print_suggestion(suggestion: Json) -> None:
    decided, effects = suggestion["decided"], suggestion["effects"]
    facts: list[tuple[str, object]] = [("suggestion", suggestion["id"]), ("kind", suggestion["kind"])]
    facts += [("state", suggestion["state"]), ("score", suggestion["score"])]
    facts += [("record", f"{record['name']} ({record['id']})") for record in suggestion["records"]]
    facts += [("stays", suggestion["into"])]
    if decided:
        facts += [("decided", f"{decided['decision']}, by {decided['by']} at {decided['at']}: {decided['reason']}")]
    print_facts(facts)
    click.echo()
    for reason in suggestion["reasons"]:
        print_text(reason["text"])
    if effects:
        print_text(f"If followed: {effects['summary']}")
        if effects["claims"]:
            click.echo()
            head = ("CLAIM", "ORIGINS", "THEN", "STATUS", "THEN")
            print_table(head, map(_effect_row, effects["claims"]), title="CLAIM")


def _effect_row(effect: Json) -> list[object]:
    before, after = effect["before"], effect["after"]
    origins = (interval(each["origins"]) for each in (before, after))
    return [effect["claim"], *origins, before["status"], after["status"]]
