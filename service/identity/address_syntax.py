"""The syntax of web addresses: the characters that RFC 3986 and RFC 3987 allow, and the encoding of all others.

Every way in uses these rules: bodies of requests and seeds refuse an address with other characters, imports and
restores percent-encode them. Letters of any script are kept, as in RFC 3987. Pure: no I/O.
"""

from __future__ import annotations

import re
from urllib.parse import quote

# A host of at least two labels, in letters and digits of any script, without user or password.
_LABEL = r"[^\s\x00-,./:-@\[-`{-\xa0]+"
# Not in an address: spaces, controls, the delimiters that RFC 3986 leaves out, and characters that nobody sees.
_NOT_ALLOWED = (
    r"""\s\x00-\x20"<>\\^`{|}\x7f-\xa0\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff0-\uffff"""
)
_REST = rf"(?:[^{_NOT_ALLOWED}\[\]#%]|%[0-9A-Fa-f]{{2}})*"

URL_PATTERN = rf"^https?://{_LABEL}(\.{_LABEL})+(:[0-9]{{1,5}})?([/?]{_REST})?(#{_REST})?$"
"""The pattern of an http or https address. It means the same in Python and in JavaScript."""

_ADDRESS = re.compile(URL_PATTERN.removesuffix("$") + r"\Z")
_PARTS = re.compile(r"(https?:)?([\\/]{2})?([^\\/?#]*)([^?#]*)(\?[^#]*)?(#.*)?", re.IGNORECASE | re.DOTALL)
_ENCODED = re.compile(rf"[{_NOT_ALLOWED}\[\]#\ud800-\udfff]|%(?![0-9A-Fa-f]{{2}})")
_LINE_BREAKS = re.compile(r"[\t\n\r]+")


def is_web_address(text: str) -> bool:
    """Return whether ``text`` is an http or https address with only the characters that one may have."""
    return _ADDRESS.match(text) is not None


def percent_encoded(text: str) -> str:
    """Return the address ``text`` with the characters percent-encoded that an address may not have after its host.

    As browsers do (WHATWG URL), tabs and line breaks are removed, and backslashes in the path are slashes. What is
    encoded already stays as it is. The host is not changed: one with other characters is no host.
    """
    if is_web_address(text):
        return text
    match = _PARTS.fullmatch(_LINE_BREAKS.sub("", text))
    assert match  # noqa: S101 - the pattern matches every text
    scheme, slashes, host, path, query, fragment = (part or "" for part in match.groups())
    encoded = [_ENCODED.sub(_encode, part) for part in (path.replace("\\", "/"), query[1:], fragment[1:])]
    return f"{scheme}{slashes.replace(chr(92), '/')}{host}{encoded[0]}{query[:1]}{encoded[1]}{fragment[:1]}{encoded[2]}"


def _encode(match: re.Match[str]) -> str:
    return quote(match[0], safe="", errors="replace")
