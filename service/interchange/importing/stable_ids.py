"""Ids derived from content, so that the same claim, source, document or review has the same id in every store."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import orjson

from service.identity.statements import folded_statement
from service.model.ids import stated_id, statement_document_id

_QUOTES = re.compile("[\"'`´‘’‚‛“”„‟‹›«»「」『』]")
_ENDS = " .!?…:;,-–—。！？"


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """Normalise a text for the ids that are made of it: case, width, quotes, spacing and the ends are ignored.

    It must stay as it is, since ids stay. It ignores too much to tell whether two texts say the same (−5 is 5):
    ``service.identity.statements`` does that. Text of nothing but punctuation is returned unchanged.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(_QUOTES.sub("", plain).split()).strip(_ENDS) or text


def claim_id(words: str, claimants: Iterable[str]) -> str:
    """Return the id of a new claim, made of its words and claimants, unless another claim has it."""
    return _id("c", folded(words), *sorted({folded(name) for name in claimants}))


def another_claim_id(words: str, claimants: Iterable[str], stated: dt.date | None) -> str:
    """Return the id of a claim that is not the one with its ``claim_id``: of other signs, or of another time."""
    return _id("c", "statement", folded_statement(words), str(stated), *sorted({folded(name) for name in claimants}))


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
    return statement_document_id(claim)


def mention_id(claim: str, document: str, chain: Iterable[str]) -> str:
    """Return the id of the mention of ``claim`` in ``document`` with this attribution chain."""
    return _id("m", claim, document, *chain)


def verdict_id(claim: str, supersedes: str | None, *content: object) -> str:
    """Return the id of a review with this content, as the first version or after the one that it supersedes."""
    return _id("v", claim, supersedes, *content)


def _id(prefix: str, *parts: object) -> str:
    return stated_id(prefix, orjson.dumps(parts).decode())
