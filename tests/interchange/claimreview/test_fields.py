"""Addresses, languages and dates of reviews."""

from typing import Any

import pytest

from tests.interchange.claimreview.samples import codes, item, review


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (" HTTPS://WWW.Example.org:443 ", "https://www.example.org/"),
        ("http://example.org:8080/A?b=1&amp;c=2#d", "http://example.org:8080/A?b=1&c=2#d"),
        ("https://example.org/x?utm_source=a&id=7&fbclid=b", "https://example.org/x?id=7"),
        ("https://example.org/a b\u200b/é", "https://example.org/a%20b%E2%80%8B/é"),
        ("//example.org/x", "https://example.org/x"),
        ("www.example.org/x", "https://www.example.org/x"),
        (["", "https://example.org/1", "https://example.org/2"], "https://example.org/1"),
        ({"@id": "https://example.org/1"}, "https://example.org/1"),
        ("https://مثال.example/خبر", "https://مثال.example/خبر"),
    ],
)
def test_addresses(url: Any, expected: str) -> None:
    assert item(review(url=url)).url == expected


@pytest.mark.parametrize(
    "url",
    [
        "/reviews/1",
        "javascript:alert(1)",
        "https://localhost/x",
        "https://a:b@example.org/",
        "http://[::1",
        7,
        "x" * 9_000,
    ],
)
def test_invalid_addresses_are_left_out(url: Any) -> None:
    found = item(review(url=url))

    assert found.url is None
    assert "missing_url" in codes(found)


def test_an_address_in_another_property() -> None:
    for name in ("mainEntityOfPage", "@id"):
        found = item(review(url=None) | {name: "https://checks.example.org/1"})
        assert (found.url, codes(found)) == ("https://checks.example.org/1", {"taken_from"})


@pytest.mark.parametrize(
    ("given", "tag"),
    [
        ("en_US", "en-US"),
        ("eng", "en"),
        ("English", "en"),
        ("PT-br", "pt-BR"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ({"@type": "Language", "name": "Spanish", "alternateName": "es"}, "es"),
        ({"@type": "Language", "name": "Deutsch"}, "de"),
        (["", "fr"], "fr"),
        ("हिन्दी", "hi"),
        ("klingon language", None),
        ("e", None),
        (3, None),
    ],
)
def test_languages(given: Any, tag: str | None) -> None:
    found = item(review(inLanguage=given))

    assert (found.language, "invalid_language" in codes(found)) == (tag, tag is None)


@pytest.mark.parametrize(
    ("date", "stated", "code"),
    [
        ("on Wednesday, October 30th, 2019", "2019-10-30", None),
        ("2019-10-30T23:30:00-05:00", "2019-10-31T04:30:00Z", None),
        ("05/04/2019", None, "ambiguous_date"),
        ("lately", None, "invalid_date"),
        ("2019", None, "imprecise_date"),
        ("October 2019", None, "imprecise_date"),
        (1572429600, "2019-10-30T10:00:00Z", None),
        ({"@type": "Date", "@value": "2019-10-30"}, "2019-10-30", None),
        (["soon", "2019-10-30"], "2019-10-30", "invalid_date"),
    ],
)
def test_dates_of_reviews(date: Any, stated: str | None, code: str | None) -> None:
    found = item(review(datePublished=date))

    assert (found.reviewed_at, codes(found)) == (stated, {code} - {None})


def test_a_review_without_a_date_has_that_of_its_modification() -> None:
    found = item(review(datePublished=None, dateModified="2019-11-01"))

    assert (found.reviewed_at, codes(found)) == ("2019-11-01", {"taken_from"})


@pytest.mark.parametrize(
    ("date", "stated", "code"),
    [
        ("2019-11-01", "2019-11-01", None),
        ("2019-11-01T10:00:00+01:00", "2019-11-01T09:00:00Z", None),
        ("1 novembre 2019", "2019-11-01", None),
        (["soon", "2019-11-01"], "2019-11-01", "invalid_date"),
        ("lately", None, "invalid_date"),
    ],
)
def test_dates_of_modification(date: Any, stated: str | None, code: str | None) -> None:
    found = item(review(dateModified=date))

    assert (found.modified_at, found.reviewed_at, codes(found)) == (stated, "2019-10-30", {code} - {None})
