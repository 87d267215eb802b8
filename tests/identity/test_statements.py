"""Two texts say the same in the same words, or not."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.identity.statements import folded_statement, is_worded, same_statement, statement_key

TWO = {
    "a minus at the beginning": ("-5 degrees were measured.", "5 degrees were measured."),
    "a minus sign": ("−5 degrees", "5 degrees"),
    "a minus after other words": ("Температура −5", "Температура 5"),
    "a minus before Devanagari": ("-५ लोग", "५ लोग"),
    "a decimal point": (".5 percent", "5 percent"),
    "a rating with a minus": ("It is rated AA-", "It is rated AA"),
    "a rating with a plus": ("It is rated AA+", "It is rated AA"),
    "a square": ("The pool is 10² metres long.", "The pool is 102 metres long."),
    "a power": ("10⁶ people", "106 people"),
    "the sign of a power": ("10⁻³", "10³"),
    "a power in Chinese": ("它是10²", "它是102"),
    "feet": ("It is 6′ long.", "It is 6 long."),
    "inches": ('It is 6" long.', "It is 6 long."),
    "feet and inches": ("It is 6' long.", 'It is 6" long.'),
    "a fraction": ("½ of them", "12 of them"),
    "a mixed fraction": ("1½ cups", "11/2 cups"),
    "an acronym": ("The WHO knew.", "The who knew."),
    "an acronym at the beginning": ("WHO lied", "Who lied"),
    "a country": ("It hurt US", "It hurt us"),
    "a name that is a word": ("The Polish is wrong", "The polish is wrong"),
    "units": ("It has 5 MB", "It has 5 Mb"),
    "a name of one letter": ("C4 was found", "c4 was found"),
    "at least": ("≥5 died", "5 died"),
    "plus or minus": ("±5 died", "5 died"),
    "a percentage": ("5% died", "5 died"),
    "a currency": ("€5 each", "£5 each"),
    "not equal": ("x ≠ y", "x = y"),
    "a degree": ("It was 5°", "It was 5"),
    "a factorial": ("It is 5!", "It is 5"),
    "a question": ("Did it break?", "Did it break"),
    "direct speech": ('He said "I lied"', "He said I lied"),
    "an apostrophe": ("We'll see he'll rule", "We'll see hell rule"),
    "the index of a logarithm": ("log₂8", "log28"),
    "a number in a circle": ("① is wrong", "1 is wrong"),
    "a family": ("👨\u200d👩\u200d👧 left", "👨👩👧 left"),
    "a flag made of invisible letters": (
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f won",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f won",
    ),
    "a non-joiner that parts Persian letters": ("می\u200cخواهم", "میخواهم"),
    "a joiner in a Devanagari conjunct": ("क्\u200dष", "क्ष"),
    "a non-joiner in a Devanagari conjunct": ("क्\u200cष", "क्ष"),
    "a letter with and without dots": ("على", "علي"),
    "an ellipsis": ("I would never...", "I would never."),
    "nothing but signs": ("!!!", "???"),
}
ONE = {
    "a quote that is never closed": ("She has two jobs.", '"She has two jobs.'),
    "a quote that is never opened": ("She has two jobs.", "She has two jobs.”"),
    "a mark of direction": ("הבריכה סגורה היום", "\u200fהבריכה סגורה היום"),
    "a mark of direction beside a number": ("٥ رجال", "٥\u200e رجال"),
    "a zero-width space": ("It is able.", "It is a\u200bble."),
    "a zero-width space in Khmer": ("កខ", "ក\u200bខ"),
    "a zero-width space in Khmer that was read as a space": ("កខ", "ក ខ"),
    "a soft hyphen": ("canal", "ca\u00adnal"),
    "a byte order mark": ("The canal", "\ufeffThe canal"),
    "a word joiner": ("canal", "ca\u2060nal"),
    "a variation selector": ("❤ it", "❤\ufe0f it"),
    "tags without a flag": ("the end", "the end\U000e0061"),
    "a non-joiner where nothing is joined": ("कार है", "कार\u200c है"),
    "a non-joiner after a letter that joins nothing": ("کارها", "کار\u200cها"),
    "a joiner in Latin": ("canal", "ca\u200dnal"),
    "a joiner at the end": ("canal", "canal\u200d"),
    "a no-break space": ("10 000 people", "10\u00a0000\u202fpeople"),
    "a Hangul filler": ("가 나", "가\u3164나"),
    "two spellings of a Malayalam letter": ("അവൻ", "അവന\u0d4d\u200d"),
    "composed and decomposed letters": ("café", "cafe\u0301"),
    "full width": ("６ people", "6 people"),
    "half width": ("ガス", "ｶﾞｽ"),
    "a ligature": ("The fish", "The ﬁsh"),
    "Arabic presentation forms": ("مصر", "ﻣﺼﺮ"),
    "Arabic elongation": ("مصر", "مـــصر"),
    "letters of mathematics": ("The end", "𝗧𝗵𝗲 𝗲𝗻𝗱"),
    "a square metre": ("5 m²", "5 ㎡"),
    "a subscript": ("CO₂ rose", "CO2 rose"),
    "kinds of minus": ("−5 degrees", "-5 degrees"),
    "a dash for a minus": ("–5 degrees", "-5 degrees"),
    "kinds of apostrophe": ("They don’t", "They don't"),
    "a Ukrainian apostrophe": ("п'ять", "пʼять"),
    "kinds of quotes": ('The "big" one', "The “big” one"),
    "single quotes": ('The "big" one', "The ‘big’ one"),
    "German quotes": ("Er sagte »ja«", "Er sagte „ja“"),
    "French quotes and spaces": ("Il dit « non » ici", "Il dit “non” ici"),
    "Chinese quotes": ("他说「好」吧", "他说“好”吧"),
    "a Hebrew abbreviation": ("צה״ל", 'צה"ל'),
    "quotes around a number": ('He wrote "1984" here', "He wrote “1984” here"),
    "feet and inches in quotes": ("6'2\" tall", "6′2″ tall"),
    "curly feet and inches": ("6’ 2” tall", "6' 2\" tall"),
    "quotes around all": ("The canal was dug", "“The canal was dug.”"),
    "single quotes around all": ("The canal was dug", "‘The canal was dug’"),
    "the first letter": ("the canal was dug", "The canal was dug"),
    "a full stop": ("The canal was dug", "The canal was dug."),
    "an exclamation": ("The canal was dug", "The canal was dug!!"),
    "a danda": ("नमक है", "नमक है।"),
    "a Chinese full stop": ("他说了", "他说了。"),
    "a Spanish exclamation": ("La presa se rompió", "¡La presa se rompió!"),
    "French spacing": ("Paris : la digue !", "Paris: la digue"),
    "a dash of a list": ("- The canal was dug", "The canal was dug"),
    "a headline": ("THE CANAL WAS DUG", "The canal was dug"),
    "a headline with an acronym": ("THE WHO DUG A CANAL", "The WHO dug a canal"),
    "Title Case": ("The Canal Was Quickly Dug Near Town", "The canal was quickly dug near town"),
}


@pytest.mark.parametrize(("one", "other"), TWO.values(), ids=TWO.keys())
def test_what_changes_a_statement_is_kept(one: str, other: str) -> None:
    assert not same_statement(one, other)


@pytest.mark.parametrize(("one", "other"), ONE.values(), ids=ONE.keys())
def test_what_changes_no_statement_is_folded(one: str, other: str) -> None:
    assert same_statement(one, other)
    assert statement_key(one) == statement_key(other)


def test_a_headline_tells_nothing_of_case_and_title_case_tells_of_acronyms() -> None:
    assert same_statement("THE WHO KNEW OF IT", "The who knew of it")
    assert not same_statement("The Members Know That WHO Knew", "The members know that who knew")
    assert not same_statement("IT HURT", "It HURT"), "two words are no headline"


def test_a_shortened_text_has_the_words_that_it_begins() -> None:
    assert is_worded("The canal was…", "The canal was dug in 1790.")
    assert not is_worded("The canal was…", "The canals were dug.")
    assert is_worded("The canal was dug.", "the canal was dug")


def test_a_key_fits_its_column_however_long_a_text_becomes() -> None:
    assert len(statement_key("\ufdfa" * 500)) == 32


# Letters, signs and invisible characters that meet in few places.
ODD = st.sampled_from("aB .,!?-–'\"“”«»′″1²₂…\u00ad\u200b\u200c\u200d\u200fקںیه\u0d4dന")
TEXTS = st.text(st.one_of(ODD, st.characters(exclude_categories=["Cs"])), max_size=12)


@given(TEXTS)
def test_a_folded_text_is_folded_once(text: str) -> None:
    folded = folded_statement(text)
    assert folded_statement(folded) == folded
    assert same_statement(text, folded)
    assert same_statement(text, unicodedata.normalize("NFD", text))


@given(TEXTS, TEXTS, st.sampled_from("\u00ad\u200b\u200e\u200f\u202a\u2066\ufe0f\ufeff\u2060\u034f"))
def test_an_invisible_character_makes_no_other_statement(before: str, after: str, character: str) -> None:
    assert folded_statement(before + character + after) == folded_statement(before + after)
