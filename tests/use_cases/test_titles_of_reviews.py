"""Claims are found by the titles of their reviews: by words, by a text that repeats a title, in Google's API."""

from __future__ import annotations

import pytest

from service.operations.reprojection import CLAIMS_VERSION, renew
from service.search.search_document import TITLES_AT_MOST, search_document
from service.store import Store
from service.use_cases.unit_of_work import transaction
from tests.interchange.publishing.reading import elsewhere
from tests.use_cases.desk import Desk
from tests.web.helpers import Json, ids

CLAIM = "Twelve vessels reached Oldport."
TITLE = "Viral video of a burning lighthouse was filmed during a rehearsal in Norway"


@pytest.fixture
def newsroom(desk: Desk) -> Desk:
    """Create a reviewed claim among others, none of which has the words of the title."""
    desk.source("example-checks", kind="outlet")
    for number, text in enumerate(("The mayor sold a bridge.", "It rained for a week.", "A gull stole a sandwich.")):
        desk.claim(f"other-{number}", text=text)
        desk.judge(f"other-{number}", "Jane")
    desk.claim("vessels", text=CLAIM)
    return desk


def found(desk: Desk, query: str) -> list[str]:
    """Return the claims that a search by words finds."""
    return ids(desk.get(f"/v1/claims?q={query}")["data"])


def matched(desk: Desk, text: str) -> list[str]:
    """Return the claims that a text repeats."""
    answer = desk.call("POST", "/v1/match", body={"texts": [text]}).get_json()
    return [match["claim"]["id"] for match in answer["results"][0]["matches"]]


def checked(desk: Desk, query: str) -> list[str]:
    """Return the claims that Google's search finds."""
    answer: Json = desk.call("GET", f"/v1alpha1/claims:search?query={query}").get_json()
    return [claim["text"] for claim in answer.get("claims", [])]


@pytest.mark.parametrize("by", ["here", "elsewhere"])
def test_a_claim_is_found_by_the_title_of_a_review(newsroom: Desk, by: str) -> None:
    assert found(newsroom, "lighthouse") == matched(newsroom, TITLE) == checked(newsroom, TITLE) == []
    if by == "here":
        newsroom.judge("vessels", "Jane", title=TITLE)
    else:
        elsewhere(newsroom, "vessels", title=TITLE)
    for query in ("lighthouse", "burning lighthouses norway", '"filmed during a rehearsal"', "rehears*"):
        assert found(newsroom, query) == ["vessels"], query
    for text in (TITLE, TITLE.upper(), f"Have you seen this? {TITLE}! #norway", TITLE.replace("filmed", "shot")):
        assert matched(newsroom, text) == ["vessels"], text
        assert checked(newsroom, text.replace("#", ""))[:1] == [CLAIM], text
    assert matched(newsroom, CLAIM) == ["vessels"]
    [shown] = newsroom.get("/v1/claims?q=lighthouse")["data"]
    assert [highlight["field"] for highlight in shown["search"]["highlights"]] == ["titles"]


def test_a_match_by_a_title_is_explained_by_its_words(newsroom: Desk) -> None:
    newsroom.judge("vessels", "Jane", title=TITLE)
    answer = newsroom.call("POST", "/v1/match", body={"texts": [TITLE]}).get_json()
    [match] = answer["results"][0]["matches"]
    assert {"lighthouse", "rehearsal", "burning"} <= set(match["why"]["terms"])
    assert match["why"]["names"] == ["Norway"]
    assert match["why"]["in_text_only"] == {"numbers": [], "names": []}


@pytest.mark.parametrize("title", ["Fact check", "Lighthouse", "Is it true?", "The video"])
def test_a_title_that_states_nothing_matches_nothing(newsroom: Desk, title: str) -> None:
    newsroom.judge("vessels", "Jane", title=title)
    assert matched(newsroom, f"{title}: a lighthouse in Norway was shown on television, and people liked it") == []


def test_the_words_of_a_title_go_with_its_review(newsroom: Desk) -> None:
    first = newsroom.judge("vessels", "Jane", title=TITLE)
    second = newsroom.judge("vessels", "Jane", title="Another heading", supersedes=first["id"])
    assert (found(newsroom, "lighthouse"), found(newsroom, "heading")) == ([], ["vessels"])
    newsroom.judge("vessels", "Jane", None, supersedes=second["id"])
    assert found(newsroom, "heading") == []
    draft = newsroom.judge("vessels", "John", draft=True, title=TITLE)
    assert found(newsroom, "lighthouse") == []
    newsroom.post(f"/v1/verdicts/{draft['id']}/publication", "John", status=200)
    assert found(newsroom, "lighthouse") == ["vessels"]
    newsroom.assert_whole()


def test_a_merged_claim_is_found_by_the_titles_of_both(newsroom: Desk) -> None:
    newsroom.judge("vessels", "Jane", title=TITLE)
    newsroom.judge("other-0", "John", title="Bridge still belongs to the town")
    newsroom.merge("/v1/claims/vessels", "other-0")
    assert found(newsroom, "lighthouse") == found(newsroom, "town") == ["other-0"]
    newsroom.unmerge("/v1/claims/vessels")
    assert (found(newsroom, "lighthouse"), found(newsroom, "town")) == (["vessels"], ["other-0"])
    newsroom.assert_whole()


def test_the_titles_of_the_latest_reviews_count(newsroom: Desk) -> None:
    for number in range(TITLES_AT_MOST + 1):
        day = f"2024-01-{number + 1:02}"
        elsewhere(newsroom, "vessels", f"v-{number}", title=f"Heading number{number}", url=None, reviewed_at=day)
    assert [found(newsroom, f"number{number}") for number in (0, 1, TITLES_AT_MOST)] == [[], ["vessels"], ["vessels"]]


def test_an_older_store_is_indexed_anew_at_its_next_start(newsroom: Desk, store: Store) -> None:
    newsroom.judge("vessels", "Jane", title=TITLE)
    [state] = store.claims.claim_states([stored.key for stored in store.claims.by_ids(["vessels"])])
    before = search_document(state.key, state.claim, store.evidence.of_claims([state.key]))
    with transaction(store):
        stored = {document.key: document for document in store.search_index.search_documents([state.key])}
        store.search_index.save_search_documents({state.key: before}, stored)
        store.projections.set_derived_version("claims", CLAIMS_VERSION - 1)
    assert found(newsroom, "lighthouse") == []
    renew(store)
    assert found(newsroom, "lighthouse") == ["vessels"]
