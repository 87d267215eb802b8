"""Two spellings of one name, two names, and names that look alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.identity.names import LONGEST_KEY, folded_name, folded_names, near_keys, sought_keys


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Reuters", "REUTERS"),
        ("Ｒｅｕｔｅｒｓ", "Reuters"),
        ("  Reuters\u00a0 News ", "Reuters News"),
        ("Reu\u200bters", "Reuters"),
        ("Reu\u00adters", "Reuters"),
        ("\u200fرويترز\u200e", "رويترز"),
        ("Harbour\u3164 Board", "Harbour Board"),
        ("U.S. Army", "US Army"),
        ("J. K. Rowling", "J.K. Rowling"),
        ("JK Rowling", "J. K. Rowling"),
        ("St. John's Wort", "St John’s Wort"),
        ("Agência Lupa", "Agencia Lupa"),
        ("José", "Jose\u0301"),
        ("Łukasz Øre", "Lukasz Ore"),
        ("Straße", "STRASSE"),
        ("İzmir Işık", "izmir isik"),
        ("Αθήνα", "ΑΘΗΝΑ"),
        ("Αθήνας", "ΑΘΗΝΑΣ"),
        ("Алёна", "АЛЕНА"),
        ("صحيفة", "صَحِيفة"),
        ("צה״ל", 'צה"ל'),
        ("The Gazette", "Gazette"),
        ("the “Gazette”", "GAZETTE"),
        ("Al-Jazeera", "Al Jazeera"),
        ("Acme, Inc.", "Acme Inc"),
        ("Smith & Sons", "Smith and Sons"),
        ("Yahoo!", "Yahoo"),
        ("Acme™", "ACME"),
        ("Harbour Board (Northport)", "Harbour Board Northport"),
        ("www.facebook.com", "Facebook.com"),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert folded_name(one) == folded_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nguyễn Văn Hà", "Nguyễn Văn Hạ"),
        ("Андрей", "Андреи"),
        ("Їжак", "Іжак"),
        ("か", "が"),
        ("कि", "की"),
        ("Radio 4", "Radio 5"),
        ("C++", "C"),
        ("x.com", "X Com"),
        ("+++", "---"),
        ("Thé Noir", "Noir"),
        ("The", "A"),
        ("A. Smith", "B. Smith"),
    ],
)
def test_different_names(one: str, other: str) -> None:
    assert folded_name(one) != folded_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Doe, John", "John Doe"),
        ("BBC", "BBC News"),
        ("Board of the Harbour", "Harbour Board"),
        ("World Health Organization", "WHO"),
        ("National Institute of Health", "NIH"),
        ("World Health Organization", "World Health Organization Europe"),
        ("Reuters", "Ruters"),
        ("Phillipine Star", "Philippine Star"),
        ("J. Smith", "John Smith"),
        ("Ministry of Defence", "Russian Ministry of Defence"),
        ("AlJazeera", "Al Jazeera"),
        ("Nguyễn Văn Hà", "Nguyen Van Ha"),
        ("Le Monde", "Monde"),
        ("Rep. Nancy Pelosi (D-Calif.)", "Nancy Pelosi"),
        ("Prime Minister Justin Trudeau", "Justin Trudeau"),
        ("Facebook user: Jane Roe", "Jane Roe"),
        ("Jane Roe, leader of the Harbour Party", "Sen. Jane Roe"),
    ],
)
def test_similar_names_find_each_other(one: str, other: str) -> None:
    assert {*sought_keys([one])} & {*near_keys([other])}
    assert {*sought_keys([other])} & {*near_keys([one])}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("BBC News", "CBS News"),
        ("Ministry of Defence", "Ministry of Health"),
        ("Reuters", "Bloomberg"),
        ("John Smith", "John Baker"),
        ("the", "?"),
    ],
)
def test_names_that_share_a_word_are_not_similar(one: str, other: str) -> None:
    assert not {*sought_keys([one])} & {*near_keys([other])}


def test_the_names_of_one_source_have_each_key_once() -> None:
    assert folded_names(["The Gazette", "GAZETTE", "Port News"]) == ["gazette", "port news"]


def test_the_number_of_keys_is_bounded() -> None:
    names = [f"Harbour Board of Northport {number} and Others" for number in range(51)]
    assert len(near_keys(names)) < 150
    assert near_keys(["word " * 40]) == []
    # The same of them, whatever their order.
    assert near_keys([names[0], *reversed(names[1:])]) == near_keys(names)


@given(st.text(min_size=1, max_size=200), st.sampled_from("\u200b\u200e\u2066\ufeff\u00ad"), st.integers(0, 200))
def test_what_a_reader_cannot_see_never_makes_two_names(name: str, invisible: str, place: int) -> None:
    folded = folded_name(name)
    assert len(folded) <= LONGEST_KEY
    assert folded_name(f" {name}\u00a0") == folded
    assert folded_name(name[:place] + invisible + name[place:]) == folded
