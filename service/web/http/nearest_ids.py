"""The nearest id to one that does not exist, where a bounded look-up in an index finds it."""

from __future__ import annotations

from flask import current_app

from service.model.errors import StoreFailure
from service.schemas.fields import ID_LENGTH
from service.store import Store
from service.web.http.auth import may_read
from service.web.http.suggestions import nearest

# Entries of the index that are read on either side.
_EACH = 20
_CUTOFF = 0.75


def nearest_id(kind: str, public_id: str) -> str | None:
    """Return the id of a claim, source or document that is similar to ``public_id``, or ``None``.

    Other kinds have ids without meaning, or must not be found by those who may not see them.
    """
    if len(public_id) > ID_LENGTH or not public_id.isascii() or not public_id.isprintable() or not may_read():
        return None
    store: Store = current_app.extensions["store"]
    wanted = public_id.lower().replace("_", "-").replace(" ", "-")
    try:
        around = store.near_ids.ids_around(kind, wanted, _EACH)
    except StoreFailure:
        # The error that is being answered matters more.
        return None
    return nearest(wanted, around, _CUTOFF)
