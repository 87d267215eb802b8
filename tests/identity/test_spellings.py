"""British and American spellings: which words are one, and which stay two."""

from __future__ import annotations

import pytest

from service.identity.spellings import one_spelling


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("defence", "defense"),
        ("licences", "licenses"),
        ("labour", "labor"),
        ("neighbourhood", "neighborhood"),
        ("theatres", "theaters"),
        ("organisations", "organizations"),
        ("privatised", "privatized"),
        ("analysing", "analyzing"),
        ("dialogues", "dialogs"),
        ("programme", "program"),
        ("travellers", "travelers"),
        ("councillor", "councilor"),
        ("enrolment", "enrollment"),
        ("paediatric", "pediatric"),
        ("anaesthetists", "anesthetists"),
        ("archaeology", "archeology"),
        ("oestrogen", "estrogen"),
        ("judgement", "judgment"),
        ("aeroplane", "airplane"),
        ("aluminium", "aluminum"),
        ("sulphur", "sulfur"),
        ("sceptics", "skeptics"),
        ("artefacts", "artifacts"),
        ("tyres", "tires"),
        ("cheques", "checks"),
        ("ploughs", "plows"),
        ("tumours", "tumors"),
        ("levelled", "leveled"),
        ("jewellery", "jewelry"),
        ("fulfil", "fulfill"),
        ("skilful", "skillful"),
        ("marvellous", "marvelous"),
        ("practised", "practiced"),
        ("manoeuvres", "maneuvers"),
        ("manoeuvred", "maneuvered"),
        ("leukaemia", "leukemia"),
        ("gynaecologist", "gynecologist"),
        ("foetus", "fetus"),
        ("oesophagus", "esophagus"),
        ("greyish", "grayish"),
        ("mouldy", "moldy"),
        ("kerbs", "curbs"),
        ("ageing", "aging"),
        ("militarisation", "militarization"),
    ],
)
def test_both_spellings_are_one(british: str, american: str) -> None:
    assert one_spelling(british) == one_spelling(american) == american


@pytest.mark.parametrize(
    "word",
    [
        "hour",
        "four",
        "journal",
        "court",
        "tour",
        "reference",
        "science",
        "rise",
        "noise",
        "fire",
        "miller",
        "israel",
        "precise",
        "revised",
        "uprisings",
        "enterprises",
        "surprisingly",
        "compromised",
        "supervised",
        "improvisation",
        "should",
    ],
)
def test_other_words_stay_as_they_are(word: str) -> None:
    assert one_spelling(word) == word
