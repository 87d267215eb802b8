"""The reviewed claim: lists, languages, markup and length."""

from typing import Any

import pytest

from service.interchange.claimreview.review_items import ReviewItem
from tests.interchange.claimreview.samples import codes, item, items, rating, refusals, review


def test_a_claim_in_a_list() -> None:
    found = item(review(claimReviewed=["It rained.", "", None, "It rained."]))

    assert (found.claim, found.warnings) == ("It rained.", ())


def test_several_claims_are_an_item_each() -> None:
    found = items(review(claimReviewed=["It rained.", "It snowed."]))

    assert [each.claim for each in found] == ["It rained.", "It snowed."]
    assert len({each.url for each in found}) == 1
    assert all(codes(each) == {"several_claims"} for each in found)


def test_one_claim_in_two_languages_is_one() -> None:
    both = [{"@value": "It rained.", "@language": "en"}, {"@value": "Llovió.", "@language": "es"}]

    assert item(review(claimReviewed=both, inLanguage="es")).claim == "Llovió."
    assert item(review(claimReviewed=both, inLanguage="fr")).claim == "It rained."
    assert codes(item(review(claimReviewed=both, inLanguage="fr"))) == {"several_values"}


def test_a_claim_only_in_item_reviewed() -> None:
    found = item(review(claimReviewed=None, itemReviewed={"@type": "Claim", "name": "It rained."}))

    assert (found.claim, codes(found)) == ("It rained.", {"taken_from"})
    assert (
        refusals(review(claimReviewed=" ", itemReviewed={"@type": "CreativeWork", "name": "A video"}))[0].code
        == "missing"
    )


def test_markup_and_entities() -> None:
    found = item(
        review(
            claimReviewed="<p>&ldquo;Tom &amp;amp; <b>Ann</b>&rdquo;<br/>\u00a0said&nbsp;so</p>\x07", name="a < b > c"
        )
    )

    assert (found.claim, found.title) == ("“Tom & Ann” said so", "a < b > c")


def test_a_long_claim_is_shortened_and_kept_as_published() -> None:
    found = item(review(claimReviewed="word " * 300))

    assert len(found.claim) <= 500
    assert found.claim.endswith(" word…")
    assert (len(found.claim_reviewed), codes(found)) == (1499, {"cut"})


def claims(*texts: str | None) -> list[dict[str, Any]]:
    """Return Claims with these texts, if not ``None``, each of a claimant with an appearance of its own."""
    return [
        {
            "@type": "Claim",
            "author": {"@type": "Person", "name": f"Person {number}"},
            "appearance": f"https://social.example.net/{number}",
            **({} if text is None else {"text": text}),
        }
        for number, text in enumerate(texts, 1)
    ]


def claimants(found: list[ReviewItem]) -> list[tuple[str, str]]:
    """Return the claim of each item, and the numbers of its claimants and appearances."""
    read = []
    for each in found:
        numbers = [party.name.rpartition(" ")[2] for party in each.claimants]
        assert [(work.url or "").rpartition("/")[2] for work in each.appearances] == numbers
        read.append((each.claim, "".join(numbers)))
    return read


