"""Amounts and dates in running text, and how they differ from a claim's: only certain differences are reported."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.model.entities import Qualifier, Quantity, TimeFrame
from service.search.matching.amounts import amounts
from service.search.matching.dates import dates
from service.search.matching.differences import Difference, Kind, differences, stated_values
from service.search.matching.passage import read_passages
from service.search.matching.passages import WHOLE, passages
from service.search.matching.scoring import rarities
from service.search.stemming import stem
from service.search.tokenizer import words

TROOPS = Quantity(15000, 15000, "soldiers", Qualifier.ABOUT)


def test_a_text_in_another_spelling_says_the_same() -> None:
    [american] = read_passages("Labor organizations moved 15 000 meters of defense wire.")
    [british] = read_passages("Labour organisations moved 15,000 metres of defence wire.")
    assert american.stems == british.stems
    assert american.numbers == british.numbers == {15000}
    assert american.units == british.units


@pytest.mark.parametrize(
    ("text", "low", "high", "unit", "said"),
    [
        ("15,000 North Korean troops arrived", 15000, 15000, "soldier", "15,000 North Korean troops"),
        ("Fifteen thousand soldiers", 15000, 15000, "soldier", "Fifteen thousand soldiers"),
        ("15k soldiers", 15000, 15000, "soldier", "15k soldiers"),
        ("15 000 soldats", 15000, 15000, "soldier", "15 000 soldats"),
        ("15.000 Soldaten", 15000, 15000, "soldier", "15.000 Soldaten"),
        ("15 тысяч солдат", 15000, 15000, "soldier", "15 тысяч солдат"),
        ("١٥٬٠٠٠ troops", 15000, 15000, "soldier", "١٥٬٠٠٠ troops"),
        ("two hundred and fifty thousand workers", 250000, 250000, "worker", "two hundred and fifty thousand workers"),
        ("between 10 and 15 million dollars", 1e7, 1.5e7, "usd", "10 and 15 million dollars"),
        ("10-15 million people", 1e7, 1.5e7, "people", "10-15 million people"),
        ("an $80 million bounty", 8e7, 8e7, "usd", "$80 million"),
        ("US$ 5bn", 5e9, 5e9, "usd", "$ 5bn"),
        ("1.200.000 Euro", 1.2e6, 1.2e6, "eur", "1.200.000 Euro"),
        ("up to 5.5 % of wages", 5.5, 5.5, "%", "5.5 %"),
        ("42 per cent", 42, 42, "%", "42 per cent"),
        ("42 percent", 42, 42, "%", "42 percent"),
        ("30 North Koreans", 30, 30, None, "30"),
        ("some 300 in all", 300, 300, None, "300"),
    ],
)
def test_an_amount_is_read_with_what_it_counts(text: str, low: float, high: float, unit: str | None, said: str) -> None:
    [found] = amounts(text, words(text))
    assert (found.low, found.high, found.units) == (low, high, frozenset(filter(None, [unit])))
    assert text[found.start : found.end] == said


@pytest.mark.parametrize("text", ["one of them", "a hundred", "nobody", "", "thousands of workers"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert amounts(text, words(text)) == []


@pytest.mark.parametrize(
    ("text", "first", "last", "said"),
    [
        ("since 2024", "2024-01-01", "2024-12-31", "2024"),
        ("in April 2022", "2022-04-01", "2022-04-30", "April 2022"),
        ("On March 15, 2024", "2024-03-15", "2024-03-15", "March 15, 2024"),
        ("on 3rd May 2023", "2023-05-03", "2023-05-03", "3rd May 2023"),
        ("am 3. Mai 2023", "2023-05-03", "2023-05-03", "3. Mai 2023"),
        ("3 мая 2023", "2023-05-03", "2023-05-03", "3 мая 2023"),
        ("2021-05-06T10:00", "2021-01-01", "2021-12-31", "2021"),
        ("(2021-05-06)", "2021-05-06", "2021-05-06", "2021-05-06"),
        ("February 31, 2024", "2024-02-01", "2024-02-29", "February 31, 2024"),
    ],
)
def test_a_date_is_read_as_the_days_it_may_be(text: str, first: str, last: str, said: str) -> None:
    [found] = dates(text, words(text))
    assert (str(found.first), str(found.last)) == (first, last)
    assert text[found.start : found.end] == said or said == "February 31, 2024"


@pytest.mark.parametrize(
    "text", ["2000 workers", "$1999", "19999", "call 2024555", "Well said — Jane (@jane) May 3, 2019"]
)
def test_what_is_no_date_of_the_story_is_none(text: str) -> None:
    assert dates(text, words(text)) == []


def differing(
    text: str, quantity: Quantity | None = None, frame: TimeFrame | None = None, claim: str = "A claim."
) -> list[Difference]:
    """Return the differences of a text of one passage."""
    [passage] = read_passages(text)
    return differences(passage, stated_values(claim, quantity, frame))


def test_another_unit_is_reported() -> None:
    assert differing("15,000 workers were sent", TROOPS) == [Difference(Kind.UNIT, "15,000 workers", "15,000 soldiers")]
    assert differing("15,000 shells were sent", TROOPS) == [Difference(Kind.UNIT, "15,000 shells", "15,000 soldiers")]


def test_another_quantity_is_reported() -> None:
    assert differing("12,000 troops were sent", TROOPS) == [
        Difference(Kind.QUANTITY, "12,000 troops", "15,000 soldiers")
    ]
    assert differing("A fine of $500", claim="The fine is $1,000.") == [Difference(Kind.QUANTITY, "$500", "$1,000")]
    assert differing("8% of them", claim="It is 9 percent.") == [Difference(Kind.QUANTITY, "8%", "9 percent")]


def test_another_date_is_reported() -> None:
    frame = TimeFrame("by May 2025", None, dt.date(2025, 5, 31))
    assert differing("That was in June 2026", frame=frame) == [Difference(Kind.DATE, "June 2026", "by May 2025")]
    assert differing("In March 2020", claim="In April 2020, it was.") == [
        Difference(Kind.DATE, "March 2020", "April 2020")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "15,000 troops",
        "Fifteen thousand soldiers",
        "15.000 Soldaten",
        "15,200 soldiers",  # about
        "some 15,000 North Koreans",  # whoever they are
        "of the soldiers, 15,000 shells were asked",
        "12,000 of them",
        "12,000 workers and 15,000 soldiers",
        "nobody at all",
        "troops",
        "15,000 sappers",  # a word for soldiers, or for others
        "12,000 soldiers came and 15,100 more were asked",  # 15,100 of what?
    ],
)
def test_what_is_the_same_or_not_certain_is_not_reported(text: str) -> None:
    assert differing(text, TROOPS) == []


def test_the_time_of_a_claim_is_not_another_for_being_told_more_or_less_closely() -> None:
    frame = TimeFrame("spring 2025", dt.date(2025, 3, 1), dt.date(2025, 5, 31))
    for text in ("in 2025", "on 3 April 2025", "in 2019 and again in May 2025", "in spring"):
        assert differing(text, frame=frame) == []
    assert differing("in 2019", frame=TimeFrame("once")) == []


def test_a_date_that_may_be_that_of_another_number_is_not_reported() -> None:
    frame = TimeFrame("spring 2025", dt.date(2025, 3, 1), dt.date(2025, 5, 31))
    lack = Quantity(1_500_000, 1_500_000, "workers")
    assert differing("1.5 million workers are missing, by 2035 2.4 million workers", lack, frame) == []
    assert differing("1.5 million workers are missing in 2035", lack, frame) == [
        Difference(Kind.DATE, "2035", "spring 2025")
    ]


def test_of_many_numbers_each_is_told_once() -> None:
    claim = "He took $1 million and hid $4.6 million, for which he was fined $138,000."
    assert differing("He took $1 million, hid $6.4 million and paid $138,000", claim=claim) == [
        Difference(Kind.QUANTITY, "$6.4 million", "$4.6 million")
    ]
    assert differing("Fined $138,000!", claim=claim) == []


TEXT = st.text(max_size=300) | st.lists(
    st.sampled_from(
        ["15", "thousand", "$", "%", "May", "2024", "-", "3,5", "troops", "and", "one", "٣", "万", ".", "1e9"]
    )
).map(" ".join)


@given(TEXT)
def test_what_is_read_stands_where_it_is_said(text: str) -> None:
    split = words(text)
    found = [(amount.start, amount.end) for amount in amounts(text, split)]
    found += [(days.start, days.end) for days in dates(text, split)]
    assert all(0 <= start < end <= len(text) for start, end in found)
    for amount in amounts(text, split):
        assert 0 <= amount.low <= amount.high <= 1e16


@given(st.lists(TEXT, max_size=40).map(". ".join))
def test_every_word_of_a_text_is_in_a_passage(text: str) -> None:
    split = words(text)
    spans = passages(text, split)
    assert {place for first, after in spans for place in range(first, after)} == set(range(len(split)))
    assert all(first < after for first, after in spans)
    assert len(split) > WHOLE or len(spans) <= 1


def test_a_function_word_that_is_as_rare_as_another_word_weighs_less() -> None:
    weights = rarities({stem("los"): 2, stem("perros"): 2}, 300)
    assert 0 < weights[stem("los")] < weights[stem("perros")] / 2
