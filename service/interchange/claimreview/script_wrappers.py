"""What pages put round the JSON of a script: comments, CDATA, a semicolon, entities for its quotes."""

from __future__ import annotations

import html
import re

_MOST = 20
"""Comments before or behind. Each is looked for anew, so that many must not take long."""
_AFTER = " \t\r\n;"
_BEFORE = re.compile(
    r"""[\s\ufeff]*+(?:
        (?://|/\*)?\s*+<!\[CDATA\[(?:\s*+\*/)?
      | /\*(?:[^*]|\*(?!/))*+\*/
      | //[^\n]*+
      | <!--(?:[^-]|-(?!->))*+-->(?=\s*+[{\[])               # before the JSON, whatever is in it
      | <!--\s*+(?=[{\[])                                   # round the JSON
      | <!--(?:[^-]|-(?!->))*+-->(?=\s*+[^\s;])             # before another comment
      | <!--[^{\[]*+                                        # round the JSON with words, or there is nothing else
    )""",
    re.VERBOSE,
)


def unwrapped(text: str) -> str:
    """The JSON of a script, on the lines that it is on; the empty string when all of it is a comment."""
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
    """Where what closes the text, or a comment behind it, begins."""
    while end > start and text[end - 1] in _AFTER:
        end -= 1
    if text.endswith("*/", start, end):
        return max(text.rfind("/*", start, end), start)
    if text.endswith("-->", start, end):
        opening = text.rfind("<!--", start, end)
        # In a string of the JSON it opens nothing.
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
