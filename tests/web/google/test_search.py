"""``claims:search`` through Google's own client library, as published, against the real server."""

from __future__ import annotations

from typing import Any

import pytest
from googleapiclient.errors import HttpError

from tests.web.google.conftest import Newsroom
from tests.web.google.newsroom import FEES, HEADLINE, Json


def search(newsroom: Newsroom, **parameters: Any) -> Json:
    found: Json = newsroom.google.claims().search(**parameters).execute()
    return found


def texts(found: Json) -> list[str]:
    return [claim["text"] for claim in found.get("claims", [])]


def every_page(newsroom: Newsroom, **parameters: Any) -> list[Json]:
    """By the library's own way to go on."""
    pages: list[Json] = []
    request = newsroom.google.claims().search(**parameters)
    while request is not None:
        assert len(pages) < 100
        pages.append(request.execute())
        request = newsroom.google.claims().search_next(request, pages[-1])
    return pages


def test_a_headline_finds_the_claim_with_all_that_is_known_of_its_reviews(newsroom: Newsroom) -> None:
    assert search(newsroom, query=HEADLINE)["claims"][0] == {
        "text": "Twelve foreign ships came to the harbour of Oldport in secret.",
        "claimant": "Mayor of Oldport",
        "claimDate": "2024-10-18T00:00:00Z",
        "claimReview": [
            {
                "publisher": {"name": "Fatos de Portovelho", "site": "fatos.example"},
                "url": "https://fatos.example/ships/2024-10-21",
                "reviewDate": "2024-10-21T09:30:00Z",
                "textualRating": "Falso",
                "languageCode": "pt-BR",
            },
            {
                "publisher": {"name": "Facts of Oldport", "site": "facts.example"},
                "url": "https://www.facts.example/ships/2024-10-20",
                "title": "No ships came",
                "reviewDate": "2024-10-20T00:00:00Z",
                "textualRating": "False",
                "languageCode": "en",
            },
        ],
    }


@pytest.mark.parametrize(
    "query",
    [
        f"{HEADLINE} — The Oldport Gull (@OldportGull) November 3, 2024 https://t.example/xyz #harbour #news",
        "Quite a week it has been here, says everybody who was asked. " * 5 + HEADLINE + ". And the weather was fine.",
    ],
    ids=["a post", "an article"],
)
def test_what_is_around_a_headline_does_no_harm(newsroom: Newsroom, query: str) -> None:
    assert texts(search(newsroom, query=query))[0] == "Twelve foreign ships came to the harbour of Oldport in secret."


def test_the_title_of_a_review_finds_its_claim(newsroom: Newsroom) -> None:
    """The words of the title are in no claim."""
    for query in ("Ghost fleet that never was", "ghost fleet", "GHOST FLEET THAT NEVER WAS!"):
        assert texts(search(newsroom, query=query)) == ["The fee for berth 01 was doubled."], query


def test_a_claim_that_nobody_has_checked_is_not_found(newsroom: Newsroom) -> None:
    assert "It rained on twelve foreign ships in Oldport all day." not in texts(search(newsroom, query=HEADLINE))


def test_a_verdict_of_our_own_has_its_label_for_words_and_no_more_than_is_known(newsroom: Newsroom) -> None:
    [claim] = search(newsroom, query="so many gulls")["claims"]
    assert claim == {
        "text": "Nobody has ever seen so many gulls.",
        "claimReview": [
            {
                "publisher": {"name": "Jane Doe"},
                "reviewDate": "2024-10-21T12:00:00Z",
                "textualRating": "Not enough evidence",
            }
        ],
    }


@pytest.mark.parametrize("query", ["xyzzy plugh", "!!!", '"', "NOT AND OR", "* - ( ) : ^", "\u0000", "🐦"])
def test_nothing_found_is_an_empty_object(newsroom: Newsroom, query: str) -> None:
    assert search(newsroom, query=query) == {}


