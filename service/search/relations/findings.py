"""Findings of a comparison: what differs, how sure that is, and what it makes of the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from service.search.matching.differences import Difference, Kind


class RelationKind(StrEnum):
    """The relation of a text to a claim."""

    SAME = "same"
    CONTRADICTS = "contradicts"
    DIFFERS = "differs"
    BROADER = "broader"
    NARROWER = "narrower"


class Sureness(StrEnum):
    """A certainty in words."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


_CERTAIN, _LIKELY = 0.9, 0.7


@dataclass(frozen=True, slots=True)
class Finding:
    """A difference, its certainty from 0 to 1, and the relation that it makes alone."""

    difference: Difference
    certainty: float
    makes: RelationKind


@dataclass(frozen=True, slots=True)
class Relation:
    """The relation of a text to a claim, how certain it is, and the differences, the most certain first."""

    kind: RelationKind
    certainty: float
    differences: tuple[Difference, ...] = ()

    @property
    def sureness(self) -> Sureness:
        """The certainty in words."""
        if self.certainty >= _CERTAIN:
            return Sureness.CERTAIN
        return Sureness.LIKELY if self.certainty >= _LIKELY else Sureness.POSSIBLE

    @property
    def factor(self) -> float:
        """The factor for the probability that a text is about the claim: less than 1 if it says something else."""
        if not self.differences:
            return 1.0
        left = min(_LEFT.get(one.kind, _LEFT_OF_OTHERS) for one in self.differences)
        return 1 - self.certainty * (1 - left)


# The share of the score that is left when a difference is certain. Set, not fitted: judged texts seldom differ.
_LEFT = {Kind.ACTOR: 0.7, Kind.PLACE: 0.7, Kind.ROLES: 0.7, Kind.SPEAKER: 0.8, Kind.UNIT: 0.65}
_LEFT_OF_OTHERS = 0.9
_OPPOSED = (Kind.POLARITY, Kind.ANTONYM)
# Beside another party or place a denial denies another statement.
_OF_ANOTHER = (Kind.ACTOR, Kind.PLACE, Kind.ROLES)


def relation(findings: Sequence[Finding], certainty_of_same: float) -> Relation:
    """Return the relation that ``findings`` make together."""
    if not findings:
        return Relation(RelationKind.SAME, certainty_of_same)
    ordered = sorted(findings, key=lambda finding: -finding.certainty)
    kinds = {finding.difference.kind for finding in ordered}
    made = {finding.makes for finding in ordered}
    if kinds.intersection(_OPPOSED) and not kinds.intersection(_OF_ANOTHER):
        kind = RelationKind.CONTRADICTS
        certainty = max(one.certainty for one in ordered if one.difference.kind in _OPPOSED)
    else:
        kind = made.pop() if len(made) == 1 else RelationKind.DIFFERS
        certainty = ordered[0].certainty
    differences = tuple(dict.fromkeys(finding.difference for finding in ordered))
    return Relation(kind, round(certainty, 2), differences)
