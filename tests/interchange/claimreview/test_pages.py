"""Web pages: their JSON-LD blocks, and what pages put around and into the JSON."""

import json

import pytest

from tests.interchange.claimreview.samples import codes, item, items, numbers, outcomes, review

PAGE = """<!doctype html>
<html lang="en-GB"><head>
<meta charset="utf-8">
<link rel="canonical" href="https://checks.example.org/reviews/9">
%s
</head><body><p>Not {json}</p></body></html>"""


def page(*blocks: str, kind: str = 'type="application/ld+json"') -> bytes:
    scripts = "\n".join(f"<script {kind}>{block}</script>" for block in blocks)
    return (PAGE % scripts).encode()


def test_several_blocks_are_one_document() -> None:
    desk = {"@type": "Organization", "@id": "#desk", "name": "The Desk"}
    found = items(page(json.dumps(review(1, author={"@id": "#desk"})), json.dumps(desk), json.dumps([review(2)])))

    assert numbers([*found]) == [1, 2]
    assert found[0].publisher.name == "The Desk"
    assert [each.place.line for each in found] == [5, 7]


@pytest.mark.parametrize(
    "kind",
    [
        "type='application/ld+json'",
        "type=application/ld+json",
        'TYPE="application/LD+JSON" class="yoast"',
        'data-x="1" type = "application/ld+json; charset=utf-8"',
    ],
)
def test_the_attributes_of_a_block(kind: str) -> None:
    assert numbers(outcomes(page(json.dumps(review(4)), kind=kind))) == [4]


def test_other_scripts_and_comments_are_not_read() -> None:
    comment = f'<!-- <script type="application/ld+json">{json.dumps(review(1))}</script> -->'
    script = f'<script type="text/javascript">var x = {json.dumps(review(2))};</script>'
    data = (PAGE % (comment + script)).encode() + page(json.dumps(review(3)))

    assert numbers(outcomes(data)) == [3]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<!--", "-->"),
        ("\n<!--\n", "\n//-->\n"),
        ("//<![CDATA[\n", "\n//]]>"),
        ("/*<![CDATA[*/", "/*]]>*/"),
        ("<![CDATA[", "]]>"),
        ("", ";"),
        ("\ufeff", ""),
        ("\n<!-- x -->\n", "\n"),
        ("\n", "\n<!-- of our plugin [2] -->\n"),
        ("<!-- one --> <!-- {two} -->", "<!-- three -->;<!-- {four} -->"),
        ('<!-- {"@type": "ClaimReview"} -->', "<!-- {} -->"),
        ("<!-- for old browsers\n", "\n// -->"),
        ("<!--\n", "\n-->\n<!-- end -->"),
        ("/* of our plugin */", "/* [end] */"),
        ("// of our plugin\n", "\n// end"),
        ("", " // end"),
        ("<!--//--><![CDATA[//><!--\n", "\n//--><!]]>"),
    ],
)
def test_wrappers_around_a_block_are_removed(before: str, after: str) -> None:
    assert numbers(outcomes(page(before + json.dumps(review(5)) + after))) == [5]


def test_comment_marks_in_a_string_are_kept() -> None:
    around = [("", ""), ("<!--", "-->"), ("/* x */", "// x"), ("<!-- x -->", "<!-- x -->"), ("//<!--\n", "\n//-->")]
    for claim in ("<!-- so // it /* was --> and -->", "<p>More</p><!-- /wp:paragraph --> of it"):
        said = review(5, headline=None, url="https://checks.example.org/reviews/5") | {"x": claim}
        for before, after in around:
            assert numbers(outcomes(page(before + json.dumps(said) + after))) == [5]


@pytest.mark.parametrize(
    "comment", ["<!-- nothing yet -->", "\n// nothing yet\n", "/* nothing yet */", "<!-- a --><!-- b -->"]
)
def test_a_block_of_comments_gives_no_item(comment: str) -> None:
    assert numbers(outcomes(page(comment, json.dumps(review(2))))) == [2]


def test_comments_keep_the_line_numbers() -> None:
    [found] = items(page("<!-- x\ny -->\n" + json.dumps(review(1))))
    assert found.place.line == 7


@pytest.mark.parametrize(
    "comments", ["-->" * 100_000, "<!-- -->" * 100_000, "// " * 100_000, "/*" * 100_000, "<!--" * 100_000]
)
def test_endless_comments_take_linear_time(comments: str) -> None:
    assert numbers(outcomes(page(json.dumps(review(1)) + comments)))[0] == 1
    assert numbers(outcomes(page(comments, json.dumps(review(2)))))[-1] == 2


def test_a_block_with_entities_for_quotes() -> None:
    assert numbers(outcomes(page(json.dumps(review(6)).replace('"', "&quot;")))) == [6]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('"False"', '"False",'),
        ('"@type": "Rating"', '"@type": "Rating" /* ours */'),
        ("The bridge", "The\n\tbridge"),
        ("The bridge", r"The bridge\'s"),
        ("The bridge", r"The \bridge \d"),
    ],
)
def test_json_with_a_certain_meaning_is_repaired(right: str, wrong: str) -> None:
    text = json.dumps(review(1))
    assert right in text
    found = item(page(text.replace(right, wrong)))

    assert codes(found) == {"json_repaired"}
    assert (found.textual_rating, found.rating) == ("False", "refuted")
    assert found.claim.startswith("The ")


def test_commas_and_slashes_in_strings_are_kept() -> None:
    claim = 'Prices rose, ] and "//" is /* no */ comment, }'
    text = json.dumps(review(1, claimReviewed=claim)).replace('"False"', '"False",')

    assert item(page(text)).claim == claim


def test_an_invalid_block_affects_no_other() -> None:
    found = outcomes(page('{"@type": "ClaimReview", oops', json.dumps(review(2)), "{not json}"))

    assert numbers(found) == ["truncated", 2, "not_json"]


def test_metadata_of_the_page_completes_a_review() -> None:
    found = item(page(json.dumps(review(1, url=None, inLanguage=None))))

    assert (found.url, found.language) == ("https://checks.example.org/reviews/9", "en-GB")
    assert [(each.code, each.field) for each in found.warnings] == [("taken_from", "language"), ("taken_from", "url")]


def test_an_endless_page_is_truncated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.interchange.claimreview.reader.LONGEST_PAGE", 200_000)
    monkeypatch.setattr("service.interchange.claimreview.reader.WHOLE", 100_000)

    assert numbers(outcomes(page(json.dumps(review(1))) + b"<p>" * 200_000)) == [1, "too_large"]
