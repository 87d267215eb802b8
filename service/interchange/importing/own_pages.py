"""Pages of the reviewer's own: these refute a claim or report on it, and are no appearances of it. Pure: no I/O."""

from __future__ import annotations

from functools import lru_cache

from service.identity.archive_copies import original
from service.identity.web_addresses import is_shared_host, page_key, registrable_domain


class OwnPages:
    """The pages of a reviewer: the review's page, and all pages of its site and of the publisher's.

    A part of a page or an archived copy of it is that page. A host on which many publish is nobody's site.
    """

    def __init__(self, page: str | None, *sites: str | None) -> None:
        """Take the address of the review, and addresses or hosts of its publisher."""
        self._page = None if page is None else page_key(page)
        self._sites = {_site(url) for url in (page, *sites) if url is not None} - {None}

    def __contains__(self, url: str) -> bool:
        """Return whether ``url`` is the address of one of them."""
        return (self._page is not None and page_key(url) == self._page) or _site(url) in self._sites


@lru_cache(maxsize=4096)
def _site(url: str) -> str | None:
    page = original(url)
    return None if is_shared_host(page) else registrable_domain(page)
