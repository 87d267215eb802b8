"""Texts that templates and forms leave in the place of a claim are refused."""

import json

import pytest

from service.interchange.claimreview.placeholders import is_placeholder
from tests.interchange.claimreview.samples import codes, item, items, numbers, outcomes, refusals, review


@pytest.mark.parametrize(
    "text",
    [
        *("{{claim}}", "{{ claim.title }}", "{{{claim}}}", "{% claim %}", "${claim}", "%CLAIM%", "[[claim]]"),
        *("{claim}", "__CLAIM__", "$claimReviewed", "@claim@", "Claim: {{claim}}", "#{claim}", "<?= $claim ?>"),
        *("Claim reviewed", "claim-reviewed:", "ClaimReviewed", "The claim being reviewed", "[claim]", "(claim)"),
        *("Insert the claim here", "Enter claim text", "YOUR CLAIM GOES HERE", "Sample claim text", "Test claim"),
        *("Lorem ipsum dolor sit amet, consectetur adipiscing", "“Lorem ipsum”", "Lorem ipsum " * 40, "asdfasdf"),
        *("TBD", "to be determined", "undefined", "[object Object]", "test", "???", "…", "- - -"),
        *("Afirmación verificada", "Afirmação verificada", "Affirmation vérifiée", "Überprüfte Behauptung"),
    ],
)  # fmt: skip
def test_placeholders(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "It rained.",
            "5G",
            "🐦🐦",
            "COVID-19",
            "日本",
            "True",
            "Claims of fraud are true",
            "No text was sent to voters",
        ),
        *("50% of 100% are false", "$500 million was paid", "Test kits are contaminated", "{{name}} said it rained"),
        *("[Obama] was born in Kenya", "@somebody resigned", "The statement was written by a test", "[VIDEO]"),
        *("Nobody described the text here before 1990", "Lorem fell", "Untitled paintings sell best", "A" * 400),
    ],
)
def test_claims(text: str) -> None:
    assert not is_placeholder(text)


def test_a_placeholder_is_refused_with_its_words() -> None:
    [refused] = refusals(review(4, claimReviewed="{{claim}}"))

    assert (refused.code, refused.field, refused.url) == (
        "placeholder",
        "claim",
        "https://checks.example.org/reviews/4",
    )
    assert refused.message == "'{{claim}}' is a placeholder, not a claim"


def test_the_claim_of_item_reviewed_is_used_instead() -> None:
    found = item(review(claimReviewed="Claim reviewed", itemReviewed={"@type": "Claim", "text": "It rained."}))

    assert (found.claim, codes(found)) == ("It rained.", {"taken_from"})


def test_the_other_claims_of_a_review_are_kept() -> None:
    found = outcomes(review(1, claimReviewed=["It rained.", "%CLAIM%", "It snowed."]))

    assert numbers(found) == [1, "placeholder", 1]


def test_our_own_exports_can_have_any_claim() -> None:
    own = {"@type": "PropertyValue", "propertyID": "claim-verification", "value": "v-1"}

    assert [each.claim for each in items(json.dumps(review(claimReviewed="Test", identifier=own)).encode())] == ["Test"]
