"""A claim as texts are compared with it."""

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
    """What a claim says: the ``stems`` of its text, with the word each stands for; ``others`` of what is said of it.

    ``telling`` are those of the text that are no function words.
    """

    key: int
    text: str
    stems: dict[str, str]
    telling: frozenset[str]
    others: frozenset[str]
    names: frozenset[str]
    numbers: frozenset[float]


def comparable(document: SearchDocument) -> Comparable:
    """The claim that is found by ``document``."""
    text_line, *other_lines = document.stems.split("\n")
    stems = [stem_.removeprefix(STEM) for stem_ in text_line.split()]
    [text] = document.values()["text"]
    return Comparable(
        key=document.key,
        text=text,
        stems=dict(zip(stems, _terms(document, stems), strict=False)),
        telling=frozenset(stems) - FUNCTION_STEMS,
        others=frozenset(stem_.removeprefix(STEM) for line in other_lines for stem_ in line.split()),
        names=frozenset(_names(text)),
        numbers=frozenset(value for stem_ in stems if (value := number(stem_)) is not None),
    )


def _terms(document: SearchDocument, stems: list[str]) -> list[str]:
    """The terms that ``stems`` are the stems of; of a script without spaces between words they are the same."""
    terms = document.words.split("\n", 1)[0].split()
    return terms if len(terms) == len(stems) else stems


def _names(text: str) -> Iterator[str]:
    """The stems of words with a capital, but for the first."""
    for place, word in enumerate(_WORD.findall(text)):
        if place and word[0].isupper():
            yield stem(fold(word))
