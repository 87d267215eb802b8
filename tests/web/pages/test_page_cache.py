"""The cache of pages: by ETag, the last used ones, up to a size."""

from __future__ import annotations

from service.web.pages.page_cache import PageCache


def test_a_page_is_kept_until_others_need_its_room() -> None:
    cache = PageCache(size=10)
    cache.put("a", b"1234")
    cache.put("b", b"1234")
    assert cache.get("a") == b"1234"
    cache.put("c", b"1234")
    assert [cache.get(tag) for tag in "abc"] == [b"1234", None, b"1234"]


def test_a_page_that_is_put_again_takes_its_room_once() -> None:
    cache = PageCache(size=10)
    for _ in range(5):
        cache.put("a", b"12345")
    cache.put("b", b"12345")
    assert cache.get("a") == cache.get("b") == b"12345"


def test_a_page_that_is_too_large_is_not_kept_and_takes_no_room() -> None:
    cache = PageCache(size=10)
    cache.put("a", b"x" * 11)
    assert cache.get("a") is None
    cache.put("b", b"x" * 10)
    assert cache.get("b") is not None
