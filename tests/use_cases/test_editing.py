"""Sources, documents and claims are added and changed; the claims that rest on them are recomputed at once."""

from random import Random

import pytest

from tests.use_cases.desk import Desk, done, without
from tests.web.helpers import Json, ids

CLAIM: Json = {
    "id": "c1",
    "text": "About 15,000 workers were sent.",
    "subject": "Workers",
    "quantity": {"low": 15000, "high": 16000, "unit": "workers", "qualifier": "about"},
    "time_frame": {"label": "In May", "start": "2026-05-01", "end": "2026-05-31"},
    "place": "Busan",
    "topics": ["labour", "ships"],
    "note": "A note.",
}
SOURCE: Json = {
    "id": "nis",
    "name": "Intelligence Service",
    "kind": "government",
    "country": "KR",
    "part_of": "kr",
    "reliability": "B",
    "aliases": ["Seoul", "NIS"],
    "note": "A note.",
}
DOCUMENT: Json = {
    "id": "d1",
    "title": "Workers sent",
    "url": "https://example.org/1",
    "author": "A. Writer",
    "language": "en",
    "publisher": "kr",
    "publisher_reason": "It is in its header.",
    "sha256": "a" * 64,
    "length": 4000,
    "published_earliest": "2026-05-01",
    "published_latest": "2026-05-02",
    "published_reason": "Dated.",
    "derived_from": "d0",
}


@pytest.fixture
def kept(desk: Desk) -> dict[str, Json]:
    """One of each, with everything that can be said of it, by its path."""
    desk.source("kr")
    desk.document("d0")
    return {
        "/v1/claims/c1": desk.post("/v1/claims", "Ed", CLAIM),
        "/v1/sources/nis": desk.post("/v1/sources", "Ed", SOURCE),
        "/v1/documents/d1": desk.post("/v1/documents", "Ed", DOCUMENT),
    }


def test_what_is_added_is_kept_as_it_was_said(desk: Desk, kept: dict[str, Json]) -> None:
    said = {"/v1/claims/c1": CLAIM, "/v1/sources/nis": SOURCE, "/v1/documents/d1": DOCUMENT}
    for path, answer in kept.items():
        assert desk.get(path) == {name: value for name, value in answer.items() if name not in ("similar", "findings")}
        assert answer["version"] == 1
        ordered = {"aliases": sorted(SOURCE["aliases"])} if "aliases" in answer else {}
        assert {name: answer[name] for name in said[path]} == said[path] | ordered


def test_who_gives_no_id_gets_a_new_one(desk: Desk) -> None:
    claim = {"subject": "b", "topics": ["c"]}
    for path, first, second in [
        ("/v1/claims", claim | {"text": "A."}, claim | {"text": "B."}),
        ("/v1/sources", {"name": "A", "kind": "person"}, {"name": "B", "kind": "person"}),
        ("/v1/documents", {}, {}),
    ]:
        answers = [desk.call("POST", path, "Ed", said) for said in (first, second)]
        one, other = (done(answer, 201)["id"] for answer in answers)
        assert one != other
        assert answers[0].headers["Location"] == f"{path}/{one}"
        assert answers[0].headers["ETag"] == desk.call("GET", f"{path}/{one}").headers["ETag"]
        assert one in ids(desk.walk(path))


def test_a_new_claim_rests_on_nothing_and_waits(desk: Desk) -> None:
    claim = desk.claim("c1")
    assert claim["corroboration"]["status"] == "unsupported"
    assert claim["verdicts"]["agreement"] == "none"
    assert [item["claim"] for item in desk.walk("/v1/queue", "Jane")] == [claim]
    assert ids(desk.walk("/v1/claims?topic=general")) == ["c1"]


