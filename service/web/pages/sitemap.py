"""The sitemap: the pages that search engines should know (https://www.sitemaps.org/protocol.html)."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import islice

from service.model.filters import ClaimFilters
from service.model.timestamps import rfc3339
from service.store import Store
from service.use_cases.bulk_counts import bulk_counts

MOST = 50_000
"""The most addresses that the protocol allows in one sitemap."""

_LISTS = ("/", "/search", "/conflicts", "/sources")


def sitemap(store: Store, base: str) -> Iterator[bytes]:
    """Yield the sitemap piece by piece: the lists, and the claims in order of creation, up to ``MOST``."""
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    for path in _LISTS:
        yield _entry(f"{base}{path}")
    for claim in islice(bulk_counts(store, ClaimFilters()), MOST - len(_LISTS)):
        yield _entry(f"{base}/claims/{claim.id}", rfc3339(claim.updated_at))
    yield b"</urlset>\n"


def _entry(address: str, changed: str | None = None) -> bytes:
    since = f"<lastmod>{changed}</lastmod>" if changed else ""
    return f"<url><loc>{escape(address)}</loc>{since}</url>\n".encode()
