"""Pages in the order of ids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import marshmallow as ma
import orjson
from flask import Response

from service.web.http import keyset_pages


def after_id(arguments: dict[str, Any], order: str) -> str:
    """Return the id after which the page begins."""
    position = keyset_pages.decode(arguments.get("cursor"), order, (str,))
    return position[0] if position else ""


def page_by_id(rows: Sequence[tuple[str, Any]], schema: ma.Schema, limit: int, order: str) -> Response:
    """Return a page of the first ``limit`` (id, object) rows; any row beyond means that there is a next page."""
    items = [orjson.dumps(schema.dump(row)) for _, row in rows[:limit]]
    return keyset_pages.page(items, keyset_pages.encode(order, rows[limit - 1][0]) if len(rows) > limit else None)
