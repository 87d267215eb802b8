"""Appearances: one page is one document, and a page of the reviewer's own is none."""

from __future__ import annotations

from typing import Any

import pytest

from tests.interchange.claimreview.samples import review
from tests.interchange.importing.helpers import codes, counts, import_reviews, only_claim
from tests.use_cases.desk import Desk
from tests.web.helpers import Json

pytestmark = pytest.mark.one_engine


def appearing(*urls: str, number: int = 1, **changes: Any) -> Json:
    """Return a review of a claim without claimants, with these appearances."""
    appearances = [{"@type": "CreativeWork", "url": url} for url in urls]
    return review(number, itemReviewed={"@type": "Claim", "appearance": appearances}, **changes)


def documents(desk: Desk) -> list[str | None]:
    """Return the addresses of the documents."""
    return [document["url"] for document in desk.walk("/v1/documents")]


@pytest.mark.parametrize(
    "others",
    [
        ("http://post.example/p/2", "https://www.post.example/p/2", "https://post.example/p/2/"),
        ("https://post.example/p/2#top", "https://m.post.example/p/2?fbclid=x", "https://post.example/p/2/amp"),
        ("https://web.archive.org/web/2020/https://post.example/p/2", "https://post.example/x/../p/2?utm_source=a"),
    ],
)
def test_several_addresses_of_one_page_are_one_document(desk: Desk, others: tuple[str, ...]) -> None:
    answer = import_reviews(desk, appearing("https://post.example/p/2", *others))
    assert (counts(answer), codes(answer)) == ({"created": 1, "warned": 1}, ["same_page"] * len(others))
    assert documents(desk) == ["https://post.example/p/2"]
    assert len(desk.walk(f"/v1/claims/{only_claim(desk)['id']}/mentions")) == 1


def test_posts_of_a_platform_under_its_names(desk: Desk) -> None:
    posts = ("https://twitter.com/u/status/1", "https://x.com/u/status/1", "https://mobile.twitter.com/u/status/1")
    import_reviews(desk, appearing(*posts), appearing("https://m.facebook.com/u/posts/1", number=2))
    import_reviews(desk, appearing("https://www.facebook.com/u/posts/1", number=2))
    assert sorted(filter(None, documents(desk))) == ["https://m.facebook.com/u/posts/1", posts[0]]


def test_a_later_import_finds_the_document_by_any_form(desk: Desk) -> None:
    desk.document("entered", url="http://www.post.example/p/1/")
    import_reviews(desk, appearing("https://post.example/p/1"))
    before = desk.rows()
    answer = import_reviews(desk, appearing("https://m.post.example/p/1#top"))
    assert counts(answer) == {"unchanged": 1}
    assert desk.rows() == before
    assert documents(desk) == ["http://www.post.example/p/1/"]


def test_an_import_finds_the_document_that_another_one_was_merged_into(desk: Desk) -> None:
    import_reviews(desk, appearing("https://post.example/print/1"))
    claim = only_claim(desk)["id"]
    [printed] = desk.walk("/v1/documents")
    desk.document("page", url="https://post.example/p/1")
    desk.merge(f"/v1/documents/{printed['id']}", "page")
    answer = import_reviews(
        desk, appearing("https://post.example/p/1"), appearing("https://post.example/print/1#top", number=2)
    )
    assert counts(answer) == {"unchanged": 1, "created": 1}
    assert [m["document"]["id"] for m in desk.walk(f"/v1/claims/{claim}/mentions")] == [printed["id"]]
    assert len(desk.walk("/v1/documents/page/claims")) == 2
    assert len(documents(desk)) == 2


def test_of_two_unmerged_documents_the_one_with_the_same_address_is_found(desk: Desk) -> None:
    desk.document("oldest", url="https://post.example/p/1")
    desk.document("print", url="https://post.example/print/1")
    desk.merge("/v1/documents/print", "oldest")
    desk.patch("/v1/documents/oldest", "Ed", {"url": "http://www.post.example/print/1"})
    desk.unmerge("/v1/documents/print")
    for number, url in enumerate(("https://post.example/print/1", "https://m.post.example/print/1")):
        import_reviews(desk, appearing(url, number=number))
    assert [desk.get(f"/v1/documents/{name}")["claims"] for name in ("print", "oldest")] == [1, 1]
    assert len(documents(desk)) == 2


