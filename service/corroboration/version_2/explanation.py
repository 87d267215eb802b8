"""Explain a corroboration in a few words."""

from __future__ import annotations

from service.corroboration.results import Corroboration, NotCounted, Side
from service.corroboration.version_2.wording import listed, named_origins, naming_places, number, probable_origins
from service.model.entities import Status

_CONTESTED = {
    (True, False): "The claim has support, and it is denied.",
    (False, True): "The claim has support, and it is stated with another value.",
    (True, True): "The claim has support, and it is denied as well as stated with another value.",
}
_IN_PART = (
    (NotCounted.PARTIAL_SUPPORT, "in support of a part, not counted"),
    (NotCounted.PARTIAL_REFUTATION, "in denial of a part, not counted"),
)


def explain(result: Corroboration) -> str:
    """Return for example: Everything that supports the claim comes from one origin: NIS. 5 mentions in 3 ..."""
    return " ".join([_meaning(result), _numbers(result), *_as_of(result)])


def _meaning(result: Corroboration) -> str:
    if result.mentions == 0 and result.as_of is not None:
        return "No document that was certainly published by then mentions the claim."
    support, policy = result.supports, result.policy
    named = support.origins.named or 0
    if result.status is Status.CONTESTED:
        meaning = _CONTESTED[bool(result.refutes.groups), bool(result.differs.groups)]
        return meaning if named else f"{meaning} {_nobody(support)}"
    if result.status is Status.UNATTRIBUTED:
        return f"The claim has support. {_nobody(support)}"
    if result.status is Status.SINGLE_ORIGIN:
        return f"Everything that supports the claim comes from one origin: {support.groups[0].name}."
    if result.status is Status.REFUTED:
        return "The claim is only denied."
    if result.status is Status.UNSUPPORTED:
        return "Nothing supports the claim as stated."
    origins = f"{number(named, 'independent origin')} of the support {'is' if named == 1 else 'are'} named"
    places = naming_places(support)
    if result.status is Status.CORROBORATED:
        independent = number(support.naming_documents or 0, "independent document")
        return f"{origins}, in {independent}: {listed(named_origins(support.groups))}."
    if named < policy.quorum:
        names = listed(named_origins(support.groups))
        return f"{origins}: {names}; {policy.quorum} are required, and the others are only possible."
    return f"{origins}, but all in {places}: {policy.documents} are required."


def _nobody(side: Side) -> str:
    """Return who is behind a side of which no origin is named."""
    probable = probable_origins(side.groups)
    return "No origin of the support is named" + (f"; probably {listed(probable)}." if probable else ".")


def _numbers(result: Corroboration) -> str:
    """Return the numbers of mentions and origins of each side, as a sentence."""
    parts = [f"{number(result.mentions, 'mention')} in {number(result.documents, 'document')}"]
    sides = ((result.supports, "in support"), (result.differs, "with another value"), (result.refutes, "in denial"))
    parts += [f"{_mentions(side)} {words} {_origins(side)}" for side, words in sides if side.groups]
    rules = [entry.rule for entry in result.uncounted]
    parts += [f"{rules.count(rule)} {words}" for rule, words in _IN_PART if rule in rules]
    return "; ".join(parts) + "."


def _as_of(result: Corroboration) -> list[str]:
    if result.as_of is None:
        return []
    rules = [entry.rule for entry in result.uncounted]
    left_out = [
        f"{number(rules.count(rule), 'mention')} in {kind}"
        for rule, kind in (
            (NotCounted.PUBLISHED_LATER, "later documents"),
            (NotCounted.UNDATED, "documents that are not certainly dated"),
        )
        if rule in rules
    ]
    sentence = f"As of {result.as_of.isoformat()}, documents certainly published by then"
    return [f"{sentence}; left out: {' and '.join(left_out)}." if left_out else f"{sentence}."]


def _mentions(side: Side) -> int:
    return sum(len(group.mentions) for group in side.groups)


def _origins(side: Side) -> str:
    """Return the interval of a side in words; never a number of origins for nobody."""
    named, most = side.origins.named or 0, side.origins.at_most
    if not named:
        return f"from no named origin ({most} possible)"
    return f"from {number(named, 'named origin')}" + ("" if named == most else f" ({most - named} more possible)")
