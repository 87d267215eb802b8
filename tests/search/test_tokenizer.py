"""Text taken apart: what is the same word, and where it stands."""

from __future__ import annotations

import itertools
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.search.highlighting import spans_in
from service.search.query_parser import parse
from service.search.search_document import places
from service.search.stemming import stem
from service.search.tokenizer import words
from tests.search.languages import CLAIMS


def terms(text: str) -> list[str]:
    """Return the terms of a text."""
    return [word.term for word in words(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "15,000 15.000 15'000 15’000 15\u00a0000 15\u202f000 ١٥٬٠٠٠ １５，０００ १५०००",
            ["15000"] * 7 + ["15", "000", "15000"],
        ),
        ("1,234,567.50 1.234.567,5 12,34,567.5", ["1234567.5", "1234567.5", "1234567.5"]),
        (
            "15 000 men, 15 000-20 000, 1 234 567,5, 12 15 000.50",
            ["15000", "men", "15000", "20000", "1234567.5", "12", "15000.5"],
        ),
        ("0 000 5 0000, 约15 000人", ["0", "000", "5", "0000", "约", "15000", "人"]),
        (
            "May 15 300 men, on Sept. 3 300 000, 15 300",
            ["may", "15", "300", "men", "on", "sept", "3", "300000", "15300"],
        ),
        ("3.5 3,5 ٣٫٥ 3.50 0,25 3.125", ["3.5", "3.5", "3.5", "3.5", "0.25", "3.125"]),
        (
            "24.02.2022 2024-01-15 10.0.0.1 1,2,3",
            ["24", "02", "2022", "2024", "01", "15", "10", "0", "0", "1", "1", "2", "3"],
        ),
        ("$1.5bn 15k KN-23 COVID-19", ["1.5", "bn", "15k", "kn", "23", "covid", "19"]),
        ("U.S. U.S.A. e.g. end.", ["us", "usa", "eg", "end"]),
        ("Ukraine's UKRAINE’S workers' don't O'Brien", ["ukraine", "ukraine", "workers", "don", "t", "o", "brien"]),
        ("l'Ukraine L’État dell'arte d'or", ["ukraine", "etat", "arte", "or"]),
        ("snake_case a/b x²", ["snake", "case", "a", "b", "x2"]),
        ("Ёлка ёлка ЁЛКА мой моӣ Київ", ["елка", "елка", "елка", "мой", "мои", "київ"]),
        ("и\u0306 й", ["й", "й"]),
        ("Straße STRASSE ﬁn Æ İI ıi", ["strasse", "strasse", "fin", "ae", "ii", "ii"]),
        ("أحمد آحمد إحمد احمد", ["احمد"] * 4),
        ("مدرسة مدرسه علی على علي", ["مدرسه", "مدرسه", "علي", "علي", "علي"]),
        ("क़लम कलम क़लम", ["कलम"] * 3),
        ("北京大学 北 約15,000人", ["北京", "京大", "大学", "北", "約", "15000", "人"]),
        ("ﾊﾞｽ バス が が 한국 한국", ["バス", "バス", "が", "が", "한국", "한국"]),
        ("☃ \U0001f600 ... \u200b", []),
    ],
)
def test_the_same_is_one_term(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("15 000 troops", "15000 troops"),
        ("15\u00a0000 15\u202f000", "15000"),
        ('"1 500 000 shells" -2 000', '"1500000 shells" -2000'),
        ("Sept. 3 300 000 came", "sept 3 300000 came"),
        ("20 24", "20 24"),
    ],
)
def test_a_query_may_have_spaces_in_a_number(text: str, query: str) -> None:
    assert str(parse(text)) == query


def test_a_word_has_one_stem_in_both_spellings() -> None:
    assert stem("labourers") == stem("laborer")
    assert stem("organisations") == stem("organization") == stem("organising")
    assert len({stem("revision"), stem("revised"), stem("revise")}) == 1, "no word of another spelling"


_ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
_LETTERS = st.text(
    st.sampled_from("aé ß.ıİ'’-_*\"15,٣٫北京한ｶﾞกำကြ្ក\u0301\u064b\u200c\u200d\u1100\u1161\u11a8ﷺ⑴½ﬁ"), max_size=40
)


@given(_ANY | _LETTERS)
def test_terms_stand_where_they_say(text: str) -> None:
    found = words(text)
    assert all(0 <= word.start < word.end <= len(text) for word in found)
    assert [word.start for word in found] == sorted(word.start for word in found)
    for word in found:
        assert word.term
        assert len(word.term) <= 64
        assert not set(word.term) & set(" \n|='\"\\:*&!()<>-"), "nothing that an index or a query reads otherwise"
        assert word.term in terms(text[word.start : word.end])


@given(st.lists(st.sampled_from(sorted({word for text in CLAIMS.values() for word in text.split()}))).map(" ".join))
def test_how_text_is_normalised_does_not_matter(text: str) -> None:
    assert terms(unicodedata.normalize("NFC", text)) == terms(unicodedata.normalize("NFD", text))


@given(_ANY | _LETTERS)
@example("1-000")
def test_a_text_asks_for_what_it_has(text: str) -> None:
    text = text.replace("-", " ")  # in a query a word after a hyphen is one that is not wanted
    has = f" {' '.join(word.term for word in places(words(text)))} "
    stems = f" {' '.join(f'={stem(term)}' for term in terms(text))} "
    query = parse(text)
    assert query.matches(has, stems) == bool(query.wanted)
    spans = spans_in(query, text)
    assert bool(spans) == bool(query.wanted)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] < other[0] for one, other in itertools.pairwise(spans))


@given(_ANY | _LETTERS)
def test_what_was_understood_is_understood_the_same(text: str) -> None:
    query = parse(unicodedata.normalize("NFKC", text))
    assert parse(str(query)).fingerprint == query.fingerprint
