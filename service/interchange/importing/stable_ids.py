"""What makes two things that were read the same: ids that follow from what is said, so the same in every store."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import orjson

from service.model.ids import stated_id

_QUOTES = re.compile("[\"'`´‘’‚‛“”„‟‹›«»「」『』]")
_ENDS = " .!?…:;,-–—。！？"


def folded(text: str) -> str:
    """What stays of words when case, width, quotes, spacing and the marks at the end do not matter.

    Signs within are kept: -5 is not 5. What is nothing but marks stays what it is.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(_QUOTES.sub("", plain).split()).strip(_ENDS) or text


def claim_id(words: str, claimants: Iterable[str]) -> str:
    """The id of a claim: the same words by another claimant are another claim."""
    return _id("c", folded(words), *sorted({folded(name) for name in claimants}))


def claimant_id(name: str) -> str:
    """The id of somebody who is known by nothing but a name."""
    return _id("s", "name", folded(name))


def publisher_id(site: str | None, name: str) -> str:
    """The id of a publisher, who is known by the site where there is one."""
    return _id("s", "site", site) if site else _id("s", "publisher", folded(name))


def document_id(url: str) -> str:
    """The id of what stands at ``url``."""
    return _id("d", "url", url)


def titled_id(claim: str, title: str) -> str:
    """The id of a document of which only the title is known. Others may have the same: it is the claim's."""
    return _id("d", "title", claim, folded(title))


def statement_id(claim: str) -> str:
    """The id of the statement of a claim that appeared nowhere that can be named."""
    return _id("d", "statement", claim)


def mention_id(claim: str, document: str, chain: Iterable[str]) -> str:
    """The id of the mention of ``claim`` in ``document`` with this chain."""
    return _id("m", claim, document, *chain)


def verdict_id(claim: str, supersedes: str | None, *content: object) -> str:
    """The id of a review with this content, the first one or the one after another."""
    return _id("v", claim, supersedes, *content)


def _id(prefix: str, *parts: object) -> str:
    return stated_id(prefix, orjson.dumps(parts).decode())
