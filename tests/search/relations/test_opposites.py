"""Opposites: single words, phrases, prefixes that deny, and words of other languages beside an English claim."""

from __future__ import annotations

import pytest

from service.search.matching.differences import Kind
from service.search.relations.findings import RelationKind
from service.search.relations.lexicon import WORDS, lines, poles
from service.search.stemming import stem
from tests.search.relations.related import related

FERRY = "The ferry company of Larkport is growing."
DOCKERS = "The dockers of Larkport rely more and more on cranes."
WAGES = "The dockers of Larkport keep little of their wages."
RULES = "The harbour rules of Larkport are lax."
CREW = "The pilots of Larkport are reliable."
PIER = "The pier is vital to the trade of Larkport."


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("The ferry company of Larkport is in decline.", FERRY),
        ("The ferry company of Larkport is dwindling.", FERRY),
        ("The dockers of Larkport rely less and less on cranes.", DOCKERS),
        ("The dockers of Larkport keep the lion's share of their wages.", WAGES),
        ("The dockers of Larkport keep nearly all of their wages.", WAGES),
        ("The harbour rules of Larkport are watertight.", RULES),
        ("The harbour rules of Larkport are strictly enforced.", RULES),
        ("The pilots of Larkport are unreliable.", CREW),
        ("The pier is of negligible importance to the trade of Larkport.", PIER),
        ("The council will find it harder to repair the pier.", "The council will find it easier to repair the pier."),
        ("The dockers work of their own free will.", "The dockers are forced to work."),
        ("The captains are impatient.", "The captains are patient."),
    ],
)
def test_an_opposite_is_told(text: str, claim: str) -> None:
    found = related(text, claim)
    assert found.kind is RelationKind.CONTRADICTS, found
    assert Kind.ANTONYM in {one.kind for one in found.differences}, found


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("The ferry company of Larkport is not in decline.", FERRY),
        ("The pilots of Larkport are not unreliable.", CREW),
        ("The pier is of vital importance to the trade of Larkport.", PIER),
        ("Imports through Larkport are important.", "Imports through Larkport are vital."),
        ("The mayor informed the dockers.", "The mayor told the dockers in the form of a letter."),
        ("Few dockers of Larkport keep little of their wages.", WAGES),
    ],
)
def test_what_only_looks_like_one_is_none(text: str, claim: str) -> None:
    assert Kind.ANTONYM not in {one.kind for one in related(text, claim).differences}, related(text, claim)


@pytest.mark.parametrize(
    "text",
    [
        "Die Fährgesellschaft von Larkport schrumpft.",
        "La compañía de ferris de Larkport está disminuyendo.",
        "La compagnie de ferries de Larkport est en recul.",
        "La compagnia di traghetti di Larkport è in declino.",
        "A companhia de navegação de Larkport diminuiu muito neste ano.",
        "Firma promowa z Larkport zmalała w tym roku.",
        "Паромная компания Ларкпорта в этом году сокращается.",
        "Поромна компанія Ларкпорта цього року скорочується.",
        "شركة العبارات في هذه المدينة تتراجع هذا العام.",
    ],
)
def test_an_opposite_in_another_language_is_told(text: str) -> None:
    assert Kind.ANTONYM in {one.kind for one in related(text, FERRY).differences}, related(text, FERRY)


def test_the_same_in_another_language_is_no_opposite() -> None:
    for text in ("La compagnie de ferries de Larkport augmente.", "Паромная компания Ларкпорта в этом году растёт."):
        assert Kind.ANTONYM not in {one.kind for one in related(text, FERRY).differences}


def test_every_word_of_other_languages_has_an_english_one_with_an_opposite() -> None:
    anchors = [line.split(" | ")[0] for line in lines("opposites_abroad.txt")]
    assert [anchor for anchor in anchors if not poles(stem(anchor))] == []
    assert len(anchors) == len(set(anchors))


def test_no_word_is_on_both_sides_of_a_pair() -> None:
    both: list[str] = []
    for line in (WORDS / "opposites.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            one, other = ({word if "_" in word else stem(word) for word in side.split()} for side in line.split("|"))
            both += one & other
    assert both == []
