"""The parts of a sentence that change places: two names with the words beside them, or the words around a verb."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from service.search.relations.alignment import Alignment
from service.search.relations.lexicon import is_verb, synonyms, word_class
from service.search.relations.names import Form
from service.search.relations.roles import passive, reduced_passive
from service.search.relations.statement import Content, Named, Statement
from service.search.stemming import stem

_NEAR = 2
_AUXILIARY = word_class("auxiliary")
_SYMMETRIC = word_class("symmetric")
_THAN, _BY = "than", "by"


class Pivot(NamedTuple):
    """A verb, or "than", with the words before and after it; those of a passive change sides.

    ``subjects`` are the words before it without adjectives of states: South Korean lawmakers are lawmakers.
    """

    before: frozenset[str]
    after: frozenset[str]
    subjects: frozenset[str]
    place: int


def beside(named: Named, statement: Statement) -> str | None:
    """Return the stem of the word after a name, or else of the word before it; by dependencies, that it is said of."""
    if statement.clauses is not None:
        return statement.clauses.beside.get(named.start)
    first, after = named.name.first, named.name.after
    following = (word.stem for word in statement.content if after <= word.place < after + _NEAR)
    preceding = (word.stem for word in statement.content if first - _NEAR <= word.place < first)
    return next(following, None) or next(preceding, None)


def turned_around(text: Statement, claim: Statement) -> str | None:
    """Return the verb of both whose sides are exchanged, if there is one: "dogs bite men", "men bite dogs"."""
    theirs = dict(_pivots(claim))
    for verb, one in dict(_pivots(text)).items() if theirs else ():
        other = theirs.get(verb) or next((its for same, its in theirs.items() if synonyms(verb) & synonyms(same)), None)
        if other is None:
            continue
        stay = len(one.before & other.before) + len(one.after & other.after)
        to_after, to_before = one.before & other.after, one.after & other.before
        crossed = len(to_after) + len(to_before)
        if to_after and to_before and (crossed > stay or not one.subjects & other.subjects):
            return verb
    return None


def other_subject(text: Statement, claim: Statement, aligned: Alignment) -> tuple[str, str, str] | None:
    """Return the subjects of a verb of both that have no word in common, and the verb: another one does the same."""
    alone, alone_in_claim = _alone(aligned.text_only), _alone(aligned.claim_only)
    theirs = dict(_pivots(claim))
    for verb, one in _pivots(text) if theirs else ():
        other = theirs.get(verb)
        if other is None or verb == _THAN or not one.before or not other.before or one.before & other.before:
            continue
        if one.before <= alone | _states(text) and other.before <= alone_in_claim | _states(claim):
            return text.wording(0, one.place), claim.wording(0, other.place), verb
    return None


def _alone(words: Sequence[Content]) -> frozenset[str]:
    return frozenset(word.stem for word in words)


def _states(statement: Statement) -> frozenset[str]:
    return frozenset(named.name.state for named in statement.names if named.name.state)


def _pivots(statement: Statement) -> Iterator[tuple[str, Pivot]]:
    adjectives = {one.name.state for one in statement.names if one.name.form is Form.PEOPLE}
    if statement.clauses is not None:
        for one in statement.clauses.sides:
            yield one.verb, Pivot(one.actors, one.others, one.actors - adjectives, one.place)
        return
    words = statement.words
    keys = {word.place: word.stem for word in statement.content}
    for named in statement.names:
        # What may be no name counts as a word.
        if named.name.unsure and named.name.first in keys:
            continue
        keys |= dict.fromkeys(range(named.name.first, named.name.after), named.name.state or min(named.name.terms))
    for place, word in enumerate(words):
        if stem(word.term) != keys.get(place, stem(word.term)) or word.term in _SYMMETRIC:
            continue
        is_pivot = word.term == _THAN or (is_verb(word.term) and word.term not in _AUXILIARY and not word.joined)
        if not is_pivot:
            continue
        own = stem(word.term)
        before = frozenset(key for at, key in keys.items() if at < place and key != own)
        after = frozenset(key for at, key in keys.items() if at > place and key != own)
        if _is_participle_of_passive(statement, place):
            by = next((at for at in range(place + 1, len(words)) if words[at].term == _BY), len(words))
            agent = frozenset(key for at, key in keys.items() if at > by)
            before, after = agent, before | (after - agent)
        yield own, Pivot(before, after, before - adjectives, place)


def _is_participle_of_passive(statement: Statement, place: int) -> bool:
    words = statement.words
    return bool(reduced_passive(words, place)) or any(
        words[first].term in _AUXILIARY and passive(words, first) == words[place].term
        for first in range(max(0, place - 3), place)
    )
