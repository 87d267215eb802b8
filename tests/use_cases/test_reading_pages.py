"""The reads that pages add to the API: counts of facets, the influence of a source, what a document states."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient

from service.model.entities import Role, Stance, Status
from service.model.errors import NotFound
from service.model.filters import IN_CONFLICT, ClaimFilters, FacetKind, Sort
from service.search.query_parser import parse
from service.store import Store
from service.use_cases import facet_counts, source_influence
from service.use_cases.claims import list_conflicts
from service.use_cases.document_statements import document_statements
from service.use_cases.facet_counts import count_facets
from service.use_cases.history import latest_history, list_history
from tests.web.helpers import example_claim, get, ids, walk

WSJ, REPORT = "wall-street-journal", "doc-wsj-report"


@pytest.mark.parametrize("words", [None, "russia"])
def test_facets_are_counted_among_the_claims_that_match(seeded_store: Store, words: str | None) -> None:
    kinds = (FacetKind.STATUS, FacetKind.ORIGIN)
    query = None if words is None else parse(words)
    counts = count_facets(seeded_store, query, ClaimFilters(topic="sanctions"), kinds, most=9)
    assert counts.complete
    assert sum(value.claims for value in counts.values[FacetKind.STATUS]) == counts.claims > 0
    for value in counts.values[FacetKind.STATUS]:
        narrowed = ClaimFilters(topic="sanctions", status=Status(value.value))
        assert count_facets(seeded_store, query, narrowed, kinds, most=1).claims == value.claims
    origins = counts.values[FacetKind.ORIGIN]
    assert origins[0].name != origins[0].value
    assert [value.claims for value in origins] == sorted((value.claims for value in origins), reverse=True)


def test_no_claim_has_no_facets(seeded_store: Store) -> None:
    counts = count_facets(seeded_store, None, ClaimFilters(topic="no-such"), (FacetKind.STATUS,), most=3)
    assert (counts.claims, counts.complete, counts.values) == (0, True, {FacetKind.STATUS: []})


def test_of_many_claims_the_latest_are_counted(seeded_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facet_counts, "COUNTED_AT_MOST", 5)
    for query in (None, parse("russia")):
        counts = count_facets(seeded_store, query, ClaimFilters(), (FacetKind.STATUS,), most=9)
        assert (counts.claims, counts.complete) == (5, False)
        assert sum(value.claims for value in counts.values[FacetKind.STATUS]) == 5


def test_the_latest_keys_are_those_of_the_first_page(seeded_store: Store) -> None:
    claims = seeded_store.claims
    [newest] = claims.claims_page(ClaimFilters(), Sort.RECENCY, None, 1)
    [state] = claims.claim_states([newest.key])
    for filters in (ClaimFilters(), ClaimFilters(topic="sanctions", updated_since=state.updated_at)):
        page = claims.claims_page(filters, Sort.RECENCY, None, 7)
        assert claims.latest_keys(filters, 7) == [claim.key for claim in page]


def test_the_influence_of_a_whole_is_that_of_its_parts(seeded_store: Store) -> None:
    part = source_influence.source_influence(seeded_store, "south-korea-nis", 200)
    whole = source_influence.source_influence(seeded_store, "south-korea-government", 200)
    assert set(part.alone) <= set(whole.alone)
    repeats = {source.id: number for source, number in whole.repeaters}
    for source, number in part.repeaters:
        assert number <= repeats[source.id]
    assert "south-korea-nis" not in repeats
    assert repeats[WSJ] > 0


def test_the_documents_that_cite_a_source_do_so_for_as_many_claims(seeded_store: Store) -> None:
    influence = source_influence.source_influence(seeded_store, WSJ, 3)
    [record] = seeded_store.catalogue.sources([WSJ])
    citing = {document.id: number for document, number in influence.citing}
    assert citing[REPORT] == record.claims[Role.ORIGIN] + record.claims[Role.RELAY]
    assert [document.id for document in influence.copies] == ["doc-workers-flood", REPORT]
    assert len(influence.alone) == 4
    assert influence.complete


def test_the_numbers_of_a_source_are_those_of_the_lists(seeded: FlaskClient) -> None:
    for source in (WSJ, "russia-government", "north-korea-government"):
        told = get(seeded, f"/v1/sources/{source}/influence", limit=3)
        assert told["claims"] == get(seeded, f"/v1/sources/{source}")["claims"]
        for stance, number in told["stances"].items():
            assert number == len(walk(seeded, "/v1/claims", origin=source, stance=stance)), (source, stance)
        for name in ("alone", "denied"):
            given = dict(parse_qsl(urlsplit(told[name]["list"]).query))
            listed = ids(walk(seeded, "/v1/claims", **given, sort="mentions"))
            assert told[name]["claims"] == listed[:3]
            assert len(listed) == told[name].get("number", len(listed))
        shown = told["repeated"]["parties"]
        assert [party["claims"] for party in shown] == sorted((party["claims"] for party in shown), reverse=True)
        whole = get(seeded, f"/v1/sources/{source}/influence", limit=100)["repeated"]
        assert (whole["parties"][:3], whole["further_parties"]) == (shown, 0)
        assert len(shown) + told["repeated"]["further_parties"] == len(whole["parties"])
        assert whole["complete"]
        assert (told["alone"]["number"] > 0) == (source == WSJ or told["alone"]["claims"] != [])


def test_of_many_claims_of_a_source_the_latest_are_read(seeded_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_influence, "CLAIMS_AT_MOST", 2)
    assert not source_influence.source_influence(seeded_store, WSJ, 3).complete
    with pytest.raises(NotFound):
        source_influence.source_influence(seeded_store, "nobody", 3)


def test_a_document_states_its_claims_page_by_page(seeded_store: Store) -> None:
    first = document_statements(seeded_store, REPORT, None, 30)
    rest = document_statements(seeded_store, REPORT, first.following, 30)
    assert len(first.claims) + len(rest.claims) == first.record.claims
    assert rest.following is None
    for stated in (*first.claims, *rest.claims):
        assert {mention.document for mention in stated.mentions} == {REPORT}
    assert first.original is not None
    assert first.original.publisher == WSJ
    stances = {mention.stance for stated in rest.claims for mention in stated.mentions}
    assert Stance.SUPPORTS in stances


def test_conflicts_of_a_status_are_those_of_that_status(seeded_store: Store) -> None:
    contested = ClaimFilters(conflict=IN_CONFLICT[1], status=Status.CONTESTED)
    page = list_conflicts(seeded_store, None, 50, contested)
    assert page.following is None
    assert {item.result.status for item in page.claims} == {Status.CONTESTED}
    assert all(item.result.conflicts for item in page.claims)


def test_the_latest_history_is_the_end_of_the_history(seeded_store: Store) -> None:
    every = list_history(seeded_store, example_claim(), 0, 500)
    assert latest_history(seeded_store, example_claim(), 5) == every[:-6:-1]
