"""``pages`` through Google's own client library with a key of ours: what becomes of markup, and that none is lost."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import requests
from googleapiclient.errors import HttpError

from service.model.actors import KeyRole
from service.model.records import MarkupPage
from service.operations.consistency_check import examine
from service.operations.log_audit import audit
from service.storage.migrations import migrate
from service.store import Store
from tests.long_forms import by_form
from tests.reused_service import ReusedService, reused_service
from tests.survival.load import opened
from tests.web.google.conftest import Newsroom
from tests.web.google.newsroom import Json, fill, library, serving
from tests.web.google.test_http import assert_google_error

pytestmark = by_form([pytest.mark.one_engine], [])

PAGE = "https://www.facts.example/checks/mayor"
MARKUP: Json = {
    "pageUrl": PAGE,
    "publishDate": "2024-11-05",
    "claimReviewAuthor": {"name": "Facts of Oldport", "imageUrl": "https://www.facts.example/logo.png"},
    "claimReviewMarkups": [
        {
            "claimReviewed": "The mayor has sold the lighthouse.",
            "claimDate": "2024-11-01",
            "claimLocation": "Oldport",
            "claimFirstAppearance": "https://gull.example/lighthouse",
            "claimAppearances": ["https://heron.example/sold", "https://heron.example/again"],
            "claimAuthor": {"name": "Keeper Jones", "jobTitle": "Keeper", "sameAs": "https://jones.example/"},
            "rating": {
                "ratingValue": 1,
                "worstRating": 1,
                "bestRating": 5,
                "textualRating": "False",
                "ratingExplanation": "It is still the town's.",
                "imageUrl": "https://www.facts.example/false.png",
            },
        },
        {"url": f"{PAGE}#two", "claimReviewed": "The lighthouse is blue.", "rating": {"textualRating": "True"}},
    ],
}


@dataclass(frozen=True)
class Desk:
    """A running service over a store that a test may write to, and the library with the keys of an editor."""

    url: str
    store: Store
    keys: dict[KeyRole, str]
    google: Any

    @property
    def pages(self) -> Any:
        """Google's resource."""
        return self.google.pages()

    def texts(self, query: str) -> list[str]:
        """Return the claims that are found."""
        found = self.google.claims().search(query=query).execute()
        return [claim["text"] for claim in found.get("claims", [])]

    def ratings(self, query: str) -> list[str]:
        """Return the ratings of the first claim's reviews."""
        found = self.google.claims().search(query=query).execute()
        return [review["textualRating"] for claim in found.get("claims", [])[:1] for review in claim["claimReview"]]

    def assert_whole(self) -> None:
        """All that is computed follows, and the log knows everything."""
        assert list(examine(self.store)) == []
        assert list(audit(self.store)) == []


@pytest.fixture(scope="module")
def reused(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ReusedService, dict[KeyRole, str]]]:
    """Yield a service over a newsroom's store in SQLite, and the keys."""
    folder = tmp_path_factory.mktemp("pages")
    url = f"sqlite:///{folder / 'claims.db'}"
    with opened(url) as store:
        migrate(store.database)
        keys = fill(store)
    with reused_service(folder, url) as service:
        yield service, keys


