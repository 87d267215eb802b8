"""Archive copies, those that show what they archive and those that do not."""

from __future__ import annotations

import pytest

from service.identity.web_addresses import archived, is_archive, is_opaque_archive

PAGE = "https://post.example/p/1"


@pytest.mark.parametrize(
    ("url", "page"),
    [
        (f"https://web.archive.org/web/2020/{PAGE}?a=1#!/b", f"{PAGE}?a=1#!/b"),
        ("https://web.archive.org/web/20200101120000id_/post.example/p/1", "http://post.example/p/1"),
        (f"https://archive.ph/2020.01.01-120000/{PAGE}", PAGE),
        (f"https://webarchive.nationalarchives.gov.uk/ukgwa/20200101120000/{PAGE}", PAGE),
        (f"https://web.archive.org/web/2020/https://archive.is/2020/{PAGE}", PAGE),
        ("https://preservetube.com/watch?v=abcdefghijk", "https://www.youtube.com/watch?v=abcdefghijk"),
    ],
)
def test_a_copy_that_shows_what_it_archives(url: str, page: str) -> None:
    assert archived(url) == page
    assert is_archive(url)
    assert not is_opaque_archive(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://archive.ph/AbCdE",
        "http://archive.is/AbCdE/image",
        "https://archive.ph/wip/AbCdE",
        "https://perma.cc/AB12-CD34",
        "https://ghostarchive.org/archive/AbC12",
        "https://www.webcitation.org/6AbCdEfGh",
        "https://cc.bingj.com/cache.aspx?q=mast&d=4",
        "https://mvau.lt/media/0f1e2d",
    ],
)
def test_a_copy_that_does_not_show_what_it_archives(url: str) -> None:
    assert archived(url) is None
    assert is_archive(url)
    assert is_opaque_archive(url)


def test_a_copy_of_an_opaque_copy_is_opaque() -> None:
    url = "https://web.archive.org/web/2020/https://archive.ph/AbCdE"
    assert archived(url) == "https://archive.ph/AbCdE"
    assert is_archive(url)
    assert is_opaque_archive(url)


@pytest.mark.parametrize(
    "url",
    [
        PAGE,
        "https://archive.ph/",
        "https://web.archive.org/",
        "https://web.archive.org/web/2020/",
        "https://archive.org/details/a-book",
        "https://webcache.googleusercontent.com/search?q=mast",
        "https://www.google.com/search?q=https://post.example",
        "https://www.google.com/amp/s/post.example/p/1",
        "https://perma.cc/about",
        "https://post.example/20200101/https-and-http",
        "not an address",
        "",
    ],
)
def test_other_addresses_are_no_archive_copies(url: str) -> None:
    assert archived(url) is None
    assert not is_archive(url)
    assert not is_opaque_archive(url)
