"""Reviews in every form are found, in order and with their places."""

import gzip
import json
from typing import Any

import pytest

from tests.interchange.claimreview.samples import (
    as_bytes,
    codes,
    google_claim,
    item,
    items,
    numbers,
    outcomes,
    refusals,
    review,
)

MANY = [review(number) for number in (1, 2, 3)]
FORMS: dict[str, Any] = {
    "array": MANY,
    "array in an array": [MANY[:2], MANY[2:]],
    "graph": {"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "Example"}, *MANY]},
    "DataFeed": {
        "@type": "DataFeed",
        "dateModified": "2020-01-01",
        "dataFeedElement": [{"@type": "DataFeedItem", "dateCreated": "2020-01-01", "item": each} for each in MANY],
    },
    "DataFeed of lists": {
        "dataFeedElement": [{"@type": "DataFeedItem", "item": [MANY[0], MANY[1]]}, {"item": MANY[2]}]
    },
    "DataFeed in an array": [{"@type": "DataFeed", "dataFeedElement": MANY}],
    "articles": [{"@type": "NewsArticle", "review": each} for each in MANY],
    "main entity": [{"@type": "WebPage", "mainEntity": {"@type": "Article", "hasPart": [each]}} for each in MANY],
    "claims:search": {"claims": [google_claim(number) for number in (1, 2, 3)], "nextPageToken": "CAo"},
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("how", [{}, {"indent": 1}], ids=["compact", "indented"])
def test_reviews_are_found_in_order(form: str, how: dict[str, Any]) -> None:
    assert numbers(outcomes(as_bytes(FORMS[form], **how))) == [1, 2, 3]


@pytest.mark.parametrize("form", FORMS)
def test_a_large_file_is_read_like_a_small_one(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = outcomes(FORMS[form])
    monkeypatch.setattr("service.interchange.claimreview.reader.WHOLE", 100)
    monkeypatch.setattr("service.interchange.claimreview.decoding.PIECE", 37)

    assert outcomes(FORMS[form]) == whole


def test_one_object() -> None:
    assert numbers(outcomes(review(7))) == [7]


@pytest.mark.parametrize("end", ["", "\n", ",\n", "\n\n\n"])
def test_one_a_line(end: str) -> None:
    lines = "\n".join(json.dumps(each) for each in MANY) + end
    found = items(lines.encode())

    assert numbers([*found]) == [1, 2, 3]
    assert [each.place.line for each in found] == [1, 2, 3]


@pytest.mark.parametrize("between", ["", " ", "\n", "\x1e", ",", "\n,\n"])
def test_concatenated_values(between: str) -> None:
    text = between.join(json.dumps(each, indent=1) for each in MANY)

    assert numbers(outcomes(text.encode())) == [1, 2, 3]


ONE, TWO, FOUR = (json.dumps(review(number)) for number in (1, 2, 4))
PRETTY, FLAT = (json.dumps(review(3), indent=indent) for indent in (2, 0))


@pytest.mark.parametrize("hint", [{}, {"name": "all.ndjson"}])
@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([ONE, TWO, PRETTY, FOUR], [1, 2, 3, 4]),
        ([ONE, FLAT, PRETTY, FOUR], [1, 3, 3, 4]),
        ([ONE, PRETTY + PRETTY, TWO], [1, 3, 3, 2]),
        ([ONE + TWO, PRETTY], [1, 2, 3]),
        ([ONE, f"[{TWO},", f"{PRETTY}]", FOUR], [1, 2, 3, 4]),
        ([ONE, PRETTY[:-2], TWO], [1, "not_json", 2]),
        ([ONE, PRETTY[:90], PRETTY, TWO], [1, "not_json", 3, 2]),
        ([ONE, PRETTY[:-2]], [1, "truncated"]),
        ([ONE, PRETTY[:-2], "{oops}", "}", TWO], [1, "not_json", 2]),
        ([ONE, FOUR + "oops", TWO], [1, 4, "not_json", 2]),
        ([PRETTY, TWO], [3, 2]),
    ],
)
def test_values_over_several_lines_and_several_on_one(
    lines: list[str], expected: list[int | str], hint: dict[str, str]
) -> None:
    assert numbers(outcomes("\n".join(lines).encode(), **hint)) == expected


def test_the_place_of_a_value_over_several_lines_is_its_first_line() -> None:
    found = items("\n".join([ONE, PRETTY, TWO]).encode())

    assert [each.place.line for each in found] == [1, 2, 3 + PRETTY.count("\n")]


NOISE = [
    *(
        "null",
        "\nnull\n",
        "null, null",
        "undefined",
        ";",
        "]]>",
        "<![CDATA[",
        "//<![CDATA[\n",
        "\n//]]>\n//<![CDATA[\n",
    ),
    *("<!]]>", "/*]]>*/", "-->", "\n//-->\n", "/* {x} */", '<!-- {"a": 1} -->', "\n// see {1}\n", "\n# note\n"),
]


@pytest.mark.parametrize("noise", NOISE)
def test_noise_between_reviews_is_no_refusal(noise: str, monkeypatch: pytest.MonkeyPatch) -> None:
    script = f"<script type=application/ld+json>{ONE}{noise}{TWO}</script>"
    forms = [f"{ONE}{noise}{TWO}", f"{ONE}\n{noise.strip()}\n{TWO}", script]
    forms += [] if "]]>" in noise else [f"[{ONE}, {noise} {TWO}]"]
    for form in forms:
        assert numbers(outcomes(form.encode())) == [1, 2], form
    monkeypatch.setattr("service.interchange.claimreview.reader.WHOLE", 100)
    monkeypatch.setattr("service.interchange.claimreview.decoding.PIECE", 7)
    assert numbers(outcomes(forms[0].encode())) == [1, 2]


@pytest.mark.parametrize("noise", [" nullx ", "/* unclosed ", "<!-- unclosed ", " that was it "])
def test_other_text_between_reviews_is_refused(noise: str) -> None:
    assert numbers(outcomes(f"{ONE}{noise}{TWO}".encode())) == [1, "not_json", 2]


@pytest.mark.parametrize("text", ["null", "[null]", "/* nothing */", "<script type=application/ld+json>null</script>"])
def test_nothing_but_noise(text: str) -> None:
    assert [each.code for each in refusals(text.encode())] == ["no_review"]


@pytest.mark.parametrize(
    "hint", [{"name": "all.NDJSON.gz"}, {"name": "x.jsonl"}, {"media_type": "application/x-ndjson; charset=utf-8"}]
)
def test_declared_ndjson_is_read_as_such_even_if_the_first_line_is_invalid(hint: dict[str, str]) -> None:
    lines = "\n".join(['{"@type": "ClaimReview", ', json.dumps(review(1)), json.dumps(review(2))])

    assert numbers(outcomes(lines.encode(), **hint)) == ["not_json", 1, 2]


def test_the_places_of_items() -> None:
    feed = as_bytes({"dataFeedElement": [{"item": review(1)}, {"item": [review(2), review(3)]}]}, indent=1)
    places = [str(each.place) for each in items(feed)]

    line = feed.decode().split("\n").index("  {", 4) + 1
    assert places == ["item 1, line 3, /item", f"item 2, line {line}, /item/0", f"item 2, line {line}, /item/1"]


def test_google_claims() -> None:
    claim = google_claim()
    found = item({"claims": [claim]})

    assert (found.claim, found.url) == (claim["text"], "https://checks.example.org/reviews/1")
    assert (found.title, found.language, found.reviewed_at) == ("The cost of the bridge", "en", "2019-10-30")
    assert (found.publisher.name, found.publisher.site) == ("Example Checks", "checks.example.org")
    assert (found.textual_rating, found.rating, found.rating_value) == ("False", "refuted", None)
    assert [each.name for each in found.claimants] == ["Jane Roe"]
    assert found.claim_published
    assert str(found.claim_published.day) == "2019-10-28"
    assert found.warnings == ()


def test_a_google_claim_with_two_reviews_and_one_with_none() -> None:
    two = google_claim(claimReview=google_claim(1)["claimReview"] + google_claim(2)["claimReview"])
    found = outcomes({"claims": [two, google_claim(claimReview=[]), google_claim(3)]})

    assert numbers(found) == [1, 2, "missing", 3]
    assert found[1].place.pointer == "/claimReview/1"


def test_gzip_with_one_and_several_members() -> None:
    first, rest = as_bytes(MANY[:1]), as_bytes(MANY[1:])

    assert numbers(outcomes(gzip.compress(as_bytes(MANY)))) == [1, 2, 3]
    assert numbers(outcomes(gzip.compress(first) + gzip.compress(rest))) == [1, 2, 3]


def test_references_within_a_graph_are_followed() -> None:
    graph = [
        review(author={"@id": "#desk"}, itemReviewed={"@id": "#claim"}),
        {"@id": "#claim", "@type": "Claim", "author": {"@id": "https://example.org/#roe"}},
        {"@id": "#desk", "@type": "NewsMediaOrganization", "name": "The Desk"},
        {"@id": "https://example.org/#roe", "@type": "Person", "name": "Richard Roe"},
    ]
    found = item({"@graph": graph})

    assert found.publisher.name == "The Desk"
    assert [each.name for each in found.claimants] == ["Richard Roe"]
    assert found.warnings == ()


def test_an_unresolved_reference_is_a_finding() -> None:
    nothing = review(publisher={"@type": "Organization", "name": "Example Checks"}, author={"@id": "#nobody"})
    two = {"@graph": [nothing, {"@id": "#nobody", "name": "One"}, {"@id": "#nobody", "name": "Two"}]}

    for document in (nothing, two):
        found = item(document)
        assert "unresolved_reference" in codes(found)
        assert found.publisher.name == "Example Checks"


def test_a_reference_does_not_reach_into_the_next_line() -> None:
    lines = [review(1, author={"@id": "#desk"}), {"@id": "#desk", "@type": "Organization", "name": "The Desk"}]
    found = outcomes("\n".join(map(json.dumps, lines)).encode())

    assert numbers(found) == [1, "no_review"]


def test_cyclic_references() -> None:
    graph = [
        review(author={"@id": "#a"}, publisher={"@id": "#b"}),
        {"@id": "#a", "publisher": {"@id": "#a"}, "name": "A"},
    ]

    assert item({"@graph": graph}).publisher.name == "A"


@pytest.mark.parametrize("data", [b"", b"  \n ", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_empty_input(data: bytes) -> None:
    assert [each.code for each in refusals(data)] == ["empty"]


@pytest.mark.parametrize("data", [{}, [], {"@graph": []}, {"claims": []}, {"@type": "WebPage"}, b"<html></html>"])
def test_no_review(data: Any) -> None:
    assert [each.code for each in outcomes(data)] == ["no_review"]  # type: ignore[union-attr]


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", b"PK\x03\x04\x14\x00\x08\x08"])
def test_binary_input(data: bytes) -> None:
    assert [each.code for each in refusals(data)] == ["unknown_form"]


@pytest.mark.parametrize("opening", ["/*", "<!--", "//", "#", "/*\n", "<!--\n", "null", ";"])
def test_endless_noise_takes_linear_time(opening: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert outcomes(f"{ONE}{opening * 20_000}".encode())
    monkeypatch.setattr("service.interchange.claimreview.reader.WHOLE", 100)
    monkeypatch.setattr("service.interchange.claimreview.json_stream.LONGEST", 50_000)
    assert numbers(outcomes(f"{PRETTY}{opening * 20_000}".encode()))[0] == 3
