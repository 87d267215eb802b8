"""Claims matched with a pipeline of spaCy: who does what to whom is read from dependencies."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from service.config import Settings, load_settings
from service.model.actors import Caller, KeyRole
from service.model.entities import Claim
from service.reading.spacy_parser import syntax_of
from service.search.relations.findings import Relation
from service.store import Store
from service.use_cases import editing
from service.use_cases.match import match_texts
from tests.application import application
from tests.web.resources.matching import match_results

# Of spaCy and others; none of it is ours.
pytestmark = [pytest.mark.one_engine, pytest.mark.filterwarnings("ignore")]

EDITOR = Caller("Ed", KeyRole.EDITOR, "k")
CLAIMS = {"sued": "The farmers sued the bank.", "praised": "Lara praised Otto."}


@pytest.fixture
def claims(store: Store) -> Store:
    """Return a store with a few claims."""
    for name, text in CLAIMS.items():
        editing.create_claim(store, EDITOR, Claim(name, text, "The town", topics=("town",)))
    return store


def related(store: Store, text: str, pipeline: Path | None) -> Relation:
    """Return the relation of a text to the claim that it is about."""
    syntax = syntax_of(str(pipeline or ""))
    [[first, *_]] = match_texts(store, [text], 5, 0.0, syntax=syntax)
    return first.relation


def test_parties_that_change_sides_are_told(claims: Store, pipeline: Path) -> None:
    for text, expected in {
        "The bank sued the farmers.": ["roles"],
        "The farmers were sued by the bank.": ["roles"],
        "The bank was sued by the farmers.": [],
        "Otto praised Lara.": ["roles"],
        "Otto was praised by Lara.": [],
        "Lara was praised by Otto.": ["roles"],
    }.items():
        found = related(claims, text, pipeline)
        assert [str(one.kind) for one in found.differences] == expected, text


def test_a_denial_is_one_of_its_clause(claims: Store, pipeline: Path) -> None:
    [difference] = related(claims, "The farmers did not sue the bank.", pipeline).differences
    assert difference.kind == "polarity"
    beside = "Farmers, who never slept, sued the bank."
    assert related(claims, beside, pipeline).kind == "same"
    assert related(claims, beside, None).kind == "contradicts"


def test_who_says_it_is_the_subject_of_the_verb(store: Store, pipeline: Path) -> None:
    editing.create_claim(store, EDITOR, Claim("said", f"Nora said that {CLAIMS['sued'].lower()}", "The town"))
    assert related(store, "Nora said that the farmers sued the bank.", pipeline).kind == "same"
    [difference] = related(store, "Otto said that the farmers sued the bank.", pipeline).differences
    assert (difference.kind, difference.text, difference.claim) == ("speaker", "Otto", "Nora")


def test_over_http(claims: Store, settings: Settings, pipeline: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NLP_PIPELINE", str(pipeline))
    client = application(claims, replace(settings, nlp_pipeline=load_settings().nlp_pipeline)).test_client()
    beside = "Farmers, who never slept, sued the bank."
    [result] = match_results(client, [beside])
    assert result["matches"][0]["relation"] == "same"
    [result] = match_results(client, ["The bank sued the farmers."])
    assert [one["kind"] for one in result["matches"][0]["why"]["differences"]] == ["roles"]
