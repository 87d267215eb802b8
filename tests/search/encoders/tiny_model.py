"""A folder with a model so small that its vectors can be computed by hand: a row of a table for each word.

`make semantic` installs what it is made with.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "query:", *"abcdefghijklmnop")
DIMENSIONS = 4
TABLE: NDArray[np.float32] = np.random.default_rng(5).standard_normal((len(WORDS), DIMENSIONS)).astype(np.float32)


def rows(*words: str) -> NDArray[np.float32]:
    """Return the rows of the table for the words."""
    return TABLE[[WORDS.index(word) for word in words]]


def unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the vector with the length one."""
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


def write_json(folder: Path, name: str, content: object) -> None:
    """Write a file that describes the model."""
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content))


def write_tokenizer(folder: Path, words: Sequence[str] = WORDS) -> None:
    """Write a tokenizer of words, with ``[CLS]`` before and ``[SEP]`` after them."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    numbers = {word: number for number, word in enumerate(words)}
    tokenizer = Tokenizer(models.WordLevel(numbers, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.post_processor = processors.TemplateProcessing("[CLS] $A [SEP]", None, [("[CLS]", 2), ("[SEP]", 3)])
    # As published: longer than the model takes, and filled up.
    tokenizer.enable_truncation(9999)
    tokenizer.enable_padding()
    tokenizer.save(str(folder / "tokenizer.json"))


def write_graph(
    path: Path,
    *,
    table: NDArray[np.float32] = TABLE,
    inputs: Mapping[str, str] | None = None,
    output: str = "last_hidden_state",
    largest: bool = False,
    axes: Sequence[str | int] = ("texts", "tokens"),
) -> None:
    """Write a graph that returns the row of each token, or with ``largest`` the largest numbers of a text."""
    from onnx import TensorProto, helper, numpy_helper, save

    given = {"input_ids": "INT64", "attention_mask": "INT64", "token_type_ids": "INT64"} if inputs is None else inputs
    nodes = [helper.make_node("Gather", ["table", next(iter(given))], ["rows" if largest else output])]
    if largest:
        nodes.append(helper.make_node("ReduceMax", ["rows"], [output], axes=[1], keepdims=0))
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, getattr(TensorProto, kind), axes) for name, kind in given.items()],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, None)],
        [numpy_helper.from_array(table, "table")],
    )
    path.parent.mkdir(exist_ok=True)
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), str(path))


def write_model(folder: Path) -> None:
    """Write a whole model, as sentence-transformers publishes them."""
    write_tokenizer(folder)
    write_graph(folder / "onnx" / "model.onnx")
    write_json(folder, "1_Pooling/config.json", {"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False})
    write_json(folder, "sentence_bert_config.json", {"max_seq_length": 8, "do_lower_case": False})
    write_json(folder, "config.json", {"pad_token_id": 0})
    kinds = {"": "Transformer", "1_Pooling": "Pooling", "2_Normalize": "Normalize"}
    modules = [{"path": path, "type": f"sentence_transformers.models.{kind}"} for path, kind in kinds.items()]
    write_json(folder, "modules.json", modules)
