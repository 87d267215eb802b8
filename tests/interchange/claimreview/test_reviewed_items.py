"""``itemReviewed``: claimants, appearances, and ids of our own exports."""

from typing import Any

import pytest

from service.interchange.claimreview.review_items import Party, PartyKind
from tests.interchange.claimreview.samples import codes, item, review

ORGANIZATION = PartyKind.ORGANIZATION
DESK = {"@type": "Organization", "name": "The Desk", "url": "https://desk.example.org"}
ROE = {"@type": "Person", "name": "Jane Roe"}


def test_the_old_style() -> None:
    reviewed = {
        "@type": "CreativeWork",
        "author": {"@type": "Organization", "name": "The Daily", "sameAs": ["https://daily.example.com/"]},
        "datePublished": "2019-10",
        "url": "https://daily.example.com/1",
        "headline": "Bridge costs",
        "sameAs": "https://daily.example.com/2",
        "firstAppearance": "https://daily.example.com/0",
        "appearance": ["https://other.example.com/", {"@type": "VideoObject", "name": "A video"}],
    }
    found = item(review(itemReviewed=reviewed))

    assert found.claimants == (
        Party(
            "The Daily",
            "https://daily.example.com/",
            ORGANIZATION,
            site="daily.example.com",
            same_as=("https://daily.example.com/",),
        ),
    )
    assert found.claim_published
    assert (str(found.claim_published.earliest), str(found.claim_published.latest)) == ("2019-10-01", "2019-10-31")
    assert found.first_appearance
    assert found.first_appearance.url == "https://daily.example.com/0"
    assert [each.url or each.title for each in found.appearances] == [
        "https://other.example.com/",
        "A video",
        "https://daily.example.com/1",
    ]
    assert found.warnings == ()


def test_an_appearance_in_full() -> None:
    work = {
        "@type": "NewsArticle",
        "url": "https://daily.example.com/1",
        "headline": "Bridge &amp; costs",
        "datePublished": "28 October 2019",
        "publisher": DESK,
        "author": [ROE],
        "inLanguage": "de_at",
        "identifier": {"@type": "PropertyValue", "propertyID": "claim-verification", "value": "doc-1"},
    }
    first = item(
        review(itemReviewed={"@type": "Claim", "firstAppearance": work, "appearance": [work]})
    ).first_appearance

    assert first
    assert (first.url, first.title, first.language) == ("https://daily.example.com/1", "Bridge & costs", "de-AT")
    assert first.publisher
    assert (first.publisher.name, first.authors[0].name, first.identifier) == ("The Desk", "Jane Roe", "doc-1")
    assert first.published
    assert str(first.published.day) == "2019-10-28"


def test_several_claims_reviewed_together() -> None:
    reviewed = [{"@type": "Claim", "author": ROE}, {"@type": "Claim", "author": "Richard Roe", "datePublished": "2019"}]
    found = item(review(itemReviewed=reviewed))

    assert [each.name for each in found.claimants] == ["Jane Roe", "Richard Roe"]
    assert "several_values" in codes(found)


def test_item_reviewed_can_have_any_value() -> None:
    values: list[Any] = [
        "It rained.",
        7,
        True,
        [],
        [[]],
        {"@type": "Claim", "author": {}},
        {"author": [None, 3, ["x"]]},
    ]
    for value in values:
        assert item(review(itemReviewed=value)).claim


def test_placeholder_names_are_left_out() -> None:
    for name in ("N/A", "null", "-", " ", "<br>"):
        assert (
            item(review(itemReviewed={"@type": "Claim", "author": {"@type": "Person", "name": name}})).claimants == ()
        )


def test_ids_of_our_own_reviewss_and_no_others() -> None:
    def ours(value: str, by: str = "claim-verification") -> dict[str, str]:
        return {"@type": "PropertyValue", "propertyID": by, "value": value}

    found = item(
        review(
            identifier=[ours("x1", "doi"), "v-7", ours("v-1")],
            author=DESK | {"identifier": ours("the-desk")},
            itemReviewed={
                "@type": "Claim",
                "identifier": ours("bridge-cost"),
                "author": ROE | {"identifier": ours("NO/ID")},
            },
        )
    )

    assert (found.identifier, found.claim_identifier, found.publisher.identifier) == ("v-1", "bridge-cost", "the-desk")
    assert found.claimants[0].identifier is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://social.example.net/posts/1", ["https://social.example.net/posts/1"]),
        ("social.example.net/posts/1", ["https://social.example.net/posts/1"]),
        ("https://a.example/1 https://b.example/2", ["https://a.example/1", "https://b.example/2"]),
        (["https://a.example/1", {"@id": "https://b.example/2"}], ["https://a.example/1", "https://b.example/2"]),
        ("nowhere", []),
    ],
)
def test_the_address_of_a_claim_is_an_appearance(url: Any, expected: list[str]) -> None:
    found = item(review(itemReviewed={"@type": "Claim", "url": url, "author": ROE}))

    assert [each.url for each in found.appearances] == expected
    assert ("taken_from" in codes(found)) == bool(expected)


def test_the_first_of_several_organizations_is_the_reviewer() -> None:
    other = {"@type": "Organization", "name": "The Wire"}
    found = item(review(author=[DESK, other]))

    assert (found.publisher.name, codes(found)) == ("The Desk", {"several_values"})


def test_of_several_publishers_of_an_appearance_the_first_is_kept_with_a_finding() -> None:
    work = {"url": "https://daily.example.com/1", "publisher": [DESK, {"@type": "Organization", "name": "The Wire"}]}
    found = item(review(itemReviewed={"@type": "Claim", "appearance": [work, 7]}))

    assert [each.publisher and each.publisher.name for each in found.appearances] == ["The Desk"]
    assert codes(found) == {"several_values"}
