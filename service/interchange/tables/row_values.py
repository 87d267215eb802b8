"""The values of a row of a spreadsheet: texts, lists, days and parties, read as those of reviews."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from service.interchange.claimreview.addresses import read_address
from service.interchange.claimreview.field_reader import FieldReader
from service.interchange.claimreview.finding_codes import ReadWarning
from service.interchange.claimreview.languages import primary, tag_of
from service.interchange.claimreview.parties import party_of
from service.interchange.claimreview.review_items import Finding, Party, PartyKind, Place
from service.interchange.claimreview.text import clean
from service.interchange.tables.cell_values import day_in, text_of
from service.interchange.tables.columns import SheetField as Field
from service.interchange.tables.layouts import Layout


class InvalidRow(Exception):
    """A row that states nothing certain."""

    def __init__(self, code: str, field: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.field = field


class RowValues:
    """The values of one row, and the findings on them."""

    def __init__(
        self, layout: Layout, values: dict[Field, tuple[Any, ...]], place: Place, findings: tuple[Finding, ...]
    ) -> None:
        self.layout = layout
        self.values = values
        self.place = place
        self.address: str | None = None
        self.reader = FieldReader((), findings)
        self._language = tag_of(self.text(Field.LANGUAGE, 40) or "")
        self.reader.language = primary(self._language)

    def party(self, each: Field, name: str, kind: PartyKind) -> Party | None:
        """Return the party of this kind that a field names; ``name`` is that of the member, for findings."""
        party = self.party_named(self.raw(each), name)
        return party and replace(party, kind=kind)

    def party_named(self, text: str, name: str) -> Party | None:
        """Return the party that a text names."""
        return party_of(self.reader, text, name) if text.strip() else None

    def is_address(self, each: Field) -> bool:
        """Return whether a field has a web address."""
        found = read_address(self.raw(each).strip())
        return found is not None and not found.lacks_scheme

    def raw(self, each: Field) -> str:
        """Return the text of the first value of a field, with its line breaks; empty without one."""
        return text_of(self.values.get(each, (None,))[0])

    def text(self, each: Field, longest: int) -> str | None:
        """Return the cleaned text of a field, shortened with a finding."""
        text = clean(self.raw(each))
        return self.reader.cut(text, each, longest) if text else None

    def texts(self, each: Field) -> list[str]:
        """Return the texts of all values of a field."""
        return [text_of(value) for value in self.values.get(each, ())]

    def listed(self, each: Field, parted: re.Pattern[str]) -> Iterator[str]:
        """Yield the items of a field that lists several, ``parted`` by a pattern."""
        for value in self.texts(each):
            yield from filter(None, map(clean, parted.split(value)))

    def day(self, each: Field, name: str) -> str | None:
        """Return the date of a field as a text, with a finding if it was worked out."""
        value = self.values.get(each, (None,))[0]
        if value is None:
            return None
        found = day_in(value, self.layout.day_first.get(each), from_1904=self.layout.sheet.from_1904)
        if found.remark:
            self.reader.warn(ReadWarning.TAKEN_FROM, name, found.remark)
        return found.text

    def note_unused(self, each: Field, why: str) -> None:
        """Add a finding if a field that is left out has a value."""
        if each in self.values:
            self.reader.warn(ReadWarning.INVALID_VALUE, each, f"{why}: {each} is left out")

    def warnings(self) -> tuple[Finding, ...]:
        """Return the findings on the row."""
        # A review without an address is usual in a spreadsheet.
        found = [each for each in self.reader.findings if each.code != ReadWarning.MISSING_URL]
        warning = self.layout.sheet.warning
        plain = all(text_of(value).isascii() for values in self.values.values() for value in values)
        return tuple(found if warning is None or plain else [warning, *found])
