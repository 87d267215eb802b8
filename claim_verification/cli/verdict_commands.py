"""``claims verdict``: judge a claim."""

from __future__ import annotations

import json
from typing import Any, TextIO

import click

from claim_verification.cli.backend import Backend, open_backend
from claim_verification.cli.filters import one_of
from claim_verification.cli.output import json_option, print_facts, print_json
from claim_verification.cli.url_option import url_option
from claim_verification.errors import BadInput
from claim_verification.models import VerdictBody


@click.command()
@click.argument("claim_id", metavar="CLAIM")
@click.option("--claim-version", type=click.IntRange(min=1), help="The version that you have read: `claims show` says.")
@click.option("--rating", type=one_of(VerdictBody, "rating"), help="What you found.")
@click.option("--textual-rating", help="The same in your own scale, such as 'Mostly false'.")
@click.option("--rationale", help="Why.")
@click.option("--evidence", multiple=True, help="A URL, mention:ID or document:ID. May be given again.")
@click.option("--published-at", "review_url", help="The URL of your published review.")
@click.option("--language", help="The language of the review, as in en.")
@click.option("--supersedes", help="The verdict that this one corrects; needs --reason.")
@click.option("--retract", is_flag=True, help="Take that one back, and give no other.")
@click.option("--reason", help="Why that one is corrected or taken back.")
@click.option("--draft", is_flag=True, help="Keep it back, to be reviewed first.")
@click.option("--despite-assignment", is_flag=True, help="Although somebody else has taken the claim.")
@click.option(
    "--body",
    type=click.File(encoding="utf-8"),
    help="A file with more of what the API takes, as JSON; - reads it here.",
)
@json_option
@url_option()
def verdict(claim_id: str, body: TextIO | None, as_json: bool, url: str | None, **given: Any) -> None:
    """Judge the claim CLAIM, as the holder of the key in CLAIMS_API_KEY.

    A verdict is never edited: correct it by another one that supersedes it.
    """
    said = {**_read(body), **_body(given)}
    if "claim_version" not in said:
        raise click.UsageError("which version did you read? `claims show` says; give it as --claim-version")
    with open_backend(url) as backend:
        _submit(backend, claim_id, said, as_json)


def _submit(backend: Backend, claim_id: str, said: dict[str, Any], as_json: bool) -> None:
    made = backend.judge(claim_id, said)
    if as_json:
        print_json(made)
    else:
        names = ("id", "state", "claim", "claim_version", "rating", "textual_rating", "checker", "supersedes")
        print_facts((name.replace("_", " "), made[name]) for name in names)


def _read(file: TextIO | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        found = json.load(file)
    except (ValueError, RecursionError) as error:
        raise BadInput("--body", f"it is not JSON: {error}") from None
    if not isinstance(found, dict):
        raise BadInput("--body", "it is no JSON object")
    return found


def _body(given: dict[str, Any]) -> dict[str, Any]:
    """What was given, by the names that the API has for it."""
    body = {name: value for name, value in given.items() if value not in (None, False, ())}
    for name, member in (("review_url", "url"), ("retract", "retraction")):
        if name in body:
            body[member] = body.pop(name)
    if "evidence" in body:
        body["evidence"] = [_ground(text) for text in body["evidence"]]
    return body


def _ground(text: str) -> dict[str, str]:
    kind, _, name = text.partition(":")
    return {kind: name} if kind in ("mention", "document") else {"url": text}
