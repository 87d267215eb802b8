"""Forms of publishing, through the API: what is stored of them, and what a second import changes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.interchange.claimreview.samples import review
from tests.interchange.claimreview.test_page_markup import MICRODATA, RDFA, page
from tests.interchange.importing.helpers import codes, counts, import_reviews, post
from tests.use_cases.desk import Desk, done
from tests.web.helpers import Json

pytestmark = pytest.mark.one_engine


def test_a_feed_that_was_imported_with_single_spaces_is_unchanged(desk: Desk) -> None:
    def published(claim: str, rating: str, number: int = 1) -> Json:
        return review(number, claimReviewed=claim, reviewRating={"@type": "Rating", "alternateName": rating})

    import_reviews(desk, published("It rained. Twice.", "Mostly false"))
    assert counts(import_reviews(desk, published("It  rained.\n\nTwice.", "Mostly \n false"))) == {"unchanged": 1}

    import_reviews(desk, published("It  rained.\n\nTwice.", "Mostly \n false", 2))
    feed = desk.client.get("/feeds/claimreview.json").get_data(as_text=True)
    assert '"It  rained.\\n\\nTwice."' in feed
    assert '"Mostly \\n false"' in feed
    assert feed.count('"text":"It rained. Twice."') == 1, "one claim, to which both reviews refer"


@pytest.mark.parametrize("markup", [MICRODATA, RDFA], ids=["Microdata", "RDFa"])
def test_a_page_is_imported_and_unchanged_as_json_ld(desk: Desk, markup: str) -> None:
    assert counts(done(post(desk, page(markup), media_type="text/html"), 200)) == {"created": 1, "warned": 1}
    assert counts(import_reviews(desk, review(1))) == {"unchanged": 1}


@pytest.mark.parametrize("type_", ["Claim", "CreativeWork"])
def test_where_a_claim_appeared_is_a_document_unless_it_is_the_reviewers_own_page(desk: Desk, type_: str) -> None:
    def reviewed(url: str) -> Json:
        item: dict[str, Any] = {"@type": type_, "url": url, "author": {"@type": "Person", "name": "Jane Roe"}}
        return review(itemReviewed=item)

    import_reviews(desk, reviewed("social.example.net/7"))
    documents = desk.walk("/v1/documents")
    assert "https://social.example.net/7" in {document["url"] for document in documents}

    assert "own_page" in codes(import_reviews(desk, reviewed("https://checks.example.org/claims/1")))


def test_an_address_goes_out_encoded(desk: Desk) -> None:
    raw = review(url='https://checks.example.org/"><script>')
    assert codes(import_reviews(desk, raw)) == ["encoded_url"]
    assert counts(import_reviews(desk, raw)) == {"unchanged": 1, "warned": 1}

    for feed in ("/feeds/verdicts.atom", "/feeds/claimreview.json"):
        text = desk.client.get(feed).get_data(as_text=True)
        assert "https://checks.example.org/%22%3E%3Cscript%3E" in text
        assert "<script>" not in text


def test_placeholders_are_refused(desk: Desk) -> None:
    answer = import_reviews(desk, review(1, claimReviewed="{{claim}}"), review(2))

    assert (counts(answer), codes(answer)) == ({"created": 1, "refused": 1}, ["placeholder"])
