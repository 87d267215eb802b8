"""Compare a sentence with a claim."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from service.search.matching.scoring import Missing
from service.search.relations.alignment import Alignment, align
from service.search.relations.findings import Finding, Relation, relation
from service.search.relations.modality import modality
from service.search.relations.offices import offices
from service.search.relations.parties import Background, others, roles, speaker, subjects
from service.search.relations.polarity import polarity
from service.search.relations.roles import first_verb
from service.search.relations.scope import scope
from service.search.relations.statement import ENGLISH, Content, Named, Statement
from service.search.stemming import stem

_WEIGHT_OF_SUBJECT = 0.5


@dataclass(frozen=True, slots=True)
class Comparison:
    """The relation of a sentence to a claim, and the shares of their words that the other side does not have.

    ``sentence`` is the place of the statement in the text.
    """

    relation: Relation
    missing: Missing
    sentence: tuple[int, int]


def compare(
    text: Statement, claim: Statement, known: Background, values: Sequence[Finding], around: Set[str] = frozenset()
) -> Comparison:
    """Compare a statement with a claim's; ``values`` are the amounts and dates that differ.

    ``around`` are the stems of the sentences around it, which may have words of the claim, too.

    In English words and names are compared; in other languages denials, states, numbers and dates.
    """
    aligned = align(text, claim)
    findings = [*_findings(text, claim, known, aligned), *values]
    missing = _missing(text, claim, aligned, around)
    return Comparison(relation(findings, round(1 - sum(missing) / 2, 2)), missing, (text.start, text.end))


def _findings(text: Statement, claim: Statement, known: Background, aligned: Alignment) -> Iterator[Finding]:
    alike = text.language == claim.language
    yield from polarity(*(_without_asides(text, claim, aligned) if alike else (text, claim)), aligned)
    parties = [*others(text, claim, aligned, known), *roles(text, claim, aligned)]
    english = alike and text.language == ENGLISH
    if english or (alike and text.clauses is not None is not claim.clauses):
        parties += speaker(text, claim, known)
    if english:
        parties += offices(text, claim)
        # Names tell more than other words do.
        parties = parties or [*subjects(text, claim, aligned)]
        yield from modality(text, claim)
    yield from parties
    yield from scope(text, claim, aligned)


def _without_asides(text: Statement, claim: Statement, aligned: Alignment) -> tuple[Statement, Statement]:
    """Leave out the denials of what only one of them has, where dependencies tell what is denied."""
    return (
        text.about(_starts(aligned.text_only, aligned.names_in_text_only)),
        claim.about(_starts(aligned.claim_only, aligned.names_in_claim_only)),
    )


def _starts(words: Sequence[Content], names: Sequence[Named]) -> frozenset[int]:
    return frozenset((*(word.start for word in words), *(named.start for named in names)))


def _missing(text: Statement, claim: Statement, aligned: Alignment, around: Set[str]) -> Missing:
    """Return the shares of the words and names that only one side has; those of a subject weigh less."""
    words = [word for word in aligned.claim_only if word.stem not in around]
    names = [
        named
        for named in aligned.names_in_claim_only
        if not all(stem(word.term) in around for word in claim.words[named.name.first : named.name.after])
    ]
    return Missing(
        _weight(text, aligned.text_only, aligned.names_in_text_only) / (_weight(text, text.content, text.names) or 1),
        _weight(claim, words, names) / (_weight(claim, claim.content, claim.names) or 1),
    )


def _weight(statement: Statement, content: Sequence[Content], names: Sequence[Named]) -> float:
    """Return the weight of words: before the first verb is what a sentence is about, not what it says of it."""
    verb = first_verb(statement.words)
    places = [word.place for word in content] + [named.name.first for named in names]
    return sum(1.0 if place >= verb else _WEIGHT_OF_SUBJECT for place in places)
