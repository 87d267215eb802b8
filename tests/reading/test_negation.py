"""Denials of a sentence, in each language."""

from __future__ import annotations

import pytest

from service.reading.languages import languages
from service.reading.negation import read_denial
from service.reading.tokens import tokens


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Putin did not go to Pyongyang"),
        ("en", "Putin didn't go"),
        ("en", "Putin didn’t go"),
        ("en", "Putin never went"),
        ("en", "They no longer work in Russia"),
        ("en", "No direct flights are planned"),
        ("en", "He got his place without bribing officials"),
        ("de", "Nordkorea schickt keine Soldaten"),
        ("es", "Putin no fue nunca a Pyongyang"),
        ("fr", "Poutine n'est jamais allé à Pyongyang"),
        ("it", "Putin non è andato a Pyongyang"),
        ("pt", "Putin não foi a Pyongyang"),
        ("pl", "Putin nie pojechał do Pjongjangu"),
        ("ru", "Путин никогда не был в Пхеньяне"),
        ("uk", "Путін не їздив до Пхеньяна"),
        ("ar", "لم يزر بوتين بيونغ يانغ"),
        ("tr", "Putin Pyongyang'a gitmedi"),
    ],
)
def test_a_denial_is_read(language: str, text: str) -> None:
    assert read_denial(tokens(text), languages()[language].negation).denied


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "No fewer than 120 companies employ them"),
        ("en", "They work not only in Moscow"),
        ("de", "Nicht nur in Moskau arbeiten sie"),
        ("es", "No menos de 120 empresas"),
        ("fr", "Il n'y a que 120 entreprises"),
        ("ru", "Не менее 120 компаний"),
        ("ar", "لا يقل عن 120 شركة"),
        ("tr", "Putin Pyongyang'a gitti"),
    ],
)
def test_what_only_looks_like_a_denial_is_none(language: str, text: str) -> None:
    assert not read_denial(tokens(text), languages()[language].negation).denied
