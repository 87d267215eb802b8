"""A group whose commands are loaded when they are called, and which says in a line why one was refused."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from service import client, errors


class Unreachable(click.ClickException):
    """Nobody answers, or not as they should."""

    exit_code = 3


class Missing(click.ClickException):
    """Nothing has this id."""

    exit_code = 4


_ENDS: dict[type[Exception], type[click.ClickException]] = {
    errors.StoreUnavailable: Unreachable,
    client.Unreachable: Unreachable,
    client.Unavailable: Unreachable,
    client.BadAnswer: Unreachable,
    errors.NotFound: Missing,
    errors.Withdrawn: Missing,
    client.NotFound: Missing,
}
_NO_READER = 141  # 128 + SIGPIPE, which is not everywhere
_INSTALL = "pip install 'claim-verification[server]' ({!r} is not installed)"


class Commands(click.Group):
    """``places`` has for each command the module of this package and the name in it, as in ``claims:show``."""

    def __init__(self, *arguments: Any, places: Mapping[str, str], **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the table."""
        return list(self._places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, or one that says what is not installed."""
        if cmd_name not in self._places:
            return None
        module, _, name = self._places[cmd_name].partition(":")
        try:
            command: click.Command = getattr(import_module(f"service.cli.{module}"), name)
        except ModuleNotFoundError as error:
            return _without(cmd_name, missing(error, here=True))
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run it; whatever is refused ends it with a line and a status, without a traceback."""
        try:
            return super().invoke(ctx)
        except errors.SeedError as error:
            for finding in error.findings:
                click.echo(str(finding), err=True)
            raise click.ClickException(f"nothing was loaded: {len(error.findings)} findings") from None
        except (errors.ServiceError, client.ClientError) as error:
            raise _refusal(error) from None
        except ModuleNotFoundError as error:
            raise missing(error) from None
        except BrokenPipeError:
            # What is left of the output has nowhere to go: at its end Python would try once more.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(_NO_READER)


def missing(error: ModuleNotFoundError, here: bool = False) -> click.ClickException:
    """What to do where the service's parts are not installed; ``here`` no service elsewhere can help."""
    name = (error.name or "").partition(".")[0]
    if name in ("", "service"):
        raise error  # a fault of ours
    install = _INSTALL.format(name)
    if here:
        return click.ClickException(f"this needs the service itself: {install}")
    ask = "give --url, or set CLAIMS_URL, to ask a service"
    return click.ClickException(f"{ask}; a store of this machine needs the service itself: {install}")


def _without(name: str, reason: click.ClickException) -> click.Command:
    def refuse() -> None:
        raise reason

    anything = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}
    return click.Command(name, context_settings=anything, callback=refuse, help="(not installed)")


def _refusal(error: Exception) -> click.ClickException:
    kind = next((_ENDS[kind] for kind in type(error).__mro__ if kind in _ENDS), click.ClickException)
    return kind(str(error))
