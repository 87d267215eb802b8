"""The command line. A command is loaded when it is called: those over HTTP need none of the server's parts."""

from __future__ import annotations

import os

import click

from service import __version__
from service.cli.commands import Commands

_STORE = "operating"
_PLACES = {
    "search": "search:search",
    "match": "match:match",
    "show": "claims:show",
    "corroboration": "claims:corroboration",
    "verdict": "judging:verdict",
    "migrate": f"{_STORE}:migrate_command",
    "seed": f"{_STORE}:seed",
    "verify-seeds": f"{_STORE}:verify_seeds_command",
    "doctor": "doctor:doctor_command",
    "rebuild": f"{_STORE}:rebuild",
    "backup": "backup:backup_command",
    "restore": f"{_STORE}:restore_command",
    "openapi": f"{_STORE}:openapi",
    "import": "importing:import_command",
    "export": "export:export_command",
    "keys": "keys:keys_group",
    "audit": "auditing:audit_command",
    "log": "log:log",
    "completion": "completion:completion",
}


@click.group(cls=Commands, places=_PLACES, context_settings={"help_option_names": ["-h", "--help"]})
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
    """  # noqa: D301 - click takes it for "leave these lines as they are"
    if os.environ.get("NO_COLOR"):
        ctx.color = False
