"""Broken input gives all items before the break, as many as possible after it, and one refusal for the break."""

import gzip
import json
import time
import zlib
from typing import Any

import pytest

from service.interchange.claimreview import json_stream
from service.interchange.claimreview.review_items import Refused, ReviewItem
from tests.interchange.claimreview.samples import (
    as_bytes,
    codes,
    google_claim,
    item,
    numbers,
    outcomes,
    refusals,
    review,
)

SHORT = [{"@type": "ClaimReview", "url": f"https://c.example/{n}", "claimReviewed": f"é {n}"} for n in (1, 2)]
FEEDS: dict[str, Any] = {
    "array": SHORT,
    "DataFeed": {"@type": "DataFeed", "dataFeedElement": [{"item": each} for each in SHORT]},
    "claims:search": {"claims": [{"text": "x", "claimReview": [{"url": each["url"]}]} for each in SHORT], "next": "a"},
}


@pytest.mark.parametrize("form", FEEDS)
def test_a_feed_cut_off_anywhere_gives_the_items_before_the_cut(form: str) -> None:
    feed = as_bytes(FEEDS[form])
    ends = [feed.index(each["url"].encode()) + 50 for each in SHORT]
    for cut in range(1, len(feed)):
        found = numbers(outcomes(feed[:cut]))
        whole = [number for number in found if isinstance(number, int)]
        assert whole == [1, 2][: len(whole)], cut
        assert found[len(whole) :] == ["truncated"], cut
        assert len(whole) >= sum(end <= cut for end in ends), cut
    assert numbers(outcomes(feed)) == [1, 2]


def test_lines_cut_off_anywhere() -> None:
    feed = "\n".join(json.dumps(each) for each in SHORT).encode()
    first = feed.index(b"\n")
    for cut in range(first + 2, len(feed)):
        assert numbers(outcomes(feed[:cut])) == [1, "truncated"], cut


def test_a_truncation_is_reported_with_its_place() -> None:
    feed = as_bytes([review(1), review(2), review(3)], indent=1)
    begins = feed[: feed.index(b"reviews/3")].rindex(b"\n {\n") + 1
    refused = outcomes(feed[:-200])[-1]

    assert (refused.place.item, refused.place.line) == (3, feed[:begins].count(b"\n") + 1)