def test_what_there_can_be_one_of_is_a_conflict(desk: Desk, kept: dict[str, Json]) -> None:
    for path, said in [("/v1/claims", CLAIM), ("/v1/sources", SOURCE), ("/v1/documents", {"id": "d1"})]:
        desk.refused(path, "Ed", said, 409, "id_taken")
    for name in ("url", "sha256"):
        desk.refused("/v1/documents", "Ed", {"id": "d2", name: DOCUMENT[name]}, 409, "document_exists")
        desk.refuses("PATCH", "/v1/documents/d0", "Ed", {name: DOCUMENT[name]}, 409, "document_exists")
    desk.patch("/v1/documents/d1", "Ed", {"url": None})
    desk.patch("/v1/documents/d0", "Ed", {"url": DOCUMENT["url"]})


def test_an_address_is_as_long_as_an_index_has_room_for(desk: Desk) -> None:
    """In bytes: PostgreSQL has room for 2,704 that it cannot pack."""
    chosen = Random(1)
    path = "".join(chr(chosen.randint(0x4E00, 0x9FFF)) for _ in range(661))
    address = f"https://example.org/{path[:-1]}"
    assert len(address.encode()) == 2000
    assert desk.document("longest", url=address)["url"] == address
    body = {"id": "longer", "url": f"https://example.org/{path}"}
    desk.refused("/v1/documents", "Ed", body, 422, field="/url")


def test_the_id_of_something_merged_is_still_taken(desk: Desk) -> None:
    for kind in (desk.claim, desk.source):
        kind("one")
        kind("other")
    desk.merge("/v1/claims/one", "other")
    desk.merge("/v1/sources/one", "other")
    desk.refused("/v1/claims", "Ed", CLAIM | {"id": "one"}, 409, "id_taken")
    desk.refused("/v1/sources", "Ed", {"id": "one", "name": "One", "kind": "person"}, 409, "id_taken")


EXACTLY = {"low": 15000, "high": 15000, "unit": "workers", "qualifier": "exact"}
UP_TO_THREE = {"low": None, "high": 3, "unit": "ships", "qualifier": "exact"}
PATCHES: list[tuple[str, Json, Json]] = [
    ("/v1/claims/c1", {}, {}),
    ("/v1/claims/c1", {"id": "c1"}, {}),
    ("/v1/claims/c1", {"note": "Another."}, {"note": "Another."}),
    ("/v1/claims/c1", {"note": None, "place": None}, {"note": None, "place": None}),
    ("/v1/claims/c1", {"quantity": {"high": None}}, {"quantity": CLAIM["quantity"] | {"high": None}}),
    ("/v1/claims/c1", {"quantity": {"high": 15000, "qualifier": None}}, {"quantity": EXACTLY}),
    ("/v1/claims/c1", {"time_frame": {"end": None}}, {"time_frame": CLAIM["time_frame"] | {"end": None}}),
    ("/v1/claims/c1", {"quantity": None, "time_frame": None}, {"quantity": None, "time_frame": None}),
    ("/v1/claims/c1", {"quantity": {"high": 3, "low": None, "unit": "ships"}}, {"quantity": UP_TO_THREE}),
    ("/v1/claims/c1", {"topics": ["ships"]}, {"topics": ["ships"]}),
    ("/v1/sources/nis", {"part_of": None, "country": None, "reliability": None}, {}),
    ("/v1/sources/nis", {"aliases": ["Zeta", "Alpha"]}, {"aliases": ["Alpha", "Zeta"]}),
    ("/v1/sources/nis", {"aliases": None}, {"aliases": []}),
    (
        "/v1/sources/nis",
        {"same_as": ["https://e.example/q2", "https://e.example/q1"]},
        {"same_as": ["https://e.example/q1", "https://e.example/q2"]},
    ),
    ("/v1/sources/nis", {"same_as": None}, {"same_as": []}),
    ("/v1/sources/nis", {"kind": "person", "name": "Somebody"}, {"kind": "person", "name": "Somebody"}),
    ("/v1/documents/d1", {"url": None, "sha256": None, "derived_from": None, "publisher": None}, {}),
    ("/v1/documents/d1", {"published_earliest": None}, {"published_earliest": None}),
    ("/v1/documents/d1", {"published_latest": "2026-05-01"}, {"published_latest": "2026-05-01"}),
    ("/v1/documents/d1", {"length": 0}, {"length": 0}),
]


