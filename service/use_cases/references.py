"""Find the source or document that a person means: by its id, its name or its address."""

from __future__ import annotations

import re

from service.identity.names import folded_names, sought_keys
from service.identity.web_addresses import document_key
from service.model.errors import InvalidInput, Merged
from service.schemas.fields import ID_PATTERN
from service.store import Store
from service.use_cases.catalogue import existing_source

_ID = re.compile(ID_PATTERN)
_NEAR = 5


def source_meant(store: Store, field: str, text: str) -> str:
    """Return the id of the source with this id or name; raise ``InvalidInput`` for ``field``, with near names."""
    found = store.catalogue.sources([text]) if _ID.fullmatch(text) else []
    named = store.source_names.called(folded_names([text])) if not found else {text: [text]}
    roots = {_root(store, each) for ids in named.values() for each in ids}
    if len(roots) == 1:
        return roots.pop()
    if roots:
        raise InvalidInput(
            field, f"Several sources are called {text!r}: give the id of one, {', '.join(sorted(roots))}."
        )
    near = store.source_names.near(sought_keys([text]), _NEAR)
    names = [f"{each.source.name} ({each.source.id})" for each in store.catalogue.sources(near)]
    hint = f" Similar: {'; '.join(names)}." if names else ""
    raise InvalidInput(field, f"There is no source called {text!r}.{hint} Add it, or name another one.")


def document_meant(store: Store, field: str, text: str) -> str:
    """Return the id of the document with this id or at this address; raise ``InvalidInput`` for ``field``."""
    found = store.catalogue.documents([text]) if _ID.fullmatch(text) else []
    if found:
        return found[0].document.merged_into or found[0].document.id
    key = document_key(text) if text.startswith(("http://", "https://")) else None
    roots = store.page_identity.roots_of_pages([key]).get(key, []) if key else []
    if roots:
        return roots[0].public_id
    how = "at this address" if key else f"with the id {text!r}"
    raise InvalidInput(field, f"There is no document {how}: add it, or give the address or id of another one.")


def _root(store: Store, source_id: str) -> str:
    try:
        return existing_source(store, source_id).source.id
    except Merged as error:
        return error.into
