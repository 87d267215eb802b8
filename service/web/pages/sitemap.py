"""The sitemap: the pages that search engines should know (https://www.sitemaps.org/protocol.html)."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from service.model.filters import ClaimFilters
from service.model.timestamps import rfc3339
from service.store import Store
from service.use_cases.bulk_counts import bulk_counts

_LISTS = ("/", "/search", "/conflicts", "/sources", "/docs")
CLAIMS = 50_000 - len(_LISTS)
"""The most claims in one sitemap: the protocol allows 50,000 addresses."""
_LAST_KEY = 2**63 - 1
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<{} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'


def sitemap(store: Store, base: str) -> Iterator[bytes]:
    """Yield the sitemap piece by piece; if there are more than ``CLAIMS``, an index of sitemaps."""
    parts = list(_parts(store))
    if parts[1:]:
        yield _HEAD.format("sitemapindex").encode()
        for number in parts:
            yield f"<sitemap><loc>{escape(base)}/sitemaps/{number}.xml</loc></sitemap>\n".encode()
        yield b"</sitemapindex>\n"
    else:
        yield from sitemap_part(store, base, 1)


def sitemap_part(store: Store, base: str, number: int) -> Iterator[bytes]:
    """Yield one sitemap of the index: claims in order of creation, in the first one also the lists.

    Claims are told apart by their keys, so that a part keeps its claims when others are added.
    """
    yield _HEAD.format("urlset").encode()
    for path in _LISTS if number == 1 else ():
        yield _entry(f"{base}{path}")
    until = min(number * CLAIMS, _LAST_KEY)
    for claim in bulk_counts(store, ClaimFilters(), until - CLAIMS, until):
        yield _entry(f"{base}/claims/{claim.id}", rfc3339(claim.updated_at))
    yield b"</urlset>\n"


def _parts(store: Store) -> Iterator[int]:
    """Yield the number of each part that has a claim; the first one is always there."""
    yield 1
    number = 1
    while (key := next(store.claims.all_claim_keys(number * CLAIMS), None)) is not None:
        number = (key - 1) // CLAIMS + 1
        yield number


def _entry(address: str, changed: str | None = None) -> bytes:
    since = f"<lastmod>{changed}</lastmod>" if changed else ""
    return f"<url><loc>{escape(address)}</loc>{since}</url>\n".encode()
