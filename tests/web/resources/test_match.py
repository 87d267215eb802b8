"""POST /v1/match: the claims that a text repeats, with score, passage and reasons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.config import Settings
from service.schemas.matching import TEXT_LENGTH, TEXTS_MAX
from service.search.matching.scoring import THRESHOLD
from service.store import Store
from tests.use_cases.desk import Desk
from tests.web.helpers import Json, get
from tests.web.resources.matching import FILLER, match_results

pytestmark = pytest.mark.one_engine

TROOPS, WORKERS = "nk-15000-troops-sent", "nk-15000-workers-in-russia"

Match = Callable[..., list[Json]]


@pytest.fixture
def match(seeded: FlaskClient) -> Match:
    """Return a function that matches one text with the seeded claims."""

    def ask(text: str, **options: Any) -> list[Json]:
        return match_results(seeded, [text], **options)[0]["matches"]  # type: ignore[no-any-return]

    return ask


@pytest.fixture
def desk(store: Store, settings: Settings) -> Desk:
    """Return a desk over an empty store."""
    return Desk(store, settings)


def matched(desk: Desk, text: str) -> list[Json]:
    """Return the matches of a text among a desk's claims."""
    return match_results(desk.client, [text])[0]["matches"]  # type: ignore[no-any-return]


def first(matches: list[Json]) -> str:
    """Return the id of the most probable claim."""
    found: str = matches[0]["claim"]["id"]
    return found


@pytest.mark.parametrize(
    "text", ["15,000 troops", "15.000 troops", "fifteen thousand North Korean soldiers", "15k troops in Russia"]
)
def test_troops_are_not_workers(match: Match, text: str) -> None:
    found = match(text, threshold=0, limit=50)
    assert first(found) == TROOPS
    [workers] = [one for one in found if one["claim"]["id"] == WORKERS]
    assert workers["score"] < THRESHOLD
    [difference] = workers["why"]["differences"]
    assert (difference["kind"], difference["claim"]) == ("unit", "15,000 workers")
    assert first(match(text)) == TROOPS


def test_workers_are_not_troops(match: Match) -> None:
    found = match("15,000 North Korean workers", threshold=0)
    assert first(found) == WORKERS
    assert found[0]["why"]["differences"] == []
    [troops] = [one for one in found if one["claim"]["id"] == TROOPS]
    [difference] = troops["why"]["differences"]
    assert difference == {"kind": "unit", "text": "15,000 North Korean workers", "claim": "15,000 soldiers"}


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Some 15,000 North Korean labourers were said to be in Russia by spring 2025", WORKERS),
        ("BREAKING: as many as 50,000 North Koreans could go to occupied Ukraine!!", "nk-50000-to-occupied-ukraine"),
        ("#NorthKorea supplied @Russia with rockets https://t.co/abc", "nk-supplied-rockets"),
        ("North Korean soldiers fought the Ukrainian incursion in Kursk", "nk-soldiers-fought-in-kursk"),
        ("Putin gave Kim a luxury limousine as a present", "putin-gift-limousine"),
    ],
)
def test_a_claim_in_other_words_is_found(match: Match, text: str, claim: str) -> None:
    found = match(text)
    assert first(found) == claim
    assert found[0]["where"] == {"start": 0, "end": len(text)}


@pytest.mark.parametrize(
    "text",
    [
        "The moon is made of cheese",
        "I had eggs for breakfast",
        "Our shop opens at nine on Monday, and closes at five.",
        "Bake the bread for 40 minutes in a hot oven.",
        "月はチーズでできている",
        "",
        " \n",
        "!?",
        "\0",
        "123456789",
        "The stadium seats 15,000.",  # nothing but a number of a claim
        "Messi scored 12 in 2024",
    ],
)
def test_a_text_that_repeats_nothing_is_told_so(match: Match, text: str) -> None:
    assert match(text) == []


def test_it_says_what_text_and_claim_share_and_what_they_do_not(match: Match) -> None:
    [found] = match("By spring 2025 about 12,000 North Korean workers had been sent to Russia.", limit=1)
    assert first([found]) == WORKERS
    assert set(found["why"]["terms"]) >= {"workers", "sent", "spring"}
    assert found["why"]["numbers"] == ["2025"]
    assert set(found["why"]["names"]) == {"North Korean", "Russia"}
    assert found["why"]["differences"] == [
        {"kind": "quantity", "text": "12,000 North Korean workers", "claim": "15,000 workers"}
    ]
    later = match("About 15,000 North Korean workers were sent to Russia in August 2026.", limit=1)
    assert first(later) == WORKERS
    assert later[0]["why"]["differences"] == [{"kind": "date", "text": "August 2026", "claim": "by May 2025"}]


