"""Read how a model is used from the files that sentence-transformers writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.model.errors import ConfigError
from service.search.encoders.model_folder import ModelFolder, graph_file, read_folder
from tests.search.encoders.tiny_model import write_json


@pytest.fixture
def described(tmp_path: Path) -> Path:
    """Return a folder of a model with no more than it has to have."""
    (tmp_path / "tokenizer.json").write_text("{}")
    (tmp_path / "model.onnx").write_bytes(b"weights")
    return tmp_path


def _read(path: Path) -> ModelFolder:
    graph = graph_file(path)
    assert graph is not None
    return read_folder(path, graph)


def test_what_is_left_out_is_what_sentence_transformers_assumes(described: Path) -> None:
    read = _read(described)
    assert (read.graph.name, read.pooling, read.max_tokens, read.pad_id) == ("model.onnx", "mean", 512, 0)
    assert (read.prompt, read.lower_case, read.other_modules) == ("", False, ())


def test_what_the_files_say_is_read(described: Path) -> None:
    types = ["Transformer", "Pooling", "Dense", "Normalize"]
    modules = [{"type": f"sentence_transformers.models.{kind}", "path": f"9_{kind}"} for kind in types]
    write_json(described, "modules.json", modules)
    write_json(described, "9_Pooling/config.json", {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False})
    write_json(described, "sentence_roberta_config.json", {"max_seq_length": 128, "do_lower_case": True})
    write_json(described, "config.json", {"pad_token_id": 1, "max_position_embeddings": 514})
    prompts = {"query": "query: ", "passage": "passage: "}
    write_json(described, "config_sentence_transformers.json", {"prompts": prompts, "default_prompt_name": "query"})

    read = _read(described)

    assert (read.pooling, read.max_tokens, read.pad_id) == ("cls", 128, 1)
    assert (read.prompt, read.lower_case, read.other_modules) == ("query: ", True, ("Dense",))


@pytest.mark.parametrize(
    ("tokenizer", "positions", "expected"),
    [(512, 514, 512), (10**30, 256, 256), (10**30, None, 512), (None, 77, 77)],
    ids=["tokenizer", "positions", "neither", "no tokenizer's"],
)
def test_without_a_limit_of_its_own_the_model_takes_what_it_can(
    described: Path, tokenizer: int | None, positions: int | None, expected: int
) -> None:
    write_json(described, "tokenizer_config.json", {"model_max_length": tokenizer})
    write_json(described, "config.json", {"max_position_embeddings": positions})
    assert _read(described).max_tokens == expected


@pytest.mark.parametrize(
    ("config", "expected"),
    [({"pooling_mode": "mean"}, "mean"), ({"pooling_mode": ["cls"]}, "cls"), ({"pooling_mode_cls_token": True}, "cls")],
    ids=["name", "list", "old"],
)
def test_poolings_are_read_in_both_forms(described: Path, config: dict[str, object], expected: str) -> None:
    write_json(described, "1_Pooling/config.json", config)
    assert _read(described).pooling == expected


@pytest.mark.parametrize(
    ("file", "content", "error"),
    [
        ("1_Pooling/config.json", {"pooling_mode_lasttoken": True}, "names the pooling lasttoken; mean or cls"),
        ("1_Pooling/config.json", {"pooling_mode": ["mean", "max"]}, "names the pooling mean and max"),
        ("1_Pooling/config.json", {"pooling_mode_mean_tokens": False}, "names the pooling none"),
        ("1_Pooling/config.json", {"pooling_mode": 7}, "names the pooling 7"),
        ("1_Pooling/config.json", ["mean"], "is not an object"),
        ("modules.json", ["Pooling"], "is not a list of modules"),
        ("modules.json", 7, "is not a list of modules"),
        (
            "sentence_bert_config.json",
            {"max_seq_length": "long"},
            "has max_seq_length 'long'; a number of tokens",
        ),
        ("sentence_bert_config.json", {"max_seq_length": 2}, "has max_seq_length 2"),
        ("config_sentence_transformers.json", {"default_prompt_name": "query"}, "has the default_prompt_name 'query'"),
    ],
    ids=str,
)
def test_what_cannot_be_used_is_named(described: Path, file: str, content: object, error: str) -> None:
    write_json(described, file, content)
    with pytest.raises(ConfigError, match=error):
        _read(described)


def test_a_prompt_that_the_pooling_leaves_out_is_refused(described: Path) -> None:
    prompted = {"prompts": {"query": "query: "}, "default_prompt_name": "query"}
    write_json(described, "config_sentence_transformers.json", prompted)
    write_json(described, "1_Pooling/config.json", {"pooling_mode": "mean", "include_prompt": False})
    with pytest.raises(ConfigError, match="include_prompt"):
        _read(described)


def test_a_file_that_is_no_json_is_named(described: Path) -> None:
    (described / "config.json").write_bytes(b"\xff{")
    with pytest.raises(ConfigError, match=r"config\.json cannot be read as JSON"):
        _read(described)


def test_a_folder_without_a_tokenizer_is_refused(described: Path) -> None:
    (described / "tokenizer.json").unlink()
    with pytest.raises(ConfigError, match=r"has no tokenizer\.json"):
        _read(described)


def test_the_digest_is_of_all_that_the_vectors_depend_on(described: Path) -> None:
    digests = [_read(described).digest()]
    for file, content in {"model.onnx": b"other", "model.onnx_data": b"more", "tokenizer.json": b"[]"}.items():
        (described / file).write_bytes(content)
        digests.append(_read(described).digest())
    write_json(described, "1_Pooling/config.json", {"pooling_mode": "cls"})
    digests.append(_read(described).digest())

    assert len(set(digests)) == 5
    (described / "README.md").write_text("Not part of the model.")
    assert _read(described).digest() == digests[-1]
