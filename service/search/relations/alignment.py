"""The words of a text that have a counterpart in a claim, and the other way round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.search.matching.passage import ngrams
from service.search.relations.lexicon import synonyms
from service.search.relations.names import Form
from service.search.relations.statement import Content, Named, Statement

_SAME_WORD_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Alignment:
    """The words and names that only one side has, and the pairs of names that both have.

    ``spare`` are the names of the claim without a pair; the text may have them elsewhere.
    """

    text_only: tuple[Content, ...]
    claim_only: tuple[Content, ...]
    names: tuple[tuple[Named, Named], ...]
    names_in_text_only: tuple[Named, ...]
    names_in_claim_only: tuple[Named, ...]
    spare: tuple[Named, ...]


def align(text: Statement, claim: Statement) -> Alignment:
    """Align two statements: words by their stem, their synonyms and their spelling, names by what they name."""
    pairs: list[tuple[Named, Named]] = []
    left = list(claim.names)
    text_only: list[Named] = []
    for named in text.names:
        other = min(
            (one for one in left if one.name.is_same(named.name) and not _are_state_and_city(one, named)),
            key=lambda one: (one.part.role != named.part.role, one.start),
            default=None,
        )
        if other is None:
            text_only.append(named)
        else:
            left.remove(other)
            pairs.append((named, other))
    return Alignment(
        _without_counterpart(text.content, claim),
        _without_counterpart(claim.content, text),
        tuple(pairs),
        tuple(one for one in text_only if not any(one.name.is_same(other.name) for _, other in pairs)),
        tuple(one for one in left if not any(one.name.is_same(other.name) for other, _ in pairs)),
        tuple(left),
    )


def _are_state_and_city(one: Named, other: Named) -> bool:
    """Return whether one is a capital as a place, "in Seoul", and the other a party, "South Korean intelligence"."""
    for city, state in ((one, other), (other, one)):
        if city.name.form is Form.SEAT is not state.name.form and city.part.is_place and not state.part.is_place:
            return True
    return False


def _without_counterpart(content: Sequence[Content], other: Statement) -> tuple[Content, ...]:
    stems = {word.stem for word in other.content}
    terms = {word.term for word in other.words}
    groups = {group for stem in stems for group in synonyms(stem)}
    grams = [ngrams(word.term) for word in other.content]
    return tuple(
        word
        for word in content
        if word.stem not in stems
        and word.term not in terms
        and not synonyms(word.stem) & groups
        and not _alike(word, grams)
    )


def _alike(word: Content, grams: Sequence[frozenset[str]]) -> bool:
    own = ngrams(word.term)
    return len(word.term) > 4 and any(
        2 * len(own & other) > len(own) + len(other) - len(own & other) for other in grams
    )
