"""Normalise web addresses for comparison, without changing where they lead."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from urllib.parse import quote, urlsplit, urlunsplit

from service.identity.web_addresses import is_shared_host

LONGEST = 2000
"""The maximum length of an address, in bytes of UTF-8."""

_LABEL = r"[^\s\x00-,./:-@\[-`{-\xa0]+"
_VALID = re.compile(rf"https?://{_LABEL}(\.{_LABEL})+(:[0-9]{{1,5}})?([/?#][^\s\x00-\x1f\x7f-\x9f]*)?")
_UNSAFE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200b\ufeff\ud800-\udfff]")
# Tracking parameters that newsletters and networks append: the page is the same without them.
_TRACKING = re.compile(
    r"(?:utm_[a-z_]+|fbclid|gclid|dclid|msclkid|mc_cid|mc_eid|igshid|igsh|__twitter_impression)(?:=.*)?"
)
_PORTS = {"http": ":80", "https": ":443"}


def canonical(text: str) -> tuple[str | None, bool]:
    """Return the normalised address in ``text`` (``None`` if there is none), and whether its scheme had to be added.

    Scheme and host are in lower case, without the default port, a trailing dot and tracking parameters; characters
    that an address may not have are escaped. The fragment is kept, since a page can review several claims.
    """
    return _canonical(text) if len(text) <= LONGEST else (None, False)


@lru_cache(maxsize=4096)
def _canonical(text: str) -> tuple[str | None, bool]:
    text = html.unescape(text).strip().strip("\u200b\ufeff")
    added = text.startswith(("//", "www."))
    if added:
        text = "https:" + ("" if text.startswith("//") else "//") + text
    try:
        parts = urlsplit(_UNSAFE.sub(lambda match: quote(match[0], errors="replace"), text))
    except ValueError:
        return None, added
    scheme = parts.scheme.lower()
    host = parts.netloc.lower().removesuffix(_PORTS.get(scheme, " ")).removesuffix(".")
    query = "&".join(part for part in parts.query.split("&") if part and not _TRACKING.fullmatch(part))
    address = urlunsplit((scheme, host, parts.path or "/", query, parts.fragment))
    if len(address.encode()) > LONGEST or _VALID.fullmatch(address) is None:
        return None, added
    return address, added


def own_site(site: str | None) -> str | None:
    """Return ``site``, or ``None`` if it is a host on which many publish."""
    return None if site is None or is_shared_host(site) else site
