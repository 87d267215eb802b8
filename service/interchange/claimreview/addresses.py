"""Normalise web addresses for comparison, without changing where they lead."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

from service.identity.address_syntax import is_web_address, percent_encoded
from service.identity.web_addresses import is_shared_host
from service.identity.web_hosts import has_public_suffix

LONGEST = 2000
"""The maximum length of an address, in bytes of UTF-8."""

_EDGES = " \t\r\n\f\v\xa0\u200b\ufeff"
_BARE = re.compile(r"//|(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][\w-]+(?::\d{1,5})?(?=[/?#]|\Z)")
# Tracking parameters that newsletters and networks append: the page is the same without them.
_TRACKING = re.compile(
    r"(?:utm_[a-z_]+|fbclid|gclid|dclid|msclkid|mc_cid|mc_eid|igshid|igsh|__twitter_impression)(?:=.*)?"
)
_PORTS = {"http": ":80", "https": ":443"}
_MARK_BEFORE_SCHEME = re.compile(r"[,;|](?=https?://)", re.IGNORECASE)
_SEVERAL = re.compile(r"[\s,;|]")
_WITH_SCHEME = re.compile(r"(?:https?:)?//|www\.", re.IGNORECASE)


class ReadAddress(NamedTuple):
    """A normalised address. ``lacks_scheme`` and ``was_encoded`` state the repairs."""

    url: str
    lacks_scheme: bool = False
    was_encoded: bool = False


def canonical(text: str) -> str | None:
    """Return the normalised address in ``text``; ``None`` if there is none."""
    found = read_address(text)
    return found.url if found else None


def read_address(text: str) -> ReadAddress | None:
    """Return the normalised address in ``text`` with its repairs; ``None`` if there is none.

    Scheme and host are in lower case, without the default port, a trailing dot and tracking parameters; characters
    that an address may not have are percent-encoded. The fragment is kept, since a page can review several claims.
    A host without a scheme is one if it begins with ``www.`` or ends with a public suffix.
    """
    return _read(text) if len(text) <= LONGEST else None


@lru_cache(maxsize=4096)
def _read(text: str) -> ReadAddress | None:
    text = html.unescape(text).strip(_EDGES)
    lacks_scheme = not text.startswith(("https:", "http:")) and _bare_host(text)
    if lacks_scheme:
        text = f"https:{'' if text.startswith('//') else '//'}{text}"
    encoded = percent_encoded(text)
    try:
        parts = urlsplit(encoded)
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    host = parts.netloc.lower().removesuffix(_PORTS.get(scheme, " ")).removesuffix(".")
    query = "&".join(part for part in parts.query.split("&") if part and not _TRACKING.fullmatch(part))
    address = urlunsplit((scheme, host, parts.path or "/", query, parts.fragment))
    if not is_web_address(address) or len(address.encode()) > LONGEST:
        return None
    return ReadAddress(address, lacks_scheme, encoded != text)


def _bare_host(text: str) -> bool:
    """Return whether a text begins with a host, without a scheme before it."""
    match = _BARE.match(text)
    if match is None:
        return False
    return match[0] == "//" or text[:4].lower() == "www." or has_public_suffix(match[0].partition(":")[0].lower())


def addresses_in(text: str) -> list[str]:
    """Return the addresses in a text that is a list of some, and otherwise the text as a whole.

    ``https://a.example https://b.example`` has two; ``https://a.example/my page`` is one, with a space.
    """
    if not _SEVERAL.search(text):
        return [text]
    parts: list[str] = []
    for word in text.split():
        # Inside a query a comma can part values, which may be addresses.
        found = [word] if "?" in word else _MARK_BEFORE_SCHEME.split(word)
        parts += [part for part in (each.strip(",;|") for each in found) if part]
    have_scheme = {_WITH_SCHEME.match(part) is not None for part in parts}
    return parts if len(parts) > 1 and len(have_scheme) == 1 and all(map(read_address, parts)) else [text]


def own_site(site: str | None) -> str | None:
    """Return ``site``, or ``None`` if it is a host on which many publish."""
    return None if site is None or is_shared_host(site) else site
