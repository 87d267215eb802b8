"""Sentence vectors by ONNX Runtime and tokenizers, without PyTorch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import onnxruntime
from tokenizers import Tokenizer
from tokenizers.normalizers import Lowercase
from tokenizers.normalizers import Sequence as Normalizers

from service.model.errors import ConfigError
from service.search.encoders.encoder import BATCH, encoder_name
from service.search.encoders.model_folder import ModelFolder

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from service.search.encoders.encoder import Vectors

    Numbers = NDArray[np.int64]

# Bounds the memory: of batches with 2048 tokens a process keeps 127 MB more, and they are no faster.
_BATCH_TOKENS = 512
_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_SENTENCES = "sentence_embedding"
_OUTPUTS = (_SENTENCES, "last_hidden_state", "token_embeddings")
_INTEGERS: dict[str, type[np.integer[Any]]] = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}
_ERRORS = 3
# Below it a vector stays zero: of a text without any token.
_NO_LENGTH = 1e-12


class OnnxEncoder:
    """An ONNX graph with its tokenizer, on one thread. Several threads may encode at once."""

    def __init__(self, folder: ModelFolder) -> None:
        self._folder = folder
        self._tokenizer = _load_tokenizer(folder)
        self._session = _load_graph(folder)
        self._types = self._input_types()
        self._output = self._choose_output()
        self.dimensions = self._try_longest()
        self.name = encoder_name(folder.path.resolve().name, self.dimensions, folder.digest())

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row per text, each of length one."""
        encoded = self._tokenizer.encode_batch([self._folder.prompt + text for text in texts])
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        for batch in _batches([len(one.ids) for one in encoded]):
            ids = _padded([encoded[place].ids for place in batch], self._folder.pad_id)
            mask = _padded([encoded[place].attention_mask for place in batch], 0)
            types = _padded([encoded[place].type_ids for place in batch], 0)
            vectors[batch] = _pooled(self._run(ids, mask, types), mask, self._folder.pooling)
        lengths: Vectors = np.linalg.norm(vectors, axis=1, keepdims=True)
        units: Vectors = (vectors / np.maximum(lengths, _NO_LENGTH)).astype(np.float32, copy=False)
        return units

    def _run(self, ids: Numbers, mask: Numbers, types: Numbers) -> Vectors:
        """Return what the graph makes of the texts: a vector for each, or one for each token of each."""
        given = zip(_INPUTS, (ids, mask, types), strict=True)
        fed = {name: values.astype(self._types[name]) for name, values in given if name in self._types}
        [result] = self._session.run([self._output], fed)
        return result.astype(np.float32, copy=False)  # type: ignore[no-any-return]

    def _input_types(self) -> dict[str, type[np.integer[Any]]]:
        inputs = {one.name: one.type for one in self._session.get_inputs()}
        for name, kind in inputs.items():
            if name not in _INPUTS or kind not in _INTEGERS:
                raise self._error(f"has the input {name!r} of {kind}; {', '.join(_INPUTS)} of int64 are expected")
        if _INPUTS[0] not in inputs:
            raise self._error(f"has no input {_INPUTS[0]!r}")
        return {name: _INTEGERS[kind] for name, kind in inputs.items()}

    def _choose_output(self) -> str:
        names: list[str] = [one.name for one in self._session.get_outputs()]
        output = next((name for name in _OUTPUTS if name in names), names[0])
        if output != _SENTENCES and self._folder.other_modules:
            raise self._error(
                f"ends before the module {self._folder.other_modules[0]} of modules.json, which is not supported: take "
                f"an export of the whole model, with the output {_SENTENCES!r}, or remove the graph so that "
                "sentence-transformers loads the folder"
            )
        return output

    def _try_longest(self) -> int:
        """Encode a longest text, of the last token of the vocabulary, with a short one; return the dimensions.

        No later text exceeds what the graph takes, then.
        """
        size = self._folder.max_tokens
        ids = _padded([[self._tokenizer.get_vocab_size() - 1] * size, [0]], self._folder.pad_id)
        mask = _padded([[1] * size, [1]], 0)
        try:
            result = self._run(ids, mask, np.zeros_like(ids))
        except Exception as error:  # of onnxruntime, whose errors have no other base
            raise self._error(
                f"cannot encode a text of {size} tokens with one of 1 token. It needs free axes for texts and "
                f"tokens, its own tokenizer.json, and a max_seq_length that it was made for: {error}"
            ) from error
        expected = (2,) if self._output == _SENTENCES else (2, size)
        if result.shape[:-1] != expected:
            raise self._error(
                f"returns {self._output!r} in the shape {result.shape} for 2 texts of {size} tokens; "
                f"(2, {size}, dimensions) is expected, or (2, dimensions) of {_SENTENCES!r}"
            )
        return int(result.shape[-1])

    def _error(self, problem: str) -> ConfigError:
        return ConfigError(f"SEMANTIC_MODEL: {self._folder.graph} {problem}")


def _load_tokenizer(folder: ModelFolder) -> Tokenizer:
    try:
        tokenizer = Tokenizer.from_file(str(folder.tokenizer))
    except Exception as error:  # the only class that it raises
        raise ConfigError(f"SEMANTIC_MODEL: {folder.tokenizer} is not a tokenizer: {error}") from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(folder.max_tokens)
    if folder.lower_case:
        tokenizer.normalizer = Normalizers([Lowercase(), *filter(None, [tokenizer.normalizer])])
    return tokenizer


def _load_graph(folder: ModelFolder) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS
    try:
        return onnxruntime.InferenceSession(str(folder.graph), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # of onnxruntime, whose errors have no other base
        raise ConfigError(
            f"SEMANTIC_MODEL: {folder.graph} is not an ONNX graph that onnxruntime runs, or is incomplete (a large "
            f"model has its weights in a second file): {error}"
        ) from error


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield the places of texts to encode at once, of similar length, as fewer tokens are filled up then."""
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        if len(batch) == BATCH or ((len(batch) + 1) * lengths[place] > _BATCH_TOKENS and batch):
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def _padded(rows: Sequence[Sequence[int]], fill: int) -> Numbers:
    table = np.full((len(rows), max(1, *map(len, rows))), fill, np.int64)
    for line, row in zip(table, rows, strict=True):
        line[: len(row)] = row
    return table


def _pooled(result: Vectors, mask: Numbers, pooling: str) -> Vectors:
    """Return a vector for each text: of its first token, or the mean of its tokens."""
    if result.ndim == 2:
        return result
    if pooling == "cls":
        return result[:, 0]
    counts = np.maximum(mask.sum(axis=1, keepdims=True), 1)
    means: Vectors = (np.einsum("abc,ab->ac", result, mask.astype(np.float32)) / counts).astype(np.float32)
    return means
