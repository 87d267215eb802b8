"""The keys of claims and documents of nearly the same words."""

from __future__ import annotations

import pytest

from service.identity.near_statements import near_statement_key, title_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("LULA is the president.", "Lula is the president"),
        ("A Ministra é má", "a ministra e ma"),
        ("15,000 workers came.", "15000 workers came"),
        ("15 000 workers came", "15.000 workers came"),
        ("The co-pilot slept", "The co pilot slept"),
        ("COVID-19 is over", "Covid 19 is over"),
        ("عالَم كبير", "عالم كبير"),
        ("Всё пропало", "Все пропало"),
        ("It is (nearly) over!", "It is nearly over"),
        ("«The Gull» sank", "The Gull sank"),
        ("WHO decides", "Who decides?"),
        ("Αθήνα καίγεται", "ΑΘΗΝΑ ΚΑΊΓΕΤΑΙ"),
    ],
)
def test_words_that_are_nearly_the_same_share_a_key(one: str, other: str) -> None:
    assert near_statement_key(one) == near_statement_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It cost −5 euros", "It cost 5 euros"),
        ("Rated AA− now", "Rated AA now"),
        ("It is 3.5 percent", "It is 35 percent"),
        ("10² soldiers", "102 soldiers"),
        ("Twelve ships came", "Twelve ships left"),
        ("5% of it", "5 of it"),
        ("?!", "!?!"),
    ],
)
def test_signs_and_other_words_make_another_key(one: str, other: str) -> None:
    assert near_statement_key(one) != near_statement_key(other)


def test_titles_are_compared_of_one_publisher() -> None:
    assert title_key("Ships sink in the harbour", "gull") == title_key("SHIPS SINK – in the harbour!", "gull")
    assert title_key("Ships sink in the harbour", "gull") != title_key("Ships sink in the harbour", "heron")
    assert title_key("Ships sink in the harbour", None) is None
    assert title_key("Live", "gull") is None, "says little"
    assert title_key(None, "gull") is None
