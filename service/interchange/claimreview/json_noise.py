"""Find the end of what pages and programs leave between JSON values, and which hides no review."""

from __future__ import annotations

import re

LONGEST_MARK = 40
"""The number of characters after which a mark, other than a comment, has certainly ended."""
OPEN = -1
"""Returned for a comment that does not end in the text."""

_MARK = re.compile(
    r"(?://|/\*)?\s*+(?:<!\[CDATA\[|<?!?\]\]>)(?:\s*+\*/)?|(?:null|undefined)(?![\w\"':.-])|;|--!?>|\*/|//--!?>"
)
_COMMENTS = (("<!--", "-->"), ("/*", "*/"), ("//", "\n"), ("#", "\n"))


def noise_end(text: str, at: int, missing: set[str], *, ended: bool) -> int | None:
    """Return the index after the ``null``, the mark of CDATA or the comment at ``at``; ``None`` if there is none.

    A comment without an end is none, so that it hides nothing; while the text has not ``ended`` it is ``OPEN``. Its end
    is added to ``missing``, and not looked for again, which bounds the time.
    """
    match = _MARK.match(text, at)
    if match:
        return match.end()
    opening, closing = next((comment for comment in _COMMENTS if text.startswith(comment[0], at)), ("", ""))
    if not opening or closing in missing:
        return None
    end = text.find(closing, at + len(opening))
    if end >= 0:
        return end + len(closing)
    if not ended:
        return OPEN
    if closing == "\n":
        return len(text)
    missing.add(closing)
    return None
