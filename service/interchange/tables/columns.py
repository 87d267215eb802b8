"""The fields of a spreadsheet, and the columns that are read as them, by their names in several languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path

from service.interchange.claimreview.text import clean, fold
from service.interchange.tables.sheets import Cell
from service.model.entities import SourceKind, Stance


class SheetField(StrEnum):
    """The fields that a column can be read as."""

    CLAIM = "claim"
    CLAIM_ID = "claim_id"
    SUBJECT = "subject"
    TOPICS = "topics"
    PLACE = "place"
    QUANTITY = "quantity"
    QUANTITY_HIGH = "quantity_high"
    UNIT = "unit"
    CLAIMANT = "claimant"
    VIA = "via"
    STANCE = "stance"
    REPORTED = "reported"
    URL = "url"
    TITLE = "title"
    PUBLISHER = "publisher"
    DATE = "date"
    AUTHOR = "author"
    LANGUAGE = "language"
    REVIEWER = "reviewer"
    RATING = "rating"
    RATING_VALUE = "rating_value"
    BEST_RATING = "best_rating"
    WORST_RATING = "worst_rating"
    REVIEW_URL = "review_url"
    REVIEW_TITLE = "review_title"
    REVIEW_DATE = "review_date"
    REVIEW_AUTHOR = "review_author"
    EXPLANATION = "explanation"
    SOURCE = "source"
    SOURCE_KIND = "source_kind"
    COUNTRY = "country"
    SOURCE_URL = "source_url"
    PART_OF = "part_of"
    ALIASES = "aliases"

    @property
    def is_of_a_source(self) -> bool:
        """True for the fields of a sheet of sources."""
        return self in _OF_SOURCES


_OF_SOURCES = frozenset(list(SheetField)[list(SheetField).index(SheetField.SOURCE) :])
DATES = (SheetField.DATE, SheetField.REVIEW_DATE)
SEVERAL = frozenset({SheetField.TOPICS, SheetField.URL, SheetField.ALIASES})
"""Fields that several columns can have."""
_NEEDED = frozenset({SheetField.CLAIM, SheetField.SOURCE})
_LONGEST_NAME = 200


def _sections(name: str) -> dict[str, list[str]]:
    """Return the folded words of each section of a table of words."""
    found: dict[str, list[str]] = {}
    words: list[str] = []
    for line in Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            words = found.setdefault(line.strip("[]"), [fold(line)])
        elif line and not line.startswith("#"):
            words += map(fold, line.split(","))
    return found


_WORDS = {SheetField(name): words for name, words in _sections("columns.txt").items()}
_CLAIMS, _SOURCES = (
    {word: each for each, words in _WORDS.items() if each.is_of_a_source is of_source for word in words}
    for of_source in (False, True)
)
_VALUES = _sections("values.txt")
_STANCES = {word: stance for stance in Stance for word in _VALUES[stance]}
_KINDS = {word: kind for kind in SourceKind for word in _VALUES.get(kind, (fold(kind),))}


@dataclass(frozen=True, slots=True)
class SheetOptions:
    """Options for reading a spreadsheet: fields of columns, by name, and values for all rows, by field."""

    columns: Mapping[str, SheetField] = field(default_factory=dict)
    values: Mapping[SheetField, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recognised:
    """The columns of a row of names: their names, and the field of each that is read, by its position."""

    names: tuple[str, ...]
    fields: Mapping[int, SheetField]

    @property
    def is_header(self) -> bool:
        """True if the columns are those of claims or of sources."""
        return not _NEEDED.isdisjoint(self.fields.values())


def stance_of(text: str) -> Stance | None:
    """Return the stance that a word means."""
    return _STANCES.get(fold(text))


def kind_of(text: str) -> SourceKind | None:
    """Return the kind of source that a word means."""
    return _KINDS.get(fold(text))


def field_named(name: str) -> SheetField:
    """Return the field with this name. Raises ``ValueError`` with a message that names the nearest."""
    try:
        return SheetField(name.strip().lower().replace(" ", "_").replace("-", "_"))
    except ValueError:
        near = get_close_matches(name.lower(), list(SheetField), n=1)
        meant = f" Did you mean {str(near[0])!r}?" if near else f" The fields are: {', '.join(SheetField)}."
        raise ValueError(f"There is no field {name!r}.{meant}") from None


def recognise(cells: Sequence[Cell], options: SheetOptions) -> Recognised:
    """Return the fields of a row of column names.

    A sheet with a column of claims has claims, any other sources. Of two columns for one field the first is read,
    unless the field can have several.
    """
    names = tuple(clean(cell)[:_LONGEST_NAME] if isinstance(cell, str) else "" for cell in cells)
    chosen = {fold(name): each for name, each in options.columns.items()}
    claims = _assigned(names, chosen, _CLAIMS)
    if SheetField.CLAIM in claims.values():
        return Recognised(names, claims)
    sources = _assigned(names, chosen, _SOURCES)
    return Recognised(names, sources if SheetField.SOURCE in sources.values() else claims)


def _assigned(
    names: Iterable[str], chosen: Mapping[str, SheetField], known: Mapping[str, SheetField]
) -> dict[int, SheetField]:
    found: dict[int, SheetField] = {}
    folded = [fold(name) for name in names]
    for number, name in enumerate(folded):
        if name and name in chosen:
            found[number] = chosen[name]
    for number, name in enumerate(folded):
        own = known.get(name) if name else None
        if own and number not in found and (own in SEVERAL or own not in found.values()):
            found[number] = own
    return found
