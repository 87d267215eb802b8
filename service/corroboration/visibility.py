"""Split the mentions of a claim by a day: those certainly published by then, and the others with reasons.

The rules of policy version 2. A document was certainly published by its latest possible day of publication, and by the
day on which the service first had it, whichever is earlier.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from service.corroboration.results import NotCounted, Uncounted
from service.model.entities import Document, Mention


def certainly_published_by(document: Document) -> dt.date | None:
    """Return the first day by which a document was certainly published, or ``None`` if no day is known."""
    return min(filter(None, (document.published_latest, document.first_seen)), default=None)


def earliest_first_seen(documents: Iterable[Document]) -> dt.date | None:
    """Return the day on which the service first had one of several documents of the same page."""
    return min(filter(None, (document.first_seen for document in documents)), default=None)


def visible_mentions(
    mentions: Iterable[Mention], documents: Mapping[str, Document], as_of: dt.date | None
) -> tuple[list[Mention], list[Uncounted]]:
    """Return the mentions in documents certainly published by ``as_of``, and those left out, with reasons.

    ``documents`` are by id. Without ``as_of`` all mentions are visible. A later day shows all that an earlier one
    shows, and a day from the last ``first_seen`` on shows all mentions.
    """
    if as_of is None:
        return list(mentions), []
    visible: list[Mention] = []
    left_out: list[Uncounted] = []
    for mention in mentions:
        document = documents[mention.document]
        certain = counts_from(document, documents)
        if certain is not None and certain <= as_of:
            visible.append(mention)
        else:
            left_out.append(Uncounted(mention.id, *_reason(document, certain, as_of)))
    return visible, left_out


def counts_from(document: Document, documents: Mapping[str, Document]) -> dt.date | None:
    """Return the first day as of which the mentions in a document count; ``None`` if there is none."""
    days = map(certainly_published_by, _with_merged_into(document, documents))
    return min(filter(None, days), default=None)


def _with_merged_into(document: Document, documents: Mapping[str, Document]) -> list[Document]:
    """Return a document with what it was merged into: they are one page, published by the earliest of their days."""
    line = [document]
    while (into := documents.get(line[-1].merged_into or "")) is not None and into not in line:
        line.append(into)
    return line


def _reason(document: Document, certain: dt.date | None, as_of: dt.date) -> tuple[NotCounted, str]:
    """Return the rule and the reason by which a document does not count as of a day."""
    name = f"document {document.id}" if document.title is None else f"“{document.title}”"
    earliest = document.published_earliest
    if earliest is not None and earliest > as_of:
        return NotCounted.PUBLISHED_LATER, f"{name} was published on {earliest} at the earliest"
    if document.published_latest is not None:
        return NotCounted.PUBLISHED_LATER, f"{name} may have been published as late as {certain}"
    seen = "" if certain is None else f" and was first seen on {certain}"
    return NotCounted.UNDATED, f"{name} has no known latest date of publication{seen}"
