"""``claims completion``: the completion scripts for shells."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

PROGRAM = "claims"


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the completion script for SHELL.

    \b
    bash  eval "$(claims completion bash)"                in ~/.bashrc
    zsh   eval "$(claims completion zsh)"                 in ~/.zshrc
    fish  claims completion fish | source                 in ~/.config/fish/config.fish
    """  # noqa: D301 - click keeps the lines after it as they are
    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 - click supports all three
    click.echo(kind(ctx.find_root().command, {}, PROGRAM, "_CLAIMS_COMPLETE").source())
