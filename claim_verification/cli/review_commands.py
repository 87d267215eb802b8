"""``claims review`` and ``publish``: the way of a draft to a verdict."""

from __future__ import annotations

import click

from claim_verification.cli.backend import open_client
from claim_verification.cli.output import json_option, print_facts, print_json
from claim_verification.cli.url_option import url_option
from claim_verification.models import ReviewBody


@click.command()
@click.argument("verdict_id", metavar="VERDICT")
@click.option("--approve", "decision", flag_value="approve", help="Approve the draft.")
@click.option("--request-changes", "decision", flag_value="request_changes", help="Ask for changes; needs --note.")
@click.option("--note", help="A note for the author of the draft.")
@json_option
@url_option()
def review(verdict_id: str, decision: str | None, note: str | None, as_json: bool, url: str | None) -> None:
    """Review the draft VERDICT of another checker."""
    body: ReviewBody
    if decision == "approve":
        body = {"decision": "approve", "note": note}
    elif decision == "request_changes":
        body = {"decision": "request_changes", "note": note}
    else:
        raise click.UsageError("give --approve, or --request-changes with --note")
    with open_client(url) as client:
        given = client.review_verdict(verdict_id, body)
    if as_json:
        print_json(given)
    else:
        print_facts([("id", given["id"]), ("decision", given["decision"]), ("by", given["reviewer"]), ("note", note)])


@click.command()
@click.argument("verdict_id", metavar="VERDICT")
@json_option
@url_option()
def publish(verdict_id: str, as_json: bool, url: str | None) -> None:
    """Publish the draft VERDICT."""
    with open_client(url) as client:
        verdict = client.publish_verdict(verdict_id)
    if as_json:
        print_json(verdict)
    else:
        names = ("id", "state", "claim", "rating", "checker", "published_at")
        print_facts((name.replace("_", " "), dict(verdict)[name]) for name in names)
