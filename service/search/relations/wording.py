"""A relation and the verdicts on the claim in words, so that a denial of a false claim is not read as false."""

from __future__ import annotations

from collections.abc import Mapping

from service.search.matching.differences import Kind
from service.search.relations.findings import Relation, RelationKind, Sureness

_SAYS: Mapping[RelationKind, str] = {
    RelationKind.SAME: "The text says what this claim says",
    RelationKind.CONTRADICTS: "The text contradicts this claim",
    RelationKind.DIFFERS: "The text says something else than this claim",
    RelationKind.BROADER: "The text says more than this claim",
    RelationKind.NARROWER: "The text says less than this claim",
}
_MAYBE = {Sureness.CERTAIN: "", Sureness.LIKELY: " (likely)", Sureness.POSSIBLE: " (possibly)"}
POINTS: Mapping[Kind, str] = {
    Kind.POLARITY: "one of them denies it",
    Kind.ROLES: "the parties have other roles",
    Kind.ACTOR: "another party",
    Kind.PLACE: "another place",
    Kind.SPEAKER: "another speaker",
    Kind.QUANTITY: "another number",
    Kind.UNIT: "another unit",
    Kind.DATE: "another time",
    Kind.SCOPE: "another scope",
    Kind.ANTONYM: "an opposite word",
}
"""The kinds of differences in words."""
_RATINGS = {
    "supported": "supported",
    "refuted": "refuted",
    "not_enough_evidence": "not enough evidence",
    "conflicting_evidence": "conflicting evidence",
}
_APPLIES: Mapping[RelationKind, str] = {
    RelationKind.SAME: "",
    RelationKind.CONTRADICTS: " The verdicts are about the claim: of the text they say the reverse.",
    RelationKind.DIFFERS: " The verdicts are about the claim, not about the text.",
    RelationKind.BROADER: " The verdicts are about the claim: they cover only a part of the text.",
    RelationKind.NARROWER: " The verdicts are about the claim, of which the text is a part.",
}


def summary(relation: Relation, tally: Mapping[str, int]) -> str:
    """Return a relation in a sentence or two, with the votes on the claim by rating and what they mean for the text."""
    points = ", ".join(dict.fromkeys(POINTS[one.kind] for one in relation.differences))
    sure = "" if relation.kind is RelationKind.SAME else _MAYBE[relation.sureness]
    says = f"{_SAYS[relation.kind]}{sure}{f': {points}' if points else ''}."
    votes = ", ".join(
        f"{_RATINGS[rating]} ({number})" for rating, number in tally.items() if number and rating in _RATINGS
    )
    if not votes:
        return f"{says} No verdict on the claim is known."
    return f"{says} Verdicts on the claim: {votes}.{_APPLIES[relation.kind]}"
