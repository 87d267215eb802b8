"""Web addresses, made comparable without changing where they lead."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from urllib.parse import quote, urlsplit, urlunsplit

LONGEST = 2000
"""Bytes in UTF-8."""

_LABEL = r"[^\s\x00-,./:-@\[-`{-\xa0]+"
_VALID = re.compile(rf"https?://{_LABEL}(\.{_LABEL})+(:[0-9]{{1,5}})?([/?#][^\s\x00-\x1f\x7f-\x9f]*)?")
_UNSAFE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200b\ufeff\ud800-\udfff]")
# What newsletters and networks append to follow a reader: the page is the same without.
_TRACKING = re.compile(
    r"(?:utm_[a-z_]+|fbclid|gclid|dclid|msclkid|mc_cid|mc_eid|igshid|igsh|__twitter_impression)(?:=.*)?"
)
_PORTS = {"http": ":80", "https": ":443"}

# Addresses there are of accounts: the host is not that of whoever has one.
_PLATFORMS = (
    *("facebook.com", "fb.com", "twitter.com", "x.com", "instagram.com", "youtube.com", "youtu.be", "tiktok.com"),
    *("t.me", "telegram.me", "linkedin.com", "threads.net", "vk.com", "whatsapp.com", "medium.com", "wikipedia.org"),
    *("wikidata.org", "google.com", "reddit.com", "pinterest.com", "weibo.com", "bsky.app", "mastodon.social"),
)


def canonical(text: str) -> tuple[str | None, bool]:
    """The address in ``text``, ``None`` when there is none, and whether its scheme had to be added.

    Scheme and host in lower case, without the scheme's own port, a dot at the end of the host and what only tracks
    readers; what may not stand in an address is escaped. The fragment stays: pages review several claims.
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
    """``site``, unless it is a platform on which others have accounts."""
    if site and any(site == platform or site.endswith("." + platform) for platform in _PLATFORMS):
        return None
    return site
