"""Keys of words that are nearly the same: of a claim's text, and of a document's title. Pure: no I/O.

Records that share a key look alike, no more: a person decides.
"""

from __future__ import annotations

import re
from hashlib import sha256

from service.identity.names import folded_name, unaccented
from service.identity.statements import folded_statement

_GROUPING = re.compile(r"(?<=\d)[.,' ](?=\d{3}(?!\d))")
# Signs before digits and after letters stay: -5 is not 5, and AA- is not AA.
_PUNCTUATION = re.compile(r"[.,;:!?…\"'()\[\]{}¿¡،؛؟、。]|(?<=\w)-(?=\w)|(?<=\s)-+(?=\s)")
# A shorter title, such as "Live", says little.
_SHORTEST_TITLE = 10


def near_statement(text: str) -> str:
    """Return the words of a text without letter case, accents, punctuation and the grouping of digits."""
    plain = unaccented(folded_statement(text).casefold())
    return " ".join(_PUNCTUATION.sub(" ", _GROUPING.sub("", plain)).split())


def near_statement_key(text: str) -> str:
    """Return the key, 32 hexadecimal digits, that a claim shares with those of nearly the same words."""
    return sha256((near_statement(text) or text).encode()).hexdigest()[:32]


def title_key(title: str | None, publisher: str | None) -> str | None:
    """Return the key that a document shares with those of its title and publisher, an id; ``None`` without both."""
    folded = folded_name(title) if title else ""
    if publisher is None or len(folded) < _SHORTEST_TITLE:
        return None
    return sha256(f"{publisher}|{folded}".encode()).hexdigest()[:32]
