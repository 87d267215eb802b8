"""The relation of a sentence to a claim, and what differs."""

from __future__ import annotations

import pytest

from service.search.matching.differences import Kind
from service.search.relations.findings import RelationKind
from service.search.relations.wording import POINTS, summary
from tests.search.relations.related import related

SENT = "North Korea sent 12,000 soldiers in 2024 to help Russia in the war."
WORKERS = "About 15,000 North Korean workers had been sent to Russia by spring 2025."
TALKS = "Putin and Kim held bilateral talks in Beijing in September 2025."
SAME, CONTRADICTS, DIFFERS = RelationKind.SAME, RelationKind.CONTRADICTS, RelationKind.DIFFERS


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        (SENT, SENT),
        ("12,000 soldiers were sent by North Korea in 2024 to help Russia in the war.", SENT),
        ("Reports say that North Korea sent 12k troops in 2024 to help Moscow in the war", SENT),
        ("Around fifteen thousand labourers from North Korea had been sent to Russia by spring 2025.", WORKERS),
        ("Kim and Vladimir Putin met for talks in Beijing in September 2025", TALKS),
        ("The drone industry in Russia isn't shrinking.", "The Russian drone industry is growing."),
        ("It is false that Russia has not trained them.", "Russia has trained them."),
        ("There are direct flights between North Korea and Russia.", "Direct flights link Russia and North Korea."),
        ("Nordkorea schickte 12.000 Soldaten nach Russland.", "Nordkorea hat 12.000 Soldaten nach Russland geschickt."),
    ],
)
def test_a_paraphrase_says_the_same(text: str, claim: str) -> None:
    assert related(text, claim).kind is SAME, related(text, claim)


HARBOUR = "Mayor Ann Lee closed the old harbour of Larkport."
LEAGUE = "The Coastal Rowing League banned the captain."


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Mayor #AnnLee closed the old harbour of Larkport", HARBOUR),
        ("Mayor Ann Lee closed the old harbour of Larkport https://t.co/QxZr9 pic.twitter.com/AbCd", HARBOUR),
        ("Mayor Ann Lee closed the old harbour of Larkport — Bob Ray (@bobray) May 2, 2016", HARBOUR),
        ("Mayor Ann Lee closed the old harbour of Larkport @GullWatch", HARBOUR),
        ("The CRL banned the captain.", LEAGUE),
        (
            "Unwise that nobody listened when fishermen warned and Mayor Ann Lee closed the old harbour of Larkport.",
            HARBOUR,
        ),
    ],
)
def test_what_a_post_has_beside_the_statement_is_no_difference(text: str, claim: str) -> None:
    assert related(text, claim).kind is SAME, related(text, claim)


@pytest.mark.parametrize(
    "text",
    [
        "Mayor Rob Day closed the old harbour of Larkport — Bob Ray (@bobray) May 2, 2016",
        "Mayor Ann Lee never closed the old harbour of Larkport",
        "It was not the old harbour of Larkport that Mayor Ann Lee closed.",
        "Mayor Ann Lee opened the old harbour of Larkport @GullWatch",
        "Mayor Hol closed the old harbour of Larkport.",
    ],
)
def test_what_the_statement_of_a_post_says_otherwise_is_one(text: str) -> None:
    assert related(text, HARBOUR).kind in (CONTRADICTS, DIFFERS), related(text, HARBOUR)


