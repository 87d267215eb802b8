"""Frames around a statement: who says it, if that denies it, and what is left."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.reading.frames import read_frames
from service.reading.languages import language_of, languages
from service.reading.tokens import tokens

STATEMENT = "15,000 North Korean workers are in Russia"


@pytest.mark.parametrize(
    ("text", "party"),
    [
        (f"According to South Korean intelligence, {STATEMENT}.", "South Korean intelligence"),
        (f"According to the NIS {STATEMENT}.", "the NIS"),
        (f"{STATEMENT}, according to Seoul's spy agency.", "Seoul's spy agency"),
        (f"Seoul says {STATEMENT}.", "Seoul"),
        (f"The ministry said on Monday that {STATEMENT}.", "The ministry"),
        (f"{STATEMENT}, the ministry told reporters.", "the ministry"),
        (f"{STATEMENT}, said Kim.", "Kim"),
        (f"Zelensky: {STATEMENT}", "Zelensky"),
        (f"{STATEMENT} – Seoul", "Seoul"),
        (f"Reports say {STATEMENT}.", "Reports"),
        (f"Three reports say that {STATEMENT}.", "Three reports"),
        (f"There are reports that {STATEMENT}.", ""),
        (f"Reportedly, {STATEMENT}.", ""),
        (f"BREAKING: {STATEMENT}", ""),
    ],
)
def test_who_says_a_statement_is_read_apart_from_it(text: str, party: str) -> None:
    framed = read_frames(text)
    assert text[framed.start : framed.end] == STATEMENT
    assert [frame.party for frame in framed.frames] == [party]
    assert not framed.denied


@pytest.mark.parametrize(
    "text",
    [
        f"Moscow denies that {STATEMENT}.",
        f"Moscow has denied reports that {STATEMENT}.",
        f"It is false that {STATEMENT}.",
        f"It's not true that {STATEMENT}.",
        f"There is no evidence that {STATEMENT}.",
        f"The claim that {STATEMENT} is false.",
    ],
)
def test_a_frame_may_deny_the_statement(text: str) -> None:
    framed = read_frames(text)
    assert text[framed.start : framed.end] == STATEMENT
    assert framed.denied


def test_a_denial_of_a_denial_denies_nothing() -> None:
    framed = read_frames(f"It is false that Moscow denied that {STATEMENT}.")
    assert [frame.denies for frame in framed.frames] == [True, True]
    assert not framed.denied
    assert read_frames(f"Reuters reports that Moscow denied that {STATEMENT}.").denied


@pytest.mark.parametrize(
    "text",
    [
        STATEMENT,
        "South Korean intelligence told members of parliament about the North Koreans sent to work in Russia.",
        "Denis Pushilin did not say who would carry out the clearance work in occupied Donetsk region.",
        "The ban obliges member states to send the workers home.",
        "Zane Han, formerly a North Korean building worker, fled to South Korea in 2022.",
        "Russia denied visas to students.",
        "He said yes.",
        "",
    ],
)
def test_what_is_no_frame_is_a_part_of_the_statement(text: str) -> None:
    assert read_frames(text).frames == ()


@pytest.mark.parametrize(
    ("language", "text", "party", "statement", "denies"),
    [
        ("de", "Laut dem Geheimdienst wurden 15.000 Arbeiter geschickt.", "dem Geheimdienst", "wurden 15.000", False),
        ("de", "Es stimmt nicht, dass Nordkorea Soldaten geschickt hat.", "", "Nordkorea", True),
        ("es", "Según la inteligencia surcoreana, los soldados están en Rusia.", "la inteligencia", "los", False),
        ("es", "Moscú niega que 120 empresas empleen a norcoreanos.", "Moscú", "120", True),
        ("fr", "La Russie dément que 120 entreprises emploient des Coréens.", "La Russie", "120", True),
        ("ru", "По данным разведки, рабочие были отправлены в Россию.", "разведки", "рабочие", False),
        ("ru", "Москва отрицает, что 120 компаний нанимают северокорейцев.", "Москва", "120", True),
        ("uk", "Росія заперечує, що 120 компаній наймають північнокорейців.", "Росія", "120", True),
        ("ar", "نفت موسكو أن كوريا الشمالية أرسلت جنودا.", "موسكو", "كوريا", True),
    ],
)
def test_other_languages_have_frames_too(language: str, text: str, party: str, statement: str, denies: bool) -> None:
    assert language_of(text, tokens(text)).code == language
    framed = read_frames(text)
    assert framed.frames[0].party.startswith(party)
    assert text[framed.start : framed.end].startswith(statement)
    assert framed.denied == denies


@given(
    st.text(max_size=80) | st.lists(st.sampled_from(["said", "that", "X", ":", ",", "denies", "a", "–"])).map(" ".join)
)
def test_any_text_is_read_within_its_bounds(text: str) -> None:
    framed = read_frames(text)
    assert 0 <= framed.start <= framed.end <= len(text)


def test_each_table_has_entries_in_small_letters() -> None:
    for language in languages().values():
        assert language.common
        assert language.negation.words.first_terms
        for name in ("say", "deny"):
            assert getattr(language.frames, name).first_terms, (language.code, name)
