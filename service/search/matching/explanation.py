"""The words, numbers and names that a passage and a claim share, in the claim's words, shown beside the score."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from service.search.matching.amounts import amounts, number, numbers_in
from service.search.matching.dates import MONTHS
from service.search.matching.differences import Difference
from service.search.matching.function_words import FUNCTION_STEMS
from service.search.matching.passage import Passage
from service.search.search_document import SearchDocument
from service.search.stemming import stem
from service.search.tokenizer import Word, words

_TERMS_AT_MOST = 12
_SHOWN = ("text", "subject", "claimants", "reported", "titles")


@dataclass(frozen=True, slots=True)
class Unshared:
    """Numbers and names that only one side has: a hint where to look, not a finding."""

    numbers: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatchReasons:
    """The reasons for a match: ``terms`` (rarest first), ``numbers`` and ``names`` that both have, and what differs.

    ``differences`` are certain; what is ``in_text_only`` or ``in_claim_only`` may be worded differently on the other
    side.
    """

    terms: tuple[str, ...]
    numbers: tuple[str, ...]
    names: tuple[str, ...]
    differences: tuple[Difference, ...]
    in_text_only: Unshared
    in_claim_only: Unshared


def explain_match(
    passage: Passage, document: SearchDocument, weights: Mapping[str, float], differing: Sequence[Difference]
) -> MatchReasons:
    """Explain why the claim of ``document`` matches ``passage``, given their differences."""
    terms: dict[str, str] = {}
    numbers: dict[float, str] = {}
    names: list[str] = []
    fields = document.values()
    for value in (value for name in _SHOWN for value in fields.get(name, ())):
        split = words(value)
        named = _named(value, split)
        for word in split:
            amount = number(word.term)
            if amount is not None and amount in passage.numbers:
                numbers.setdefault(amount, value[word.start : word.end])
            elif word not in named and stem(word.term) not in FUNCTION_STEMS and stem(word.term) in passage.stems:
                terms.setdefault(stem(word.term), value[word.start : word.end])
        names += _runs(value, [word for word in split if word in named and stem(word.term) in passage.stems])
    rarest = sorted(terms, key=lambda found: -weights.get(found, 0.0))[:_TERMS_AT_MOST]
    longest = [
        name
        for name in dict.fromkeys(names)
        if not any(f" {name} " in f" {other} " for other in names if other != name)
    ]
    return MatchReasons(
        tuple(terms[found] for found in rarest),
        tuple(numbers.values()),
        tuple(longest),
        tuple(differing),
        *_unshared(passage, fields),
    )


def _unshared(passage: Passage, fields: Mapping[str, Sequence[str]]) -> tuple[Unshared, Unshared]:
    """Return what only the passage has, and what only the text of the claim has."""
    texts = [value for name in _SHOWN for value in fields.get(name, ())]
    read = [(value, words(value)) for value in texts]
    stems = {stem(word.term) for _, split in read for word in split}
    numbers = frozenset().union(*(numbers_in(amounts(value, split), split) for value, split in read))
    text = passage.text[passage.start : passage.end]
    split = words(text)
    # Subjects come first: a capitalised first word may be a name.
    first = {word for word in split[:1] if text[word.start].isupper() and _may_be_name(text, word)}
    passage_only = _only(text, split, _named(text, split) | first, stems, numbers)
    value, split = read[0]
    return passage_only, _only(value, split, _named(value, split), passage.stems, passage.numbers)


def _only(text: str, split: Sequence[Word], named: Set[Word], stems: Container[str], numbers: Set[float]) -> Unshared:
    """Return the amounts in ``text``, and the names among ``named``, that the other side does not have."""
    shouted = _shouted(text, split) or 5 * len(named) > 4 * len(split)
    names = () if shouted else _runs(text, [word for word in split if word in named and stem(word.term) not in stems])
    shown = (text[one.start : one.end] for one in amounts(text, split) if not {one.low, one.high} <= numbers)
    return Unshared(_first(shown), _first(names))


def _first(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))[:_TERMS_AT_MOST]


def _named(value: str, split: Sequence[Word]) -> set[Word]:
    """Return the capitalised words except months; the first word only if the second is capitalised too."""
    capital = [word for word in split if value[word.start].isupper()]
    if capital[:1] == list(split[:1]) and not (len(split) > 1 and split[1] in capital):
        capital = capital[1:]
    shouted = _shouted(value, split)
    return {word for word in capital if word.term not in MONTHS and _may_be_name(value, word, shouted=shouted)}


def _may_be_name(value: str, word: Word, *, shouted: bool = False) -> bool:
    """Return whether a word may be a name: "UN" may, "un" and "Un" may not."""
    spelling = value[word.start : word.end]
    return stem(word.term) not in FUNCTION_STEMS or (not shouted and len(spelling) > 1 and spelling.isupper())


def _shouted(value: str, split: Sequence[Word]) -> bool:
    """Return whether most words are in capitals."""
    return 2 * sum(value[word.start : word.end].isupper() for word in split) > len(split)


def _runs(value: str, named: Sequence[Word]) -> Iterator[str]:
    """Join neighbouring words to names."""
    run: list[Word] = []
    for word in named:
        if run and value[run[-1].end : word.start] != " ":
            yield value[run[0].start : run[-1].end]
            run = []
        run.append(word)
    if run:
        yield value[run[0].start : run[-1].end]
