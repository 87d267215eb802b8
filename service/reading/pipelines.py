"""Pipelines of spaCy as they describe themselves, found by folder or name without importing them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from service.model.errors import ConfigError
from service.reading.languages import languages

SUBJECTS = frozenset({"nsubj", "nsubjpass", "nsubj:pass", "csubj", "csubjpass", "csubj:pass"})
"""The labels of subjects in Universal Dependencies and ClearNLP; a parser without any of them is not understood."""
# Components of spaCy that set no dependencies.
_NO_PARSERS = frozenset(
    (
        *("tok2vec", "transformer", "curated_transformer", "tagger", "morphologizer", "attribute_ruler"),
        *("lemmatizer", "trainable_lemmatizer", "ner", "entity_ruler", "entity_linker", "spancat"),
        *("spancat_singlelabel", "span_ruler", "span_finder", "textcat", "textcat_multilabel", "senter", "sentencizer"),
    )
)


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A pipeline: the folder or name by which spaCy loads it, its language, and the components that may parse."""

    name: str
    language: str
    parsers: tuple[str, ...]


def find_pipelines(value: str) -> tuple[Pipeline, ...]:
    """Return the pipelines of a setting, folders or names of installed packages with commas between them.

    Raises ``ConfigError``.
    """
    names = [name for name in map(str.strip, value.split(",")) if name]
    if names and find_spec("spacy") is None:
        raise ConfigError("needs spaCy: install the extra `nlp`")
    found = [_described(name) for name in names]
    _refuse_two_for_one_language(found)
    return tuple(found)


def _described(name: str) -> Pipeline:
    meta = _meta(name)
    language, components = str(meta.get("lang", "")), [str(one) for one in meta.get("pipeline", ())]
    if language not in languages():
        known = ", ".join(sorted(languages()))
        raise ConfigError(f"names {name!r}, a pipeline for {language!r}: statements are read in {known}")
    parsers = tuple(one for one in components if one not in _NO_PARSERS)
    if not parsers:
        has = ", ".join(components) or "none"
        raise ConfigError(f"names {name!r}, which has no parser (its components: {has}): take a pipeline with one")
    labels = [label for one in parsers for label in meta.get("labels", {}).get(one, ()) if isinstance(label, str)]
    if "parser" in parsers and labels and not SUBJECTS.intersection(labels):
        raise ConfigError(
            f"names {name!r}, whose parser has no label for a subject, such as nsubj: "
            "labels of Universal Dependencies and of ClearNLP are understood"
        )
    return Pipeline(name, language, parsers)


def _meta(name: str) -> dict[str, Any]:
    spec = find_spec(name) if name.isidentifier() else None
    folder = Path(spec.origin).parent if spec is not None and spec.origin else Path(name)
    path = folder / "meta.json"
    if not path.is_file():
        raise ConfigError(
            f"names {name!r}, which is neither the folder of a spaCy pipeline (with a meta.json) nor an installed "
            "package of one: install it with pip, as nothing is downloaded"
        )
    try:
        meta = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ConfigError(f"names {name!r}, whose meta.json is no JSON") from error
    if not isinstance(meta, dict):
        raise ConfigError(f"names {name!r}, whose meta.json is no JSON object")
    return meta


def _refuse_two_for_one_language(found: Sequence[Pipeline]) -> None:
    by_language: dict[str, str] = {}
    for one in found:
        other = by_language.setdefault(one.language, one.name)
        if other != one.name:
            raise ConfigError(f"names two pipelines for {one.language!r}, {other!r} and {one.name!r}: give one of them")
