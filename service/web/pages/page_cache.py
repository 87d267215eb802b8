"""A cache of pages that were made, by name: the last used ones, up to a size."""

from __future__ import annotations

import threading
from collections import OrderedDict

SIZE = 8 * 1024 * 1024
"""The most bytes of pages that a process keeps."""


class PageCache:
    """Pages by name, which is the ETag where a page depends on the store: so no page in it is out of date."""

    def __init__(self, size: int = SIZE) -> None:
        self._room = size
        self._pages: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: str) -> bytes | None:
        """Return the page of a name, if it is there."""
        with self._lock:
            page = self._pages.get(name)
            if page is not None:
                self._pages.move_to_end(name)
            return page

    def put(self, name: str, page: bytes) -> None:
        """Keep a page, and drop those that were not used for longest if there is no room."""
        with self._lock:
            self._room += len(self._pages.pop(name, b"")) - len(page)
            self._pages[name] = page
            while self._room < 0:
                self._room += len(self._pages.popitem(last=False)[1])
