"""Explain a corroboration in a few words."""

from __future__ import annotations

from service.corroboration.results import Corroboration, Interval, NotCounted, Side
from service.model.entities import Status

_MEANING = {
    Status.UNSUPPORTED: "Nothing supports the claim as stated.",
    Status.SINGLE_ORIGIN: "Everything that supports the claim comes from one origin.",
    Status.POSSIBLY_CORROBORATED: "More than one origin may support the claim, but fewer than required are certain.",
    Status.CORROBORATED: "Enough independent origins support the claim.",
    Status.REFUTED: "The claim is only denied.",
}
_CONTESTED = {
    (True, False): "The claim has support, and it is denied.",
    (False, True): "The claim has support, and it is stated with another value.",
    (True, True): "The claim has support, and it is denied as well as stated with another value.",
}


def explain(result: Corroboration) -> str:
    """Return for example: Everything that supports the claim comes from one origin. 5 mentions in 3 documents; ..."""
    return " ".join([_meaning(result), _numbers(result), *_as_of(result)])


def _meaning(result: Corroboration) -> str:
    if result.mentions == 0 and result.as_of is not None:
        return "No document that was certainly published by then mentions the claim."
    if result.status is Status.CONTESTED:
        return _CONTESTED[bool(result.refutes.groups), bool(result.differs.groups)]
    meaning = _MEANING[result.status]
    if result.supports.groups and not any(group.named for group in result.supports.groups):
        return f"{meaning} Nobody identifiable is named as its source."
    return meaning


def _numbers(result: Corroboration) -> str:
    """Return the numbers of mentions and origins of each side, as a sentence."""
    parts = [f"{_number(result.mentions, 'mention')} in {_number(result.documents, 'document')}"]
    sides = ((result.supports, "in support"), (result.differs, "with another value"), (result.refutes, "in denial"))
    parts += [
        f"{_mentions(side)} {words} from {_interval(side.origins)}" for side, words in sides if side.origins.at_most
    ]
    in_part = sum(entry.rule is NotCounted.PARTIAL_SUPPORT for entry in result.uncounted)
    if in_part:
        parts.append(f"{in_part} in part, not counted")
    return "; ".join(parts) + "."


def _as_of(result: Corroboration) -> list[str]:
    if result.as_of is None:
        return []
    rules = [entry.rule for entry in result.uncounted]
    left_out = [
        f"{_number(rules.count(rule), 'mention')} in {kind} documents"
        for rule, kind in ((NotCounted.PUBLISHED_LATER, "later"), (NotCounted.UNDATED, "undated"))
        if rule in rules
    ]
    sentence = f"As of {result.as_of.isoformat()}, documents certainly published by then"
    return [f"{sentence}; left out: {' and '.join(left_out)}." if left_out else f"{sentence}."]


def _mentions(side: Side) -> int:
    return sum(len(group.mentions) for group in side.groups)


def _interval(interval: Interval) -> str:
    if interval.at_least == interval.at_most:
        return _number(interval.at_least, "independent origin")
    return f"{interval.at_least} to {interval.at_most} independent origins"


def _number(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