@pytest.fixture
def desk(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """Yield the service over a newsroom's store."""
    with ExitStack() as stack:
        if engine == "sqlite":
            service, keys = request.getfixturevalue("reused")
            service.reset()
            url = service.url
            store = stack.enter_context(opened(service.database_url))
        else:
            database_url = request.getfixturevalue("reused_postgres").url()
            store = stack.enter_context(opened(database_url))
            keys = fill(store)
            url = stack.enter_context(serving(database_url, tmp_path)).url
        google = stack.enter_context(closing(library(url, bearer=keys[KeyRole.EDITOR])))
        yield Desk(url, store, keys, google)


def test_what_a_page_does_not_say_is_not_said_for_it(desk: Desk) -> None:
    scale = {"ratingValue": 1, "worstRating": 1, "bestRating": 5}
    markup = {"claimReviewed": "The lighthouse was painted green.", "rating": scale}
    desk.pages.create(body={"pageUrl": PAGE, "claimReviewMarkups": [markup]}).execute()
    search = desk.google.claims().search
    [claim] = search(query="lighthouse painted green").execute()["claims"]
    assert claim["claimReview"] == [{"publisher": {"name": "Facts of Oldport", "site": "facts.example"}, "url": PAGE}]
    assert search(query="lighthouse painted green", maxAgeDays=1).execute() == {}


def test_a_review_whose_language_is_not_known_is_found_in_every_language(desk: Desk) -> None:
    """The markup of pages does not say a language."""
    markup = {"claimReviewed": "The lighthouse was painted green."}
    desk.pages.create(body={"pageUrl": PAGE, "claimReviewMarkups": [markup]}).execute()
    search = desk.google.claims().search
    for code in ("en", "en-US", "pt-BR", "und"):
        for parameters in ({"query": "lighthouse painted green"}, {"reviewPublisherSiteFilter": "facts.example"}):
            texts = [claim["text"] for claim in search(languageCode=code, **parameters).execute().get("claims", [])]
            assert "The lighthouse was painted green." in texts, (code, parameters)


def test_an_age_is_that_of_the_newer_date_of_claim_and_review(desk: Desk) -> None:
    today = dt.datetime.now(dt.UTC).date()
    days = {"new": today - dt.timedelta(days=3), "old": today - dt.timedelta(days=300)}
    dated = {"claim new": {"claimDate": days["new"]}, "claim old": {"claimDate": days["old"]}, "nothing": {}}
    for name, markup in dated.items():
        shown = {member: day.isoformat() for member, day in markup.items()}
        markups = [{"claimReviewed": f"The pier of {name} is closed.", **shown}]
        page = {"pageUrl": f"https://facts.example/{name.replace(' ', '-')}", "claimReviewMarkups": markups}
        desk.pages.create(body=page).execute()
    for name, published, stated in (("both", "new", "old"), ("neither", "old", "old")):
        markups = [{"claimReviewed": f"The pier of {name} is closed.", "claimDate": days[stated].isoformat()}]
        page = {"pageUrl": f"https://facts.example/{name}", "claimReviewMarkups": markups}
        desk.pages.create(body=page | {"publishDate": days[published].isoformat()}).execute()
    search = desk.google.claims().search
    for parameters in ({"query": "pier closed"}, {"reviewPublisherSiteFilter": "facts.example"}):
        found = search(maxAgeDays=30, pageSize=100, **parameters).execute()["claims"]
        assert {claim["text"] for claim in found} == {"The pier of claim new is closed.", "The pier of both is closed."}


def test_a_page_may_be_written_in_every_form_of_protojson(desk: Desk) -> None:
    made = desk.pages.create(body=MARKUP).execute()
    desk.pages.delete(name=made["name"]).execute()
    rating = {"ratingValue": "1", "worstRating": 1.0, "bestRating": "5e0", "imageUrl": None, "textualRating": "False"}
    first, second = MARKUP["claimReviewMarkups"]
    body = {
        "page_url": PAGE,
        "publish_date": MARKUP["publishDate"],
        "claimReviewAuthor": MARKUP["claimReviewAuthor"],
        "versionId": "",
        "claim_review_markups": [
            first | {"rating": rating | {"ratingExplanation": first["rating"]["ratingExplanation"]}},
            second | {"claimAppearances": [], "claimAuthor": None, "claimDate": ""},
        ],
    }
    again = desk.pages.create(body=body).execute()
    wanted = {name: value for name, value in first["rating"].items() if name != "imageUrl"}
    assert [markup["rating"] for markup in again["claimReviewMarkups"]] == [wanted, second["rating"]]
    assert again["pageUrl"] == PAGE
    assert desk.ratings("mayor sold lighthouse") == ["False"]
    desk.assert_whole()


def changed(page: Json, number: int, **rating: Any) -> Json:
    """Return a page with another rating of one of its claims."""
    markups = [dict(markup) for markup in page["claimReviewMarkups"]]
    markups[number]["rating"] = markups[number]["rating"] | rating
    return page | {"claimReviewMarkups": markups}


def test_a_page_is_given_back_as_it_was_written_and_its_reviews_are_found(desk: Desk) -> None:
    made = desk.pages.create(body=MARKUP).execute()
    assert made["name"].startswith("pages/")
    assert made == desk.pages.get(name=made["name"]).execute()
    written = {name: value for name, value in made.items() if name not in ("name", "versionId")}
    first = {"url": PAGE} | MARKUP["claimReviewMarkups"][0]
    assert written == MARKUP | {"claimReviewMarkups": [first, MARKUP["claimReviewMarkups"][1]]}

    [claim] = desk.google.claims().search(query="mayor sold lighthouse").execute()["claims"][:1]
    assert claim == {
        "text": "The mayor has sold the lighthouse.",
        "claimant": "Keeper Jones",
        "claimDate": "2024-11-01T00:00:00Z",
        "claimReview": [
            {
                "publisher": {"name": "Facts of Oldport", "site": "facts.example"},
                "url": PAGE,
                "reviewDate": "2024-11-05T00:00:00Z",
                "textualRating": "False",
            }
        ],
    }
    assert desk.ratings("lighthouse is blue") == ["True"]
    verdicts = requests.get(f"{desk.url}/v1/verdicts?limit=200", timeout=30).json()["data"]
    rated = {v["review"]["claim_reviewed"]: v["rating"] for v in verdicts if v["review"] and v["url"].startswith(PAGE)}
    assert rated == {"The mayor has sold the lighthouse.": "refuted", "The lighthouse is blue.": "supported"}
    # A publisher that is known by its site is no second one.
    assert desk.store.database.rows("SELECT COUNT(*) FROM sources WHERE site = 'facts.example'") == [(1,)]
    desk.assert_whole()


def test_an_update_supersedes_what_it_changes_and_retracts_what_it_leaves_out(desk: Desk) -> None:
    made = desk.pages.create(body=MARKUP).execute()
    before = desk.store.events.log_end()[0]
    body = changed(made, 0, textualRating="Mostly false")
    body["claimReviewMarkups"] = body["claimReviewMarkups"][:1]
    updated = desk.pages.update(name=made["name"], body=body).execute()
    assert updated["versionId"] != made["versionId"]
    assert len(updated["claimReviewMarkups"]) == 1
    assert desk.ratings("mayor sold lighthouse") == ["Mostly false"]
    assert "The lighthouse is blue." not in desk.texts("lighthouse is blue")
    kinds = [event.type for event in desk.store.events.all_events() if event.seq > before]
    assert kinds.count("page.changed") == 1
    assert kinds.count("verdict.superseded") == 2
    verdicts = desk.store.database.rows("SELECT retraction, reason FROM verdicts WHERE supersedes_id IS NOT NULL")
    assert sorted(bool(retraction) for retraction, _ in verdicts) == [False, True]
    assert all(reason for _, reason in verdicts)
    desk.assert_whole()


def test_the_same_again_writes_nothing(desk: Desk) -> None:
    made = desk.pages.create(body=MARKUP).execute()
    before = desk.store.events.log_end()
    assert desk.pages.update(name=made["name"], body=made).execute() == made
    assert desk.store.events.log_end() == before


def test_what_is_changed_back_stands_as_it_did(desk: Desk) -> None:
    made = desk.pages.create(body=MARKUP).execute()
    other = desk.pages.update(name=made["name"], body=changed(made, 0, textualRating="True")).execute()
    assert desk.ratings("mayor sold lighthouse") == ["True"]
    body = made | {"versionId": other["versionId"], "publishDate": "2024-01-01"}
    desk.pages.update(name=made["name"], body=body).execute()
    assert desk.ratings("mayor sold lighthouse") == ["False"]
    desk.assert_whole()


def test_a_deleted_page_is_gone_and_may_come_back(desk: Desk) -> None:
    made = desk.pages.create(body=MARKUP).execute()
    assert desk.pages.delete(name=made["name"]).execute() == {}
    for gone in (desk.pages.get(name=made["name"]), desk.pages.delete(name=made["name"])):
        with pytest.raises(HttpError) as refused:
            gone.execute()
        assert refused.value.status_code == 404
    assert desk.pages.list(url=PAGE).execute() == {}
    assert "The mayor has sold the lighthouse." not in desk.texts("mayor sold lighthouse")
    desk.assert_whole()

    again = desk.pages.create(body=MARKUP).execute()
    assert again["name"] != made["name"]
    assert desk.ratings("mayor sold lighthouse") == ["False"]
    assert desk.ratings("lighthouse is blue") == ["True"]
    desk.assert_whole()


@pytest.mark.parametrize("form", [PAGE.replace("https", "http"), PAGE.replace("www.", ""), f"{PAGE}/", f"{PAGE}#top"])
def test_another_form_of_the_address_is_the_same_page(desk: Desk, form: str) -> None:
    made = desk.pages.create(body=MARKUP).execute()
    assert [page["name"] for page in desk.pages.list(url=form).execute()["claimReviewMarkupPages"]] == [made["name"]]
    other = {"pageUrl": form, "claimReviewMarkups": [{"claimReviewed": "The lighthouse is blue."}]}
    with pytest.raises(HttpError, match=made["name"]) as refused:
        desk.pages.create(body=other).execute()
    assert refused.value.status_code == 409
    moved = desk.pages.update(name=made["name"], body=other | {"versionId": made["versionId"]}).execute()
    assert moved["pageUrl"] == form
    desk.assert_whole()


def test_what_a_person_has_retracted_stays_retracted(desk: Desk) -> None:
    made = desk.pages.create(body=MARKUP).execute()
    shown = {"Authorization": f"Bearer {desk.keys[KeyRole.ADMIN]}"}
    [verdict] = [
        v for v in requests.get(f"{desk.url}/v1/verdicts?limit=200", timeout=30).json()["data"] if v["url"] == PAGE
    ]
    said = {"claim_version": 1, "retraction": True, "supersedes": verdict["id"], "reason": "Not theirs."}
    address = f"{desk.url}/v1/claims/{verdict['claim']}/verdicts"
    assert requests.post(address, json=said, headers=shown, timeout=30).status_code == 201
    desk.pages.update(name=made["name"], body=changed(made, 0, textualRating="Truer")).execute()
    assert "The mayor has sold the lighthouse." not in desk.texts("mayor sold lighthouse")
    desk.assert_whole()


def test_a_version_that_is_not_the_latest_is_refused(desk: Desk) -> None:
    made = desk.pages.create(body=MARKUP).execute()
    desk.pages.update(name=made["name"], body=changed(made, 0, textualRating="Truer")).execute()
    for version in (made["versionId"], "0", "-1", "99", "x", "1" * 50):
        with pytest.raises(HttpError) as refused:
            desk.pages.update(name=made["name"], body=changed(made, 0) | {"versionId": version}).execute()
        assert (refused.value.status_code, refused.value.error_details[0]["reason"]) == (409, "VERSION_CONFLICT")
    assert desk.ratings("mayor sold lighthouse") == ["Truer"]


def test_of_updates_at_once_one_is_done(desk: Desk) -> None:
    made = desk.pages.create(body=MARKUP).execute()
    statuses: list[int] = []

    def put(number: int) -> None:
        body = changed(made, 0, textualRating=f"Version {number}")
        shown = {"Authorization": f"Bearer {desk.keys[KeyRole.EDITOR]}"}
        answer = requests.put(f"{desk.url}/v1alpha1/{made['name']}", json=body, headers=shown, timeout=60)
        statuses.append(answer.status_code)

    threads = [threading.Thread(target=put, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 409, 409, 409, 409, 409]
    assert desk.store.database.rows("SELECT version FROM pages") == [(2,)]
    desk.assert_whole()


def test_the_store_itself_refuses_a_page_that_was_changed_meanwhile(store: Store) -> None:
    page = MarkupPage("p-1", PAGE, {"page_url": PAGE}, ())
    with store.write():
        store.pages.insert_page(page, 1)
        read = store.pages.page("p-1")
        assert read is not None
        assert store.pages.save_page(read, replace(page, verdicts=("v-1",)), 2)
        assert not store.pages.save_page(read, replace(page, verdicts=("v-2",)), 3)
    found = store.pages.page("p-1")
    assert found is not None
    assert (found.version, found.page.verdicts) == (2, ("v-1",))


def test_pages_are_listed_by_address_by_site_and_to_the_end(desk: Desk) -> None:
    urls = [f"https://facts.example/{number}" for number in range(5)] + ["https://fatos.example/1"]
    for number, url in enumerate(urls):
        body = {"pageUrl": url, "claimReviewMarkups": [{"claimReviewed": f"Claim {number}."}]}
        desk.pages.create(body=body).execute()

    def listed(**parameters: Any) -> list[list[str]]:
        pages: list[list[str]] = []
        request = desk.pages.list(**parameters)
        while request is not None:
            answer = request.execute()
            pages.append([page["pageUrl"] for page in answer.get("claimReviewMarkupPages", [])])
            request = desk.pages.list_next(request, answer)
        return pages

    assert listed(url=urls[2]) == [[urls[2]]]
    assert listed(url="https://facts.example/none") == [[]]
    assert listed(organization="www.facts.example", pageSize=2) == [urls[4:2:-1], urls[2:0:-1], urls[:1]]
    assert listed(organization="facts.example", offset=3) == [urls[1::-1]]
    assert listed() == [urls[::-1]]
    assert listed(organization="nobody.example") == [[]]
    wrong: list[Json] = [{"url": urls[0], "organization": "facts.example"}, {"organization": "a\0"}, {"url": "a\0"}]
    for parameters in wrong:
        with pytest.raises(HttpError, match=next(reversed(parameters))) as refused:
            listed(**parameters)
        assert refused.value.status_code == 400


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"pageUrl": "facts"}, "pageUrl"),
        ({"pageUrl": None}, "pageUrl"),
        ({"publishDate": "yesterday"}, "publishDate"),
        ({"publishDate": "2024-02-30"}, "publishDate"),
        ({"publishDate": "0001-01-01T00:00:00+10:00"}, "publishDate"),
        ({"claimReviewMarkups": []}, "claimReviewMarkups"),
        ({"claimReviewMarkups": [{}]}, "claimReviewMarkups[0].claimReviewed"),
        ({"claimReviewMarkups": [{"claimReviewed": "A.", "url": "https://b.example"}]}, "claimReviewMarkups[0].url"),
        (
            {"claimReviewMarkups": [{"claimReviewed": "A."}, {"claimReviewed": "a"}]},
            "claimReviewMarkups[1].claimReviewed",
        ),
        (
            {"claimReviewMarkups": [{"claimReviewed": "A.", "rating": {"ratingValue": 2**31}}]},
            "claimReviewMarkups[0].rating.ratingValue",
        ),
        ({"page": "x"}, "page"),
    ],
)
def test_markup_that_cannot_be_is_refused_by_its_field(newsroom: Newsroom, change: Json, field: str) -> None:
    google = library(newsroom.service.url, bearer=newsroom.keys[KeyRole.EDITOR])
    with pytest.raises(HttpError) as refused:
        google.pages().create(body=MARKUP | change).execute()
    google.close()
    assert refused.value.status_code == 400
    assert [v["field"] for v in refused.value.error_details[1]["fieldViolations"]] == [field]
    assert newsroom.google.pages().list().execute() == {}


