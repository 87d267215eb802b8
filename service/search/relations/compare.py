"""Compare a sentence with a claim."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.search.matching.scoring import Missing
from service.search.relations.alignment import Alignment, align
from service.search.relations.findings import Finding, Relation, relation
from service.search.relations.parties import Background, others, roles, speaker
from service.search.relations.polarity import polarity
from service.search.relations.scope import scope
from service.search.relations.statement import ENGLISH, Statement


@dataclass(frozen=True, slots=True)
class Comparison:
    """The relation of a sentence to a claim, and the shares of their words that the other side does not have.

    ``sentence`` is the place of the statement in the text.
    """

    relation: Relation
    missing: Missing
    sentence: tuple[int, int]


def compare(text: Statement, claim: Statement, known: Background, values: Sequence[Finding]) -> Comparison:
    """Compare a statement with a claim's; ``values`` are the amounts and dates that differ.

    In English words and names are compared; in other languages denials, states, numbers and dates.
    """
    aligned = align(text, claim)
    findings = [*_findings(text, claim, known, aligned), *values]
    missing = _missing(text, claim, aligned)
    return Comparison(relation(findings, round(1 - sum(missing) / 2, 2)), missing, (text.start, text.end))


def _findings(text: Statement, claim: Statement, known: Background, aligned: Alignment) -> Iterator[Finding]:
    yield from polarity(text, claim, aligned)
    yield from others(text, claim, aligned, known)
    if text.language == claim.language == ENGLISH:
        yield from roles(text, claim, aligned)
        yield from speaker(text, claim, known)
        yield from scope(text, claim)


def _missing(text: Statement, claim: Statement, aligned: Alignment) -> Missing:
    """Return the shares of the words and names that only one side has."""
    return Missing(
        (len(aligned.text_only) + len(aligned.names_in_text_only)) / max(1, len(text.content) + len(text.names)),
        (len(aligned.claim_only) + len(aligned.names_in_claim_only)) / max(1, len(claim.content) + len(claim.names)),
    )
