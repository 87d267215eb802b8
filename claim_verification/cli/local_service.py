"""The import of the package ``service`` for local commands.

Only they import it, when they run: the base installation has none of its dependencies, and another package of that name
may be first on the path.
"""

from __future__ import annotations

import gc
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import click

DISTRIBUTION = "claim-verification"
_OURS = Path(__file__).resolve().parents[2] / "service"
_MARK = f'DISTRIBUTION = "{DISTRIBUTION}"'.encode()
_INSTALL = "pip install 'claim-verification[server]' ({!r} is not installed)"


def local_module(name: str) -> ModuleType:
    """Return the module ``name`` of ``service.cli.local``.

    Raises ``ClickException`` if the package ``service`` is another one, and ``ModuleNotFoundError`` if a dependency of
    the server is not installed.
    """
    _check_service()
    # An import leaves no garbage, and this is a large one: collections would take a tenth of it.
    gc.disable()
    try:
        import_module("service.cli.local.refusals")
        return import_module(f"service.cli.local.{name}")
    finally:
        # New objects before a collection, and collections before one of the older objects, here and in processes that
        # are forked. The default, 700, 10 and 10, takes a fifth of the time of a recount, whose objects have no cycles.
        gc.set_threshold(10_000, 10, 10)
        gc.enable()


def not_installed(error: ModuleNotFoundError, needs_server: bool = False) -> click.ClickException:
    """Return the advice for a missing dependency; ``needs_server`` is for commands without ``--url``."""
    name = (error.name or "").partition(".")[0]
    if name in ("", "service", "claim_verification"):
        raise error  # a bug
    install = _INSTALL.format(name)
    if needs_server:
        return click.ClickException(f"this command needs the server: {install}")
    ask = "give --url, or set CLAIMS_URL, to use a service"
    return click.ClickException(f"{ask}; a local store needs the server: {install}")


def _check_service() -> None:
    """Raise ``ClickException`` if the package ``service`` is not that of this distribution. It is not executed."""
    spec = find_spec("service")
    found = _location(spec)
    if found != _OURS:
        raise click.ClickException(
            f"{found or 'nothing'} is imported as 'service' instead of {_OURS}, the package of {DISTRIBUTION}. "
            "Run the command in another folder, or remove that one from PYTHONPATH. Commands with --url work here"
        )
    init = _OURS / "__init__.py"
    if not init.is_file() or _MARK not in init.read_bytes():
        raise click.ClickException(
            f"another distribution has overwritten {_OURS}, the package 'service' of {DISTRIBUTION}. "
            f"Uninstall that one, then run: pip install --force-reinstall '{DISTRIBUTION}[server]'"
        )


def _location(spec: ModuleSpec | None) -> Path | None:
    """Return the folder of a package, or the file of a module."""
    if spec is None:
        return None
    if spec.submodule_search_locations:
        return Path(next(iter(spec.submodule_search_locations))).resolve()
    return None if spec.origin is None else Path(spec.origin).resolve()
