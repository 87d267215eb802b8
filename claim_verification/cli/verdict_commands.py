"""``claims verdict``: give a verdict on a claim."""

from __future__ import annotations

from typing import Any, TextIO

import click

from claim_verification.cli.backend import open_backend
from claim_verification.cli.filters import one_of
from claim_verification.cli.output import json_option, print_facts, print_json
from claim_verification.cli.request_bodies import body_option, read_body
from claim_verification.cli.suggestions import did_you_mean
from claim_verification.cli.url_option import url_option
from claim_verification.models import VerdictBody

_REFERENCES = ("mention", "document")
_AUTHOR_TYPES = ("person", "organization")


@click.command()
@click.argument("claim_id", metavar="CLAIM")
@click.option(
    "--claim-version", type=click.IntRange(min=1), help="The version that you read, as `claims show` prints it."
)
@click.option("--rating", type=one_of(VerdictBody, "rating"), help="The rating.")
@click.option("--textual-rating", help="The rating in your own scale, such as 'Mostly false'.")
@click.option("--rationale", help="The reasons for the rating.")
@click.option("--evidence", multiple=True, help="A URL, mention:ID or document:ID. Can be repeated.")
@click.option("--published-at", "review_url", help="The URL of your published review.")
@click.option("--title", help="The title of your published review.")
@click.option("--byline", help="Its byline, as it is printed.")
@click.option("--author", "authors", multiple=True, help="person:NAME or organization:NAME. Can be repeated.")
@click.option("--reviewed-at", help="The date or time of its publication, such as 2024-10-21.")
@click.option("--language", help="The language of the review, such as en.")
@click.option("--supersedes", help="The id of the verdict that this one corrects; needs --reason.")
@click.option("--retract", is_flag=True, help="Retract that verdict without giving another.")
@click.option("--reason", help="The reason for the correction or retraction.")
@click.option("--draft", is_flag=True, help="Save a draft, to be reviewed before it is published.")
@click.option("--despite-assignment", is_flag=True, help="Give the verdict although the claim is assigned to another.")
@body_option
@json_option
@url_option()
def verdict(claim_id: str, body: TextIO | None, as_json: bool, url: str | None, **options: Any) -> None:
    """Give a verdict on the claim CLAIM, as the holder of the key in CLAIMS_API_KEY.

    A verdict cannot be edited: correct it by another one that supersedes it.
    """
    request = {**read_body(body), **_request_body(options)}
    if "claim_version" not in request:
        raise click.UsageError("--claim-version is needed: the version that you read, as `claims show` prints it")
    with open_backend(url) as backend:
        created = backend.submit_verdict(claim_id, request)
    if as_json:
        print_json(created)
    else:
        names = ("id", "state", "claim", "claim_version", "rating", "textual_rating", "checker", "supersedes")
        print_facts((name.replace("_", " "), created[name]) for name in names)


def _request_body(options: dict[str, Any]) -> dict[str, Any]:
    """Return the options that were given, under the names of the API."""
    body = {name: value for name, value in options.items() if value not in (None, False, ())}
    for name, member in (("review_url", "url"), ("retract", "retraction"), ("byline", "author")):
        if name in body:
            body[member] = body.pop(name)
    if "evidence" in body:
        body["evidence"] = [_evidence_item(text) for text in body["evidence"]]
    if "authors" in body:
        body["authors"] = [_author(text) for text in body["authors"]]
    return body


def _author(text: str) -> dict[str, str]:
    kind, _, name = text.partition(":")
    if kind in _AUTHOR_TYPES and name.strip():
        return {"type": kind, "name": name.strip()}
    message = f"{text!r} is not person:NAME or organization:NAME, such as 'person:Jane Doe'."
    raise click.BadParameter(message, param_hint="--author")


def _evidence_item(text: str) -> dict[str, str]:
    kind, separator, name = text.partition(":")
    if kind in _REFERENCES:
        return {kind: name}
    meant = did_you_mean(kind, _REFERENCES) if separator else ""
    if meant:
        raise click.BadParameter(f"{text!r} is not a URL, mention:ID or document:ID.{meant}", param_hint="--evidence")
    return {"url": text}
