"""What is wrong inside a review: read as what it must mean, with a warning, or left out with one."""

from typing import Any

import pytest

from service.interchange.claimreview.review_items import Party, PartyKind
from tests.interchange.claimreview.samples import codes, item, items, outcomes, rating, refusals, review

ORGANIZATION = PartyKind.ORGANIZATION
DESK = {"@type": "Organization", "name": "The Desk", "url": "https://desk.example.org"}
ROE = {"@type": "Person", "name": "Jane Roe"}


@pytest.mark.parametrize(
    "type_",
    [
        "ClaimReview",
        ["ClaimReview"],
        ["Review", "ClaimReview", None],
        "schema:ClaimReview",
        "http://schema.org/ClaimReview",
        "https://schema.org/ClaimReview",
        "claimReview",
    ],
)
def test_types(type_: Any) -> None:
    assert item(review(**{"@type": type_})).warnings == ()


def test_the_short_names_of_keywords() -> None:
    named = {"type": "ClaimReview", "id": "https://checks.example.org/x"}

    assert item({**review(), "@type": None, **named}).warnings == ()


@pytest.mark.parametrize("prefix", ["schema:", "http://schema.org/", "https://schema.org/"])
def test_properties_with_their_prefix(prefix: str) -> None:
    def prefixed(value: Any) -> Any:
        if isinstance(value, list):
            return [prefixed(each) for each in value]
        if not isinstance(value, dict):
            return value
        return {key if key.startswith("@") else prefix + key: prefixed(inner) for key, inner in value.items()}

    assert item(prefixed(review(1))) == item(review(1))


def test_expanded_json_ld() -> None:
    expanded = {
        "@type": ["http://schema.org/ClaimReview"],
        "http://schema.org/claimReviewed": [{"@value": "Expanded", "@language": "en"}],
        "http://schema.org/url": [{"@id": "https://checks.example.org/reviews/1"}],
        "http://schema.org/author": [
            {"@type": ["http://schema.org/Organization"], "http://schema.org/name": [{"@value": "D"}]}
        ],
        "http://schema.org/reviewRating": [{"http://schema.org/alternateName": [{"@value": "False"}]}],
    }
    found = item([expanded])

    assert (found.claim, found.publisher.name, found.textual_rating) == ("Expanded", "D", "False")
    assert found.url == "https://checks.example.org/reviews/1"


# -- the claim ---------------------------------------------------------------------------------------------------------


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


def test_a_claim_only_in_what_was_reviewed() -> None:
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


def test_a_long_claim_is_cut_and_kept_as_published() -> None:
    found = item(review(claimReviewed="word " * 300))

    assert len(found.claim) <= 500
    assert found.claim.endswith(" word…")
    assert (len(found.claim_reviewed), codes(found)) == (1499, {"cut"})


# -- who ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("author", "publisher", "expected", "authors"),
    [
        (DESK, None, "The Desk", []),
        ([DESK, ROE], None, "The Desk", ["Jane Roe"]),
        ([ROE, DESK], None, "The Desk", ["Jane Roe"]),
        (ROE, DESK, "The Desk", ["Jane Roe"]),
        ("Jane Roe", DESK, "The Desk", ["Jane Roe"]),
        ("The Desk", None, "The Desk", []),
        (["The Desk"], None, "The Desk", []),
        ({"name": ["The Desk"]}, None, "The Desk", []),
        ({"@type": ["NewsMediaOrganization"], "name": {"@value": "The Desk"}}, None, "The Desk", []),
    ],
)
def test_publishers_and_authors(author: Any, publisher: Any, expected: str, authors: list[str]) -> None:
    found = item(review(author=author, publisher=publisher))

    assert (found.publisher.name, [each.name for each in found.authors]) == (expected, authors)
    assert found.warnings == ()