def test_a_patch_changes_what_it_names_and_nothing_else(
    desk: Desk, kept: dict[str, Json], subtests: pytest.Subtests
) -> None:
    for path, patch, shown in PATCHES:
        with subtests.test(path=path, patch=patch):
            before = desk.get(path)
            after = {
                name: value
                for name, value in desk.patch(path, "Ed", patch).items()
                if name not in ("similar", "findings")
            }
            assert desk.get(path) == after
            assert without(after) == without(before) | (shown or {n: v for n, v in patch.items() if n != "id"})
            changed = without(after) != without(before)
            assert after["version"] == before["version"] + changed, "what changes nothing is no change"
            assert (after["updated_at"] != before["updated_at"]) == changed


REFUSED: list[tuple[str, Json, str]] = [
    ("/v1/claims/c1", {"id": "c2"}, "/id"),
    ("/v1/claims/c1", {"id": None}, "/id"),
    ("/v1/claims/c1", {"text": None}, "/text"),
    ("/v1/claims/c1", {"text": " "}, "/text"),
    ("/v1/claims/c1", {"topics": []}, "/topics"),
    ("/v1/claims/c1", {"topics": None}, "/topics"),
    ("/v1/claims/c1", {"topics": ["a", "a"]}, "/topics"),
    ("/v1/claims/c1", {"topics": ["No topic"]}, "/topics/0"),
    ("/v1/claims/c1", {"quantity": {"low": 99999}}, "/quantity/low"),
    ("/v1/claims/c1", {"quantity": {"unit": None}}, "/quantity/unit"),
    ("/v1/claims/c1", {"quantity": {"amount": 1}}, "/quantity/amount"),
    ("/v1/claims/c1", {"quantity": 3}, "/quantity"),
    ("/v1/claims/c1", {"time_frame": {"start": "2027-01-01"}}, "/time_frame/start"),
    ("/v1/claims/c1", {"quantity": {"low": None, "high": None}}, "/quantity/low"),
    ("/v1/claims/c1", {"quantity": {"low": {"a": None}}}, "/quantity/low"),
    ("/v1/claims/c1", {"topics": {"a": None}}, "/topics"),
    ("/v1/claims/c1", {"time_frame": {"label": None}}, "/time_frame/label"),
    ("/v1/claims/c1", {"version": 7}, "/version"),
    ("/v1/claims/c1", {"corroboration": {"status": "corroborated"}}, "/corroboration"),
    ("/v1/claims/c1", {"merged_into": "c2"}, "/merged_into"),
    ("/v1/sources/nis", {"id": "kr"}, "/id"),
    ("/v1/sources/nis", {"kind": "ghost"}, "/kind"),
    ("/v1/sources/nis", {"name": None}, "/name"),
    ("/v1/sources/nis", {"part_of": "nothing"}, "/part_of"),
    ("/v1/sources/nis", {"part_of": "nis"}, "/part_of"),
    ("/v1/sources/kr", {"part_of": "nis"}, "/part_of"),
    ("/v1/sources/nis", {"country": "kr"}, "/country"),
    ("/v1/sources/nis", {"aliases": ["A", "A"]}, "/aliases"),
    ("/v1/sources/nis", {"same_as": ["https://e.example/q1"] * 2}, "/same_as"),
    ("/v1/sources/nis", {"same_as": ["q1"]}, "/same_as/0"),
    ("/v1/sources/nis", {"merged_into": "kr"}, "/merged_into"),
    ("/v1/documents/d1", {"publisher": "nothing"}, "/publisher"),
    ("/v1/documents/d1", {"derived_from": "nothing"}, "/derived_from"),
    ("/v1/documents/d1", {"derived_from": "d1"}, "/derived_from"),
    ("/v1/documents/d0", {"derived_from": "d1"}, "/derived_from"),
    ("/v1/documents/d1", {"published_earliest": "2026-06-01"}, "/published_earliest"),
    ("/v1/documents/d1", {"published_latest": "2026-02-30"}, "/published_latest"),
    ("/v1/documents/d1", {"text": "The whole article."}, "/text"),
    ("/v1/documents/d1", {"sha256": "A" * 64}, "/sha256"),
    ("/v1/documents/d1", {"length": -1}, "/length"),
]