@pytest.mark.parametrize("limit", [4 * 1024 * 1024, 100], ids=["whole", "streamed"])
@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('"url": "https://checks.example.org/reviews/2"', '"url": https://checks.example.org/reviews/2'),
        ('"claimReviewed": "The bridge over the Example river cost 2', '"claimReviewed": The bridge over'),
        ("reviews/2", 'reviews"/2'),
        ('"url": "https://checks.example.org/reviews/2"', '"url": "https://checks.example.org/reviews/2'),
        ('reviews/2", ', 'reviews/2" '),
        ('"datePublished": "2019-10-30"', '"datePublished": }'),
    ],
)
def test_an_invalid_item_affects_no_other(right: str, wrong: str, limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.interchange.claimreview.reader.WHOLE", limit)
    one, two, three = (json.dumps(review(number)) for number in (1, 2, 3))
    assert right in two
    for joined in (
        f"[{one}, {two.replace(right, wrong, 1)}, {three}]",
        f"[\n{one},\n{two.replace(right, wrong, 1)},\n{three}\n]",
    ):
        assert numbers(outcomes(joined.encode())) == [1, "not_json", 3]


def test_an_unclosed_quote_affects_only_its_item(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.interchange.claimreview.reader.WHOLE", 100)
    monkeypatch.setattr("service.interchange.claimreview.json_stream.LONGEST", 2_000)
    monkeypatch.setattr("service.interchange.claimreview.decoding.PIECE", 500)
    parts = [json.dumps(review(number)) for number in range(1, 40)]
    parts[1] = parts[1][: parts[1].index("reviews/2")]

    assert numbers(outcomes(f"[{','.join(parts)}]".encode())) == [1, "not_json", *range(3, 40)]


def test_invalid_lines_affect_no_other() -> None:
    good = [json.dumps(review(number)) for number in (1, 2)]
    lines = [good[0], '{"@type": "ClaimReview", "url": "', "hello", '["', "}", good[1], "7", '{"a": 1}']
    refused = ["not_json"] * 4
    found = outcomes("\n".join(lines).encode() + b"\n")

    assert numbers(found) == [1, *refused, 2, "no_review", "no_review"]
    assert [each.place.line for each in found] == [1, 2, 3, 4, 5, 6, 7, 8]


def test_values_other_than_objects_are_refused_and_skipped() -> None:
    text = f'[1, "two", true, {json.dumps(review(1))}, nonsense, "a {{", [], {json.dumps(review(2))}]'

    assert numbers(outcomes(text.encode())) == [
        *["not_an_object"] * 3, 1, "not_json", "not_an_object", 2
    ]  # fmt: skip


def test_text_around_the_json() -> None:
    text = f")]}}'\n{json.dumps(review(1))}\nthat was it"

    assert numbers(outcomes(text.encode())) == ["not_json", 1, "not_json"]


@pytest.mark.parametrize("form", ["array", "lines"])
def test_only_the_too_large_item_is_refused(form: str) -> None:
    large = review(2, reviewBody="word " * (json_stream.LONGEST // 5))
    parts = [json.dumps(each) for each in (review(1), large, review(3))]
    text = f"[{','.join(parts)}]" if form == "array" else "\n".join(parts)

    assert numbers(outcomes(text.encode())) == [1, "too_large", 3]


@pytest.mark.parametrize("filling", ["word ", '\\" ] } ', "\\\\\\\\", '\\\\\\"', "{[", "\n", " "])
@pytest.mark.parametrize("where", ["string", "key", "between"])
def test_an_endless_item_is_dropped_while_it_is_read(filling: str, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.interchange.claimreview.reader.WHOLE", 1000)
    monkeypatch.setattr("service.interchange.claimreview.json_stream.LONGEST", 50_000)
    long = filling * (300_000 // len(filling))
    if where == "between" and filling.strip():
        long = '{"x": [' * 40_000 + "]}" * 40_000
    two = {
        "string": f'{{"@type": "ClaimReview", "x": "{long}"}}',
        "key": f'{{"@type": "ClaimReview", "{long}": 1}}',
        "between": f'{{"@type": "ClaimReview", "claims" {long}: [], "x": {long if long.strip() else 1}}}',
    }[where]
    text = f"[{json.dumps(review(1))}, {two}, {json.dumps(review(3))}]"

    assert numbers(outcomes(text.encode())) == [1, "too_large", 3]


@pytest.mark.parametrize(
    "beginning", [",", "/*", "//", "<!--", "<script", "&", '{"a":', '"\\', "\\", ";", "-->", "]]>", " ", "[,"]
)
@pytest.mark.parametrize("start", ["[", '[{"@type": "ClaimReview", "x": ', "<script type=application/ld+json>"])
def test_reading_takes_linear_time(beginning: str, start: str) -> None:
    """A pattern that restarts at each of these would take minutes."""
    assert outcomes((start + beginning * (200_000 // len(beginning))).encode())


@pytest.mark.parametrize("beginning", ['{"a":\n', "{\n", "[\n"])
@pytest.mark.parametrize("line", ["", "1,\n", '"b",\n', '{"a":\n', "[\n", "{\n"])
def test_reading_values_of_many_lines_takes_linear_time(beginning: str, line: str) -> None:
    text = (beginning + (line or beginning) * 100_000).encode()
    before = time.process_time()

    assert outcomes(text[:200_000])
    assert time.process_time() - before < 10


@pytest.mark.parametrize("field", ["claimReviewed", "url", "datePublished", "inLanguage", "author", "reviewRating"])
def test_reading_strings_takes_linear_time(field: str) -> None:
    for beginning in ("<!--", "<a ", "<a b=", "&lt;", "<![CDATA[", "1", ",1", "/", "http://a.", "1 of ", "(", "May "):
        assert outcomes(review(1) | {field: beginning * (200_000 // len(beginning))})


@pytest.mark.parametrize("form", ["array", "lines"])
@pytest.mark.parametrize("depth", [100, 5_000, 200_000])
def test_only_the_too_deep_item_is_refused(form: str, depth: int) -> None:
    deep = '{"@type": "ClaimReview", "x": ' + "[" * depth + "]" * depth + "}"
    parts = [json.dumps(review(1)), deep, json.dumps(review(3))]
    text = f"[{','.join(parts)}]" if form == "array" else "\n".join(parts)

    assert numbers(outcomes(text.encode())) == [1, "too_deep", 3]


def test_endlessly_nested_lists() -> None:
    assert numbers(outcomes(b"[" * 100_000)) == ["truncated"]
    assert numbers(outcomes(b'{"@graph":[' * 20_000))[-1:] == ["truncated"]


@pytest.mark.parametrize("form", ["array", "lines", "page"])
@pytest.mark.parametrize("part", [0.2, 0.5, 0.999])
def test_truncated_gzip_gives_its_items_and_one_refusal(form: str, part: float) -> None:
    reviews = [as_bytes(review(number)) for number in range(1, 500)]
    data = {
        "array": b"[" + b",\n".join(reviews) + b"]",
        "lines": b"\n".join(reviews),
        "page": b'<html><script type="application/ld+json">[' + b",\n".join(reviews) + b"]</script>",
    }[form]
    packed = gzip.compress(data)
    found = outcomes(packed[: int(len(packed) * part)])
    last = found.pop()

    assert numbers(found) == list(range(1, len(found) + 1))
    assert len(found) > 50
    assert isinstance(last, Refused)
    assert (last.code, last.message) == ("truncated", "the gzip file is incomplete")
    assert (last.place.item, last.place.line) == (len(found) + 1, len(found) + 1)


def test_truncated_gzip_without_any_item() -> None:
    [only] = refusals(gzip.compress(as_bytes(review()))[:12])

    assert (only.code, only.place.item, only.place.line) == ("truncated", 1, 1)


def test_gzip_truncated_after_the_last_line_is_reported_at_the_next_place() -> None:
    packed = gzip.compress(b"\n".join(as_bytes(review(number)) for number in (1, 2)) + b"\n")
    first, second, cut = outcomes(packed[:-4])

    assert numbers([first, second]) == [1, 2]
    assert (cut.place.item, cut.place.line) == (3, 3)


def test_damaged_gzip() -> None:
    packed = bytearray(gzip.compress(as_bytes([review(1)])))
    packed[30] ^= 0xFF

    assert [code for code in numbers(outcomes(bytes(packed))) if isinstance(code, str)] == ["broken_gzip"]


def test_a_decompression_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.interchange.claimreview.decoding.MAX_DECOMPRESSED", 10_000_000)
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    bomb = b"".join([packer.compress(b" " * 1_000_000) for _ in range(50)]) + packer.flush()

    assert len(bomb) < 100_000
    assert numbers(outcomes(bomb)) == ["too_large"]


def test_numbers_beyond_a_float() -> None:
    for digits in ("9" * 5_000, "1e999", "-" + "9" * 400, "NaN", "-Infinity"):
        text = json.dumps(review(1, reviewRating={"ratingValue": "@@", "alternateName": "False"})).replace(
            '"@@"', digits
        )
        found = item(text.encode())
        assert (found.rating_value, found.rating) == (None, "refuted")


def test_half_surrogate_pairs() -> None:
    text = json.dumps(review(1, claimReviewed="half @@ whole")).replace("@@", r"\ud83d \ude00")
    found = item(text.encode())

    assert (found.claim, codes(found)) == ("half \ufffd \ufffd whole", {"json_repaired"})
    assert "😀" in item(json.dumps(review(1, claimReviewed="whole 😀")).encode()).claim


def test_refusals_name_the_review() -> None:
    [refused] = outcomes(review(8, claimReviewed=None, itemReviewed=None))

    assert not isinstance(refused, ReviewItem)
    assert (refused.code, refused.field, refused.url) == ("missing", "claim", "https://checks.example.org/reviews/8")


def test_a_google_claim_without_text() -> None:
    assert numbers(outcomes({"claims": [google_claim(1, text=None), google_claim(2)]})) == ["missing", 2]
