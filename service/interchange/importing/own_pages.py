"""Pages of the reviewer's own: these refute a claim or report on it, and are no appearances of it. Pure: no I/O."""

from __future__ import annotations

from service.identity.archive_copies import original
from service.identity.web_addresses import is_shared_host, page_key, registrable_domain
from service.interchange.claimreview.review_items import ReviewItem


def is_own_page(url: str, item: ReviewItem) -> bool:
    """Return whether ``url`` is the review's page, a part or an archived copy of it, or another page of its site.

    The site is that of the review and that of its publisher. A host on which many publish is nobody's.
    """
    if item.url is not None and page_key(url) == page_key(item.url):
        return True
    page = original(url)
    return not is_shared_host(page) and registrable_domain(page) in _own_sites(item)


def _own_sites(item: ReviewItem) -> set[str]:
    own = (item.url, item.publisher.url, item.publisher.site)
    pages = [original(address) for address in own if address is not None]
    return {site for page in pages if not is_shared_host(page) and (site := registrable_domain(page)) is not None}
