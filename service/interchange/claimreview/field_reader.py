"""Read the fields of one review, and collect findings about their values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from service.interchange.claimreview.addresses import LONGEST as LONGEST_URL
from service.interchange.claimreview.addresses import addresses_in, read_address
from service.interchange.claimreview.dates import ParsedDate, is_placeholder, parse_date
from service.interchange.claimreview.finding_codes import ReadWarning
from service.interchange.claimreview.jsonld_nodes import Index, Node, flattened, id_of, is_reference
from service.interchange.claimreview.languages import primary, tag_of
from service.interchange.claimreview.review_items import Finding
from service.interchange.claimreview.text import clean, shortened, with_its_spaces

MAX_VALUES = 50
"""The maximum number of values of one property, such as authors or appearances."""

OUR_PROPERTY = "claim-verification"
"""The ``propertyID`` of the ids that our own exports carry."""
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ID_LONGEST = 120
_TEXT_MEMBERS = ("@value", "text", "name")
_NOTHING = frozenset({"n/a", "na", "none", "null", "undefined", "-", "--", "?", "."})


class FieldReader:
    """Reads properties of nodes and collects findings. ``documents`` resolve references, the nearest first."""

    def __init__(self, documents: Sequence[Index], findings: Sequence[Finding] = ()) -> None:
        self._documents = documents
        self._findings: dict[tuple[str, str], Finding] = {}
        self.reset(findings)
        self.language: str | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings, one for each code and field."""
        return tuple(self._findings.values())

    def reset(self, findings: Sequence[Finding]) -> None:
        """Replace the findings, to read a part that shares no others with the part before it."""
        self._findings = {(finding.code, finding.field): finding for finding in findings}

    def warn(self, code: ReadWarning, field: str, message: str) -> None:
        """Add a finding, unless the field has one with this code."""
        self._findings.setdefault((code, field), Finding(code, field, message))

    def add(self, findings: Sequence[Finding]) -> None:
        """Add findings, like ``warn``."""
        for finding in findings:
            self._findings.setdefault((finding.code, finding.field), finding)

    def values(self, node: Node, name: str, field: str) -> list[Any]:
        """Return the values of a property with references resolved, at most ``MAX_VALUES``."""
        found = node.get(name)
        if found is None or isinstance(found, str):
            return [found] if found else []
        values = flattened(found)
        if len(values) > MAX_VALUES:
            self.warn(
                ReadWarning.SEVERAL_VALUES, field, f"{name} has {len(values)} values: the first {MAX_VALUES} are kept"
            )
        return [self._resolved(value, field) if isinstance(value, dict) else value for value in values[:MAX_VALUES]]

    def resolve(self, node: Node) -> Node:
        """Return the node that a reference names, if there is exactly one; any other node unchanged."""
        name = id_of(node)
        if name is None or not is_reference(node):
            return node
        return next((found for document in self._documents if (found := document.get(name)) is not None), node)

    def _resolved(self, value: Node, field: str) -> Node:
        found = self.resolve(value)
        if is_reference(found):
            name = shortened(id_of(found) or "", 80)
            self.warn(ReadWarning.UNRESOLVED_REFERENCE, field, f"no single node has the @id {name!r}")
        return found

    def texts(self, node: Node, name: str, field: str) -> list[str]:
        """Return the distinct cleaned texts of a property; of translations the review's language, else the first."""
        return list(self._texts(node, name, field))

    def published_texts(self, node: Node, name: str, field: str) -> dict[str, str]:
        """Return the texts of ``texts``, each with the text as published: with its line breaks and spaces."""
        found = self._texts(node, name, field)
        return {text: text if text == value else with_its_spaces(value) for text, value in found.items()}

    def _texts(self, node: Node, name: str, field: str) -> dict[str, str]:
        only = node.get(name)
        if only is None:
            return {}
        if isinstance(only, str):
            text = clean(only)
            return {text: only} if text and text.casefold() not in _NOTHING else {}
        found: dict[str, tuple[str, str | None]] = {}
        for value in self.values(node, name, field):
            language = None
            if isinstance(value, dict):
                language = value.get("@language")
                value = next((value[key] for key in _TEXT_MEMBERS if isinstance(value.get(key), str)), None)
            if isinstance(value, int | float) and not isinstance(value, bool):
                value = f"{value:g}"
            if isinstance(value, str):
                text = clean(value)
                if text.casefold() not in _NOTHING and text:
                    found.setdefault(text, (value, language if isinstance(language, str) else None))
        if len(found) > 1 and all(language for _, language in found.values()):
            own = [text for text, (_, tag) in found.items() if primary(tag_of(tag or "")) == self.language]
            kept = own[0] if own else next(iter(found))
            message = f"{name} has {len(found)} translations: the one in {found[kept][1]!r} is kept"
            self.warn(ReadWarning.SEVERAL_VALUES, field, message)
            found = {kept: found[kept]}
        return {text: value for text, (value, _) in found.items()}

    def text(self, node: Node, names: Sequence[str], field: str, longest: int) -> str | None:
        """Return the first text of the first of these properties that has one, shortened to ``longest`` characters."""
        for name in names:
            found = self.texts(node, name, field)
            if len(found) > 1:
                self.warn(ReadWarning.SEVERAL_VALUES, field, f"{name} has {len(found)} values: the first is kept")
            if found:
                return self.cut(found[0], field, longest)
        return None

    def cut(self, text: str, field: str, longest: int) -> str:
        """Return ``text``, shortened with a finding if it is longer than ``longest`` characters."""
        if len(text) > longest:
            self.warn(ReadWarning.CUT, field, f"the text has {len(text):,} characters: the first {longest:,} are kept")
        return shortened(text, longest)

    def url(self, node: Node, names: Sequence[str], field: str) -> str | None:
        """Return the first web address in these properties."""
        for name in names:
            found = self.urls(node, name, field)
            if len(found) > 1 and name != "sameAs":
                self.warn(ReadWarning.SEVERAL_VALUES, field, f"{name} has {len(found)} addresses: the first is kept")
            if found:
                return found[0]
        return None

    def urls(self, node: Node, name: str, field: str) -> list[str]:
        """Return the distinct web addresses in a property. A text may have several."""
        found: dict[str, None] = {}
        for value in self.values(node, name, field):
            given = [value]
            if isinstance(value, dict):
                given = flattened(value.get("url") or id_of(value) or value.get("@value"))
            for text in given:
                if isinstance(text, str) and text.strip():
                    addresses = [self.address(each, field) for each in addresses_in(text)]
                    found.update(dict.fromkeys(address for address in addresses if address is not None))
        return list(found)

    def address(self, text: str, field: str) -> str | None:
        """Return the web address in ``text``, with findings about its repairs or that there is none."""
        found = read_address(text)
        if found is None:
            shown = shortened(clean(text), 80)
            if len(text) > LONGEST_URL:
                message = (
                    f"{shown!r} has {len(text):,} characters, of {LONGEST_URL:,} that an address may have: left out"
                )
            else:
                message = f"{shown!r} is not a web address: left out"
            self.warn(ReadWarning.INVALID_URL, field, message)
            return None
        if found.lacks_scheme:
            message = f"{shortened(clean(text), 80)!r} has no scheme: read as https"
            self.warn(ReadWarning.TAKEN_FROM, field, message)
        if found.was_encoded:
            message = f"{shortened(clean(text), 80)!r} has characters that an address may not have: percent-encoded"
            self.warn(ReadWarning.ENCODED_URL, field, message)
        return found.url

    def date(self, node: Node, names: Sequence[str], field: str) -> ParsedDate | None:
        """Return the first date in these properties whose meaning is certain."""
        for name in names:
            values = self.values(node, name, field)
            for position, given in enumerate(values):
                value = given.get("@value") if isinstance(given, dict) else given
                if isinstance(value, bool) or not isinstance(value, str | int | float):
                    continue
                stated = clean(value) if isinstance(value, str) else f"{value:.0f}"
                found = parse_date(stated, self.language)
                if found is None:
                    self.warn(
                        ReadWarning.INVALID_DATE,
                        field,
                        f"{shortened(stated, 60)!r} is not a date with a certain meaning: left out",
                    )
                    continue
                if is_placeholder(found):
                    self.warn(
                        ReadWarning.PLACEHOLDER_DATE, field, f"{shortened(stated, 60)!r} stands for no date: left out"
                    )
                    continue
                if found.ambiguous:
                    self.warn(ReadWarning.AMBIGUOUS_DATE, field, f"day and month of {stated!r} may be swapped")
                self._note_others(values[position:], name, field)
                return found
        return None

    def _note_others(self, values: Sequence[Any], name: str, field: str) -> None:
        """Add a finding if the first of these values, which is kept, is followed by others."""
        if any(value != values[0] for value in values):
            self.warn(ReadWarning.SEVERAL_VALUES, field, f"{name} has several values: {values[0]!r:.60} is kept")

    def day(self, node: Node, names: Sequence[str], field: str) -> ParsedDate | None:
        """Return the first date, with a finding if it is a month or a year, of which no day can be kept."""
        found = self.date(node, names, field)
        if found is not None and found.stated is None and not found.ambiguous:
            days = f"{found.days.earliest} to {found.days.latest}"
            self.warn(ReadWarning.IMPRECISE_DATE, field, f"the date names no day, only {days}: left out")
        return found

    def language_of(self, node: Node, names: Sequence[str], field: str) -> str | None:
        """Return the first language tag in these properties."""
        for name in names:
            values = self.values(node, name, field)
            for position, value in enumerate(values):
                given = [value]
                if isinstance(value, dict):
                    given = [*flattened(value.get("alternateName")), *flattened(value.get("name")), value.get("@value")]
                found = next(filter(None, (tag_of(text) for text in given if isinstance(text, str))), None)
                if found:
                    self._note_others(values[position:], name, field)
                    return found
                self.warn(
                    ReadWarning.INVALID_LANGUAGE,
                    field,
                    f"{shortened(str(given[0]), 40)!r} is not a language tag: left out",
                )
        return None

    def identifier(self, node: Node) -> str | None:
        """Return the id that our own export gave the node."""
        return next(filter(None, map(own_id, flattened(node.get("identifier")))), None)


def own_id(value: Any) -> str | None:
    """Return the id in a PropertyValue of our own exports; ``None`` for other values."""
    name = value.get("value") if isinstance(value, dict) and value.get("propertyID") == OUR_PROPERTY else None
    return name if isinstance(name, str) and len(name) <= _ID_LONGEST and _ID.fullmatch(name) else None
