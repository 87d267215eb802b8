"""A cache of pages that were made, by their ETag: the last used ones, up to a size."""

from __future__ import annotations

import threading
from collections import OrderedDict

SIZE = 8 * 1024 * 1024
"""The most bytes of pages that a process keeps."""


class PageCache:
    """Pages by ETag. An ETag names one state of the store, so that no page in it is out of date."""

    def __init__(self, size: int = SIZE) -> None:
        self._room = size
        self._pages: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, tag: str) -> bytes | None:
        """Return the page with an ETag, if it is there."""
        with self._lock:
            page = self._pages.get(tag)
            if page is not None:
                self._pages.move_to_end(tag)
            return page

    def put(self, tag: str, page: bytes) -> None:
        """Keep a page, and drop those that were not used for longest if there is no room."""
        with self._lock:
            self._room += len(self._pages.pop(tag, b"")) - len(page)
            self._pages[tag] = page
            while self._room < 0:
                self._room += len(self._pages.popitem(last=False)[1])