def test_whoever_may_not_write_is_told_so_in_googles_shape(desk: Desk) -> None:
    pages = f"{desk.url}/v1alpha1/pages"
    made = desk.pages.create(body=MARKUP).execute()
    before = desk.store.events.log_end()
    address = f"{desk.url}/v1alpha1/{made['name']}"
    for method, url in (("POST", pages), ("PUT", address), ("DELETE", address)):
        body = {"json": MARKUP | {"versionId": "1"}} if method != "DELETE" else {}
        weak = {"Authorization": f"Bearer {desk.keys[KeyRole.CHECKER]}"}
        in_address = {"key": desk.keys[KeyRole.EDITOR]}
        for more, code, status in (
            ({}, 401, "UNAUTHENTICATED"),
            ({"headers": {"X-Goog-Api-Key": "AIzaSomeKey"}}, 401, "UNAUTHENTICATED"),
            ({"headers": {"X-Goog-Api-Key": desk.keys[KeyRole.CHECKER]}}, 403, "PERMISSION_DENIED"),
            ({"params": in_address}, 401, "UNAUTHENTICATED"),
            ({"headers": weak}, 403, "PERMISSION_DENIED"),
        ):
            answer = requests.request(method, url, timeout=30, **body, **more)  # type: ignore[arg-type]
            assert_google_error(answer, code, status)
    assert desk.store.events.log_end() == before


