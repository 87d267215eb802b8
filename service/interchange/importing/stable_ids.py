"""Ids derived from content, so that the same claim, source, document or review has the same id in every store."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import orjson

from service.model.ids import stated_id

_QUOTES = re.compile("[\"'`´‘’‚‛“”„‟‹›«»「」『』]")
_ENDS = " .!?…:;,-–—。！？"


def folded(text: str) -> str:
    """Normalise a text for comparison: case, width, quotes, spacing and punctuation at the ends are ignored.

    Signs inside are kept: -5 is not 5. Text of nothing but punctuation is returned unchanged.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(_QUOTES.sub("", plain).split()).strip(_ENDS) or text


def claim_id(words: str, claimants: Iterable[str]) -> str:
    """Return the id of a claim; the same words by another claimant are another claim."""
    return _id("c", folded(words), *sorted({folded(name) for name in claimants}))


def claimant_id(name: str) -> str:
    """Return the id of a claimant who is known only by name."""
    return _id("s", "name", folded(name))


def publisher_id(site: str | None, name: str) -> str:
    """Return the id of a publisher, by site if there is one, else by name."""
    return _id("s", "site", site) if site else _id("s", "publisher", folded(name))


def document_id(url: str) -> str:
    """Return the id of the document at ``url``."""
    return _id("d", "url", url)


def titled_id(claim: str, title: str) -> str:
    """Return the id of a document known only by its title, which is only unique within the claim."""
    return _id("d", "title", claim, folded(title))


def statement_id(claim: str) -> str:
    """Return the id of the statement of a claim without known appearances."""
    return _id("d", "statement", claim)


def mention_id(claim: str, document: str, chain: Iterable[str]) -> str:
    """Return the id of the mention of ``claim`` in ``document`` with this attribution chain."""
    return _id("m", claim, document, *chain)


def verdict_id(claim: str, supersedes: str | None, *content: object) -> str:
    """Return the id of a review with this content, as the first version or after the one that it supersedes."""
    return _id("v", claim, supersedes, *content)


def _id(prefix: str, *parts: object) -> str:
    return stated_id(prefix, orjson.dumps(parts).decode())
