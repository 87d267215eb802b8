"""A group of commands that are imported when they are called. It turns errors into a message and an exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from claim_verification.cli.exit_statuses import NO_READER, refusal_of
from claim_verification.cli.local_service import local_module, not_installed
from claim_verification.cli.suggestions import Group

_LOCAL = "local."


class LazyGroup(Group):
    """A group whose ``places`` are module and name of each command, such as ``claim_commands:show``.

    The modules are in this package, or in ``service.cli.local`` as in ``local.serve:serve``.
    """

    def __init__(self, *arguments: Any, places: Mapping[str, str], **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of ``places``."""
        return list(self._places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, or one that raises the reason why it is not available."""
        if cmd_name not in self._places:
            return None
        module, _, name = self._places[cmd_name].partition(":")
        try:
            if module.startswith(_LOCAL):
                loaded = local_module(module.removeprefix(_LOCAL))
            else:
                loaded = import_module(f"claim_verification.cli.{module}")
        except ModuleNotFoundError as error:
            return _unavailable(cmd_name, not_installed(error, needs_server=True), "not installed")
        except click.ClickException as refusal:
            return _unavailable(cmd_name, refusal, "not available here")
        command: click.Command = getattr(loaded, name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. An expected error ends it with a message and an exit status, without a traceback."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except ModuleNotFoundError as error:
            raise not_installed(error) from None
        except BrokenPipeError:
            # At its exit Python would try once more to flush the rest of the output.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(NO_READER)
        except Exception as error:
            refusal = refusal_of(error)
            if refusal is None:
                raise
            raise refusal from None


def _unavailable(name: str, reason: click.ClickException, note: str) -> click.Command:
    def refuse() -> None:
        raise reason

    anything = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}
    return click.Command(name, context_settings=anything, callback=refuse, help=f"({note})")
