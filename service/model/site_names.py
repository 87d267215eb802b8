"""The site of a web address, as publishers of reviews are told apart by it."""

from __future__ import annotations

from urllib.parse import urlsplit


def site_of(url: str | None) -> str | None:
    """The host of ``url`` without ``www``, in lower case; ``None`` when there is none to be found."""
    if url is None:
        return None
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname
    except ValueError:
        return None
    return (host or "").rstrip(".").removeprefix("www.") or None