def test_the_reviews_of_a_site_come_by_their_day_each_claim_once(newsroom: Newsroom) -> None:
    pages = every_page(newsroom, reviewPublisherSiteFilter="facts.example")
    claims = [claim for page in pages for claim in page["claims"]]
    dates = [claim["claimReview"][0]["reviewDate"] for claim in claims]
    assert [len(page["claims"]) for page in pages] == [10, 10, 4]
    assert ["nextPageToken" in page for page in pages] == [True, True, False]
    assert len({claim["text"] for claim in claims}) == len(claims) == len(FEES) + 1
    assert dates == sorted(dates, reverse=True)
    assert claims[0]["text"] == "The fee for berth 00 was doubled."
    assert [len(claim["claimReview"]) for claim in claims] == [2] + [1] * len(FEES)
    assert {review["publisher"]["site"] for claim in claims for review in claim["claimReview"]} == {"facts.example"}


@pytest.mark.parametrize("site", ["https://www.facts.example/some/page", "www.facts.example", "FACTS.example"])
def test_a_site_may_be_written_as_an_address(newsroom: Newsroom, site: str) -> None:
    assert len(search(newsroom, reviewPublisherSiteFilter=site, pageSize=200)["claims"]) == len(FEES) + 1


@pytest.mark.parametrize("size", [1, 3, 7, 24, 200])
@pytest.mark.parametrize("parameters", [{"reviewPublisherSiteFilter": "facts.example"}, {"query": "fee doubled"}])
def test_pages_of_any_size_have_the_same_claims_in_the_same_order(
    newsroom: Newsroom, size: int, parameters: Json
) -> None:
    whole = search(newsroom, pageSize=100, **parameters)
    pages = every_page(newsroom, pageSize=size, **parameters)
    assert [claim for page in pages for claim in page["claims"]] == whole["claims"]
    assert all(len(page["claims"]) == size for page in pages[:-1])
    assert "nextPageToken" not in pages[-1]


@pytest.mark.parametrize("parameters", [{"reviewPublisherSiteFilter": "facts.example"}, {"query": "fee doubled"}])
def test_an_offset_passes_claims_over_but_not_after_a_page_token(newsroom: Newsroom, parameters: Json) -> None:
    whole = texts(search(newsroom, pageSize=100, **parameters))
    first = search(newsroom, pageSize=3, offset=4, **parameters)
    assert texts(first) == whole[4:7]
    second = search(newsroom, pageSize=3, offset=4, pageToken=first["nextPageToken"], **parameters)
    assert texts(second) == whole[7:10]
    assert search(newsroom, offset=1000, **parameters) == {}


def test_a_language_leaves_its_reviews_whatever_the_region(newsroom: Newsroom) -> None:
    for code in ("pt", "pt-PT", "PT_br"):
        [claim] = search(newsroom, query=HEADLINE, languageCode=code)["claims"]
        assert [review["languageCode"] for review in claim["claimReview"]] == ["pt-BR"]
    assert search(newsroom, query=HEADLINE, languageCode="de") == {}
    assert search(newsroom, reviewPublisherSiteFilter="facts.example", languageCode="pt") == {}
    english = search(newsroom, reviewPublisherSiteFilter="facts.example", languageCode="en", pageSize=100)
    assert len(english["claims"]) == len(FEES) + 1


def test_a_site_and_a_language_must_be_those_of_one_review(newsroom: Newsroom) -> None:
    assert texts(search(newsroom, query=HEADLINE, reviewPublisherSiteFilter="fatos.example", languageCode="pt"))
    assert search(newsroom, query=HEADLINE, reviewPublisherSiteFilter="fatos.example", languageCode="en") == {}


