"""The parts of a sentence that change places: two names with the words beside them, or the words around a verb."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from service.search.relations.lexicon import is_verb, word_class
from service.search.relations.roles import passive
from service.search.relations.statement import Named, Statement
from service.search.tokenizer import stem

_NEAR = 2
_AUXILIARY = word_class("auxiliary")
_SYMMETRIC = word_class("symmetric")
_THAN, _BY = "than", "by"


class Pivot(NamedTuple):
    """A verb, or "than", with the words before and after it; those of a passive change sides."""

    before: frozenset[str]
    after: frozenset[str]


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
    own, theirs = dict(_pivots(text)), dict(_pivots(claim))
    for verb in own.keys() & theirs.keys():
        one, other = own[verb], theirs[verb]
        stay = len(one.before & other.before) + len(one.after & other.after)
        to_after, to_before = one.before & other.after, one.after & other.before
        if to_after and to_before and len(to_after) + len(to_before) > stay:
            return verb
    return None


def _pivots(statement: Statement) -> Iterator[tuple[str, Pivot]]:
    if statement.clauses is not None:
        yield from ((one.verb, Pivot(one.actors, one.others)) for one in statement.clauses.sides)
        return
    words = statement.words
    keys = {word.place: word.stem for word in statement.content}
    for named in statement.names:
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
        yield own, Pivot(before, after)


def _is_participle_of_passive(statement: Statement, place: int) -> bool:
    words = statement.words
    return any(
        words[first].term in _AUXILIARY and passive(words, first) == words[place].term
        for first in range(max(0, place - 3), place)
    )
