"""Sentences about what is wrong with a request: one for each finding, and one that sums up several."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from service.web.http.quoting import shortened

# Messages of marshmallow and of our own rules begin with a predicate. The first pattern that matches puts the name
# of the field before it.
_PREDICATES: list[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]] = [
    (re.compile(r"Missing data for required field\."), "is required."),
    (re.compile(r"Field may not be null\."), "must not be null."),
    (re.compile(r"(Not|Given|Longer|Shorter)\b"), lambda found: f"is {found[0].lower()}"),
    (re.compile(r"Needed\b"), "is needed"),
    (re.compile(r"Only\b"), "is allowed only"),
    (
        re.compile(r"(Must|Needs|Has|Is|Are|Cannot|Can|May|Would|Does|Belongs|Takes|Contains|Exceeds)\b"),
        lambda found: found[0].lower(),
    ),
]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with the request.

    ``location`` is ``query``, ``path``, ``header`` or ``body``; ``pointer`` is the JSON pointer (RFC 6901) to the field
    in it. ``is_unknown`` marks a field that does not exist; ``near`` is then the name that was probably meant.
    """

    location: str
    pointer: str
    detail: str
    is_unknown: bool = False
    near: str | None = None

    @property
    def path(self) -> str:
        """The field in dotted notation, such as ``evidence[0].document``; empty for the whole."""
        steps = [step.replace("~1", "/").replace("~0", "~") for step in self.pointer.split("/")[1:]]
        return "".join(f"[{step}]" if step.isdigit() else f".{step}" for step in steps).removeprefix(".")

    @property
    def sentence(self) -> str:
        """The detail as a sentence that names the field."""
        if self.is_unknown or self.location == "header" or self.detail.startswith("`"):
            return self.detail
        name = f"`{printable(self.path)}`" if self.path else f"The {self.location}"
        for pattern, replacement in _PREDICATES:
            if pattern.match(self.detail):
                return f"{name} {pattern.sub(replacement, self.detail, count=1)}"
        return f"{name}: {self.detail}"

    def as_json(self) -> Mapping[str, str]:
        """Return the item of ``errors``."""
        return {"in": self.location, "pointer": self.pointer, "detail": self.detail}


def summary(findings: Sequence[Finding]) -> str:
    """Return the ``detail`` of a problem with these findings: the first one's sentence, and the number of others."""
    first, others = findings[0].sentence, len(findings) - 1
    if not others:
        return first
    more = "is 1 more error" if others == 1 else f"are {others} more errors"
    return f"{first} There {more}: see `errors`."


def printable(name: str) -> str:
    """Return a field's name as it stands in a sentence: short, and without control characters."""
    return repr(shortened(name))[1:-1].replace("`", "'")


def pointer_step(key: str | int) -> str:
    """Return one step of a JSON pointer (RFC 6901): to this member or index."""
    return "/" + str(key).replace("~", "~0").replace("/", "~1")
