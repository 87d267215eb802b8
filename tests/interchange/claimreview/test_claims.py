"""The reviewed claim: lists, languages, markup and length."""

from tests.interchange.claimreview.samples import codes, item, items, refusals, review


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
