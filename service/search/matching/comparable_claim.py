"""A claim in the form that texts are compared with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from service.search.folding import fold
from service.search.matching.amounts import number
from service.search.matching.function_words import FUNCTION_STEMS
from service.search.search_document import STEM, SearchDocument
from service.search.tokenizer import stem

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Comparable:
    """A claim prepared for comparison.

    ``stems`` maps the stems of its text to their words; ``content_stems`` are those without function words.
    ``context_stems`` are the stems of its other fields. ``names`` are stems, ``numbers`` those of the text.
    """

    key: int
    text: str
    stems: dict[str, str]
    content_stems: frozenset[str]
    context_stems: frozenset[str]
    names: frozenset[str]
    numbers: frozenset[float]


def comparable(document: SearchDocument) -> Comparable:
    """Prepare the claim of ``document`` for comparison."""
    text_line, *other_lines = document.stems.split("\n")
    stems = [stem_.removeprefix(STEM) for stem_ in text_line.split()]
    [text] = document.values()["text"]
    return Comparable(
        key=document.key,
        text=text,
        stems=dict(zip(stems, _terms(document, stems), strict=False)),
        content_stems=frozenset(stems) - FUNCTION_STEMS,
        context_stems=frozenset(stem_.removeprefix(STEM) for line in other_lines for stem_ in line.split()),
        names=frozenset(_names(text)),
        numbers=frozenset(value for stem_ in stems if (value := number(stem_)) is not None),
    )


def _terms(document: SearchDocument, stems: list[str]) -> list[str]:
    """Return the terms of ``stems``; in scripts without spaces between words terms are their own stems."""
    terms = document.words.split("\n", 1)[0].split()
    return terms if len(terms) == len(stems) else stems


def _names(text: str) -> Iterator[str]:
    """Yield the stems of capitalised words, except the first word."""
    for place, word in enumerate(_WORD.findall(text)):
        if place and word[0].isupper():
            yield stem(fold(word))
