"""Strings: cleaned, shortened, and folded for comparing."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.identity.address_syntax import URL_PATTERN
from service.interchange.claimreview.addresses import read_address
from service.interchange.claimreview.languages import tag_of
from service.interchange.claimreview.text import clean, fold, shortened
from service.schemas.fields import LANGUAGE_PATTERN, WORDS_PATTERN


@pytest.mark.parametrize(
    ("found", "cleaned"),
    [
        ("  a \t\n b\u00a0c ", "a b c"),
        ("<p>One</p><p>two</p>", "One two"),
        ("so<b>me</b>", "some"),
        ("10<sup>6</sup> of 5 km<SUP class='x'> 2 </SUP >", "10⁶ of 5 km²"),
        ("10<sup>-6</sup>, 10<sup>−6</sup>, 2<sup>n</sup>", "10⁻⁶, 10⁻⁶, 2ⁿ"),
        ("H<sub>2</sub>O, NO<sub>x</sub>", "H₂O, NOₓ"),
        ("x&lt;sup&gt;2&lt;/sup&gt;", "x²"),
        ("the 4<sup>th</sup> of<sub> May</sub>", "the 4th of May"),
        ('<a href="https://example.org/?a=1&b=2">link</a> <img src=x />', "link"),
        ("&lt;p&gt;twice&lt;/p&gt; &amp;amp;eacute;", "twice é"),
        ("1 < 2 > 0, a<b and b>c", "1 < 2 > 0, a<b and b>c"),
        ("x <3 y", "x <3 y"),
        ("AT&T; R&D", "AT&T; R&D"),
        ("e\u0301", "é"),
        ("a\x00b\x1b[0m\x7f", "ab[0m"),
        ("soft\u00adhyphen zero\u200bwidth \ufeffword\u2060joined", "softhyphen zerowidth wordjoined"),
        ("ไทย\u200bไทย", "ไทย ไทย"),
        ("\u202eevil\u202c", "evil"),
        ("can\x92t", "can’t"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\ud800", "\ufffd"),
        ("<![CDATA[x]]>", "x"),
        ("a <!-- hidden --> b", "a b"),
        ("&#0;&#x110000;&#150;", "\ufffd\ufffd–"),
    ],
)
def test_clean(found: str, cleaned: str) -> None:
    assert clean(found) == cleaned


@given(st.text(max_size=300))
def test_clean_text_fits_the_fields_and_stays_the_same(text: str) -> None:
    cleaned = clean(text)

    assert cleaned == "" or re.fullmatch(WORDS_PATTERN, cleaned)
    assert cleaned.encode().decode() == cleaned


@given(st.text(alphabet="<>&;=/ap'\" x#!-[]CDAT", max_size=3_000))
def test_endless_markup_takes_linear_time(text: str) -> None:
    clean(text)


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Pants on Fire!", "“PANTS-ON-FIRE”"),
        ("İYİ", "iyi"),
        ("Größtenteils falsch", "GRÖSSTENTEILS FALSCH"),
        ("مُضَلِّل", "مضلل"),
        ("كاذب", "کاذب"),
        ("Não é verdade", "nao e verdade"),
        ("❌ Ложь.", "ложь"),
        ("ＦＡＬＳＥ", "false"),
        ("ψευδής", "ΨΕΥΔΗΣ"),
        ("झूठ।", "झूठ"),
    ],
)
def test_wordings_that_are_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other) != ""


def test_wordings_that_are_not_the_same() -> None:
    assert len({fold(word) for word in ("True", "Untrue", "Not true", "सच", "सचा", "จริง", "ไม่จริง", "真", "")}) == 9


@given(st.text(max_size=300), st.integers(min_value=2, max_value=50))
def test_shortened(text: str, longest: int) -> None:
    short = shortened(text, longest)

    assert len(short) <= longest
    assert short == text or short.endswith("…")


@given(st.one_of(st.text(max_size=60), st.text(alphabet="htps:/.@[]?#&=w%é ", max_size=40).map("https://a".__add__)))
def test_a_normalised_address_fits_the_field_and_stays_the_same(text: str) -> None:
    found = read_address(text)

    if found is not None:
        assert re.fullmatch(URL_PATTERN, found.url)
        assert read_address(found.url) == (found.url, False, False)


@given(st.text(max_size=50))
def test_a_language_tag_fits_the_field_and_stays_the_same(text: str) -> None:
    tag = tag_of(text)

    if tag is not None:
        assert re.fullmatch(LANGUAGE_PATTERN, tag)
        assert tag_of(tag) == tag
