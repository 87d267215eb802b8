"""Compare a sentence with a claim, for the tests of each kind of difference."""

from __future__ import annotations

from service.model.entities import Quantity
from service.search.matching.differences import differences, stated_values
from service.search.matching.passage import read_passages
from service.search.relations.compare import compare
from service.search.relations.findings import Finding, Relation, RelationKind
from service.search.relations.parties import Background
from service.search.relations.statement import read_statement
from service.search.relations.values import values


def related(text: str, claim: str, quantity: Quantity | None = None, claimants: tuple[str, ...] = ()) -> Relation:
    """Return the relation of a text of one sentence to a claim."""
    [passage] = read_passages(text)
    stated = stated_values(claim, quantity, None)
    certain = differences(passage, stated)
    own, its = read_statement(text), read_statement(claim)
    found = [Finding(one, 0.9, RelationKind.DIFFERS) for one in certain]
    found += values(passage, own, its, stated, certain)
    return compare(own, its, Background(claimants, claimants), found).relation


def kinds(text: str, claim: str, claimants: tuple[str, ...] = ()) -> set[str]:
    """Return the kinds of the differences between a text and a claim."""
    return {str(one.kind) for one in related(text, claim, claimants=claimants).differences}
