"""Remove what pages wrap around the JSON of a script: comments, CDATA, semicolons, entities for quotes."""

from __future__ import annotations

import html
import re

_MOST = 20
"""The maximum number of comments before or after the JSON, which bounds the time."""
_AFTER = " \t\r\n;"
_BEFORE = re.compile(
    r"""[\s\ufeff]*+(?:
        (?://|/\*)?\s*+<!\[CDATA\[(?:\s*+\*/)?
      | /\*(?:[^*]|\*(?!/))*+\*/
      | //[^\n]*+
      | <!--(?:[^-]|-(?!->))*+-->(?=\s*+[{\[])               # before the JSON, with any content
      | <!--\s*+(?=[{\[])                                   # around the JSON
      | <!--(?:[^-]|-(?!->))*+-->(?=\s*+[^\s;])             # before another comment
      | <!--[^{\[]*+                                        # around the JSON and words, or without any JSON
    )""",
    re.VERBOSE,
)


def unwrap_json(text: str) -> str:
    """Return the JSON of a script with its line numbers kept; empty if all of it is a comment."""
    start = 0
    for _ in range(_MOST):
        match = _BEFORE.match(text, start)
        if match is None:
            break
        start = match.end()
    end = len(text)
    for _ in range(_MOST):
        closing = _closing(text, start, end)
        if closing == end:
            break
        end = closing
    text = "\n" * text.count("\n", 0, start) + text[start:end]
    if '"' not in text and "&quot;" in text:
        return html.unescape(text)
    return text


def _closing(text: str, start: int, end: int) -> int:
    """Return the index where the closing wrapper, or a comment after the JSON, begins."""
    while end > start and text[end - 1] in _AFTER:
        end -= 1
    if text.endswith("*/", start, end):
        return max(text.rfind("/*", start, end), start)
    if text.endswith("-->", start, end):
        opening = text.rfind("<!--", start, end)
        # Inside a string of the JSON it does not open a comment.
        before = text[start:opening].rstrip(_AFTER)
        follows = opening >= 0 and (not before or before.endswith(("}", "]", "-->", "]]>", "*/", "//")))
        return opening if follows else end - len("-->")
    if text.endswith("]]>", start, end):
        return end - len("]]>")
    line = max(text.rfind("\n", start, end) + 1, start)
    slashes = text.rfind("//", line, end)
    if (
        slashes >= 0
        and (slashes == line or text[slashes - 1] in "}];, \t")
        and not set('"{}[]') & set(text[slashes:end])
    ):
        return slashes
    return end