@pytest.mark.parametrize(
    ("text", "claim", "kind", "difference"),
    [
        ("North Korea never sent 12,000 soldiers in 2024 to help Russia in the war.", SENT, CONTRADICTS, Kind.POLARITY),
        ("Moscow denies that North Korea sent 12,000 soldiers in 2024 to help it.", SENT, CONTRADICTS, Kind.POLARITY),
        ("It's untrue that 15,000 North Korean workers were sent to Russia.", WORKERS, CONTRADICTS, Kind.POLARITY),
        (
            "The Russian drone industry is shrinking.",
            "The Russian drone industry is growing.",
            CONTRADICTS,
            Kind.ANTONYM,
        ),
        ("Russia sent 12,000 soldiers in 2024 to help North Korea in the war.", SENT, DIFFERS, Kind.ROLES),
        ("Kim invited Putin again.", "Putin invited Kim again.", DIFFERS, Kind.ROLES),
        ("Iran sent 12,000 soldiers in 2024 to help Russia in the war.", SENT, DIFFERS, Kind.ACTOR),
        ("Putin and Kim held bilateral talks in Vladivostok in September 2025.", TALKS, DIFFERS, Kind.PLACE),
        (
            "Lavrov said that the friendship had been forged in battle.",
            "Putin said that the friendship had been forged in battle.",
            DIFFERS,
            Kind.SPEAKER,
        ),
        ("About 50,000 North Korean workers had been sent to Russia by spring 2025.", WORKERS, DIFFERS, Kind.QUANTITY),
        ("About 15,000 North Korean soldiers had been sent to Russia.", WORKERS, DIFFERS, Kind.UNIT),
        ("They are left with 100 dollars a week.", "They are left with 100 dollars a month.", DIFFERS, Kind.UNIT),
        ("They made 1.75 million US dollars.", "They made 1.75 billion US dollars.", DIFFERS, Kind.QUANTITY),
        ("North Korea sent 12,000 soldiers in 2023 to help Russia in the war.", SENT, DIFFERS, Kind.DATE),
        ("At most 120 companies hire them.", "At least 120 companies hire them.", DIFFERS, Kind.SCOPE),
        ("All workers are in the Far East.", "Most workers are in the Far East.", RelationKind.BROADER, Kind.SCOPE),
        ("They earn 150 dollars.", "They earn 100 to 200 dollars.", RelationKind.NARROWER, Kind.QUANTITY),
        (
            "Nordkorea schickte keine 12.000 Soldaten.",
            "Nordkorea schickte 12.000 Soldaten.",
            CONTRADICTS,
            Kind.POLARITY,
        ),
        ("Иран отправил солдат в Россию.", "Северная Корея отправила солдат в Россию.", DIFFERS, Kind.ACTOR),
    ],
)
def test_a_distortion_is_named(text: str, claim: str, kind: RelationKind, difference: Kind) -> None:
    found = related(text, claim)
    assert (found.kind, difference in {one.kind for one in found.differences}) == (kind, True), found
    assert found.factor < 1


def test_a_speaker_is_compared_with_those_who_make_the_claim() -> None:
    seoul = ("National Intelligence Service of South Korea", "NIS")
    assert related(f"According to South Korean intelligence, {WORKERS}", WORKERS, claimants=seoul).kind is SAME
    assert related(f"Reuters reports that {WORKERS}", WORKERS, claimants=seoul).kind is SAME
    [difference] = related(f"According to the Iranian army, {WORKERS}", WORKERS, claimants=seoul).differences
    assert (difference.kind, difference.text) == (Kind.SPEAKER, "the Iranian army")


def test_a_denial_of_a_refuted_claim_is_not_shown_as_refuted() -> None:
    denial = related("North Korea never sent 12,000 soldiers in 2024 to help Russia in the war.", SENT)
    assert summary(denial, {"supported": 0, "refuted": 2}) == (
        "The text contradicts this claim: one of them denies it. Verdicts on the claim: refuted (2). The verdicts are "
        "about the claim: of the text they say the reverse."
    )
    assert summary(related(SENT, SENT), {"refuted": 1}) == (
        "The text says what this claim says. Verdicts on the claim: refuted (1)."
    )
    assert summary(related(SENT, SENT), {}).endswith("No verdict on the claim is known.")


def test_every_kind_of_difference_has_words() -> None:
    assert set(POINTS) == set(Kind)