def test_a_patch_that_makes_what_could_not_be_posted_is_refused(
    desk: Desk, kept: dict[str, Json], subtests: pytest.Subtests
) -> None:
    for path, patch, field in REFUSED:
        with subtests.test(path=path, patch=patch):
            desk.refuses("PATCH", path, "Ed", patch, 422, "invalid_request", field)


def test_a_patch_is_an_object(desk: Desk, kept: dict[str, Json], subtests: pytest.Subtests) -> None:
    for path in kept:
        for patch in ([], ["id"], "note", 3, True):
            with subtests.test(path=path, patch=patch):
                desk.refuses("PATCH", path, "Ed", patch, 422, "invalid_request", "")


def test_longer_circles_are_refused_too(desk: Desk) -> None:
    desk.source("a")
    desk.source("b", part_of="a")
    desk.source("c", part_of="b")
    desk.refuses("PATCH", "/v1/sources/a", "Ed", {"part_of": "c"}, 422, field="/part_of")
    desk.document("d1")
    desk.document("d2", derived_from="d1")
    desk.document("d3", derived_from="d2")
    desk.refuses("PATCH", "/v1/documents/d1", "Ed", {"derived_from": "d3"}, 422, field="/derived_from")
    unheard_of: list[tuple[str, Json, str]] = [
        ("/v1/sources", {"id": "x", "name": "X", "kind": "person", "part_of": "x"}, "/part_of"),
        ("/v1/documents", {"id": "x", "derived_from": "x"}, "/derived_from"),
    ]
    for path, said, field in unheard_of:
        desk.refused(path, "Ed", said, 422, field=field)


def test_a_change_names_the_state_it_was_made_from(desk: Desk, kept: dict[str, Json]) -> None:
    for path in kept:
        tag = desk.call("GET", path).headers["ETag"]
        before = desk.rows()
        note = {"title": "B"} if "documents" in path else {"note": "B."}
        done(desk.call("PATCH", path, "Ed", note), 428)
        for other in ('"x"', f"W/{tag}", tag.replace(".1.", ".2."), tag.replace(".1.", ".1.f"), f'"", "x{tag[1:]}'):
            done(desk.call("PATCH", path, "Ed", note, {"If-Match": other}), 412)
        assert desk.rows() == before
        changed = desk.call("PATCH", path, "Ed", note, {"If-Match": f'"x", {tag}'})
        assert done(changed, 200)["version"] == 2
        assert changed.headers["ETag"] != tag
        done(desk.call("PATCH", path, "Ed", {"note": None}, {"If-Match": tag}), 412)
        done(desk.call("PATCH", path, "Ed", {}, {"If-Match": changed.headers["ETag"]}), 200)
        done(desk.call("PATCH", path.rstrip("01s") + "-nothing", "Ed", note, {"If-Match": "*"}), 404)


def test_checkers_change_nothing(desk: Desk, kept: dict[str, Json]) -> None:
    for path in kept:
        for who, status in (("Jane", 403), (None, 401)):
            desk.refuses("PATCH", path, who, {"note": "B."}, status)
            desk.refused(path.rsplit("/", 1)[0], who, {}, status)
