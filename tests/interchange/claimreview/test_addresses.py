"""Addresses in reviews: several in one text, without a scheme, and with characters that they may not have."""

from typing import Any

import pytest

from service.interchange.claimreview.addresses import addresses_in
from tests.interchange.claimreview.samples import codes, item, review

DESK = {"@type": "Organization", "name": "The Desk"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://a.example https://b.example", ["https://a.example", "https://b.example"]),
        ("https://a.example/1,https://b.example/2", ["https://a.example/1", "https://b.example/2"]),
        ("https://a.example\n //b.example ;www.c.example", ["https://a.example", "//b.example", "www.c.example"]),
        ("https://a.example|https://b.example", ["https://a.example", "https://b.example"]),
        ("a.example/1, b.example/2", ["a.example/1", "b.example/2"]),
        ("https://a.example/my page", None),
        ("https://a.example/?to=1,https://b.example", None),
        ("https://a.example see b.example", None),
        ("https://a.example b.example", None),
        ("https://web.archive.org/web/2020/https://a.example/", None),
        ("", None),
    ],
)
def test_several_addresses_in_one_text(text: str, expected: list[str] | None) -> None:
    assert addresses_in(text) == (expected or [text])


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("checks.example.org/reviews/1", "https://checks.example.org/reviews/1"),
        ("Checks.Example.org", "https://checks.example.org/"),
        ("httpchecks.example/1", "https://httpchecks.example/1"),
        ("//checks.example.org/1", "https://checks.example.org/1"),
        ("www.checks.example.org", "https://www.checks.example.org/"),
        ("checks.example.org:8443/1?a=b", "https://checks.example.org:8443/1?a=b"),
        ("проверка.рф/1", "https://проверка.рф/1"),
    ],
)
def test_an_address_without_a_scheme_is_https(url: str, expected: str) -> None:
    found = item(review(url=url))

    assert (found.url, codes(found)) == (expected, {"taken_from"})


@pytest.mark.parametrize(
    "url", ["story.html", "index.php?id=1", "reviews/1", "v1.2", "N/A", "me@checks.example.org", "mailto:a@b.example"]
)
def test_a_text_that_does_not_begin_with_a_host_is_no_address(url: str) -> None:
    found = item(review(url=url))

    assert (found.url, codes(found)) == (None, {"invalid_url", "missing_url"})


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ('https://checks.example.org/"><script>', "https://checks.example.org/%22%3E%3Cscript%3E"),
        ("https://checks.example.org/a\\b", "https://checks.example.org/a/b"),
        ("https://checks.example.org/?a[]={b}", "https://checks.example.org/?a%5B%5D=%7Bb%7D"),
        ("https://checks.example.org/50%", "https://checks.example.org/50%25"),
        ("https://checks.example.org/a\tb", "https://checks.example.org/ab"),
    ],
)
def test_characters_that_an_address_may_not_have_are_encoded(url: str, expected: str) -> None:
    whole = review(
        url=url,
        author=DESK | {"url": url},
        itemReviewed={
            "@type": "Claim",
            "author": DESK | {"sameAs": url},
            "firstAppearance": {"url": url},
            "appearance": url,
        },
    )
    found = item(whole)

    assert found.first_appearance
    assert {found.url, found.publisher.url, found.claimants[0].url, found.first_appearance.url} == {expected}
    encoded = {warning.field for warning in found.warnings if warning.code == "encoded_url"}
    assert encoded == {"url", "publisher", "claimants", "first_appearance", "appearances"}


def test_what_is_encoded_already_stays_as_it_is() -> None:
    found = item(review(url="https://checks.example.org/%3Cb%3E"))

    assert (found.url, found.warnings) == ("https://checks.example.org/%3Cb%3E", ())


@pytest.mark.parametrize("url", ['https://checks.example.org"><b>/', "https://a:b@checks.example.org/", "javascript:x"])
def test_no_encoding_makes_an_address_of_these(url: str) -> None:
    assert item(review(url=url)).url is None


def test_a_too_long_address_is_left_out_with_its_length() -> None:
    found = item(review(url="https://checks.example.org/" + "a" * 2_000))

    assert found.url is None
    assert "2,027 characters" in found.warnings[0].message


@pytest.mark.parametrize(
    ("appearance", "expected"),
    [
        ("https://a.example/1 https://b.example/2", ["https://a.example/1", "https://b.example/2"]),
        (["a.example", "//b.example, //c.example"], [f"https://{name}.example/" for name in "abc"]),

        ({"url": "https://a.example/1\nhttps://b.example/2"}, ["https://a.example/1", "https://b.example/2"]),
        ({"url": ["https://a.example/1", "https://b.example/2"]}, ["https://a.example/1", "https://b.example/2"]),
        ("a.example/1", ["https://a.example/1"]),
    ],
)  # fmt: skip
def test_all_addresses_of_appearances_are_kept(appearance: Any, expected: list[str]) -> None:
    found = item(review(itemReviewed={"@type": "Claim", "appearance": appearance}))

    assert [each.url for each in found.appearances] == expected


@pytest.mark.parametrize(
    "url", ["https://checks.example.org/1 https://b.example", ["https://checks.example.org/1", "//b.example"]]
)
def test_of_several_addresses_of_a_review_the_first_is_kept_with_a_finding(url: Any) -> None:
    found = item(review(url=url))

    assert found.url == "https://checks.example.org/1"
    assert "several_values" in codes(found)


def test_of_several_addresses_of_a_party_the_first_is_kept_with_a_finding() -> None:
    desk = DESK | {"@type": "Organization", "url": ["https://desk.example", "https://other.example"]}
    found = item(review(author=desk))

    assert (found.publisher.url, codes(found)) == ("https://desk.example/", {"several_values"})
    assert item(review(author=DESK | {"sameAs": ["https://desk.example", "https://other.example"]})).warnings == ()
