"""Values of a request as they are quoted in a message: short, printable, without API keys."""

from __future__ import annotations

from service.use_cases.api_keys import KEY_PATTERN

LONGEST = 60
# Long enough for a key that begins within the part that is quoted.
_READ = 4 * LONGEST


def quoted(value: str | float | None) -> str:
    """Return a JSON scalar as it is quoted in a message: text like Python's ``repr``, the rest like JSON."""
    if value is None or isinstance(value, bool):
        return str(value).lower().replace("none", "null")
    return repr(shortened(value)) if isinstance(value, str) else str(value)


def shortened(text: str) -> str:
    """Return ``text`` with at most ``LONGEST`` characters, and API keys replaced."""
    text = KEY_PATTERN.sub("(a key)", text[:_READ])
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
