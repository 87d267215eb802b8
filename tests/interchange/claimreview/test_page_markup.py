"""ClaimReviews in the Microdata and RDFa of web pages."""

import json
import subprocess
import sys
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.interchange.claimreview.review_items import Party, PartyKind, ReviewItem
from tests.interchange.claimreview.samples import codes, item, items, numbers, outcomes, refusals, review

HEAD = '<!doctype html><html lang="en"><head><link rel="canonical" href="https://checks.example.org/reviews/1"></head>'
MICRODATA = """
<div itemscope itemtype="https://schema.org/ClaimReview">
  <link itemprop="url" href="/reviews/1">
  <h1 itemprop="claimReviewed">The bridge over the   <b>Example</b> river
    cost 1 million.</h1>
  <time itemprop="datePublished" datetime="2019-10-30">last week</time>
  <div itemprop="author" itemscope itemtype="https://schema.org/Organization">
    <a itemprop="url" href="https://checks.example.org/"><span itemprop="name">Example Checks</span></a>
  </div>
  <div itemprop="reviewRating" itemscope itemtype="https://schema.org/Rating">
    <meta itemprop="ratingValue" content="1"><meta itemprop="bestRating" content="5">
    <meta itemprop="worstRating" content="1"><span itemprop="alternateName">False</span>
  </div>
  <div itemprop="itemReviewed" itemscope itemtype="https://schema.org/Claim">
    <p itemprop="author" itemscope itemtype="https://schema.org/Person">said <span itemprop="name">Jane Roe</span></p>
    <time itemprop="datePublished">2019-10-28</time>
    <link itemprop="firstAppearance" href="https://social.example.net/posts/1">
    <a itemprop="appearance" href="https://social.example.net/posts/2">here</a>
  </div>
</div>
"""
RDFA = """
<div vocab="https://schema.org/" typeof="ClaimReview">
  <link property="url" href="/reviews/1">
  <h1 property="claimReviewed">The bridge over the   <b>Example</b> river
    cost 1 million.</h1>
  <time property="datePublished" datetime="2019-10-30">last week</time>
  <div property="author" typeof="Organization">
    <a property="url" href="https://checks.example.org/"><span property="name">Example Checks</span></a>
  </div>
  <div property="reviewRating" typeof="Rating">
    <meta property="ratingValue" content="1"><meta property="bestRating" content="5">
    <meta property="worstRating" content="1"><span property="alternateName">False</span>
  </div>
  <div property="itemReviewed" typeof="Claim">
    <p property="author" typeof="Person">said <span property="name">Jane Roe</span></p>
    <time property="datePublished">2019-10-28</time>
    <link property="firstAppearance" href="https://social.example.net/posts/1">
    <a property="appearance" href="https://social.example.net/posts/2">here</a>
  </div>
</div>
"""
SCRIPT = '<script type="application/ld+json">{}</script>'
VOCABULARY = 'vocab="https://schema.org/"'
ITEM = 'itemscope itemtype="https://schema.org/ClaimReview"'


def page(*parts: str) -> bytes:
    return "".join([HEAD, "<body>", *parts, "</body></html>"]).encode()


def facts(found: ReviewItem) -> tuple[Any, ...]:
    """Return what a review says, without places and findings."""
    return (
        (found.claim, found.url, found.publisher, found.reviewed_at, found.language, found.claimants),
        (found.textual_rating, found.rating_value, found.best_rating, found.worst_rating, found.claim_published),
        (found.first_appearance, found.appearances),
    )


@pytest.mark.parametrize("markup", [MICRODATA, RDFA], ids=["Microdata", "RDFa"])
def test_a_review_is_read_as_from_json_ld(markup: str) -> None:
    found = item(page(markup))

    assert facts(found) == facts(item(review(1)))
    assert [(each.code, each.field) for each in found.warnings] == [("taken_from", "language")]
    assert found.place.line == 2


@pytest.mark.parametrize(
    "markup",
    [
        MICRODATA.replace("https://schema.org/", "http://schema.org/"),
        MICRODATA.replace('itemprop="', 'itemprop="https://schema.org/'),
        MICRODATA.replace("itemscope", "ITEMSCOPE").replace("itemprop=", "ItemProp = "),
        MICRODATA.replace('"', "'"),
        RDFA.replace("https://schema.org/", "http://schema.org/"),
        RDFA.replace(VOCABULARY, "").replace('typeof="', 'typeof="schema:').replace('property="', 'property="schema:'),
        RDFA.replace(VOCABULARY, 'prefix="s: https://schema.org/"')
        .replace('typeof="', 'typeof="s:')
        .replace('property="', 'property="s:'),
        RDFA.replace(VOCABULARY, ""),
        RDFA.replace('property="', 'property="https://schema.org/'),
    ],
)
def test_forms_of_names(markup: str) -> None:
    assert facts(item(page(markup))) == facts(item(review(1)))


