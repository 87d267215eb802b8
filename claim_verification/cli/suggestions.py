"""The nearest names to a mistyped one: of commands, option values and ids."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

import click

from claim_verification.errors import printable


def did_you_mean(name: str, candidates: Iterable[str]) -> str:
    """Return `` Did you mean 'search'?``, or an empty string if no candidate is near."""
    near = get_close_matches(name.lower(), list(candidates), n=1)
    return f" Did you mean {printable(near[0])!r}?" if near else ""


class Choice(click.Choice[str]):
    """A choice whose error names the nearest value."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the chosen value."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as error:
            message = f"{error.message}{did_you_mean(str(value), self.choices)}"
            raise click.BadParameter(message, ctx=ctx, param=param) from None


class Group(click.Group):
    """A group whose error for an unknown command names the nearest one."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command and its arguments."""
        name, names = args[0], self.list_commands(ctx)
        if name not in names and not name.startswith("-") and not ctx.resilient_parsing:
            raise click.UsageError(f"No such command {name!r}.{did_you_mean(name, names)}", ctx)
        return super().resolve_command(ctx, args)
