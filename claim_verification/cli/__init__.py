"""The command line ``claims``. A command is loaded when it is called; those over HTTP need none of the server."""

from __future__ import annotations

import os

import click

from claim_verification._version import __version__
from claim_verification.cli.lazy_group import LazyGroup

_STORE = "local.operator_commands"
_PLACES = {
    "search": "search_command:search",
    "match": "match_command:match",
    "show": "claim_commands:show",
    "corroboration": "claim_commands:corroboration",
    "verdict": "verdict_commands:verdict",
    "serve": "local.serve:serve",
    "migrate": f"{_STORE}:migrate_command",
    "seed": f"{_STORE}:seed",
    "verify-seeds": f"{_STORE}:verify_seeds_command",
    "doctor": "doctor_command:doctor_command",
    "rebuild": f"{_STORE}:rebuild",
    "backup": "backup_command:backup_command",
    "restore": f"{_STORE}:restore_command",
    "openapi": f"{_STORE}:openapi",
    "import": "import_command:import_command",
    "export": "export_command:export_command",
    "keys": "key_commands:keys_group",
    "audit": "audit_command:audit_command",
    "log": "log_commands:log",
    "completion": "completion:completion",
}


@click.group(cls=LazyGroup, places=_PLACES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="claims")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Keep claims, and count the independent origins behind them.

    Commands work on the local store, which environment variables set (docs/settings.md), or those that take --url on
    the service there: CLAIMS_URL names it for all of them, CLAIMS_API_KEY is the key to it (docs/client.md).

    \b
    Exit status:
        0  done
        1  refused, or differences found
        2  wrong usage
        3  the store or the service cannot be reached, or is too busy
        4  nothing has this id
    141  whoever read the output has gone, as `head` does
    """  # noqa: D301 - click takes it for "leave these lines as they are"
    if os.environ.get("NO_COLOR"):
        ctx.color = False