def test_items_that_refer_to_others() -> None:
    outside = MICRODATA.replace('<div itemprop="reviewRating"', '</div><div id="r" itemprop="reviewRating"')
    found = item(page(outside.replace(ITEM, f'{ITEM} itemref="r none"', 1).replace('<div itemprop="itemR', '<div x="')))
    assert (found.textual_rating, found.rating_value) == ("False", 1)

    linked = '<link property="author" resource="#desk"><div>'
    named = RDFA.replace('<div property="author" typeof="Organization">', linked)
    named += f'<p {VOCABULARY} resource="#desk" typeof="Organization"><b property="name">The Desk</b></p>'
    assert item(page(named)).publisher == Party("The Desk", kind=PartyKind.ORGANIZATION)


def test_a_review_that_is_stated_in_parts() -> None:
    parts = '<div vocab="https://schema.org/"><p about="#r" typeof="ClaimReview"><b property="author">The Desk</b></p>'
    parts += '<p about="#r" property="claimReviewed">It rained.</p><p about="#r"><b property="name">No</b></p></div>'
    found = item(page(parts))

    assert (found.claim, found.title, found.publisher.name) == ("It rained.", "No", "The Desk")


def test_a_review_in_several_syntaxes_is_one() -> None:
    script = SCRIPT.format(json.dumps(review(1)))
    found = item(page(script, MICRODATA, RDFA))

    assert found.warnings == ()
    assert item(page(MICRODATA, RDFA)).warnings == item(page(MICRODATA)).warnings


def test_another_value_in_another_syntax_is_a_finding() -> None:
    script = SCRIPT.format(json.dumps(review(1)))
    found = item(page(script, MICRODATA.replace(">False<", ">True<").replace("Jane", "John")))

    assert found.textual_rating == "False"
    assert codes(found) == {"several_values"}
    assert [each.field for each in found.warnings] == ["textual_rating", "claimants"]


def test_other_reviews_on_the_page_are_kept() -> None:
    script = SCRIPT.format(json.dumps(review(2)))
    second = MICRODATA.replace("reviews/1", "reviews/3").replace("1 million", "3 million")

    assert numbers(outcomes(page(script, MICRODATA, second))) == [2, 1, 3]


def test_markup_without_a_claim_beside_json_ld_is_no_refusal() -> None:
    script = SCRIPT.format(json.dumps(review(1)))
    empty = f"<div {ITEM}><b itemprop=name>x</b></div>"

    assert numbers(outcomes(page(script, empty))) == [1]
    assert [each.code for each in refusals(page(empty))] == ["missing"]


def test_a_review_inside_an_article_and_one_inside_a_review() -> None:
    article = f'<article itemscope itemtype="https://schema.org/NewsArticle"><div itemprop="review" {ITEM}>'
    inside = article + MICRODATA.split(ITEM + ">", 1)[1] + "</article>"
    assert numbers(outcomes(page(inside))) == [1]

    inner = f'<div itemprop="review" {ITEM}><b itemprop="claimReviewed">It snowed.</b></div>'
    nested = MICRODATA.replace("<time", f"{inner}<time", 1)
    assert [each.claim for each in items(page(nested))] == [item(review(1)).claim]


