"""Read from the folder of an ONNX model how its graph makes sentence vectors.

The files are those of sentence-transformers: ``modules.json``, ``1_Pooling/config.json``, ``sentence_bert_config.json``
(the longest text) and ``config_sentence_transformers.json`` (the prompt). What they leave out is what
sentence-transformers assumes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import file_digest, sha256
from itertools import chain
from pathlib import Path
from typing import Any, Literal

from service.model.errors import ConfigError

Pooling = Literal["mean", "cls"]

_GRAPHS = ("model.onnx", "onnx/model.onnx")
_OLD_POOLINGS = {
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_cls_token": "cls",
    "pooling_mode_max_tokens": "max",
    "pooling_mode_mean_sqrt_len_tokens": "mean_sqrt_len_tokens",
    "pooling_mode_weightedmean_tokens": "weightedmean",
    "pooling_mode_lasttoken": "lasttoken",
}
# Encoders always normalise, so that the module which does it is passed over.
_MODULES_READ = {"Transformer", "Pooling", "Normalize"}
# Of a folder that does not say it: the positions of BERT.
_MAX_TOKENS = 512
_FEWEST_TOKENS = 3
# Tokenizers without a limit have 10^30.
_NO_LIMIT = 10**6


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """An ONNX model, and how it is used.

    ``pooling`` and ``other_modules`` count only if the graph returns a vector for each token.
    """

    path: Path
    graph: Path
    tokenizer: Path
    pooling: Pooling
    other_modules: tuple[str, ...]
    max_tokens: int
    pad_id: int
    prompt: str
    lower_case: bool

    def digest(self) -> str:
        """Return a hash of all that the vectors depend on."""
        how = (self.pooling, self.max_tokens, self.pad_id, self.prompt, self.lower_case)
        digest = sha256(repr(how).encode())
        # The weights of a large model are in files beside the graph, named after it.
        for file in chain(sorted(self.graph.parent.glob(f"{self.graph.name}*")), [self.tokenizer]):
            with file.open("rb") as content:
                digest.update(file_digest(content, "sha256").digest())
        return digest.hexdigest()


def graph_file(folder: Path) -> Path | None:
    """Return the ONNX graph in ``folder``, if it has one."""
    return next((folder / name for name in _GRAPHS if (folder / name).is_file()), None)


def read_folder(folder: Path, graph: Path) -> ModelFolder:
    """Return what the files in ``folder`` say. Raises ``ConfigError``."""
    tokenizer = folder / "tokenizer.json"
    if not tokenizer.is_file():
        raise _error(folder, "has no tokenizer.json. It is beside config.json where the model is published")
    modules = list(_modules(folder))
    limits = _first_json(folder, "sentence_*_config.json")
    prompt = _prompt(folder)
    return ModelFolder(
        path=folder,
        graph=graph,
        tokenizer=tokenizer,
        pooling=_pooling(folder / dict(modules).get("Pooling", "1_Pooling") / "config.json", prompt),
        other_modules=tuple(kind for kind, _ in modules if kind not in _MODULES_READ),
        max_tokens=_max_tokens(folder, limits),
        pad_id=_pad_id(folder),
        prompt=prompt,
        lower_case=limits.get("do_lower_case") is True,
    )


def _error(path: Path, problem: str) -> ConfigError:
    return ConfigError(f"SEMANTIC_MODEL: {path} {problem}")


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise _error(path, f"cannot be read as JSON: {error}") from error


def _json(path: Path) -> Mapping[str, Any]:
    content = _read(path)
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise _error(path, 'is not an object, as {"max_seq_length": 256} is')
    return content


def _first_json(folder: Path, pattern: str) -> Mapping[str, Any]:
    return next((_json(path) for path in sorted(folder.glob(pattern))), {})


def _modules(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the kind of each module, such as ``Pooling``, and its folder."""
    path = folder / "modules.json"
    modules = _read(path)
    if modules is None:
        return
    for module in modules if isinstance(modules, list) else [modules]:
        match module:
            case {"type": str(kind), "path": str(where)}:
                yield kind.rpartition(".")[2], where
            case _:
                raise _error(path, 'is not a list of modules, as [{"type": "Transformer", "path": ""}] is')


def _pooling(path: Path, prompt: str) -> Pooling:
    config = _json(path)
    if prompt and config.get("include_prompt") is False:
        raise _error(path, "leaves the prompt out of the pooling (include_prompt is false), which is not supported")
    if not config:
        return "mean"
    given = config.get("pooling_mode", [mode for key, mode in _OLD_POOLINGS.items() if config.get(key) is True])
    match given if isinstance(given, list) else [given]:
        case ["mean"]:
            return "mean"
        case ["cls"]:
            return "cls"
        case names:
            named = " and ".join(map(str, names)) or "none"
            raise _error(path, f"names the pooling {named}; mean or cls is supported")


def _max_tokens(folder: Path, limits: Mapping[str, Any]) -> int:
    given = limits.get("max_seq_length")
    if given is None:
        sizes = (
            _json(folder / "tokenizer_config.json").get("model_max_length"),
            _json(folder / "config.json").get("max_position_embeddings"),
        )
        given = min((size for size in sizes if isinstance(size, int) and 0 < size < _NO_LIMIT), default=_MAX_TOKENS)
    if not isinstance(given, int) or given < _FEWEST_TOKENS:
        raise _error(
            folder,
            f"has max_seq_length {given!r}; a number of tokens from {_FEWEST_TOKENS} on, such as 256, is expected",
        )
    return given


def _pad_id(folder: Path) -> int:
    """Return the number of the token that fills up short texts: some graphs tell by it which tokens count."""
    given = _json(folder / "config.json").get("pad_token_id")
    return given if isinstance(given, int) else 0


def _prompt(folder: Path) -> str:
    """Return the text that precedes each text."""
    path = folder / "config_sentence_transformers.json"
    config = _json(path)
    name, prompts = config.get("default_prompt_name"), config.get("prompts") or {}
    if name is None:
        return ""
    prompt = prompts.get(name) if isinstance(prompts, dict) else None
    if not isinstance(prompt, str):
        example = '{"prompts": {"query": "query: "}, "default_prompt_name": "query"}'
        raise _error(
            path, f"has the default_prompt_name {name!r}, which is not in its prompts; an example is {example}"
        )
    return prompt
