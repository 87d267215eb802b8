"""What a passage and a claim share, in the words of the claim, to be shown beside the score."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from service.search.matching.amounts import amounts, number, values
from service.search.matching.dates import MONTHS
from service.search.matching.differences import Difference
from service.search.matching.function_words import FUNCTION_STEMS
from service.search.matching.passage import Passage
from service.search.search_document import SearchDocument
from service.search.tokenizer import Word, stem, words

_TERMS_AT_MOST = 12
_SHOWN = ("text", "subject", "claimants", "reported")


@dataclass(frozen=True, slots=True)
class Unshared:
    """Numbers and names that one side has and the other has not: not what is true, but where to look."""

    numbers: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """The ``terms``, the rarest first, the ``numbers`` and the ``names`` that both have, and what does not match.

    ``differences`` are certain; what is ``in_text_only`` or ``in_claim_only`` may be said in other words there.
    """

    terms: tuple[str, ...]
    numbers: tuple[str, ...]
    names: tuple[str, ...]
    differences: tuple[Difference, ...]
    in_text_only: Unshared
    in_claim_only: Unshared


def why(passage: Passage, document: SearchDocument, weights: Mapping[str, float], others: Sequence[Difference]) -> Why:
    """Why the claim found by ``document`` was matched with ``passage``; ``others`` is what they state otherwise."""
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
    return Why(
        tuple(terms[found] for found in rarest),
        tuple(numbers.values()),
        tuple(longest),
        tuple(others),
        *_unshared(passage, fields),
    )


def _unshared(passage: Passage, fields: Mapping[str, Sequence[str]]) -> tuple[Unshared, Unshared]:
    """What only the passage has, and what only the text of the claim has."""
    texts = [value for name in _SHOWN for value in fields.get(name, ())]
    read = [(value, words(value)) for value in texts]
    stems = {stem(word.term) for _, split in read for word in split}
    numbers = frozenset().union(*(values(amounts(value, split), split) for value, split in read))
    text = passage.text[passage.start : passage.end]
    split = words(text)
    # Who does it stands first: a capital there may be that of a name.
    first = {word for word in split[:1] if text[word.start].isupper() and _tells(text, word)}
    said = _only(text, split, _named(text, split) | first, stems, numbers)
    value, split = read[0]
    return said, _only(value, split, _named(value, split), passage.stems, passage.numbers)


def _only(text: str, split: Sequence[Word], named: Set[Word], stems: Container[str], numbers: Set[float]) -> Unshared:
    """The amounts and, of those ``named``, the names in ``text`` of which the other side has nothing."""
    shouted = _shouted(text, split) or 5 * len(named) > 4 * len(split)
    names = () if shouted else _runs(text, [word for word in split if word in named and stem(word.term) not in stems])
    said = (text[one.start : one.end] for one in amounts(text, split) if not {one.low, one.high} <= numbers)
    return Unshared(_first(said), _first(names))


def _first(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))[:_TERMS_AT_MOST]


def _named(value: str, split: Sequence[Word]) -> set[Word]:
    """The words with a capital that are no month; the first one only before another."""
    capital = [word for word in split if value[word.start].isupper()]
    if capital[:1] == list(split[:1]) and not (len(split) > 1 and split[1] in capital):
        capital = capital[1:]
    shouted = _shouted(value, split)
    return {word for word in capital if word.term not in MONTHS and _tells(value, word, shouted=shouted)}


def _tells(value: str, word: Word, *, shouted: bool = False) -> bool:
    """Whether a word may be a name: "UN" is one, "un" and "Un" are not."""
    written = value[word.start : word.end]
    return stem(word.term) not in FUNCTION_STEMS or (not shouted and len(written) > 1 and written.isupper())


def _shouted(value: str, split: Sequence[Word]) -> bool:
    """Whether most words are all capitals."""
    return 2 * sum(value[word.start : word.end].isupper() for word in split) > len(split)


def _runs(value: str, named: Sequence[Word]) -> Iterator[str]:
    """Names of several words as one."""
    run: list[Word] = []
    for word in named:
        if run and value[run[-1].end : word.start] != " ":
            yield value[run[0].start : run[-1].end]
            run = []
        run.append(word)
    if run:
        yield value[run[0].start : run[-1].end]
