"""The site that a host belongs to, and hosts on which many publish."""

from __future__ import annotations

import pytest

from service.identity.web_addresses import is_shared_host, registrable_domain
from service.interchange.claimreview.addresses import own_site


@pytest.mark.parametrize(
    ("given", "site"),
    [
        ("https://www.bbc.co.uk/news/1", "bbc.co.uk"),
        ("news.bbc.co.uk", "bbc.co.uk"),
        ("https://sport.daily.example/c", "daily.example"),
        ("gazette.example", "gazette.example"),
        ("gazette.example:8080", "gazette.example"),
        ("alpha.blogspot.com", "alpha.blogspot.com"),
        ("www.alpha.substack.com", "alpha.substack.com"),
        ("beta.github.io", "beta.github.io"),
        ("github.io", "github.io"),
        ("www.gov.uk", "gov.uk"),
        ("https://dwp.gov.uk/x", "dwp.gov.uk"),
        ("https://münchen.example/", "xn--mnchen-3ya.example"),
        ("http://127.0.0.1:8000/", "127.0.0.1"),
        ("http://[::1]/", "::1"),
        ("localhost", "localhost"),
        ("http://intranet/a", "intranet"),
        ("http://💩.example/", "xn--ls8h.example"),
        (f"http://{'ä' * 70}.example/", f"{'ä' * 70}.example"),
        ("word", None),
        ("mailto:a@post.example", None),
        ("", None),
    ],
)
def test_the_site_of_an_address(given: str, site: str | None) -> None:
    assert registrable_domain(given) == site


@pytest.mark.parametrize(
    "given",
    [
        "https://www.facebook.com/u/posts/1",
        "m.facebook.com",
        "x.com",
        "en.wikipedia.org",
        "docs.google.com",
        "https://web.archive.org/web/2020/https://post.example/",
        "archive.ph",
        "bit.ly",
        "blogspot.com",
        "www.wordpress.com",
        "medium.com",
    ],
)
def test_a_host_on_which_many_publish(given: str) -> None:
    assert is_shared_host(given)


@pytest.mark.parametrize(
    "given", ["post.example", "alpha.blogspot.com", "alpha.medium.com", "notx.com", "gov.uk", "127.0.0.1", "com", ""]
)
def test_a_host_of_one_publisher(given: str) -> None:
    assert not is_shared_host(given)


def test_a_platform_is_nobodys_own_site() -> None:
    assert own_site("post.example") == "post.example"
    assert own_site("m.facebook.com") is None
    assert own_site(None) is None
