"""A parser over pipelines of spaCy (the extra ``nlp``, imported only if it is used). Nothing is downloaded."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence, Set
from typing import TYPE_CHECKING

from service.model.errors import ConfigError
from service.reading.pipelines import Pipeline, find_pipelines
from service.reading.syntax import Syntax, Tree, Word

if TYPE_CHECKING:
    from spacy.language import Language

_log = logging.getLogger(__name__)
# Components that cost time and tell nothing of who does what.
_LEFT_OUT = (
    "ner",
    "entity_ruler",
    "entity_linker",
    "lemmatizer",
    "trainable_lemmatizer",
    "senter",
    "spancat",
    "textcat",
    "textcat_multilabel",
)


class SpacyParser:
    """Parses sentences by pipelines that are loaded when they are first needed, one sentence at a time."""

    def __init__(self, pipelines: Sequence[Pipeline]) -> None:
        self._pipelines = {one.language: one for one in pipelines}
        self._loaded: dict[str, Language | None] = {}
        self._lock = threading.Lock()

    @property
    def languages(self) -> Set[str]:
        """The languages of the pipelines."""
        return self._pipelines.keys()

    def parse(self, sentence: str, language: str) -> Tree:
        """Return the words of a sentence; none if its pipeline cannot be loaded, which is logged once."""
        with self._lock:
            if language not in self._loaded:
                self._loaded[language] = self._load(self._pipelines[language])
            pipeline = self._loaded[language]
            return () if pipeline is None else _tree(pipeline, sentence)

    def _load(self, pipeline: Pipeline) -> Language | None:
        try:
            return load(pipeline)
        except ConfigError as error:
            _log.error("statements in %s are read by rules alone: NLP_PIPELINE %s", pipeline.language, error)
            return None


def syntax_of(setting: str) -> Syntax | None:
    """Return the trees by the pipelines of a setting, which are not loaded yet; ``None`` if it names none."""
    pipelines = find_pipelines(setting)
    return Syntax(SpacyParser(pipelines)) if pipelines else None


def load(pipeline: Pipeline) -> Language:
    """Load a pipeline. Raises ``ConfigError`` if that fails, or if it sets no dependencies.

    Of a folder only data is read: a component that no installed package registers is an error.
    """
    import spacy

    try:
        loaded = spacy.load(pipeline.name, exclude=_LEFT_OUT)
        parsed = loaded("One of them.")
    except (OSError, ValueError, ImportError, KeyError, TypeError, RuntimeError) as error:
        reason = " ".join(str(error).split())[:300]
        raise ConfigError(f"names {pipeline.name!r}, which cannot be loaded: {reason}") from error
    if not parsed.has_annotation("DEP"):
        raise ConfigError(
            f"names {pipeline.name!r}, which sets no dependencies (its components: {', '.join(loaded.pipe_names)}): "
            "take a pipeline with a parser"
        )
    return loaded


def _tree(pipeline: Language, sentence: str) -> Tree:
    # Without a zone the vocabulary would keep every word that was ever read.
    with pipeline.memory_zone():
        return tuple(
            Word(
                token.idx,
                token.idx + len(token),
                token.head.i,
                token.dep_.lower(),
                token.dep_ == "neg" or "Neg" in token.morph.get("Polarity"),
            )
            for token in pipeline(sentence)
        )