@pytest.mark.parametrize(
    ("named", "reviewed", "expected"),
    [
        (["It rained.", "It snowed."], claims(None, None), [("It rained.", "1"), ("It snowed.", "2")]),
        (["It rained.", "It snowed."], claims("It snowed", "it rained."), [("It rained.", "2"), ("It snowed.", "1")]),
        (["It rained.", "It snowed."], claims("It snowed.", None), [("It rained.", "2"), ("It snowed.", "1")]),
        (["It rained.", "It snowed."], claims("It snowed."), [("It rained.", ""), ("It snowed.", "1")]),
        (["It rained.", "It snowed."], claims(None), [("It rained.", "1"), ("It snowed.", "1")]),
        (["It rained.", "It snowed."], claims(None, None, None), [("It rained.", "123"), ("It snowed.", "123")]),
        ("It rained.", claims(None, None), [("It rained.", "12")]),
        ("It rained.", claims("It poured."), [("It rained.", "1")]),
        ("It rained.", claims("It rained.", "It snowed."), [("It rained.", "1"), ("It snowed.", "2")]),
        ("It rained.", claims("It poured.", "It snowed."), [("It rained.", "12")]),
        (None, claims("It rained.", "It snowed."), [("It rained.", "1"), ("It snowed.", "2")]),
        (None, claims("It rained.", "It rained.", None), [("It rained.", "123")]),
        ({"@type": "Claim", "text": "It rained."}, claims(None), [("It rained.", "1")]),
        (claims("It rained.", "It snowed."), None, [("It rained.", "1"), ("It snowed.", "2")]),
        (claims("It rained."), claims(None), [("It rained.", "1")]),
    ],
)
def test_each_claim_has_its_own_claimants_and_appearances(
    named: Any, reviewed: Any, expected: list[tuple[str, str]]
) -> None:
    assert claimants(items(review(claimReviewed=named, itemReviewed=reviewed))) == expected


def test_each_claim_has_its_own_address_and_rating() -> None:
    found = items(
        review(
            claimReviewed=["It rained.", "It snowed."],
            url=["https://checks.example.org/1", "https://checks.example.org/2"],
            reviewRating=[rating(alternateName="True"), rating(alternateName="False")],
            itemReviewed=claims(None, None),
        )
    )

    assert [(each.url, each.textual_rating) for each in found] == [
        ("https://checks.example.org/1", "True"),
        ("https://checks.example.org/2", "False"),
    ]
    assert [codes(each) for each in found] == [{"several_claims"}] * 2


def test_findings_on_one_claim_are_not_on_the_next() -> None:
    reviewed = claims("It rained.", "It snowed.")
    reviewed[0]["appearance"] = "social.example.net/1"
    first, second = items(review(claimReviewed=["It rained.", "It snowed."], itemReviewed=reviewed))

    assert (codes(first), codes(second)) == ({"several_claims", "taken_from"}, {"several_claims"})


@pytest.mark.parametrize(
    "claim", [{"text": "It rained."}, {"@type": "Claim", "name": "It rained."}, {"@value": "It rained."}]
)
def test_a_claim_as_an_object(claim: Any) -> None:
    assert item(review(claimReviewed=claim)).claim == "It rained."


def test_a_text_in_item_reviewed_is_an_address_or_the_claim() -> None:
    found = item(review(itemReviewed=["https://social.example.net/1", "social.example.net/2"]))
    assert [each.url for each in found.appearances] == ["https://social.example.net/1", "https://social.example.net/2"]

    assert item(review(claimReviewed=None, itemReviewed="It rained.")).claim == "It rained."


@pytest.mark.parametrize(
    ("claim", "published"),
    [
        ("It rained.\n\nIt  snowed.", "It rained.\n\nIt  snowed."),
        (" It rained.\r\n\tIt snowed. ", "It rained.\r\n\tIt snowed."),
        ("It rained &amp; \u00a0it snowed.\u2028So", "It rained & \u00a0it snowed.\nSo"),
        ("<p>It  rained.</p>\n<p>It snowed.</p>", "It rained. It snowed."),
        ("a  &lt; b\u200b", "a  < b"),
        ("&lt;b&gt;a  b&lt;/b&gt;", "a b"),
    ],
)
def test_spaces_are_kept_in_the_published_text(claim: str, published: str) -> None:
    found = item(review(claimReviewed=claim, reviewRating=rating(alternateName=claim)))

    assert (found.claim_reviewed, found.textual_rating) == (published, published)
    assert found.claim == " ".join(published.split())


def test_spaces_do_not_matter_for_the_rating() -> None:
    found = item(review(reviewRating=rating(alternateName="Pants  on\nFire")))

    assert (found.textual_rating, str(found.rating)) == ("Pants  on\nFire", "refuted")
