"""The server's half of the commands, for those that need the database at hand.

The package ``service`` is imported here only, and only when such a command runs: the base installation has none of
its dependencies, and another package of that name may come first on the path.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import click

DISTRIBUTION = "claim-verification"
_OURS = Path(__file__).resolve().parents[2] / "service"
_INSTALL = "pip install 'claim-verification[server]' ({!r} is not installed)"


def local_module(name: str) -> ModuleType:
    """Return the module ``name`` of ``service.cli.local``.

    Raises ``ClickException`` where ``service`` is another package than ours, and ``ModuleNotFoundError`` where a
    dependency of the server is not installed.
    """
    _check_service()
    import_module("service.cli.local.refusals")
    return import_module(f"service.cli.local.{name}")


def not_installed(error: ModuleNotFoundError, needs_server: bool = False) -> click.ClickException:
    """Return what to do about a missing dependency; with ``needs_server`` no service elsewhere can help."""
    name = (error.name or "").partition(".")[0]
    if name in ("", "service", "claim_verification"):
        raise error  # a fault of ours
    install = _INSTALL.format(name)
    if needs_server:
        return click.ClickException(f"this needs the service itself: {install}")
    ask = "give --url, or set CLAIMS_URL, to ask a service"
    return click.ClickException(f"{ask}; a store of this machine needs the service itself: {install}")


def _check_service() -> None:
    """Refuse a package ``service`` that is not the one of this distribution, before any of it runs."""
    spec = find_spec("service")
    found = Path(spec.origin).resolve().parent if spec is not None and spec.origin is not None else None
    if found is None and spec is not None and spec.submodule_search_locations:
        found = Path(next(iter(spec.submodule_search_locations))).resolve()
    if found != _OURS:
        raise click.ClickException(
            f"another package named 'service' hides that of claim-verification, which is in {_OURS}: "
            f"{found or 'none was found'}. Run the command from another folder, or take that one off PYTHONPATH"
        )
    if getattr(import_module("service"), "DISTRIBUTION", None) != DISTRIBUTION:
        raise click.ClickException(
            f"{_OURS} was overwritten by another distribution with a package 'service': "
            f"uninstall that one, then `pip install --force-reinstall '{DISTRIBUTION}[server]'`"
        )
