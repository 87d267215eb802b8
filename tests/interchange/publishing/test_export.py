"""The export: all records as lines, resumable after each line, with the scope of the caller."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.interchange.publishing.export_format import KINDS, line
from service.interchange.publishing.export_stream import export_lines
from service.model.entities import Claim, Mention, Quantity, Reported, Source, SourceKind, Stance
from service.model.record_kinds import Kind, Scope
from service.model.records import StoredRecord
from service.storage.tables import TABLES
from service.store import Store
from tests.interchange.publishing.reading import every_node, furnished
from tests.settings import make_settings
from tests.use_cases.desk import Desk
from tests.web.helpers import Json, a_source, assert_problem

# The columns of each kind's table that a line has under another name, or that need no export.
OTHER_NAMES = {
    "public_id": "id",
    "created_us": "created_at",
    "updated_us": "updated_at",
    "state_us": "state_at",
    "until_us": "until",
    "ended_us": "ended_at",
    "merged_us": "merged",
    "merged_by": "merged",
    "merged_reason": "merged",
    "withdrawn_us": "withdrawn",
    "start_offset": "locator",
    "end_offset": "locator",
    "span_sha256": "locator",
    "chain": "attribution",
}
OF_A_KIND = {
    "source": {"kind": "source_kind"},
    "link": {"withdrawn_by": "withdrawn", "withdrawn_reason": "withdrawn"},
    "mention": {"withdrawn_by": "withdrawn", "withdrawn_reason": "withdrawn"},
    "page": {"withdrawn_by": "withdrawn", "withdrawn_reason": "withdrawn"},
    "verdict": {"publisher": "review"},
    "suggestion": {
        "kind": "suggestion_kind",
        "one": "records",
        "other": "records",
        "merged_into": "into",
        "decided_us": "decided",
        "decided_by": "decided",
        "decided_reason": "decided",
    },
}
COMPUTED = {
    "source": {"site", "house"},
    "document": {"page_key", "title_key"},
    "claim": {"status", "policy", "json", "root", "mentions", "documents"}
    | {f"{side}_at_{end}" for side in ("origins", "differing", "refuting") for end in ("least", "most")}
    | {"origins_named", "differing_named", "refuting_named", "statement_key", "near_key", "judged_before"},
    "verdict": {"retraction", "site", "reviewed_us", "page_key"},
    "page": {"site", "page_key"},
}
# Members that may refer to a later line.
LATER = {"part_of", "merged_into", "derived_from", "superseded_by"}
REFERENCES = {
    "part_of": Kind.SOURCE,
    "publisher": Kind.SOURCE,
    "attribution": Kind.SOURCE,
    "derived_from": Kind.DOCUMENT,
    "document": Kind.DOCUMENT,
    "claim": Kind.CLAIM,
    "other": Kind.CLAIM,
    "mention": Kind.MENTION,
    "supersedes": Kind.VERDICT,
    "superseded_by": Kind.VERDICT,
    "verdict": Kind.VERDICT,
    "verdicts": Kind.VERDICT,
}


def exported(desk: Desk, who: str | None = None, query: str = "") -> list[Json]:
    """Return the parsed lines of an export."""
    return [json.loads(said) for said in raw(desk, who, query)]


def raw(desk: Desk, who: str | None = None, query: str = "") -> list[bytes]:
    """Return the raw lines of an export."""
    answer = desk.call("GET", f"/v1/export{query}", who)
    assert (answer.status_code, answer.mimetype) == (200, "application/x-ndjson"), answer.get_data(as_text=True)
    lines: list[bytes] = answer.data.splitlines(keepends=True)
    assert all(said.endswith(b"\n") for said in lines)
    return lines


def test_the_first_line_has_the_format_and_the_last_the_counts(desk: Desk) -> None:
    furnished(desk)
    for who, scope in [(None, Scope.PUBLIC), ("Jane", Scope.PUBLIC), ("Ed", Scope.ALL), ("Ann", Scope.ALL)]:
        first, *things, last = exported(desk, who)
        assert first == {"kind": "export", "format": "claim-verification", "version": 1, "scope": scope}
        counts = Counter(said["kind"] for said in things)
        assert last == {
            "kind": "end",
            "counts": {kind: counts[kind] for kind in KINDS[scope]},
            "written_meanwhile": False,
        }
        assert all(counts[kind] for kind in KINDS[scope])
        kinds = [said["kind"] for said in things]
        assert kinds == sorted(kinds, key=list(Kind).index)


def test_references_are_to_earlier_lines(desk: Desk) -> None:
    furnished(desk)
    for who in (None, "Ed"):
        _, *things, _ = exported(desk, who)
        every = {(said["kind"], said["id"]) for said in things}
        before: set[tuple[str, str]] = set()
        named = set()
        for said in things:
            for name, kind, public_id in _named(said):
                named.add(name)
                assert (kind, public_id) in (every if name in LATER else before), (said, name)
            before.add((said["kind"], said["id"]))
        expected = {*REFERENCES, "merged_into"} - {"mention", *({"verdict"} if who is None else set())}
        assert named == expected


def _named(said: Json) -> Iterator[tuple[str, str, str]]:
    """Yield the references of a line: member, kind and id."""
    for node in every_node(said):
        for name, value in node.items():
            kind = said["kind"] if name == "merged_into" else REFERENCES.get(name)
            values = value if isinstance(value, list) else [value]
            if kind is not None:
                yield from ((name, kind, each) for each in values if isinstance(each, str))


def test_every_row_and_column_is_exported(desk: Desk, store: Store) -> None:
    """Every column, also of later migrations, is exported or computed."""
    furnished(desk)
    _, *things, _ = exported(desk, "Ed")
    tables = {"link": "claim_links", "suggestion": "suggestion_decisions"}
    for model in TABLES:
        kinds = [kind for kind in Kind if tables.get(kind, f"{kind}s") == model._meta.table_name]
        if not kinds:
            assert model._meta.table_name in (
                # In the lines of their owners.
                *("source_aliases", "source_distinctions", "claim_topics", "attributions"),
                *(
                    "source_names",
                    "source_near_keys",
                    "facets",
                    "claim_facets",
                    "claim_sort_keys",
                    "claim_search",
                    "search_terms",
                    "search_totals",
                    "derived",
                    "claim_vectors",
                    "suggestions",
                    "recounts",
                ),  # computed
                *(
                    "api_keys",
                    "sessions",
                    "answered_requests",
                    "events",
                    "event_subjects",
                    "event_nodes",
                ),  # of this installation
            )
            continue
        [kind] = kinds
        lines = {said["id"]: said for said in things if said["kind"] == kind}
        assert list(lines) == list(store.events.public_ids(model._meta.table_name)) != []
        names = OTHER_NAMES | OF_A_KIND.get(kind, {})
        columns = set(model._meta.fields) - {"id"} - COMPUTED.get(kind, set())
        for said in lines.values():
            assert {names.get(column, column) for column in columns} <= set(said), kind


def test_lines_agree_with_the_api(desk: Desk) -> None:
    furnished(desk)
    _, *things, _ = exported(desk)
    shown = 0
    for said in things:
        if said["kind"] in ("source", "document", "claim", "verdict") and said.get("merged_into") is None:
            there = desk.get(f"/v1/{said['kind']}s/{said['id']}")
            same = {name for name in set(said) & set(there) if name not in ("kind", "merged_into", "review")}
            assert {name: said[name] for name in same} == {name: there[name] for name in same}
            shown += len(same)
    assert shown > 200
    [ships] = [said for said in things if said["id"] == "ships"]
    assert ships["quantity"] == {"low": 12, "high": None, "unit": "ships", "qualifier": "at_least"}
    [vessels] = [said for said in things if said["id"] == "vessels"]
    assert vessels["merged_into"] == "ships"
    assert vessels["merged"]["by"] == "Ed"


def test_drafts_are_only_exported_for_editors(desk: Desk) -> None:
    furnished(desk)
    drafts = [said["id"] for said in exported(desk, "Ed") if said.get("state") in ("draft", "withdrawn")]
    assert len(drafts) == 2
    for who, query in [(None, ""), ("Jane", ""), ("Ed", "?public=true"), (None, "?public=true")]:
        text = b"".join(raw(desk, who, query))
        assert not any(draft.encode() in text for draft in drafts)
        assert {said["kind"] for said in exported(desk, who, query)} & {"review", "assignment"} == set()
    assert raw(desk, "Ed", "?public=true") == raw(desk)
    assert raw(desk, "Ed", "?public=false") == raw(desk, "Ed") != raw(desk)
    secrets = [key.split("_")[-1].encode() for key in desk.keys.values()]
    assert not any(secret in b"".join(raw(desk, "Ann")) for secret in secrets)


@pytest.mark.parametrize("who", [None, "Ed"])
def test_an_export_can_be_resumed_after_any_line(desk: Desk, who: str | None) -> None:
    furnished(desk)
    whole = raw(desk, who)
    assert len(whole) > 25
    for number, said in enumerate(whole):
        line = json.loads(said)
        if line["kind"] in set(Kind):
            assert raw(desk, who, f"?after={line['kind']}:{line['id']}") == whole[number + 1 :]


def test_two_exports_of_the_same_state_are_equal(desk: Desk) -> None:
    furnished(desk)
    assert raw(desk, "Ed") == raw(desk, "Ann") == list(export_lines(desk.store, Scope.ALL))


@pytest.mark.parametrize(
    "after", ["claim:no-such", "claim", "claim:", ":a", "key:a", "claim:A", "claim:a b", "event:1", "a:b:c", "x" * 200]
)
def test_an_unknown_line_to_resume_after_is_refused(desk: Desk, after: str) -> None:
    desk.claim("a")
    assert_problem(desk.call("GET", f"/v1/export?after={after}"), 422, "invalid_request", "/after")


def test_resuming_after_a_hidden_line_is_refused(desk: Desk) -> None:
    desk.claim("a")
    draft = desk.judge("a", "Jane", draft=True)["id"]
    assignment = desk.post("/v1/claims/a/assignment", "John", {})["id"]
    for after in (f"verdict:{draft}", f"assignment:{assignment}"):
        assert_problem(desk.call("GET", f"/v1/export?after={after}", "Jane"), 422, None, "/after")
        assert [said["kind"] for said in exported(desk, "Ed", f"?after={after}")][-1] == "end"


def test_an_export_needs_a_key_when_reading_is_closed(store: Store, database_url: str) -> None:
    desk = Desk(store, make_settings(database_url, reading_is_open=False))
    for path in ("/v1/export", "/feeds/claimreview.json", "/feeds/verdicts.atom"):
        assert desk.call("GET", path).status_code == 401
        shown = desk.call("GET", path, "Jane")
        assert shown.status_code == 200
        assert shown.headers["Cache-Control"].startswith("private")


def test_concurrent_writes_are_left_out_and_reported(desk: Desk) -> None:
    furnished(desk)
    before = list(export_lines(desk.store, Scope.ALL))
    lines = export_lines(desk.store, Scope.ALL)
    begun = [next(lines) for _ in range(12)]
    desk.source("later", part_of="ministry")
    desk.claim("later")
    desk.judge("later", "Jane")
    whole = begun + list(lines)
    assert whole[:-1] == before[:-1]
    assert json.loads(whole[-1]) == json.loads(before[-1]) | {"written_meanwhile": True}


def test_an_export_of_several_batches_is_complete(store: Store) -> None:
    with store.write():
        store.evidence_writes.insert_sources([a_source(f"s-{number:04}") for number in range(1203)], 1)
    _, *sources, end = map(json.loads, export_lines(store, Scope.PUBLIC))
    assert [said["id"] for said in sources] == [f"s-{number:04}" for number in range(1203)]
    assert end["counts"]["source"] == 1203
    assert len(list(export_lines(store, Scope.PUBLIC, (Kind.SOURCE, "s-0499")))) == 1203 - 500 + 1


def test_equal_numbers_are_written_alike(desk: Desk) -> None:
    furnished(desk)
    text = b"".join(raw(desk))
    assert b'"rating_value":2,"best_rating":5,"worst_rating":1,' in text
    claim = Claim("c", "Text.", "subject", Quantity(12.0, 12.5, "ships"))
    mention = Mention("m", "c", "d", Stance.DIFFERS, reported=Reported(Quantity(3.0, None, "ships")))
    assert b'"low":12,"high":12.5,' in line(Kind.CLAIM, StoredRecord(1, claim, {}))
    assert b'"low":3,"high":null,' in line(Kind.MENTION, StoredRecord(1, mention, {}))


@given(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8")))
def test_any_text_at_all_is_one_line(name: str, alias: str) -> None:
    source = Source("s", name, SourceKind.OUTLET, aliases=(alias,))
    said = line(Kind.SOURCE, StoredRecord(1, source, {}))
    assert said.count(b"\n") == 1
    assert (json.loads(said)["name"], json.loads(said)["aliases"]) == (name, [alias])
    assert json.loads(said)["kind"] == "source"