def test_the_parser_is_loaded_for_pages_with_markup_only() -> None:
    code = """
import io, sys
from service.interchange.claimreview.reader import read
list(read(io.BytesIO(b"<html><script type=application/ld+json>{}</script>")))
print("lxml" in sys.modules)
list(read(io.BytesIO(b"<p typeof=ClaimReview>")))
print("lxml" in sys.modules)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout.split() == ["False", "True"]


def test_values() -> None:
    texts = {
        "<p itemprop=claimReviewed>One<br>two<script>x</script> <i>th</i>ree<!-- no --></p>": "One two three",
        "<div itemprop=claimReviewed><p>One</p><p>two</p></div>": "One two",
        '<meta itemprop=claimReviewed content="One &amp; &quot;two&quot;">': 'One & "two"',
        "<data itemprop=claimReviewed value='One two'>x</data>": "One two",
        "<span itemprop=claimReviewed content='One two'>x</span>": "One two",
        "<b itemprop='claimReviewed name'>One two</b>": "One two",
    }
    for markup, claim in texts.items():
        assert item(page(f"<div {ITEM}>{markup}<b itemprop=author>The Desk</b></div>")).claim == claim


def test_a_base_and_addresses_that_are_none() -> None:
    markup = MICRODATA.replace('href="/reviews/1"', 'href="reviews/7"')
    with_base = page(markup).replace(b"<head>", b'<head><base href="https://checks.example.org/en/">')
    assert item(with_base).url == "https://checks.example.org/en/reviews/7"

    assert "invalid_url" in codes(item(page(MICRODATA.replace('href="/reviews/1"', 'href="http://[1"'))))


def test_the_name_of_an_item_is_an_address_too() -> None:
    named = MICRODATA.replace(ITEM, f'{ITEM} itemid="/reviews/8"').replace('itemprop="url" href="/reviews/1"', "")

    assert item(page(named)).url == "https://checks.example.org/reviews/8"


def test_pages_as_xhtml_and_with_odd_characters() -> None:
    odd = page(MICRODATA.replace("million", "mil\0lion \xe9")).replace(b"<!doctype html>", b"")
    data = b"<?xml version='1.0' encoding='utf-8'?>" + odd

    assert item(data).claim == "The bridge over the Example river cost 1 million é."


@pytest.mark.parametrize("text", ["<!-- typeof=ClaimReview -->", "</a typeof=ClaimReview>", "<? typeof=ClaimReview"])
def test_a_page_without_elements(text: str) -> None:
    assert [each.code for each in refusals(text.encode())] == ["no_review"]


def test_a_too_long_page_is_read_without_its_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.interchange.claimreview.page_markup.LONGEST", 1000)
    script = SCRIPT.format(json.dumps(review(1)))

    assert numbers(outcomes(page(script, MICRODATA))) == [1, "too_large"]


def test_too_long_values_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.interchange.claimreview.page_tree.MOST_TEXT", 10_000)
    nested = f"<div {ITEM}>" + "<p itemprop=name><span>" * 100 + "word " * 100

    assert [each.code for each in refusals(page(MICRODATA, nested))] == ["too_large"]


def test_too_many_references_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.interchange.claimreview.microdata.MOST_REFERRED", 10)
    outside = '<div id="c">' + '<b itemprop="name">x</b>' * 6 + "</div>"
    other = f'<div {ITEM} itemref="c"></div>'

    assert refusals(page(MICRODATA, outside, other)) == []
    assert [each.code for each in refusals(page(MICRODATA, outside, other, other))] == ["too_large"]


def test_a_too_deep_page_is_read_up_to_there() -> None:
    assert numbers(outcomes(page(MICRODATA, "<div>" * 3_000, MICRODATA))) == [1, "too_deep"]


PART = '<b itemprop="name" property="name">x</b>'
SCOPE = '<div itemprop="a" property="a" itemscope typeof="Thing">'
HOSTILE = {
    "attributes": "<p " + " ".join(f"a{number}" for number in range(100_000)) + ">",
    "quoted attributes": "<p " + " ".join(f'a{number}=">"' for number in range(50_000)) + ">",
    "unclosed quotes": '<p a="' * 100_000,
    "scopes": SCOPE * 200 + PART * 5_000,
    "properties": '<div itemprop="a" property="a">' * 240 + "word " * 50_000,
    "references": f'<div id="c">{PART * 500}</div>' + f'<div {ITEM} itemref="c"></div>' * 1_000,
    "circles": "".join(f'<i id="i{n}" itemprop="a" {ITEM} itemref="i{(n + 1) % 300} i{n}"></i>' for n in range(300)),
    "chain": "".join(f'<i id="i{n}" itemprop="a" {ITEM} itemref="i{n + 1}"></i>' for n in range(8_000)),
    "chain back": "".join(f'<i id="i{n}" itemprop="a" {ITEM} itemref="i{n - 1}"></i>' for n in range(8_000)),
    "terms": f'<p property="{"a " * 20_000}" typeof="{"B " * 20_000}" rel="{"schema:a " * 20_000}" href="x">',
    "names": f'<p itemprop="{"a " * 20_000}">x',
    "links": f'<p rel="{"schema:a " * 3_000}">' + "<b typeof=A></b>" * 3_000,
    "prefixes": '<div prefix="' + " ".join(f"p{n}: http://x.example/{n}" for n in range(5_000)) + '">' + PART * 5_000,
    "types": '<p itemtype="' * 100_000,
    "resources": '<p about="#a" typeof="ClaimReview" property="b" resource="#a">' * 3_000,
    "tags": "<b>" * 100_000 + "</p>" * 100_000,
    "openings": "<" * 500_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_take_little_time(name: str) -> None:
    before = time.process_time()
    found = outcomes(page(MICRODATA, f'<div vocab="https://schema.org/" {ITEM} typeof="ClaimReview">', HOSTILE[name]))

    assert numbers(found)[0] in (1, "too_large")
    assert time.process_time() - before < 5


TAGS = st.sampled_from(
    (
        *(ITEM, "itemscope", "itemprop=a", "itemprop=author", "itemref=x", "id=x", "itemprop=claimReviewed"),
        *('typeof="ClaimReview"', VOCABULARY, "property=author", "property=claimReviewed", "resource=#x"),
        *("href='http://['", "rel=schema:author", "content=''", "prefix='a: b'", "src=x", "typeof", '"', "='", ">"),
        *("about=#x", "itemtype"),
    )
)
ELEMENTS = st.builds(
    lambda name, attributes, text: f"<{name} {' '.join(attributes)}>{text}",
    st.sampled_from(["div", "a", "meta", "time", "/div", "script", "p", "b", "object", "!--", "title", "table"]),
    st.lists(TAGS, max_size=4),
    st.text(max_size=8),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(ELEMENTS, max_size=12).map("".join))
def test_any_markup_gives_items_or_refusals(markup: str) -> None:
    assert outcomes(page(f"<div {ITEM}><b itemprop=author>The Desk</b>", markup))
    assert outcomes(f"<b typeof=ClaimReview>{markup}".encode("utf-8", "replace"))
