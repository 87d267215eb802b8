"""Vectors of a model that is small enough to compute them by hand, and what is said of models that cannot be used."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from service.model.errors import ConfigError
from service.search.encoders import load_encoder
from tests.search.encoders.tiny_model import (
    DIMENSIONS,
    TABLE,
    WORDS,
    rows,
    unit,
    write_graph,
    write_json,
    write_tokenizer,
)


def test_a_text_is_the_mean_of_its_tokens_whatever_stands_beside_it(folder: Path) -> None:
    encoder = load_encoder(str(folder))
    vectors = encoder.encode(["a b", "c", "d e f g h"])

    assert encoder.dimensions == DIMENSIONS
    assert vectors.dtype == np.float32
    assert vectors.shape == (3, DIMENSIONS)
    expected = [["a", "b"], ["c"], ["d", "e", "f", "g", "h"]]
    for vector, words in zip(vectors, expected, strict=True):
        assert vector == pytest.approx(unit(rows("[CLS]", *words, "[SEP]").mean(axis=0)), abs=1e-6)


def test_a_text_is_its_first_token_if_the_model_says_so(folder: Path) -> None:
    write_json(folder, "1_Pooling/config.json", {"pooling_mode": "cls"})

    vectors = load_encoder(str(folder)).encode(["a b", "c"])

    assert vectors == pytest.approx(np.array([unit(rows("[CLS]")[0])] * 2), abs=1e-6)


def test_a_long_text_is_cut_at_the_limit_of_the_model(folder: Path) -> None:
    [vector] = load_encoder(str(folder)).encode(["a b c d e f g h i j"])
    assert vector == pytest.approx(unit(rows("[CLS]", *"abcdef", "[SEP]").mean(axis=0)), abs=1e-6)


def test_texts_keep_their_order_through_batches(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.search.encoders.onnx_encoder._BATCH_TOKENS", 40)
    encoder = load_encoder(str(folder))
    texts = [" ".join(WORDS[5 + (number * 7 + at) % 16] for at in range(number % 9)) for number in range(75)]

    together = encoder.encode(texts)

    assert together == pytest.approx(np.vstack([encoder.encode([text]) for text in texts]), abs=1e-6)
    assert encoder.encode([]).shape == (0, DIMENSIONS)


def test_a_batch_has_a_bound_in_texts_and_in_tokens(folder: Path) -> None:
    from service.search.encoders.onnx_encoder import _batches

    lengths = [*range(200, 0, -1), 600, *[3] * 90]

    batches = list(_batches(lengths))

    assert sorted(place for batch in batches for place in batch) == list(range(len(lengths)))
    for batch in batches:
        assert len(batch) == 1 or len(batch) * max(lengths[place] for place in batch) <= 512
    assert max(map(len, batches)) == 32


def test_short_texts_are_filled_up_with_the_token_of_the_model(folder: Path) -> None:
    write_json(folder, "config.json", {"pad_token_id": WORDS.index("p")})
    write_graph(folder / "onnx/model.onnx", output="sentence_embedding", largest=True)

    short, _ = load_encoder(str(folder)).encode(["a", "b c d"])

    assert short == pytest.approx(unit(rows("[CLS]", "a", "[SEP]", "p").max(axis=0)), abs=1e-6)


def test_the_prompt_precedes_each_text(folder: Path) -> None:
    prompted = {"prompts": {"query": "query: "}, "default_prompt_name": "query"}
    write_json(folder, "config_sentence_transformers.json", prompted)
    [vector] = load_encoder(str(folder)).encode(["a"])
    assert vector == pytest.approx(unit(rows("[CLS]", "query:", "a", "[SEP]").mean(axis=0)), abs=1e-6)


def test_small_letters_are_made_where_the_model_has_no_others(folder: Path) -> None:
    write_json(folder, "sentence_bert_config.json", {"max_seq_length": 8, "do_lower_case": True})
    large, small = load_encoder(str(folder)).encode(["A B", "a b"])
    assert large == pytest.approx(small)


def test_a_graph_that_pools_by_itself_is_believed(folder: Path) -> None:
    modules = [{"type": f"sentence_transformers.models.{kind}", "path": ""} for kind in ("Transformer", "Dense")]
    write_json(folder, "modules.json", modules)
    write_graph(folder / "onnx/model.onnx", output="sentence_embedding", largest=True)

    [vector] = load_encoder(str(folder)).encode(["a b"])

    assert vector == pytest.approx(unit(rows("[CLS]", "a", "b", "[SEP]").max(axis=0)), abs=1e-6)


def test_graphs_with_fewer_and_smaller_inputs_are_fed(folder: Path) -> None:
    write_graph(folder / "onnx/model.onnx", inputs={"input_ids": "INT32"})
    [vector] = load_encoder(str(folder)).encode(["a"])
    assert vector == pytest.approx(unit(rows("[CLS]", "a", "[SEP]").mean(axis=0)), abs=1e-6)


def test_another_model_in_the_same_folder_has_another_name(folder: Path) -> None:
    name = load_encoder(str(folder)).name
    assert name.startswith(f"tiny-{DIMENSIONS}-")
    assert load_encoder(str(folder)).name == name
    write_graph(folder / "onnx/model.onnx", table=-TABLE)
    assert load_encoder(str(folder)).name != name


def _no_graph(folder: Path) -> None:
    (folder / "onnx/model.onnx").write_bytes(b"version https://example.org/lfs")


def _no_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").write_text("{}")


def _unknown_input(folder: Path) -> None:
    write_graph(folder / "onnx/model.onnx", inputs={"input_ids": "INT64", "position_ids": "INT64"})


def _floats(folder: Path) -> None:
    write_graph(folder / "onnx/model.onnx", inputs={"input_ids": "INT64", "attention_mask": "FLOAT"})


def _no_ids(folder: Path) -> None:
    write_graph(folder / "onnx/model.onnx", inputs={"token_type_ids": "INT64"})


def _one_vector(folder: Path) -> None:
    write_graph(folder / "onnx/model.onnx", largest=True)


def _every_token(folder: Path) -> None:
    write_graph(folder / "onnx/model.onnx", output="sentence_embedding")


def _one_text(folder: Path) -> None:
    write_graph(folder / "onnx/model.onnx", axes=(1, "tokens"))


def _other_words(folder: Path) -> None:
    write_tokenizer(folder, [*WORDS, "q"])


def _dense(folder: Path) -> None:
    write_json(folder, "modules.json", [{"type": "sentence_transformers.models.Dense", "path": "2_Dense"}])


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (_no_graph, r"model\.onnx is not an ONNX graph that onnxruntime runs"),
        (_no_tokenizer, r"tokenizer\.json is not a tokenizer"),
        (_unknown_input, "has the input 'position_ids'"),
        (_floats, r"has the input 'attention_mask' of tensor\(float\)"),
        (_no_ids, "has no input 'input_ids'"),
        (_one_vector, r"in the shape \(2, 4\) for 2 texts of 8 tokens; \(2, 8, dimensions\) is expected"),
        (_every_token, r"returns 'sentence_embedding' in the shape \(2, 8, 4\)"),
        (_one_text, "cannot encode a text of 8 tokens with one of 1 token"),
        (_other_words, "cannot encode .* its own tokenizer.json"),
        (_dense, "ends before the module Dense"),
    ],
)
def test_a_model_that_cannot_be_used_is_explained(folder: Path, spoil: Callable[[Path], None], error: str) -> None:
    spoil(folder)
    with pytest.raises(ConfigError, match=f"^SEMANTIC_MODEL: .*{error}"):
        load_encoder(str(folder))


_ALONE = """
import sys
from pathlib import Path
from service.search.encoders import load_encoder
import service.search.encoders.onnx_encoder

