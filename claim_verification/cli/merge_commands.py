"""``claims merge`` and ``unmerge``: two claims, sources or documents that are one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import click

from claim_verification.cli.backend import open_client
from claim_verification.cli.output import json_option, print_facts, print_json
from claim_verification.cli.suggestions import Choice
from claim_verification.cli.url_option import url_option

_KINDS = ("claim", "source", "document")
_kind = click.argument("kind", type=Choice(_KINDS))
_reason = click.option("--reason", required=True, help="The reason, which the log keeps.")


@click.command()
@_kind
@click.argument("public_id", metavar="ID")
@click.argument("into", metavar="INTO")
@_reason
@json_option
@url_option()
def merge(kind: str, public_id: str, into: str, reason: str, as_json: bool, url: str | None) -> None:
    """Merge the claim, source or document ID into INTO, which stays; takes an editor's key.

    Nothing is moved: `claims unmerge` undoes it.
    """
    with open_client(url) as client:
        calls = {"claim": client.merge_claim, "source": client.merge_source, "document": client.merge_document}
        _print(cast(Any, calls[kind](public_id, into, reason)), as_json)


@click.command()
@_kind
@click.argument("public_id", metavar="ID")
@_reason
@json_option
@url_option()
def unmerge(kind: str, public_id: str, reason: str, as_json: bool, url: str | None) -> None:
    """Undo the merge of the claim, source or document ID."""
    with open_client(url) as client:
        calls = {"claim": client.unmerge_claim, "source": client.unmerge_source, "document": client.unmerge_document}
        _print(cast(Any, calls[kind](public_id, reason)), as_json)


def _print(record: Mapping[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(record)
    else:
        print_facts((name, record.get(name)) for name in ("id", "text", "name", "title", "merged_from"))