@pytest.mark.parametrize("author", [None, ROE, {"@type": "Organization", "name": " "}, [], "", 7])
def test_a_publisher_that_is_not_named_is_the_site_of_the_review(author: Any) -> None:
    found = item(review(author=author))

    assert found.publisher == Party(
        "checks.example.org", "https://checks.example.org/", ORGANIZATION, site="checks.example.org"
    )
    assert "taken_from" in codes(found)


def test_an_author_stands_for_the_publisher_when_nothing_else_does() -> None:
    found = item(review(author=ROE, url="https://www.facebook.com/roe/posts/1"))

    assert (found.publisher.name, found.publisher.site, "taken_from" in codes(found)) == ("Jane Roe", None, True)
    assert refusals(review(author=None, url=None))[0].field == "publisher"


def test_a_publisher_by_its_address() -> None:
    for author in ("https://www.desk.example.org/", {"@type": "Organization", "url": "//www.desk.example.org"}):
        found = item(review(author=author))
        assert (found.publisher.name, found.publisher.site) == ("desk.example.org", "desk.example.org")


def test_an_account_is_not_the_site_of_its_platform() -> None:
    found = item(review(author=DESK | {"url": "https://www.facebook.com/thedesk"}))

    assert (found.publisher.url, found.publisher.site) == ("https://www.facebook.com/thedesk", None)


def test_many_authors_are_bounded() -> None:
    found = item(review(publisher=DESK, author=[ROE | {"name": f"Roe {number}"} for number in range(5_000)]))

    assert (len(found.authors), codes(found)) == (50, {"several_values"})


# -- what was reviewed -------------------------------------------------------------------------------------------------


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
        Party("The Daily", "https://daily.example.com/", ORGANIZATION, site="daily.example.com"),
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


def test_what_was_reviewed_can_be_anything() -> None:
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


def test_names_that_say_nothing_are_left_out() -> None:
    for name in ("N/A", "null", "-", " ", "<br>"):
        assert (
            item(review(itemReviewed={"@type": "Claim", "author": {"@type": "Person", "name": name}})).claimants == ()
        )


def test_ids_of_our_own_exports_and_no_others() -> None:
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


# -- address, language, dates ------------------------------------------------------------------------------------------


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
def test_what_is_no_address_is_left_out(url: Any) -> None:
    found = item(review(url=url))

    assert found.url is None
    assert "missing_url" in codes(found)


def test_an_address_that_stands_elsewhere() -> None:
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


def test_a_review_without_date_was_made_when_it_was_changed() -> None:
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


# -- ratings -----------------------------------------------------------------------------------------------------------

AGGREGATE = {"@type": "AggregateRating", "ratingValue": 5, "bestRating": 5, "worstRating": 1}


def scaled(value: Any, words: str | None = None) -> dict[str, Any]:
    """A rating on the usual scale."""
    return rating(ratingValue=value, bestRating="5", worstRating="1", alternateName=words)


def both(*words: str) -> list[dict[str, Any]]:
    """Several ratings."""
    return [rating(alternateName=each) for each in words]