def test_a_denial_and_another_party_are_told_from_a_repetition(match: Match) -> None:
    claim = "nk-ballistic-missiles-to-russia"
    [same] = match("North Korea has supplied Russia with ballistic missiles.", limit=1)
    [denial] = match("North Korea has never supplied Russia with ballistic missiles.", limit=1)
    [other] = match("Iran has supplied Russia with ballistic missiles.", limit=1)
    [swap] = match("Russia has supplied North Korea with ballistic missiles.", limit=1)
    assert {first([one]) for one in (same, denial, other, swap)} == {claim}
    assert [one["relation"] for one in (same, denial, other, swap)] == ["same", "contradicts", "differs", "differs"]
    kinds = [[difference["kind"] for difference in one["why"]["differences"]] for one in (same, denial, other, swap)]
    assert kinds == [[], ["polarity"], ["actor"], ["roles"]]
    assert same["score"] > denial["score"] > other["score"]
    assert denial["sureness"] == "certain"
    assert denial["summary"].startswith("The text contradicts this claim: one of them denies it.")


def test_a_claim_that_a_closer_one_precludes_does_not_come_first(match: Match) -> None:
    found = match("MMC (Intergovernmental Migration Center), the recruiter, is run by Anna Weber, a Russian.")
    assert (first(found), found[0]["relation"]) == ("mmc-run-by-tkachuk", "differs")
    assert [one["claim"]["id"] for one in found if one["relation"] == "same"] == ["mmc-central-role-hiring"]


def test_a_frame_costs_next_to_nothing(match: Match) -> None:
    text = "15,000 North Korean workers had been sent to Russia by spring 2025."
    [plain] = match(text, limit=1)
    for frame in (
        "Reports say that ",
        "Three reports say that ",
        "According to South Korean intelligence, ",
        "Seoul says ",
    ):
        [framed] = match(f"{frame}{text}", limit=1)
        assert (first([framed]), framed["relation"]) == (WORKERS, "same")
        assert framed["score"] > plain["score"] - 0.05


def test_it_says_what_only_one_of_them_has(match: Match) -> None:
    [found] = match("In May 2025, 15,000 workers from Mongolia were sent to Russia by Ivan Petrov.", limit=1)
    assert first([found]) == WORKERS
    assert found["why"]["in_text_only"] == {"numbers": [], "names": ["Mongolia", "Ivan Petrov"]}
    assert found["why"]["in_claim_only"] == {"numbers": [], "names": ["North Korean"]}
    [found] = match("North Korea sent 13,000 troops to Russia.", limit=1)
    assert found["why"]["in_text_only"]["numbers"] == ["13,000 troops"]
    assert all("13,000" not in number for number in found["why"]["in_claim_only"]["numbers"])


def test_a_name_in_capitals_is_no_article(desk: Desk) -> None:
    desk.claim("un", text="The UN banned North Korean workers.")
    desk.claim("taliban", text="The Taliban banned women from universities in Kabul.")
    for text, ours, theirs in (
        ("The EU banned North Korean workers.", ["EU"], ["UN"]),
        ("Russia banned North Korean workers.", ["Russia"], ["UN"]),
        ("The IS banned women from universities in Kabul.", ["IS"], ["Taliban"]),
    ):
        why = matched(desk, text)[0]["why"]
        assert (why["in_text_only"]["names"], why["in_claim_only"]["names"]) == (ours, theirs)


def test_words_without_meaning_of_their_own_make_no_repetition(desk: Desk) -> None:
    """With few claims of a language in the store its articles are as rare as any word."""
    desk.claim("dogs", text="El gobierno de la ciudad va a cobrar un impuesto en los perros.")
    desk.claim("war", text="The war is over.")
    for text in ("El presidente de la empresa va a vender en los mercados", "Al menos uno de los hombres en la plaza"):
        assert matched(desk, text) == []
    assert [one["claim"]["id"] for one in matched(desk, "Un impuesto a los perros")] == ["dogs"]
    assert [one["claim"]["id"] for one in matched(desk, "the war is now over")] == ["war"]