def threads(): return len(list(Path("/proc/self/task").glob("*")))

before = threads()
encoder = load_encoder(sys.argv[1])
encoder.encode(["a", "b c"] * 100)
print(threads() - before, {"torch", "sentence_transformers", "transformers", "huggingface_hub"} & sys.modules.keys())
"""


def test_no_thread_is_started_and_nothing_of_pytorch_imported(folder: Path) -> None:
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}  # numpy has threads of its own
    command = [sys.executable, "-c", _ALONE, str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    assert done.stdout == "0 set()\n"


@pytest.mark.parametrize(
    ("package", "graph", "extra"),
    [
        ("onnxruntime", True, "semantic-onnx"),
        ("tokenizers", True, "semantic-onnx"),
        ("torch", False, "semantic"),
    ],
    ids=["onnxruntime", "tokenizers", "torch"],
)
def test_a_missing_package_is_named_with_its_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str, graph: bool, extra: str
) -> None:
    (tmp_path / "tokenizer.json").touch()
    if graph:
        (tmp_path / "model.onnx").touch()
    for module in ("onnx_encoder", "torch_encoder"):
        monkeypatch.delitem(sys.modules, f"service.search.encoders.{module}", raising=False)
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(ConfigError, match=rf"pip install 'claim-verification\[{extra}\]'"):
        load_encoder(str(tmp_path))