@pytest.mark.parametrize(
    ("given", "words", "value", "label", "warned"),
    [
        (scaled("1", "False"), "False", 1, "refuted", ""),
        (rating(ratingValue=-1, alternateName="True"), "True", None, "supported", ""),
        (rating(ratingValue="-1", bestRating=-1, worstRating=-1, alternateName="True"), "True", None, "supported", ""),
        (rating(ratingValue=-1, bestRating=1, worstRating=-1), None, -1, "refuted", ""),
        (rating(ratingValue="False"), "False", None, "refuted", ""),
        (rating(name="Mostly false"), "Mostly false", None, "refuted", ""),
        ("False", "False", None, "refuted", ""),
        (1, None, 1, "unmapped", "unmapped_rating"),
        (None, None, None, "unmapped", "missing_rating"),
        (rating(), None, None, "unmapped", "missing_rating"),
        (scaled("5"), None, 5, "supported", ""),
        (scaled("3"), None, 3, "unmapped", "unmapped_rating"),
        (rating(ratingValue="5"), None, 5, "unmapped", "unmapped_rating"),
        (rating(ratingValue="5", bestRating="5"), None, 5, "unmapped", "default_bounds unmapped_rating"),
        (rating(ratingValue="0", bestRating="5"), None, 0, "unmapped", "default_bounds out_of_bounds unmapped_rating"),
        (scaled("7"), None, 7, "unmapped", "out_of_bounds unmapped_rating"),
        (rating(ratingValue=5, bestRating=1, worstRating=5), None, 5, "unmapped", "reversed_bounds unmapped_rating"),
        (rating(ratingValue="0", bestRating="0", worstRating="0"), None, 0, "unmapped", "unmapped_rating"),
        (rating(ratingValue="0%"), None, 0, "refuted", ""),
        (scaled("4,5", "True"), "True", 4.5, "supported", ""),
        (rating(ratingValue="5 out of 5", alternateName="True"), "True", 5, "supported", "default_bounds"),
        (rating(ratingValue={"@value": 1}, alternateName=["False"]), "False", 1, "refuted", ""),
        (scaled(5, "False"), "False", 5, "unmapped", "contradictory_rating"),
        (scaled(1, "True"), "True", 1, "unmapped", "contradictory_rating"),
        (scaled(3, "False"), "False", 3, "refuted", ""),
        (rating(alternateName="Four bananas"), "Four bananas", None, "unmapped", "unmapped_rating"),
        (scaled(5, "Four bananas"), "Four bananas", 5, "unmapped", "unmapped_rating"),
        (both("False", "Fake"), "False", None, "refuted", "several_values"),
        (both("False", "True"), "False", None, "unmapped", "several_values contradictory_rating"),
        (both("False", "Odd"), "False", None, "unmapped", "several_values unmapped_rating"),
        (rating(alternateName=["False", "Falso"]), "False", None, "refuted", ""),
        (AGGREGATE, None, None, "unmapped", "aggregate_rating missing_rating"),
        (AGGREGATE | {"alternateName": "False"}, "False", None, "refuted", "aggregate_rating"),
    ],
)  # fmt: skip
def test_ratings(given: Any, words: str | None, value: float | None, label: str, warned: str) -> None:
    found = item(review(reviewRating=given))

    assert (found.textual_rating, found.rating_value, str(found.rating)) == (words, value, label)
    assert codes(found) == set(warned.split())
    assert found.rating_basis


@pytest.mark.parametrize("value", [1, 5])
def test_reversed_bounds_are_put_in_order_and_decide_nothing(value: int) -> None:
    """Whether the scale is upside down or its ends were mixed up, nobody can tell: only the wording counts."""
    wrong = rating(ratingValue=value, bestRating=1, worstRating=5)
    worded, silent = (item(review(reviewRating=given)) for given in (wrong | {"alternateName": "False"}, wrong))

    assert (worded.rating_value, worded.best_rating, worded.worst_rating) == (value, 5, 1)
    assert (worded.rating, silent.rating) == ("refuted", "unmapped")
    assert "reversed_bounds" in codes(worded) & codes(silent)


def test_wording_is_kept_as_published() -> None:
    found = item(review(reviewRating=rating(alternateName="  <i>PANTS&nbsp;on fire!</i> ")))

    assert (found.textual_rating, found.rating) == ("PANTS on fire!", "refuted")


def test_an_explanation_is_kept() -> None:
    found = item(review(reviewRating=rating(alternateName="False", ratingExplanation="It cost <b>less</b>.")))

    assert found.explanation == "It cost less."


def test_a_long_wording_is_cut_and_unmapped() -> None:
    found = item(review(reviewRating=rating(alternateName="False, " + "because it was so " * 40)))

    assert found.textual_rating
    assert (len(found.textual_rating) <= 200, found.rating) == (True, "unmapped")
    assert codes(found) == {"cut", "unmapped_rating"}


def test_the_order_of_what_is_read_does_not_matter() -> None:
    assert outcomes(dict(reversed(review(1).items()))) == outcomes(review(1))