def test_amounts_without_a_unit_are_held_against_each_other(desk: Desk) -> None:
    desk.claim("ferry", text="The ferry cost 12 million.")
    desk.claim("tunnel", text="The tunnel took two weeks.")
    for text, said, meant in (
        ("The ferry cost 15 million.", "15 million", "12 million"),
        ("The tunnel took three weeks.", "three weeks", "two weeks"),
    ):
        [found] = matched(desk, text)
        assert found["why"]["differences"] == [{"kind": "quantity", "text": said, "claim": meant}]


def test_a_claim_comes_as_it_is_everywhere(match: Match, seeded: FlaskClient) -> None:
    """With its corroboration and the tally of its verdicts."""
    for found in match("15,000 North Korean workers in Russia", threshold=0):
        claim = get(seeded, f"/v1/claims/{found['claim']['id']}")
        assert found["claim"] == claim
        assert {"status", "origins"} <= set(claim["corroboration"])
        assert "tally" in claim["verdicts"]


def test_in_an_article_it_is_found_where_it_stands(match: Match) -> None:
    said = "North Korea has sent about 15,000 soldiers to Russia since 2024."
    for before, after in ((0, 200), (100, 100), (200, 0), (20, 3)):
        text = FILLER * before + "\U0001f600 " + said + " " + FILLER * after
        found = match(text)
        assert first(found) == TROOPS
        where = found[0]["where"]
        assert said.rstrip(".") in text[where["start"] : where["end"]]
        assert where["end"] - where["start"] < 500
        assert [one["claim"]["id"] for one in found].count(TROOPS) == 1


def test_a_hundred_texts_are_answered_each_by_itself(seeded: FlaskClient) -> None:
    texts = [f"{number},000 troops were sent to Russia from North Korea" for number in range(1, TEXTS_MAX + 1)]
    together = match_results(seeded, texts)
    for number in (0, 11, 14, 99):
        assert together[number] == match_results(seeded, [texts[number]])[0]
    assert first(together[14]["matches"]) == TROOPS


@pytest.mark.parametrize("unit", [".", '."', "!)", "...)", "x", "1", "#A"])
def test_a_long_row_of_anything_is_answered_at_once(seeded: FlaskClient, unit: str) -> None:
    """Quadratic time would take minutes."""
    text = "word " * 100 + unit * TEXT_LENGTH
    match_results(seeded, [text[:TEXT_LENGTH]])


def test_the_limit_and_the_threshold_are_kept(match: Match) -> None:
    text = "North Korean workers were sent to Russia"
    every = match(text, threshold=0, limit=50)
    assert len(every) == 50
    for limit in (1, 3, 17):
        assert match(text, threshold=0, limit=limit) == every[:limit]
    for threshold in (0.05, 0.4, 0.9, 1):
        assert match(text, threshold=threshold, limit=50) == [one for one in every if one["score"] >= threshold]
    assert match(text, limit=50) == match(text, threshold=THRESHOLD, limit=50)


def test_other_languages_are_read_as_they_are_written(store: Store, settings: Settings) -> None:
    desk = Desk(store, settings)
    claims = {
        "de": "Die Bundesregierung hat 15.000 Schutzhelme an die Ukraine geliefert.",
        "ru": "Северная Корея отправила в Россию 15 000 рабочих.",
        "ja": "北朝鮮はロシアに一万五千人の労働者を派遣した。",
        "ar": "أرسلت كوريا الشمالية ١٥٠٠٠ عامل إلى روسيا",
        "el": "Η Βόρεια Κορέα έστειλε εργάτες στη Ρωσία",
    }
    for language, text in claims.items():
        desk.claim(language, text=text)
    said = {
        "de": "Deutschland: 15.000 Schutzhelme wurden an die Ukraine geliefert",
        "ru": "В Россию отправила рабочих северная корея",
        "ja": "北朝鮮がロシアに労働者を派遣したと報じられた",
        "ar": "كوريا الشمالية أرسلت 15000 عامل إلى روسيا",
        "el": "η βορεια κορεα εστειλε ΕΡΓΑΤΕΣ στη ρωσια",
    }
    for language, text in said.items():
        assert first(match_results(desk.client, [text])[0]["matches"]) == language
