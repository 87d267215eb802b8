"""The page of a matched text: sentences marked in place, each with the claims that it repeats and what differs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.api import build_app
from service.config import Settings
from service.model.filters import ClaimFilters
from service.schemas.matching import TEXT_LENGTH
from service.search.matching.passages import sentence_spans
from service.search.matching.scoring import THRESHOLD
from service.store import Store
from service.use_cases import match_sentences as use_case
from service.use_cases.match_sentences import match_sentences
from service.web.http.rate_limits import QUERY_BYTES
from service.web.pages.match_view import IN_ADDRESS, match_pieces
from tests.web.pages.reading import Element, one, parsed, section, shown, text_of

pytestmark = pytest.mark.one_engine

WORKERS = "Seoul says 15,000 North Korean workers were sent to Russia this spring."
SOLDIERS = "North Korea sent 12,000 soldiers in 2023 to help Russia in the war."
TEXT = f"{WORKERS} The moon is made of cheese.\n\n{SOLDIERS}"


def _matched(client: FlaskClient, text: str, status: int = 200) -> Element:
    response = client.post("/match", data={"text": text}, headers={"Accept": "text/html"})
    assert response.status_code == status
    assert response.headers["Cache-Control"] == "no-store"
    return parsed(response.get_data(as_text=True))


def test_the_sentences_that_repeat_a_claim_are_marked_and_no_other(seeded: FlaskClient) -> None:
    page = _matched(seeded, TEXT.replace("\n", "\r\n"))
    marked = {text_of(mark): mark.get("class") for mark in page.xpath("//mark")}
    assert marked == {WORKERS: "passage same", SOLDIERS: "passage differs"}
    assert one(page, "//textarea").text.strip() == TEXT.replace("\n", "\n")
    items = section(page, "known").xpath("./ol/li")
    assert [item.get("id") for item in items] == [f"match-{number}" for number in range(1, len(items) + 1)]
    assert {link.removeprefix("#") for link in page.xpath("//sup/a/@href")} == {item.get("id") for item in items}
    assert one(items[0], "./h3/a").get("href") == "/claims/nk-15000-workers-in-russia"
    assert "Single origin" in text_of(items[0])
    assert "= repeats" in text_of(items[0])


def test_a_text_in_the_address_is_matched_for_links(seeded: FlaskClient) -> None:
    posted = _matched(seeded, TEXT)
    bookmark = one(posted, "//a[text()='A link to this text']").get("href")
    shown_again = parsed(seeded.get(bookmark, headers={"Accept": "text/html"}).get_data(as_text=True))
    assert [text_of(mark) for mark in shown_again.xpath("//mark")] == [WORKERS, SOLDIERS]
    assert shown_again.xpath("//meta[@name='robots']/@content") == ["noindex"]
    longest = seeded.get("/match", query_string={"text": "語" * IN_ADDRESS}, headers={"Accept": "text/html"})
    assert longest.status_code == 200


def test_a_text_too_long_for_an_address_stays_in_the_field(seeded: FlaskClient) -> None:
    text = "a" * (IN_ADDRESS + 1)
    response = seeded.get("/match", query_string={"text": text}, headers={"Accept": "text/html"})
    assert response.status_code == 422
    page = parsed(response.get_data(as_text=True))
    message = "The text has 1,001 characters: send one with 1 to 1,000 in an address. Paste a longer one below."
    assert text_of(one(page, "//p[@id='wrong']")) == message
    assert one(page, "//textarea").text.strip() == text
    assert not _matched(seeded, text).xpath("//a[text()='A link to this text']")


def test_what_differs_is_said_beside_the_claim(seeded: FlaskClient) -> None:
    page = _matched(seeded, TEXT)
    [item] = [
        li for li in section(page, "known").xpath("./ol/li") if li.xpath("./h3/a[contains(@href, '12000-troops')]")
    ]
    assert [text_of(cell) for cell in one(item, ".//tbody/tr")] == ["The time", "2023", "2024"]
    assert "Contested" in text_of(item)
    assert "≠ states something else than" in text_of(item)


def test_a_denial_is_marked_as_a_contradiction(seeded: FlaskClient) -> None:
    page = _matched(seeded, "North Korea never sent 12,000 soldiers in 2024 to help Russia in the war.")
    [mark] = page.xpath("//mark")
    assert mark.get("class") == "passage contradicts"
    item = section(page, "known").xpath("./ol/li")[0]
    assert "× contradicts" in text_of(item)
    assert "The text contradicts this claim: one of them denies it." in text_of(item)


def test_a_text_that_repeats_nothing_says_so_and_keeps_the_text(seeded: FlaskClient) -> None:
    page = _matched(seeded, "The moon is made of cheese.")
    assert page.xpath("//mark") == []
    assert "No claim on record is repeated in this text." in text_of(page)
    assert one(page, "//textarea").text.strip() == "The moon is made of cheese."


@pytest.mark.parametrize("text", ["", " \n", "a" * (TEXT_LENGTH + 1)])
def test_a_text_that_is_empty_or_too_long_is_refused_beside_the_field_and_kept(seeded: FlaskClient, text: str) -> None:
    page = _matched(seeded, text, 422)
    field = one(page, "//textarea")
    assert field.get("aria-invalid") == "true"
    assert "send one with 1 to 50,000" in text_of(one(page, f"//*[@id='{field.get('aria-describedby')}']"))
    assert (field.text or "").strip() == text.strip()


def test_a_text_may_be_as_long_and_costs_as_many_reads_as_in_the_api(store: Store, settings: Settings) -> None:
    limits = replace(settings, match_max_characters=1000, rate_limit_reads="600/minute")
    client = build_app(store, limits).test_client()
    assert "At most 1,000 characters." in text_of(shown(client, "/match"))
    assert client.post("/v1/match", json={"texts": ["a" * 1001]}).status_code == 413
    refused = text_of(_matched(client, "a" * 1001, 422))
    assert "send one with 1 to 1,000" in refused
    assert "At most 1,000 characters." in refused
    before = _reads_left(client.get("/match"))
    assert before - _reads_left(client.post("/match", data={"text": "a" * 1000})) == 1 + 1005 // QUERY_BYTES


def _reads_left(response: TestResponse) -> int:
    return int(response.headers["RateLimit"].split("r=")[1].split(";")[0])


def test_the_form_is_there_before_a_text_is(seeded: FlaskClient) -> None:
    form = one(shown(seeded, "/match"), "//form")
    assert (form.get("method"), form.get("action")) == ("post", "/match")


# Sentences.


def test_every_claim_stands_once_at_the_sentence_that_repeats_it_best(seeded_store: Store) -> None:
    text = f"15,000 workers were there. {TEXT}"
    found = match_sentences(seeded_store, text, 50, THRESHOLD)
    assert len({match.json for match in found}) == len(found)
    [workers] = [match for match in found if '"nk-15000-workers-in-russia"' in match.json[:40]]
    assert text[workers.start : workers.end] == WORKERS
    assert [match.start for match in found] == sorted(match.start for match in found)


def test_a_statement_of_two_sentences_keeps_their_passage(seeded_store: Store) -> None:
    text = "The workers are North Koreans.\nSome 15,000 were sent to Russia."
    [match] = match_sentences(seeded_store, text, 50, 0.99)
    assert (match.start, match.end) == (0, len(text))


def test_of_a_long_text_only_the_passages_that_match_are_read_by_sentence(
    seeded_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(use_case, "SENTENCES_AT_MOST", 3)
    text = f"{'The moon is made of cheese and nobody has ever eaten of it. ' * 12}{WORKERS}"
    [match] = match_sentences(seeded_store, text, 1, THRESHOLD)
    assert text[match.start : match.end] == WORKERS


def test_the_pieces_are_the_text_again(seeded_store: Store) -> None:
    text = f"Before. {TEXT} After."
    found = match_sentences(seeded_store, text, 50, 0.2)
    for matches in (found, found[:1], [], [*found, *found]):
        pieces = match_pieces(text, sorted(matches, key=lambda match: (match.start, -match.end)))
        assert "".join(piece.text for piece in pieces) == text
        assert sum(len(piece.repeated) for piece in pieces) == len(matches)


def test_sentences_have_no_spaces_around_them() -> None:
    text = " One is here.  Two!\n\nThree"
    assert [text[start:end] for start, end in sentence_spans(text)] == ["One is here.", "Two!", "Three"]
    assert sentence_spans(" \n") == []


def test_claims_are_found_under_any_limit(seeded_store: Store) -> None:
    assert len(match_sentences(seeded_store, TEXT, 2, THRESHOLD)) == 2
    assert seeded_store.claims.latest_keys(ClaimFilters(topic="none"), 3) == []
