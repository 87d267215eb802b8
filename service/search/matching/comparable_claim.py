"""A claim in the forms that texts are compared with: its text, and the titles of its reviews."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from service.search.folding import fold
from service.search.matching.amounts import number
from service.search.matching.function_words import FUNCTION_STEMS
from service.search.search_document import FIELDS, STEM, SearchDocument
from service.search.stemming import stem
from service.search.tokenizer import words

TITLES_COMPARED = 3
"""The most titles that a text is compared with: those of the latest reviews."""
# A title of fewer words that say something, such as "Fact check", is no statement.
_TITLE_LEAST = 3
# Fields beside the text that are about the claim itself: all but the titles, the last one.
_OTHER_FIELDS = len(FIELDS) - 2
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Comparable:
    """A claim prepared for comparison, by its text or by a title of its reviews.

    ``stems`` maps the stems of this ``text`` to their words; ``content_stems`` are those without function words.
    ``context_stems`` are the stems of the claim's other fields. ``names`` are stems, ``numbers`` those of the text.
    """

    key: int
    text: str
    stems: dict[str, str]
    content_stems: frozenset[str]
    context_stems: frozenset[str]
    names: frozenset[str]
    numbers: frozenset[float]


def comparables(document: SearchDocument) -> tuple[Comparable, ...]:
    """Prepare the claim of ``document`` for comparison by its text, and by the titles of its latest reviews."""
    values = document.values()
    own = comparable(document)
    context = own.context_stems | own.stems.keys()
    titles = (_titled(document.key, title, context) for title in values.get("titles", ()) if title != own.text)
    return own, *islice((form for form in titles if len(form.content_stems) >= _TITLE_LEAST), TITLES_COMPARED)


def comparable(document: SearchDocument) -> Comparable:
    """Prepare the claim of ``document`` for comparison by its text."""
    text_line, *other_lines = document.stems.split("\n")
    stems = [stem_.removeprefix(STEM) for stem_ in text_line.split()]
    [text] = document.values()["text"]
    context = (stem_.removeprefix(STEM) for line in other_lines[:_OTHER_FIELDS] for stem_ in line.split())
    return _prepared(document.key, text, dict(zip(stems, _terms(document, stems), strict=False)), frozenset(context))


def _titled(key: int, title: str, context: frozenset[str]) -> Comparable:
    return _prepared(key, title, {stem(word.term): word.term for word in words(title)}, context)


def _prepared(key: int, text: str, stems: dict[str, str], context: frozenset[str]) -> Comparable:
    return Comparable(
        key=key,
        text=text,
        stems=stems,
        content_stems=frozenset(stems) - FUNCTION_STEMS,
        context_stems=context,
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
