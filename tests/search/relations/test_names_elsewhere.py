"""Names in other languages and in other spellings."""

from __future__ import annotations

import pytest

from service.reading.tokens import tokens
from service.search.relations.names import names
from service.search.relations.spelling import are_spellings
from tests.search.relations.related import kinds


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("mishustin", "michoustine"),
        ("mishustin", "мишустина"),
        ("bryansk", "брянской"),
        ("bryansk", "brjansk"),
        ("shoigu", "szojgu"),
        ("kovalchuk", "kovaltchouk"),
        ("benghazi", "bengazi"),
    ],
)
def test_spellings_of_a_name_are_one(one: str, other: str) -> None:
    assert are_spellings(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("kursk", "bryansk"), ("lavrov", "shoigu"), ("putin", "trump"), ("lee", "day"), ("texas", "kansas")],
)
def test_other_names_are_not(one: str, other: str) -> None:
    assert not are_spellings(one, other)


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("Biélorussie", "BY"),
        ("Griechenland", "GR"),
        ("Suecia", "SE"),
        ("Azerbaigian", "AZ"),
        ("Irã", "IR"),
        ("w Szwecji", "SE"),
        ("в Белоруссии", "BY"),
        ("з Угорщини", "HU"),
        ("في كوبا", "CU"),
        ("soldats tchèques", "CZ"),
    ],
)
def test_states_have_names_in_other_languages(text: str, state: str) -> None:
    capital = text if text[0] != "s" else text.title()
    assert [name.state for name in names(capital, tokens(capital), english=False)] == [state]


@pytest.mark.parametrize(
    ("text", "claim", "differs"),
    [
        (
            "Le port de Larkport a été fermé par Michoustine en mai.",
            "Mishustin closed the port of Larkport in May.",
            False,
        ),
        (
            "Le port de Larkport a été fermé par Kovaltchouk en mai.",
            "Mishustin closed the port of Larkport in May.",
            True,
        ),
        ("Soldados chilenos llegaron a la región de Briansk.", "Chilean soldiers came to Bryansk region.", False),
        ("Soldados chilenos llegaron a la región de Kursk.", "Chilean soldiers came to Bryansk region.", True),
        ("Чилийские солдаты прибыли в Брянскую область.", "Chilean soldiers came to Bryansk region.", False),
        ("Чилийские солдаты прибыли в Курскую область.", "Chilean soldiers came to Bryansk region.", True),
        ("La Suède a vendu 300 bus au Chili.", "Norway sold 300 buses to Chile.", True),
        ("La Norvège a vendu 300 bus au Chili.", "Norway sold 300 buses to Chile.", False),
        ("They earn 300 US dollars.", "They earn 300 dollars in Chile.", False),
    ],
)
def test_another_name_is_told_across_languages(text: str, claim: str, differs: bool) -> None:
    assert bool(kinds(text, claim)) == differs