def test_our_own_id_counts_if_the_address_agrees(desk: Desk) -> None:
    desk.document("ours", url="https://post.example/p/1")
    urls = {"https://www.post.example/p/1": 1, "https://post.example/p/2": 2}
    for url, number in urls.items():
        appearance = {"@type": "CreativeWork", "url": url, "identifier": "document:ours"}
        import_reviews(desk, review(number, itemReviewed={"@type": "Claim", "appearance": [appearance]}))
        assert len(documents(desk)) == number


OWN = "https://checks.example.org/reviews/1"


@pytest.mark.parametrize(
    "own",
    [
        OWN,
        f"{OWN}#claim-1",
        "http://www.checks.example.org/reviews/1/",
        f"https://web.archive.org/web/2024/{OWN}",
        f"https://archive.ph/2024/{OWN}",
        "https://checks.example.org/reviews/2",
        "https://video.checks.example.org/w/1",
        "https://www.google.com/amp/s/checks.example.org/reviews/2",
    ],
)
def test_a_page_of_the_reviewers_own_is_left_out(desk: Desk, own: str) -> None:
    answer = import_reviews(desk, appearing(own), appearing(own, "https://post.example/77", number=2))
    assert codes(answer) == ["own_page", "own_page"]
    assert documents(desk) == ["https://post.example/77"]
    claims = {claim["text"]: claim["corroboration"] for claim in desk.walk("/v1/claims")}
    assert sorted((c["status"], c["origins"]["at_most"]) for c in claims.values())[-1] == ("unsupported", 0)


def test_the_publishers_site_is_the_reviewers_own_too(desk: Desk) -> None:
    answer = import_reviews(desk, appearing("https://desk.tern.example/a", author=_TERN, url="https://t.me/tern/1"))
    assert codes(answer) == ["own_page"]
    assert documents(desk) == []


_TERN = {"@type": "Organization", "name": "Tern Desk", "url": "https://tern.example"}


def test_other_pages_of_a_shared_host_are_appearances(desk: Desk) -> None:
    author = {"@type": "Organization", "name": "Tern Desk", "url": "https://www.facebook.com/tern"}
    urls = ("https://m.facebook.com/tern/posts/1", "https://facebook.com/u/posts/2")
    answer = import_reviews(desk, appearing(*urls, author=author, url="https://www.facebook.com/tern/posts/1"))
    assert codes(answer) == ["own_page"]
    assert documents(desk) == ["https://facebook.com/u/posts/2"]


def test_a_claim_whose_only_appearance_is_left_out_keeps_its_claimant(desk: Desk) -> None:
    item = {"@type": "Claim", "author": {"@type": "Person", "name": "Jane Roe"}, "datePublished": "2019-10-28"}
    import_reviews(desk, review(itemReviewed=item | {"firstAppearance": {"@type": "CreativeWork", "url": OWN}}))
    claim = only_claim(desk)
    assert [claimant["name"] for claimant in claim["claimants"]] == ["Jane Roe"]
    assert documents(desk) == [None]


def test_the_date_of_a_claim_is_not_that_of_another_appearance(desk: Desk) -> None:
    item: Json = {
        "@type": "Claim",
        "datePublished": "2019-10-28",
        "firstAppearance": {"@type": "CreativeWork", "url": OWN},
    }
    item["appearance"] = [{"@type": "CreativeWork", "url": "https://post.example/77"}]
    answer = import_reviews(desk, review(itemReviewed=item))
    assert codes(answer) == ["own_page", "date_left_out"]
    assert [document["published_latest"] for document in desk.walk("/v1/documents")] == [None]


@pytest.mark.parametrize("url", ["https://archive.ph/AbCdE", "https://perma.cc/AB12-CD34"])
def test_a_copy_that_does_not_show_its_page_is_told(desk: Desk, url: str) -> None:
    answer = import_reviews(desk, appearing("https://post.example/p/1", url))
    assert codes(answer) == ["opaque_archive"]
    assert set(documents(desk)) == {"https://post.example/p/1", url}
