"""The site of a URL, which identifies the publisher of a review."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit


@lru_cache(maxsize=4096)
def site_of(url: str | None) -> str | None:
    """Return the host of ``url`` in lower case, without ``www.``; ``None`` if it has none."""
    if url is None:
        return None
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname
    except ValueError:
        return None
    return (host or "").rstrip(".").removeprefix("www.") or None