def test_a_key_in_googles_header_may_write(desk: Desk) -> None:
    shown = {"X-Goog-Api-Key": desk.keys[KeyRole.EDITOR]}
    made = requests.post(f"{desk.url}/v1alpha1/pages", json=MARKUP, headers=shown, timeout=30)
    assert made.status_code == 200
    assert [event.actor for event in desk.store.events.all_events()][-1] == "A editor"
    elsewhere = requests.post(f"{desk.url}/v1/sources", json={}, headers=shown, timeout=30)
    assert elsewhere.status_code == 401
    address = f"{desk.url}/v1alpha1/{made.json()['name']}"
    both = shown | {"Authorization": f"Bearer {desk.keys[KeyRole.CHECKER]}"}
    assert_google_error(requests.delete(address, headers=both, timeout=30), 403, "PERMISSION_DENIED")
    assert requests.delete(address, headers=shown, timeout=30).status_code == 200


def test_errors_of_writes_have_googles_shape(desk: Desk) -> None:
    shown = {"Authorization": f"Bearer {desk.keys[KeyRole.EDITOR]}"}
    pages = f"{desk.url}/v1alpha1/pages"
    made = desk.pages.create(body=MARKUP).execute()
    address = f"{desk.url}/v1alpha1/{made['name']}"

    def send(method: str, url: str, **more: Any) -> requests.Response:
        return requests.request(method, url, timeout=30, headers=shown | more.pop("headers", {}), **more)

    assert_google_error(send("POST", pages, json=MARKUP), 409, "ALREADY_EXISTS")
    assert_google_error(send("PUT", address, json=MARKUP), 400, "INVALID_ARGUMENT")
    assert_google_error(send("PUT", f"{pages}/p-no-such", json=MARKUP | {"versionId": "1"}), 404, "NOT_FOUND")
    assert_google_error(send("GET", f"{pages}/NO"), 404, "NOT_FOUND")
    assert_google_error(send("POST", pages, data=b"{"), 415, "INVALID_ARGUMENT")
    json = {"Content-Type": "application/json"}
    assert_google_error(send("POST", pages, data=b"{", headers=json), 400, "INVALID_ARGUMENT")
    long = b'{"a":"' + b"a" * 1_100_000 + b'"}'
    assert_google_error(send("POST", pages, data=long, headers=json), 413, "INVALID_ARGUMENT")
    refused = send("PATCH", address, json={})
    assert_google_error(refused, 405, "UNIMPLEMENTED")
    assert set(refused.headers["Allow"].split(", ")) == {"DELETE", "GET", "HEAD", "OPTIONS", "PUT"}
    error = assert_google_error(send("POST", pages, json=MARKUP | {"x": 1}), 400, "INVALID_ARGUMENT")
    assert error["message"] == 'Invalid JSON payload received. Unknown name "x": Cannot find field.'


def test_a_create_that_is_sent_again_with_its_idempotency_key_is_done_once(desk: Desk) -> None:
    shown = {"Authorization": f"Bearer {desk.keys[KeyRole.EDITOR]}", "Idempotency-Key": "once"}
    answers = [requests.post(f"{desk.url}/v1alpha1/pages", json=MARKUP, headers=shown, timeout=30) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[1].headers["Idempotency-Replayed"] == "true"


def test_the_doctor_sees_a_page_that_is_found_by_another_address(desk: Desk) -> None:
    name = desk.pages.create(body=MARKUP).execute()["name"].removeprefix("pages/")
    with desk.store.write():
        desk.store.database.run("UPDATE pages SET page_key = 'elsewhere.example/'")
    assert [line.split(":")[0] for line in examine(desk.store)] == [f"page {name}"]