def test_an_age_leaves_later_reviews_only(newsroom: Newsroom) -> None:
    """A hundred years have all of them, a day none: the newest is of 2024."""
    old = {"reviewPublisherSiteFilter": "old.example"}
    assert texts(search(newsroom, maxAgeDays=36_500, **old)) == ["The fee for berth 01 was doubled."]
    assert search(newsroom, maxAgeDays=1, **old) == {}
    assert texts(search(newsroom, maxAgeDays=2**31 - 1, **old)) == texts(search(newsroom, **old))
    assert search(newsroom, query=HEADLINE, maxAgeDays=1) == {}
    assert texts(search(newsroom, query=HEADLINE, maxAgeDays=0))[0].startswith("Twelve")


def test_a_text_too_long_for_an_address_is_searched_all_the_same(newsroom: Newsroom) -> None:
    """The library sends it as a POST that means a GET."""
    query = "Двенадцать кораблей. " * 40 + HEADLINE
    assert len(query.encode()) > 1000
    request = newsroom.google.claims().search(query=HEADLINE + " " * 2100)
    assert len(request.uri) > 2048
    assert request.execute() == search(newsroom, query=HEADLINE)
    assert newsroom.google.claims().search(query=query).execute() is not None


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({}, "query"),
        ({"query": ""}, "query"),
        ({"query": "  "}, "query"),
        ({"languageCode": "en"}, "query"),
        ({"query": "x", "pageSize": -1}, "pageSize"),
        ({"query": "x", "pageSize": 2**31}, "pageSize"),
        ({"query": "x", "maxAgeDays": -1}, "maxAgeDays"),
        ({"reviewPublisherSiteFilter": "a\0"}, "reviewPublisherSiteFilter"),
        ({"reviewPublisherSiteFilter": "a.example", "languageCode": "e\0"}, "languageCode"),
        ({"query": "x", "offset": -1}, "offset"),
        ({"query": "x", "offset": 10_001}, "offset"),
        ({"query": "x", "pageToken": "no such"}, "pageToken"),
        ({"query": "x", "callback": "run"}, "callback"),
        ({"query": "x", "fields": "claims(text"}, "fields"),
        ({"query": "x", "fields": "claims/nothing"}, "fields"),
        ({"query": "x", "x__xgafv": "1", "prettyPrint": True, "pageToken": "a"}, "pageToken"),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(newsroom: Newsroom, parameters: Json, field: str) -> None:
    with pytest.raises(HttpError) as refused:
        search(newsroom, **parameters)
    error = refused.value
    assert error.status_code == 400
    assert field in error.reason
    [info, bad, request] = error.error_details
    assert info["reason"] == "INVALID_REQUEST"
    assert [violation["field"] for violation in bad["fieldViolations"]] == [field]
    assert request["requestId"] == error.resp["x-request-id"]


def test_a_page_token_is_good_for_the_search_that_it_came_from_alone(newsroom: Newsroom) -> None:
    token = search(newsroom, query="fee doubled", pageSize=2)["nextPageToken"]
    for other in (
        {"query": "fee"},
        {"query": "fee doubled", "languageCode": "en"},
        {"query": "fee doubled", "maxAgeDays": 36_500},
        {"reviewPublisherSiteFilter": "facts.example"},
    ):
        with pytest.raises(HttpError, match="pageToken"):
            search(newsroom, pageToken=token, **other)


def test_fields_leave_what_was_asked_for(newsroom: Newsroom) -> None:
    found = search(newsroom, query=HEADLINE, fields="claims(text,claimReview/publisher/site)")
    assert found["claims"][0] == {
        "text": "Twelve foreign ships came to the harbour of Oldport in secret.",
        "claimReview": [{"publisher": {"site": "fatos.example"}}, {"publisher": {"site": "facts.example"}}],
    }


def test_images_are_not_searched(newsroom: Newsroom) -> None:
    with pytest.raises(HttpError) as refused:
        newsroom.google.claims().imageSearch(imageUri="https://example.org/1.png").execute()
    assert refused.value.status_code == 501
    assert "Search by image is not supported" in refused.value.reason
