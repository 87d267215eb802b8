"""Modality: what is done, and what is only planned, considered or possible. English."""

from __future__ import annotations

from collections.abc import Iterator

from service.reading.scope import ScopeWord
from service.search.matching.differences import Difference, Kind
from service.search.relations.findings import Finding, RelationKind
from service.search.relations.lexicon import synonyms, word_class
from service.search.relations.statement import Statement
from service.search.stemming import stem

_CERTAINTY = 0.7
_NEAR, _SAME = 4, 3
_PLANNED = "planned"
_PERFECT = frozenset(("has", "have", "had", "was", "were"))
_IRREGULAR = word_class("irregular")
_BETWEEN = word_class("between") | {"been", "already", "since"}


def modality(text: Statement, claim: Statement) -> Iterator[Finding]:
    """Yield a deed of the one that is only a plan of the other: "has built" for "plans to build"."""
    own, its = _planned(text), _planned(claim)
    if (own is None) == (its is None):
        return
    planning, found, doing = (text, own, claim) if own is not None else (claim, its, text)
    if found is None:
        return
    verb = next((word for word in planning.content if word.place >= found.after), None)
    if verb is None or verb.place - found.after >= _NEAR:
        return
    done = _done(doing, verb.term)
    if done:
        planned = planning.wording(found.first, verb.place + 1)
        wordings = (planned, done) if planning is text else (done, planned)
        makes = RelationKind.NARROWER if planning is text else RelationKind.BROADER
        yield Finding(Difference(Kind.SCOPE, *wordings), _CERTAINTY, makes)


def _planned(statement: Statement) -> ScopeWord | None:
    return next((one for one in statement.scope if one.name == _PLANNED), None)


def _done(statement: Statement, planned: str) -> str:
    """Return the verb of a statement that tells as done what is ``planned``: "has built", "was built", "built"."""
    words = statement.words
    for place, word in enumerate(words):
        if place and word.term in _PAST and not (word.capital or word.joined) and _are_one_verb(word.term, planned):
            return statement.text[word.start : word.end]
        if word.term not in _PERFECT:
            continue
        for following in words[place + 1 : place + _NEAR]:
            if _is_participle(following.term) and _are_one_verb(following.term, planned):
                return statement.text[word.start : following.end]
            if following.term not in _BETWEEN:
                break
    return ""


def _are_one_verb(one: str, other: str) -> bool:
    """Return whether two words are forms of one verb, or say the same."""
    left, right = stem(one), stem(other)
    return left == right or one[:_SAME] == other[:_SAME] or bool(synonyms(left) & synonyms(right))


def _is_participle(term: str) -> bool:
    return term in _IRREGULAR or (len(term) > 4 and term.endswith("ed"))


_PAST = word_class("past")
