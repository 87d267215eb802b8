"""One page is one document: by its address when it is entered, and by a merge when that shows later."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import permutations

import pytest

from service.config import Settings
from service.model.actors import Caller, KeyRole
from service.model.entities import Document
from service.model.errors import Conflict
from service.operations.consistency_check import examine
from service.storage.database import Database
from service.store import Store
from service.use_cases.editing import create_document
from tests.use_cases.desk import WHY, Desk, catalogue, done, shown, without
from tests.web.helpers import ids

PAGE = "https://post.example/p/1"
OTHER_FORMS = (
    PAGE,
    "http://www.post.example/p/1/#top",
    "https://m.post.example/p/1?utm_source=x",
    "https://web.archive.org/web/2020/https://post.example/p/1",
)


@pytest.fixture
def page(desk: Desk) -> Desk:
    """Return the desk with a document of the page."""
    desk.document("page", url=PAGE)
    return desk


@pytest.mark.parametrize("url", OTHER_FORMS)
def test_a_page_that_is_there_is_not_entered_again(page: Desk, url: str) -> None:
    problem = page.refused("/v1/documents", "Ed", {"url": url}, 409, "document_exists")
    assert "'page'" in problem["detail"]
    page.document("other", url="https://post.example/p/2")
    problem = page.refuses("PATCH", "/v1/documents/other", "Ed", {"url": url}, 409, "document_exists")
    assert "'page'" in problem["detail"]
    assert page.get("/v1/documents/page")["url"] == PAGE


def test_a_document_may_take_another_form_of_its_own_address(page: Desk) -> None:
    assert page.patch("/v1/documents/page", "Ed", {"url": OTHER_FORMS[1]})["url"] == OTHER_FORMS[1]
    assert page.patch("/v1/documents/page", "Ed", {"title": "Mast"})["title"] == "Mast"
    page.refused("/v1/documents", "Ed", {"url": PAGE}, 409, "document_exists")
    page.patch("/v1/documents/page", "Ed", {"url": None})
    page.document("again", url=PAGE)


def test_of_concurrent_writers_of_one_page_one_succeeds(settings: Settings, store: Store) -> None:
    caller = Caller("Ed", KeyRole.EDITOR, "k")

    def enter(url: str) -> bool:
        database = Database(settings)
        try:
            create_document(Store(database), caller, Document("", url=url))
        except Conflict:
            return False
        finally:
            database.close()
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(enter, OTHER_FORMS * 2)) == 1
    assert store.catalogue.sizes()["documents"] == 1


def test_merged_documents_are_one_and_one_call_undoes_it(desk: Desk, claims: list[str]) -> None:
    before = (shown(desk, *claims), catalogue(desk), without(desk.get("/v1/documents/d-a")))
    merged = desk.merge("/v1/documents/d-a", "d-b")
    assert merged == desk.get("/v1/documents/d-b")
    assert sorted(ids(desk.walk("/v1/documents/d-b/claims"))) == ["a", "b"]
    assert merged["claims"] == 2
    assert [d["merged_into"] for d in desk.walk("/v1/documents") if d["id"] == "d-a"] == ["d-b"]
    last = desk.get("/v1/events?type=document.merged")["data"][-1]
    assert (last["subject"], last["payload"]["reason"]) == ("document:d-a", WHY)
    assert (last["payload"]["state"]["merged_into"], last["payload"]["before"]) == ("d-b", {"merged_into": None})
    evidence = desk.store.evidence.of_claims([claim.key for claim in desk.store.claims.by_ids(["a"])])
    assert {document.id: document.merged_into for document in evidence.documents.values()} == {
        "d-a": "d-b",
        "d-b": None,
    }
    assert desk.unmerge("/v1/documents/d-a") == desk.get("/v1/documents/d-a")
    assert (shown(desk, *claims), catalogue(desk), without(desk.get("/v1/documents/d-a"))) == before


@pytest.mark.parametrize("undone", list(permutations("ab")), ids="-".join)
def test_a_chain_of_merged_documents_is_undone_in_any_order(
    desk: Desk, claims: list[str], undone: tuple[str, ...]
) -> None:
    before = (shown(desk, *claims), catalogue(desk))
    desk.merge("/v1/documents/d-a", "d-b")
    desk.merge("/v1/documents/d-b", "d-c")
    assert sorted(ids(desk.walk("/v1/documents/d-c/claims"))) == ["a", "b", "c"]
    for name in undone:
        desk.unmerge(f"/v1/documents/d-{name}")
    assert (shown(desk, *claims), catalogue(desk)) == before


def test_a_claim_is_listed_under_the_publisher_of_the_page(desk: Desk, claims: list[str]) -> None:
    desk.source("paper", kind="outlet")
    desk.patch("/v1/documents/d-b", "Ed", {"publisher": "paper"})
    desk.merge("/v1/documents/d-a", "d-b")
    desk.document("copy", derived_from="d-a")
    desk.claim("quoted")
    desk.mention("quoted", "copy")
    assert {"a", "b"} <= set(ids(desk.walk("/v1/sources/paper/claims?role=publisher")))
    desk.patch("/v1/sources/paper", "Ed", {"name": "The Evening Paper"})
    desk.patch("/v1/documents/d-b", "Ed", {"publisher": None})
    assert desk.walk("/v1/sources/paper/claims") == []


def test_a_merged_document_leads_to_the_other_one(desk: Desk, claims: list[str]) -> None:
    desk.merge("/v1/documents/d-a", "d-b")
    for method, path in (("GET", ""), ("GET", "/claims?limit=3"), ("PATCH", "")):
        response = desk.call(
            method, f"/v1/documents/d-a{path}", "Ed", {} if method == "PATCH" else None, {"If-Match": "*"}
        )
        told = done(response, 308)
        assert response.headers["Location"] == f"/v1/documents/d-b{path}"
        assert (told["merged_into"], told["merged"]["reason"]) == ("d-b", WHY)
    desk.mention("c", "d-a")
    assert "c" in ids(desk.walk("/v1/documents/d-b/claims"))


def test_documents_that_cannot_be_merged(desk: Desk, claims: list[str]) -> None:
    path = "/v1/documents/d-a/merge"
    desk.refused(path, "Ed", {"into": "d-a", "reason": WHY}, 422, field="/into")
    desk.refused(path, "Ed", {"into": "nothing", "reason": WHY}, 422, field="/into")
    desk.refused(path, "Ed", {"into": "d-b"}, 422, field="/reason")
    desk.refused("/v1/documents/nothing/merge", "Ed", {"into": "d-b", "reason": WHY}, 404)
    desk.refused("/v1/documents/nothing/unmerge", "Ed", {"reason": WHY}, 404)
    desk.refused("/v1/documents/d-a/unmerge", "Ed", {"reason": WHY}, 409, "not_merged")
    desk.refused(path, "Jane", {"into": "d-b", "reason": WHY}, 403)
    desk.merge("/v1/documents/d-a", "d-b")
    desk.refused(path, "Ed", {"into": "d-c", "reason": WHY}, 409, "merged")
    desk.refused("/v1/documents/d-c/merge", "Ed", {"into": "d-a", "reason": WHY}, 422, field="/into")
    desk.refused("/v1/documents/d-b/merge", "Ed", {"into": "d-a", "reason": WHY}, 422, field="/into")


def test_a_document_that_changed_meanwhile_is_not_merged(
    desk: Desk, claims: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.store.merges, "merge_document", lambda *_: False)
    desk.refused("/v1/documents/d-a/merge", "Ed", {"into": "d-b", "reason": WHY}, 412)


def test_a_page_of_a_merged_document_is_there(page: Desk) -> None:
    page.document("second", url="https://post.example/print/1")
    page.merge("/v1/documents/second", "page")
    problem = page.refused("/v1/documents", "Ed", {"url": "https://www.post.example/print/1"}, 409, "document_exists")
    assert "'page'" in problem["detail"]
    page.patch("/v1/documents/page", "Ed", {"url": "https://post.example/print/1"})


def test_a_copy_may_be_merged_with_its_original(desk: Desk, claims: list[str]) -> None:
    desk.patch("/v1/documents/d-b", "Ed", {"derived_from": "d-a"})
    desk.merge("/v1/documents/d-a", "d-b")
    desk.refuses("PATCH", "/v1/documents/d-c", "Ed", {"derived_from": "nothing"}, 422, field="/derived_from")
    desk.unmerge("/v1/documents/d-a")


def test_a_stored_key_that_is_wrong_is_reported(page: Desk) -> None:
    page.store.database.run("UPDATE documents SET page_key = 'elsewhere'")
    assert list(examine(page.store)) == [
        "document page: the stored key of its page or title is not that of its url or title"
    ]
    page.store.database.run("UPDATE documents SET page_key = 'post.example/p/1'")


def test_an_unmerged_document_is_logged_as_before_merges(page: Desk) -> None:
    [event] = page.get("/v1/events?type=document.created")["data"]
    assert {"merged_into", "merged"}.isdisjoint(event["payload"]["state"])
