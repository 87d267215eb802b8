"""The rule of quotes: a quote is the whole span of its mention's locator, as the hash there shows."""

from __future__ import annotations

from hashlib import sha256

from service.model.entities import Locator

QUOTE_LENGTH = 300
"""The most code points of a quote."""


def quote_hash(quote: str) -> str:
    """Return the SHA-256 of a quote, as a locator has it of its span."""
    return sha256(quote.encode("utf-8", "surrogatepass")).hexdigest()


def quote_fault(quote: str, locator: Locator | None) -> str | None:
    """Return in a sentence why a quote is not the span of a locator; ``None`` if it is."""
    if locator is None:
        return "Needs a `locator`: a quote is checked by the hash of its span, such as that of characters 120 to 180."
    length = locator.end - locator.start
    if len(quote) != length:
        return f"Must be the whole span of the locator, {length} characters; this has {len(quote)}."
    if quote_hash(quote) != locator.sha256:
        return (
            f"Must be the text of the span, whose SHA-256 is {locator.sha256}; that of this is {quote_hash(quote)}. "
            "Copy it as it stands, with its quotation marks, dashes and spaces."
        )
    return None
