"""Vectors of claims: made behind the writes, kept up with them, and searched; by memory and by PostgreSQL."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from service.api import build_app
from service.model.actors import Caller, KeyRole
from service.model.entities import Claim
from service.operations.consistency_check import examine
from service.storage.queries.embeddings import EmbeddingQueries
from service.store import Store
from service.use_cases import editing, merging
from service.use_cases.embeddings import Embedder
from service.use_cases.nearest_claims import Nearest
from service.use_cases.semantic_index import Semantics
from tests.settings import make_settings
from tests.use_cases.semantic.bags import Bags, Same

EDITOR = Caller("Ed", KeyRole.EDITOR, "k")
TEXTS = {
    "ships": "Twelve ships arrived in the harbour in May.",
    "fee": "The harbour fee was doubled.",
    "birds": "Gulls nest on the roof of the town hall.",
}


@pytest.fixture
def claims(store: Store) -> Store:
    """Return a store with three claims."""
    for name, text in TEXTS.items():
        editing.create_claim(store, EDITOR, Claim(name, text, "The town", topics=("town",)))
    return store


@pytest.fixture
def searched(engine: str) -> bool:
    """Return whether the database searches the vectors itself."""
    return engine == "postgres"


def _names(store: Store, encoder: Bags, text: str, limit: int = 3) -> list[tuple[str, float]]:
    nearest = Nearest(store, encoder)
    [found] = nearest.find([text], limit)
    ids: dict[int, str] = dict(store.database.rows("SELECT id, public_id FROM claims"))
    return [(ids[key], cosine) for key, cosine in found.near.items()]


def test_the_nearest_claims_are_found(claims: Store, searched: bool) -> None:
    encoder = Bags()
    nearest = Nearest(claims, encoder)
    [nothing] = nearest.find(["Anything."], 3)
    assert (nothing.near, nothing.cosines([1])) == ({}, {})
    assert nearest.in_database is searched

    assert Embedder(claims, encoder, searched=searched).embed_all() == 3

    for name, text in TEXTS.items():
        found = _names(claims, encoder, text)
        assert found[0][0] == name
        assert found[0][1] == pytest.approx(1, abs=1e-5)
        assert len(found) == 3
        assert [cosine for _, cosine in found] == sorted((cosine for _, cosine in found), reverse=True)
    assert len(_names(claims, encoder, TEXTS["fee"], limit=2)) == 2


def test_without_pgvector_memory_does(claims: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EmbeddingQueries, "prepare_pgvector", lambda *_: False)
    encoder = Bags()
    Embedder(claims, encoder, searched=False).embed_all()

    [(name, cosine), *_] = _names(claims, encoder, TEXTS["birds"])
    assert name == "birds"
    assert cosine == pytest.approx(1, abs=1e-5)


def test_what_changes_is_made_anew_and_nothing_else(claims: Store, searched: bool) -> None:
    encoder = Bags()
    nearest = Nearest(claims, encoder)
    embedder = Embedder(claims, encoder, searched=searched)
    embedder.embed_all()
    nearest.find(["Ships."], 1)
    encoder.encoded.clear()

    editing.change_claim(claims, EDITOR, "fee", lambda claim: replace(claim, text="Storks left."), lambda tag: None)
    editing.change_claim(claims, EDITOR, "ships", lambda claim: replace(claim, place="Harbour"), lambda tag: None)
    editing.create_claim(claims, EDITOR, Claim("new", "A comet was seen.", "The sky", topics=("town",)))

    assert embedder.embed_changes() == 2
    assert sorted(encoder.encoded) == ["A comet was seen.", "Storks left."]
    assert embedder.embed_changes() == 0
    assert embedder.embed_all() == 0
    # What was read into memory before goes on from there.
    for name, text in {"fee": "Storks left.", "new": "A comet was seen.", "ships": TEXTS["ships"]}.items():
        [found] = nearest.find([text], 1)
        [claim] = claims.claims.by_ids([name])
        assert found.near == {claim.key: pytest.approx(1, abs=1e-5)}


def test_another_model_makes_its_own(claims: Store, searched: bool) -> None:
    first, second = Bags(), Bags("other", 32)
    Nearest(claims, first)
    Embedder(claims, first, searched=searched).embed_all()
    assert _names(claims, first, TEXTS["fee"])[0][0] == "fee"

    Nearest(claims, second)
    assert Embedder(claims, second, searched=searched).embed_all() == 3

    assert _names(claims, second, TEXTS["birds"])[0][0] == "birds"


def test_vectors_are_no_part_of_what_is_checked(claims: Store, searched: bool) -> None:
    encoder = Bags()
    Nearest(claims, encoder)
    Embedder(claims, encoder, searched=searched).embed_all()
    assert list(examine(claims)) == []
    merging.merge_claim(claims, EDITOR, "fee", "ships", "The same.")
    assert list(examine(claims)) == []


def test_memory_finds_what_looking_at_every_vector_finds(claims: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EmbeddingQueries, "prepare_pgvector", lambda *_: False)
    monkeypatch.setattr("service.use_cases.nearest_claims._PAGE", 7)
    encoder = Bags(dimensions=8)
    for number in range(40):
        text = f"Number {number % 13} and {number}."
        editing.create_claim(claims, EDITOR, Claim(f"c{number}", text, "Numbers", topics=("town",)))
    Embedder(claims, encoder, searched=False).embed_all()
    every = [(key, np.frombuffer(vector, "<f4")) for _, key, vector in claims.embeddings.vectors_after("bags", 0, 100)]
    asked = "Number 5 and a comet"
    [vector] = encoder.encode([asked])
    expected = sorted(((float(row @ vector), -key) for key, row in every), reverse=True)[:10]

    [found] = Nearest(claims, encoder).find([asked], 10)

    assert list(found.near) == [-key for _, key in expected]


def test_how_near_any_claim_is_can_be_asked(claims: Store, searched: bool) -> None:
    encoder = Bags()
    nearest = Nearest(claims, encoder)
    Embedder(claims, encoder, searched=searched).embed_all()
    keys = {claim.id: claim.key for claim in claims.claims.by_ids(sorted(TEXTS))}

    [found] = nearest.find([TEXTS["fee"]], 1)

    rows = encoder.encode([TEXTS["fee"], TEXTS["birds"]])
    assert list(found.near) == [keys["fee"]]
    assert found.cosines([keys["birds"], 10**9]) == {keys["birds"]: pytest.approx(float(rows[0] @ rows[1]), abs=1e-5)}


@pytest.fixture
def running(claims: Store) -> Iterator[tuple[Store, Semantics, Bags]]:
    """Yield a store with a thread that embeds its claims."""
    semantics, encoder = Semantics(), Bags()
    semantics.use(claims, encoder)
    yield claims, semantics, encoder
    semantics.end()


def test_vectors_follow_the_writes_by_themselves(running: tuple[Store, Semantics, Bags]) -> None:
    store, semantics, _ = running
    editing.create_claim(store, EDITOR, Claim("new", "A comet was seen.", "The sky", topics=("town",)))
    [claim] = store.claims.by_ids(["new"])
    assert semantics.nearest is not None
    deadline = time.monotonic() + 20
    nearest: list[int] = []
    while nearest != [claim.key] and time.monotonic() < deadline:
        time.sleep(0.1)
        [found] = semantics.nearest.find(["A comet was seen."], 1)
        nearest = list(found.near)
    assert nearest == [claim.key]


def test_a_text_in_other_words_is_matched_by_its_meaning(claims: Store, searched: bool) -> None:
    encoder = Bags()
    app = build_app(claims, make_settings("sqlite:///none"))
    app.extensions["semantics"].use(claims, Same(encoder, {"Boats came.": TEXTS["ships"]}))
    Embedder(claims, encoder, searched=searched).embed_all()
    asked = {"texts": ["Boats came.", "Cheese."], "threshold": 0.01}

    try:
        answer = app.test_client().post("/v1/match", json=asked).get_json()
    finally:
        app.extensions["semantics"].end()

    assert answer["meaning"] is True
    [boats, _] = answer["results"]
    assert boats["matches"][0]["claim"]["id"] == "ships"
    assert boats["matches"][0]["why"]["terms"] == []


def test_without_a_model_words_alone_are_compared(claims: Store) -> None:
    app = build_app(claims, make_settings("sqlite:///none"))

    answer = app.test_client().post("/v1/match", json={"texts": ["Boats came.", TEXTS["fee"]]}).get_json()

    assert answer["meaning"] is False
    assert [result["answer"] for result in answer["results"]] == ["none", "match"]
