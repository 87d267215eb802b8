"""A corroboration in one sentence, for people."""

from __future__ import annotations

from service.results import Corroboration, Interval
from service.types import Status

_MEANING = {
    Status.UNSUPPORTED: "Nothing supports the claim as stated.",
    Status.SINGLE_ORIGIN: "Everything that supports the claim comes from one origin.",
    Status.POSSIBLY_CORROBORATED: "More than one origin may support the claim, but fewer than required are certain.",
    Status.CORROBORATED: "Enough independent origins support the claim.",
    Status.CONTESTED: "The claim has support, and it is denied or stated with another value.",
    Status.REFUTED: "The claim is only denied.",
}


def explain(result: Corroboration) -> str:
    """Such as: Everything that supports the claim comes from one origin. 4 mentions in 3 documents; ..."""
    parts = [
        f"{_number(result.mentions, 'mention')} in {_number(result.documents, 'document')}",
        f"{_interval(result.supports.origins)} in support",
    ]
    if result.differs.origins.at_most:
        parts.append(f"{_interval(result.differs.origins)} with another value")
    if result.refutes.origins.at_most:
        parts.append(f"{_interval(result.refutes.origins)} in denial")
    sentence = f"{_MEANING[result.status]} {'; '.join(parts)}."
    if result.as_of is not None:
        sentence += f" As of {result.as_of.isoformat()}: documents certainly published by then"
        sentence += f"; {_number(result.undated_documents, 'undated document')} left out."
    return sentence


def _interval(interval: Interval) -> str:
    if interval.at_least == interval.at_most:
        return _number(interval.at_least, "independent origin")
    return f"{interval.at_least} to {interval.at_most} independent origins"


def _number(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
