"""``claims add``: create claims, sources, documents and mentions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TextIO, cast

import click

from claim_verification.cli.add_batches import claims, mentions
from claim_verification.cli.backend import open_client
from claim_verification.cli.filters import one_of
from claim_verification.cli.output import json_option, print_facts, print_json
from claim_verification.cli.request_bodies import body_option, members, read_body
from claim_verification.cli.suggestions import Group
from claim_verification.cli.url_option import url_option
from claim_verification.models import ClaimBody, DocumentBody, MentionBody, SourceBody

_id = click.option("--id", help="The id, lower-case letters, digits and hyphens. Default: a new one.")
_note = click.option("--note", help="A note.")


@click.group(cls=Group)
def add() -> None:
    """Add a claim, source, document or mention, or many claims or mentions; takes an editor's key."""


add.add_command(claims)
add.add_command(mentions)


@add.command()
@click.argument("text", required=False)
@click.option("--subject", help="The subject of the statement, such as 'workers sent to Russia'.")
@click.option("--topic", "topics", multiple=True, help="A topic. Can be repeated.")
@click.option("--place", help="The place that the statement is about.")
@_note
@_id
@click.option("--distinct-from", multiple=True, help="A claim of the same words that is another one. Can be repeated.")
@body_option
@json_option
@url_option()
def claim(body: TextIO | None, as_json: bool, url: str | None, **options: Any) -> None:
    """Add a claim that says TEXT."""
    content = cast(ClaimBody, _content(body, options, {"text": "TEXT", "subject": "--subject", "topics": "--topic"}))
    with open_client(url) as client:
        created = client.create_claim(content)
    _print(created, as_json, ("id", "text", "subject", "topics", "place", "note"))


@add.command()
@click.argument("name", required=False)
@click.option("--kind", type=one_of(SourceBody, "kind"), help="The kind of source.")
@click.option("--country", help="The country: an ISO 3166 code, such as KR.")
@click.option("--part-of", help="The id of the source that it belongs to.")
@click.option("--site", "url", metavar="URL", help="The URL of its home page.")
@click.option("--alias", "aliases", multiple=True, help="Another name. Can be repeated.")
@_note
@_id
@click.option("--distinct-from", multiple=True, help="A source of the same name that is another one. Can be repeated.")
@body_option
@json_option
@url_option(name="service")
def source(body: TextIO | None, as_json: bool, service: str | None, **options: Any) -> None:
    """Add the source NAME."""
    content = cast(SourceBody, _content(body, options, {"name": "NAME", "kind": "--kind"}))
    with open_client(service) as client:
        created = client.create_source(content)
    _print(created, as_json, ("id", "name", "kind", "country", "part_of", "url", "aliases", "note"))
    if not as_json:
        for other in created.get("similar", ()):
            print_facts([("similar", f"{other['id']}: {other['name']}")])
        for finding in created.get("findings", ()):
            print_facts([("finding", finding["message"])])


@add.command()
@click.argument("address", metavar="[URL]", required=False)
@click.option("--title", help="The title.")
@click.option("--author", help="The author.")
@click.option("--language", help="The language, such as en.")
@click.option("--publisher", help="The id of the source that published it.")
@click.option("--published", metavar="YYYY-MM-DD", help="The day on which it was published.")
@click.option("--derived-from", help="The id of the document that it copies or is made from.")
@_id
@body_option
@json_option
@url_option()
def document(
    address: str | None, published: str | None, body: TextIO | None, as_json: bool, url: str | None, **options: Any
) -> None:
    """Add the document at URL: its metadata, without the text."""
    days = {"published_earliest": published, "published_latest": published}
    content = cast(DocumentBody, _content(body, {**options, **days, "url": address}, {}))
    with open_client(url) as client:
        created = client.create_document(content)
    _print(created, as_json, ("id", "title", "url", "publisher", "published_earliest", "published_latest"))


@add.command()
@click.argument("claim_id", metavar="CLAIM")
@click.option("--document", help="The id of the document that states it.")
@click.option("--stance", type=one_of(MentionBody, "stance"), help="The stance of the document.")
@click.option(
    "--attribution", multiple=True, help="The id of a source that it names, from the document outward. Can be repeated."
)
@click.option("--basis", type=one_of(MentionBody, "basis"), help="The basis of the attribution.")
@_note
@body_option
@json_option
@url_option()
def mention(claim_id: str, body: TextIO | None, as_json: bool, url: str | None, **options: Any) -> None:
    """Add a mention: a document that states the claim CLAIM."""
    content = cast(MentionBody, _content(body, options, {"document": "--document", "stance": "--stance"}))
    with open_client(url) as client:
        created = client.add_mention(claim_id, content)
    if as_json:
        print_json(created)
    else:
        chain = [source["id"] for source in created["attribution"]]
        facts = {"id": created["id"], "document": created["document"]["id"], "stance": created["stance"]}
        print_facts([*facts.items(), ("attribution", chain)])


def _content(file: TextIO | None, options: Mapping[str, Any], needed: Mapping[str, str]) -> dict[str, Any]:
    """Return the body of the request; ``needed`` has the arguments and options of the members it cannot be without."""
    content = {**read_body(file), **members(options)}
    missing = [option for name, option in needed.items() if name not in content]
    if missing:
        raise click.UsageError(f"missing: {', '.join(missing)}")
    return content


def _print(created: Mapping[str, Any], as_json: bool, names: tuple[str, ...]) -> None:
    if as_json:
        print_json(created)
    else:
        print_facts((name.replace("_", " "), created[name]) for name in names)
