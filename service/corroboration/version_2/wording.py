"""Numbers, lists and origins in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from service.corroboration.results import OriginGroup, Side
from service.model.entities import Basis

SHOWN = 3


def number(amount: int, noun: str) -> str:
    """Return a number with its noun, such as ``2 documents``."""
    return f"{amount} {noun}{'' if amount == 1 else 's'}"


def listed(names: Sequence[str]) -> str:
    """Return names as a list in words, such as ``A, B and C``; after the first ``SHOWN`` the number of others."""
    shown = list(names[:SHOWN])
    if len(names) > SHOWN:
        shown.append(number(len(names) - SHOWN, "other"))
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def named_origins(groups: Iterable[OriginGroup]) -> list[str]:
    """Return the names of the named origins."""
    return [group.name for group in groups if group.named]


def probable_origins(groups: Iterable[OriginGroup]) -> list[str]:
    """Return the names of the origins that are only inferred."""
    return [group.name for group in groups if group.basis is Basis.INFERRED]


def naming_places(side: Side) -> str:
    """Return the documents that name the origins of a side, counted as far as they are independent."""
    if side.naming_documents == 1 and sum(len(group.documents) for group in side.groups if group.named) > 1:
        documents = {document for group in side.groups if group.named for document in group.documents}
        return "1 document" if len(documents) == 1 else "documents of one publisher"
    return number(side.naming_documents or 0, "document")


def documents_of(side: Side) -> int:
    """Return the number of documents of a side."""
    return len({document for group in side.groups for document in group.documents})
