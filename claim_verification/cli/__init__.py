"""The command line ``claims``. A command is imported when it is called; those over HTTP do not import ``service``."""

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
    "history": "history_command:history",
    "queue": "assignment_commands:queue",
    "take": "assignment_commands:take",
    "release": "assignment_commands:release",
    "verdict": "verdict_commands:verdict",
    "me": "own_work_command:me",
    "review": "review_commands:review",
    "publish": "review_commands:publish",
    "add": "add_commands:add",
    "merge": "merge_commands:merge",
    "unmerge": "merge_commands:unmerge",
    "suggestions": "suggestion_commands:suggestions",
    "serve": "local.serve:serve",
    "migrate": f"{_STORE}:migrate_command",
    "seed": f"{_STORE}:seed",
    "verify-seeds": f"{_STORE}:verify_seeds_command",
    "doctor": "doctor_command:doctor_command",
    "misfiled": f"{_STORE}:misfiled",
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
    """Store claims, and count the independent origins behind them.

    Commands work on the local store, which environment variables configure (docs/settings.md). Those with --url also
    work on a service: CLAIMS_URL sets its URL for all commands, CLAIMS_API_KEY the API key (docs/client.md).

    \b
    Exit status:
        0  success
        1  refused, or differences found
        2  wrong usage
        3  the store or the service cannot be reached, or is too busy
        4  no resource has this id
    141  the reader of the output has exited, as `head` does
    """  # noqa: D301 - click keeps the lines after it as they are
    if os.environ.get("NO_COLOR"):
        ctx.color = False
