"""Offices: the Foreign Ministry is not the Defence Ministry."""

from __future__ import annotations

from collections.abc import Iterator

from service.search.matching.differences import Difference, Kind
from service.search.relations.findings import Finding, RelationKind
from service.search.relations.lexicon import word_class
from service.search.relations.statement import Statement

_CERTAINTY = 0.8
_OFFICES = word_class("offices")
_PORTFOLIOS = word_class("portfolios")
_SPELLINGS = {"defense": "defence", "labor": "labour", "affairs": "foreign"}
_PLACES = frozenset(("at", "in", "inside", "outside", "near"))
_LOOK_BACK, _AFTER_OF = 4, 4


def offices(text: Statement, claim: Statement) -> Iterator[Finding]:
    """Yield the ministry or minister of the text where the claim names one for something else."""
    own, theirs = dict(_offices(text)), dict(_offices(claim))
    if own and theirs and not own.keys() & theirs.keys():
        (one, place), other = next(iter(own.values())), next(iter(theirs.values()))[0]
        kind = Kind.PLACE if place else Kind.ACTOR
        yield Finding(Difference(kind, one, other), _CERTAINTY, RelationKind.DIFFERS)


def _offices(statement: Statement) -> Iterator[tuple[str, tuple[str, bool]]]:
    """Yield what each office is for, its words, and if it is a place: "Foreign Ministry", "Ministry of Defence"."""
    words = statement.words
    for place, word in enumerate(words):
        if word.term not in _OFFICES:
            continue
        first, after = place, place + 1
        if place and words[place - 1].term in _PORTFOLIOS:
            first = place - 1
            portfolio = words[first].term
        else:
            of = [words[at].term for at in range(place + 1, min(len(words), place + 1 + _AFTER_OF))]
            portfolio = next((term for term in of if term in _PORTFOLIOS), "") if of[:1] == ["of"] else ""
            after += of.index(portfolio) + 1 if portfolio else 0
        if portfolio:
            before = {one.term for one in words[max(0, first - _LOOK_BACK) : first]}
            wording = statement.wording(first, after)
            yield _SPELLINGS.get(portfolio, portfolio), (wording, bool(before & _PLACES))
