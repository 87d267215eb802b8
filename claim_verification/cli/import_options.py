"""The options of ``claims import`` that a backend needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """Options of an import: a dry run, and how to read a spreadsheet.

    ``columns`` are ``COLUMN=FIELD``, ``values`` for all rows ``FIELD=VALUE``.
    """

    dry_run: bool = False
    columns: Sequence[str] = ()
    values: Sequence[str] = ()
