"""Generated public ids."""

from __future__ import annotations

import secrets
from hashlib import sha256

_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_LENGTH = 20


def random_letters(number: int) -> str:
    """Return ``number`` random characters of base 32, five bits each."""
    return "".join(_ALPHABET[byte & 31] for byte in secrets.token_bytes(number))


def new_id(prefix: str) -> str:
    """Return a new id with 100 random bits, such as ``v-k3jq7...``."""
    return f"{prefix}-{random_letters(_LENGTH)}"


def stated_id(prefix: str, *parts: str) -> str:
    """Return an id made of a record's content, the same in every store."""
    return f"{prefix}-{sha256('|'.join(parts).encode()).hexdigest()[:16]}"


def statement_document_id(claim: str) -> str:
    """Return the id of the document that stands for the statement of a claim, where no published one is known.

    An import makes it for a review that names a claimant and no appearance. Nobody can look it up.
    """
    return stated_id("d", f'["statement","{claim}"]')
