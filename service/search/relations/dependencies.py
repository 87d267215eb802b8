"""A statement by its dependencies: who says it, who does what to whom, and what a denial is about."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from service.reading.syntax import Allowance, Syntax, Tree
from service.reading.tokens import Token
from service.search.relations.lexicon import word_class
from service.search.relations.roles import Part, Role, role_after
from service.search.relations.spoken import spoken
from service.search.relations.statement import (
    ENGLISH,
    Clauses,
    Named,
    Sides,
    Statement,
    read_statement,
    statement_in,
)
from service.search.relations.tree import AGENT, OBJECT, PASSIVE_SUBJECT, SUBJECT, ParsedSentence
from service.search.stemming import stem

_NO_PIVOTS = word_class("auxiliary") | word_class("symmetric")
_THAN = "than"


class Dependencies:
    """Reads the statements of one request by their dependencies, as far as there is a parser and an allowance."""

    def __init__(self, syntax: Syntax, characters: int) -> None:
        self._syntax = syntax
        self._allowance = Allowance(characters)

    def read(self, text: str, start: int = 0, end: int | None = None) -> Statement:
        """Read the sentence ``text[start:end]``; without a tree of it by the order of its words."""
        end = len(text) if end is None else end
        by_order = read_statement(text, start, end)
        tree = self._syntax.tree(text[start:end], by_order.language, self._allowance)
        return read_tree(text, start, end, tree) if tree else by_order


@lru_cache(maxsize=1 << 12)
def read_tree(text: str, start: int, end: int, tree: Tree) -> Statement:
    """Read the sentence ``text[start:end]`` of which ``tree`` has the words."""
    parsed = ParsedSentence(text, start, tree)
    read = statement_in(text, start, end, lambda words, language: spoken(text, words, parsed, language))
    places = {word.start: parsed.at(word.start) for word in read.words}
    inside = sorted(set(places.values()))
    heads = {named: parsed.top([places[word.start] for word in _words(read, named)]) for named in read.names}
    keys = {places[word.start]: word.stem for word in read.content}
    for named in read.names:
        if named.name.unsure and heads[named] in keys:
            continue  # maybe no name: it counts as a word
        keys |= dict.fromkeys((places[word.start] for word in _words(read, named)), _key(named))
    english = read.language == ENGLISH
    parts = {named: _part(parsed, heads[named], inside, english=english) or named.part for named in read.names}
    beside = {
        named.start: keys[argument]
        for named, head in heads.items()
        if (argument := _modified(parsed, head)) is not None and argument in keys
    }
    clauses = Clauses(
        tuple(_sides(parsed, [places[word.start] for word in read.words], keys)),
        beside,
        {word.start: _denied(parsed, places[word.start], read, places) for word in read.denial.words},
    )
    return replace(read, names=tuple(replace(one, part=parts[one]) for one in read.names), clauses=clauses)


def _words(read: Statement, named: Named) -> Sequence[Token]:
    return read.words[named.name.first : named.name.after]


def _key(named: Named) -> str:
    return named.name.state or min(named.name.terms)


def _part(parsed: ParsedSentence, head: int, inside: Collection[int], *, english: bool) -> Part | None:
    """Return the part of a name with this head in a statement; ``None`` if its dependencies do not tell it."""
    place = parsed.argument(head)
    label = parsed.words[place].label
    verb = stem(parsed.terms[parsed.governor(place)])
    preposition = parsed.preposition(place)
    if label in AGENT or (label == "pobj" and parsed.words[parsed.words[place].head].label in AGENT):
        return Part(Role.ACTOR, preposition=preposition, verb=verb)
    if preposition:
        role = role_after(preposition) if english else None
        return Part(role or Role.NONE, preposition=preposition, verb=verb if role in (Role.GOAL, Role.ACTOR) else "")
    if (caused := parsed.object_of(place)) in inside and caused is not None:
        return Part(Role.GOAL, verb=stem(parsed.terms[caused]))
    if label in SUBJECT:
        return Part(Role.ACTOR, verb=verb)
    if label in PASSIVE_SUBJECT and place != head and not parsed.dependents(parsed.governor(place), AGENT):
        # "Peruvian miners were flown to Chile": from Peru.
        return Part(Role.ORIGIN)
    if label in PASSIVE_SUBJECT or label in OBJECT:
        return Part(Role.GOAL, verb=verb, passive=label in PASSIVE_SUBJECT)
    return None


def _modified(parsed: ParsedSentence, head: int) -> int | None:
    """Return the word that a name is said of, as "workers" in "workers from Chile"; ``None`` for one of a verb."""
    argument = parsed.argument(head)
    if argument != head:
        return argument
    governor = parsed.governor(head)
    return governor if parsed.preposition(head) and not parsed.is_predicate(governor) else None


def _sides(parsed: ParsedSentence, inside: Sequence[int], keys: dict[int, str]) -> Iterator[Sides]:
    """Yield each verb, and "than", with the words for who acts and the others of its clause."""
    for number, place in enumerate(inside):
        term = parsed.terms[place]
        if term == _THAN:
            predicate = parsed.clause_of(place)
            actors, others = parsed.actors(predicate), parsed.phrase(place)
        elif parsed.is_predicate(place) and term not in _NO_PIVOTS:
            actors, others = parsed.actors(place), parsed.others(place) - _where(parsed, place)
        else:
            continue
        yield Sides(
            stem(term),
            frozenset(keys[one] for one in actors if one in keys),
            frozenset(keys[one] for one in others if one in keys),
            number,
        )


def _where(parsed: ParsedSentence, verb: int) -> set[int]:
    """Return the words for where something happens that is done to nobody: "in the attack" of "died in the attack"."""
    if parsed.dependents(verb, OBJECT | PASSIVE_SUBJECT):
        return set()
    return {
        one
        for place in parsed.dependents(verb)
        if role_after(parsed.preposition(place) or parsed.terms[place]) is Role.PLACE
        for one in parsed.phrase(place)
    }


def _denied(parsed: ParsedSentence, place: int, read: Statement, places: dict[int, int]) -> frozenset[int]:
    """Return the starts of the words and names in the clause of a denial; of those of its subject if it is one."""
    predicate = parsed.clause_of(place)
    scope = parsed.clause(predicate)
    actors = parsed.actors(predicate)
    if place not in actors:
        scope -= actors
    starts = [word.start for word in read.content]
    return frozenset(start for start in starts if places[start] in scope) | frozenset(
        named.start for named in read.names if places[read.words[named.name.first].start] in scope
    )
