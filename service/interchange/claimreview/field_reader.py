"""The values of one review's fields, and what has to be said about them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from service.interchange.claimreview.addresses import canonical
from service.interchange.claimreview.dates import When, when
from service.interchange.claimreview.finding_codes import Warned
from service.interchange.claimreview.jsonld_nodes import Index, Node, flat, id_of, is_reference
from service.interchange.claimreview.languages import primary, tag_of
from service.interchange.claimreview.review_items import Finding
from service.interchange.claimreview.text import clean, shortened

MOST_VALUES = 50
"""Of one property: authors, appearances."""

OUR_PROPERTY = "claim-verification"
"""The ``propertyID`` of the ids that our own exports carry."""
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ID_LONGEST = 120
_NOTHING = frozenset({"n/a", "na", "none", "null", "undefined", "-", "--", "?", "."})


class Notes:
    """Reads properties of nodes and gathers the findings. ``documents`` resolve references, the nearest first."""

    def __init__(self, documents: Sequence[Index], findings: Sequence[Finding] = ()) -> None:
        self._documents = documents
        self._findings = {(finding.code, finding.field): finding for finding in findings}
        self.language: str | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """One of each kind a field."""
        return tuple(self._findings.values())

    def warn(self, code: Warned, field: str, message: str) -> None:
        """Record a finding."""
        self._findings.setdefault((code, field), Finding(code, field, message))

    def add(self, findings: Sequence[Finding]) -> None:
        """Record findings."""
        for finding in findings:
            self._findings.setdefault((finding.code, finding.field), finding)

    def values(self, node: Node, name: str, field: str) -> list[Any]:
        """What a property holds, references followed, at most ``MOST_VALUES``."""
        found = node.get(name)
        if found is None:
            return []
        values = flat(found)
        if len(values) > MOST_VALUES:
            self.warn(Warned.SEVERAL_VALUES, field, f"{name} has more than {MOST_VALUES} values: these are kept")
        return [self._resolved(value, field) if isinstance(value, dict) else value for value in values[:MOST_VALUES]]

    def _resolved(self, value: Node, field: str) -> Node:
        name = id_of(value)
        if name is None or not is_reference(value):
            return value
        for document in self._documents:
            found = document.get(name)
            if found is not None:
                return found
        self.warn(Warned.UNRESOLVED_REFERENCE, field, f"not one node has the @id {shortened(name, 80)!r}")
        return value

    def texts(self, node: Node, name: str, field: str) -> list[str]:
        """The distinct texts of a property, cleaned; of several languages only the review's own, else the first."""
        found: dict[str, str | None] = {}
        for value in self.values(node, name, field):
            language = None
            if isinstance(value, dict):
                language = value.get("@language")
                value = value.get("@value", value.get("name"))
            if isinstance(value, int | float) and not isinstance(value, bool):
                value = f"{value:g}"
            if isinstance(value, str):
                text = clean(value)
                if text.casefold() not in _NOTHING and text:
                    found.setdefault(text, language if isinstance(language, str) else None)
        if len(found) > 1 and all(found.values()):
            own = [text for text, language in found.items() if primary(tag_of(language or "")) == self.language]
            return own[:1] or [next(iter(found))]
        return list(found)

    def text(self, node: Node, names: Sequence[str], field: str, longest: int) -> str | None:
        """The first text of the first of these properties that has one, cut to ``longest``."""
        for name in names:
            found = self.texts(node, name, field)
            if len(found) > 1:
                self.warn(Warned.SEVERAL_VALUES, field, f"{name} has {len(found)} values: the first is kept")
            if found:
                return self.cut(found[0], field, longest)
        return None

    def cut(self, text: str, field: str, longest: int) -> str:
        """``text``, shortened with a warning when it is too long."""
        if len(text) > longest:
            self.warn(Warned.CUT, field, f"has {len(text):,} characters, {longest:,} are kept")
        return shortened(text, longest)

    def url(self, node: Node, names: Sequence[str], field: str) -> str | None:
        """The first web address that one of these properties has."""
        for name in names:
            for value in self.values(node, name, field):
                if isinstance(value, dict):
                    value = value.get("url") or id_of(value)
                if not isinstance(value, str) or not value.strip():
                    continue
                address, added = canonical(value)
                if address is not None:
                    if added:
                        self.warn(Warned.TAKEN_FROM, field, "has no scheme: taken to be https")
                    return address
                self.warn(Warned.INVALID_URL, field, f"{shortened(clean(value), 80)!r} is no web address")
        return None

    def when(self, node: Node, names: Sequence[str], field: str) -> When | None:
        """The first date that one of these properties has."""
        for name in names:
            for value in self.values(node, name, field):
                if isinstance(value, dict):
                    value = value.get("@value")
                if isinstance(value, bool) or not isinstance(value, str | int | float):
                    continue
                stated = clean(value) if isinstance(value, str) else f"{value:.0f}"
                found = when(stated, self.language)
                if found is None:
                    self.warn(Warned.INVALID_DATE, field, f"{shortened(stated, 60)!r} is no date that is certain")
                    continue
                if found.ambiguous:
                    self.warn(Warned.AMBIGUOUS_DATE, field, f"{stated!r}: day and month may be the other way round")
                return found
        return None

    def day(self, node: Node, names: Sequence[str], field: str) -> When | None:
        """The same where nothing but a day or an instant can be kept."""
        found = self.when(node, names, field)
        if found is not None and found.stated is None and not found.ambiguous:
            days = f"{found.days.earliest} to {found.days.latest}"
            self.warn(Warned.IMPRECISE_DATE, field, f"names no day, but all of {days}: it is left out")
        return found

    def language_of(self, node: Node, names: Sequence[str], field: str) -> str | None:
        """The first language tag that one of these properties has."""
        for name in names:
            for value in self.values(node, name, field):
                given = [value]
                if isinstance(value, dict):
                    given = [*flat(value.get("alternateName")), *flat(value.get("name")), value.get("@value")]
                found = next(filter(None, (tag_of(text) for text in given if isinstance(text, str))), None)
                if found:
                    return found
                self.warn(Warned.INVALID_LANGUAGE, field, f"{shortened(str(given[0]), 40)!r} is no language tag")
        return None

    def identifier(self, node: Node) -> str | None:
        """The id that our own export gave the node."""
        for value in flat(node.get("identifier")):
            if isinstance(value, dict) and value.get("propertyID") == OUR_PROPERTY:
                name = value.get("value")
                if isinstance(name, str) and len(name) <= _ID_LONGEST and _ID.fullmatch(name):
                    return name
        return None
