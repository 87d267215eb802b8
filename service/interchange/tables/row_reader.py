"""Read the values of a row into what it states. Texts, dates, addresses, parties and ratings are read as in reviews."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import Any

from service.interchange.claimreview.finding_codes import ReadRefusal, ReadWarning
from service.interchange.claimreview.parties import NAME, TITLE, party_of
from service.interchange.claimreview.placeholders import is_placeholder
from service.interchange.claimreview.ratings import RatingTable
from service.interchange.claimreview.review_items import (
    Appearance,
    DateInterval,
    Party,
    PartyKind,
    Place,
    Refused,
    ReviewItem,
)
from service.interchange.claimreview.review_parser import CLAIM, parse_review
from service.interchange.claimreview.text import clean, shortened
from service.interchange.tables.cell_values import number_in, text_of
from service.interchange.tables.columns import SheetField as Field
from service.interchange.tables.columns import SheetOptions, kind_of, stance_of
from service.interchange.tables.layouts import Layout, ValueRow
from service.interchange.tables.row_items import ClaimDetails, SourceRow, StatedRow
from service.interchange.tables.row_values import InvalidRow, RowValues
from service.model.entities import Quantity, SourceKind, Stance
from service.model.verdicts import Rating

SUBJECT, PLACE, UNIT, REPORTED, TOPICS, ALIASES = 200, 200, 60, 2000, 10, 50
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ID_LONGEST = 120
_AMOUNT = re.compile(r"\s*([+\-\u2212]?\d[\d.,\u00a0\u202f' ]*)(.*)", re.DOTALL)
# A verdict takes one of these; an explanation alone rates nothing.
_OF_A_VERDICT = (Field.RATING, Field.RATING_VALUE, Field.REVIEW_URL)
_LISTED = re.compile(r"[;\n|]")
_LISTED_WITH_COMMAS = re.compile(r"[;,\n|]")


class RowReader:
    """Reads the rows of one sheet; ratings are mapped by ``table``."""

    def __init__(self, layout: Layout, options: SheetOptions, table: RatingTable) -> None:
        self._layout = layout
        self._options = options
        self._table = table
        self._is_of_sources = Field.SOURCE in layout.header.fields.values()

    def read(self, row: ValueRow, place: Place) -> StatedRow | SourceRow | Refused:
        """Return what a row states, or the reason why it cannot be used."""
        refusal = next((each for each in row.findings if each.code in tuple(ReadRefusal) and not each.field), None)
        if refusal is not None:
            return Refused(place, refusal.code, refusal.field, refusal.message)
        values = {each: (value,) for each, value in self._options.values.items()} | dict(row.values)
        reading = _Reading(self._layout, values, place, row.findings)
        try:
            return reading.source() if self._is_of_sources else reading.claim(self._table)
        except InvalidRow as error:
            return Refused(place, error.code, error.field, str(error), reading.address)


class _Reading(RowValues):
    """One row that is being read."""

    # Rows of claims.

    def claim(self, table: RatingTable) -> StatedRow:
        """Return the claim, its attribution and its verdict. Raises ``InvalidRow``."""
        url, *more = self._addresses()
        self.address = url
        text = clean(self.raw(Field.CLAIM))
        if not text:
            message = "the row has no claim; a cell that is merged over several rows is empty in CSV: repeat its text"
            raise InvalidRow(ReadRefusal.MISSING, "claim", message)
        if is_placeholder(text):
            message = f"{shortened(text, 60)!r} is a placeholder, not a claim"
            raise InvalidRow(ReadRefusal.PLACEHOLDER, "claim", message)
        review = self._review(text, table)
        stance, reported = self._stance()
        chain = self._chain()
        if url is None and chain and self.is_address(Field.CLAIMANT):
            # "Source: https://..." names the page on which the claim is.
            url, chain = self.reader.address(self.raw(Field.CLAIMANT), "appearances"), chain[:-1]
        if more:
            message = f"the row has {len(more) + 1} addresses: {url} is kept; give each document a row of its own"
            self.reader.warn(ReadWarning.SEVERAL_VALUES, "appearances", message)
        return StatedRow(
            place=self.place,
            claim=self.reader.cut(text, "claim", CLAIM),
            claim_identifier=self._identifier(),
            details=ClaimDetails(
                self.text(Field.SUBJECT, SUBJECT), self._topics(), self.text(Field.PLACE, PLACE), self._quantity()
            ),
            chain=chain,
            document=self._document(url),
            stance=stance,
            reported=reported,
            review=review,
            warnings=self.warnings(),
        )

    def _review(self, text: str, table: RatingTable) -> ReviewItem | None:
        if not any(each in self.values for each in _OF_A_VERDICT):
            self.note_unused(Field.EXPLANATION, "a row without a rating has no verdict")
            return None
        reviewer = self.party(Field.REVIEWER, "publisher", PartyKind.ORGANIZATION)
        author = self.text(Field.REVIEW_AUTHOR, NAME)
        node: dict[str, Any] = {
            "@type": "ClaimReview",
            "claimReviewed": text,
            "url": self.raw(Field.REVIEW_URL) or None,
            "headline": self.raw(Field.REVIEW_TITLE) or None,
            "datePublished": self.day(Field.REVIEW_DATE, "reviewed_at"),
            "inLanguage": self._language,
            "author": [
                *([{"@type": "Organization", "name": reviewer.name, "url": reviewer.url}] if reviewer else []),
                *([{"@type": "Person", "name": author}] if author else []),
            ],
            "reviewRating": self._rating(),
        }
        found = next(parse_review(node, self.reader, self.place, table))
        if isinstance(found, Refused):
            message = found.message
            if found.field == "publisher":
                message = (
                    "the row has a rating, but does not say whose: add a column reviewer, or set one for all rows, as "
                    "in reviewer=Canal Checks"
                )
            raise InvalidRow(found.code, found.field, message)
        self.address = found.url or self.address
        if found.rating is Rating.UNMAPPED and not found.textual_rating and found.rating_value is None:
            raise InvalidRow(ReadRefusal.MISSING, "rating", "the row has the address of a review, but no rating")
        return replace(found, warnings=())

    def _rating(self) -> dict[str, Any]:
        words: Any = self.raw(Field.RATING) or None
        numbers = {}
        for name, each in (
            ("ratingValue", Field.RATING_VALUE),
            ("bestRating", Field.BEST_RATING),
            ("worstRating", Field.WORST_RATING),
        ):
            given = self.values.get(each, (None,))[0]
            number = number_in(given, self.layout.sheet.decimal_comma)
            numbers[name] = text_of(given) or None if number is None else number
        number = number_in(self.values.get(Field.RATING, (None,))[0], self.layout.sheet.decimal_comma)
        if number is not None and numbers["ratingValue"] is None:
            words, numbers["ratingValue"] = None, number
        return {"alternateName": words, "ratingExplanation": self.raw(Field.EXPLANATION) or None, **numbers}

    def _stance(self) -> tuple[Stance, str | None]:
        reported = self.text(Field.REPORTED, REPORTED)
        given = self.text(Field.STANCE, NAME)
        if given is None:
            return (Stance.SUPPORTS if reported is None else Stance.DIFFERS), reported
        stance = stance_of(given)
        if stance is None:
            message = f"{shortened(given, 40)!r} is no stance: must be one of {', '.join(Stance)}"
            raise InvalidRow(ReadRefusal.INVALID_VALUE, "stance", message)
        if stance is Stance.DIFFERS and reported is None:
            message = "the document differs, but the row does not say what it reports: add a column reported"
            raise InvalidRow(ReadRefusal.MISSING, "reported", message)
        return stance, reported

    def _chain(self) -> tuple[Party, ...]:
        """Return the parties from the document outward. ``A > B`` is a chain: A relays B."""
        named = [part for each in (Field.VIA, Field.CLAIMANT) for part in self.raw(each).split(">")]
        parties = [self.party_named(part, "claimants") for part in named if part.strip()]
        return tuple(dict.fromkeys(party for party in parties if party is not None))

    def _document(self, url: str | None) -> Appearance | None:
        title = self.text(Field.TITLE, TITLE)
        day = self.day(Field.DATE, "appearances")
        found = self.reader.date({"day": day}, ("day",), "appearances") if day else None
        published: DateInterval | None = found.days if found else None
        publisher = self.party(Field.PUBLISHER, "appearances", PartyKind.ORGANIZATION)
        author = self.text(Field.AUTHOR, NAME)
        if url is None and title is None:
            if publisher is None and published is None:
                return None
            if publisher is not None:
                title = f"{publisher.name}{f', {published.earliest}' if published else ''}"
        authors = (Party(author),) if author else ()
        return Appearance(url, title, published, publisher, authors, self._language)

    def _addresses(self) -> list[str | None]:
        found = [self.reader.urls({"url": text}, "url", "appearances") for text in self.texts(Field.URL)]
        return [address for addresses in found for address in addresses] or [None]

    def _quantity(self) -> Quantity | None:
        low, rest = self._amount(Field.QUANTITY)
        high, more = self._amount(Field.QUANTITY_HIGH)
        unit = self.text(Field.UNIT, UNIT) or rest or more
        if low is None and high is None:
            return None
        if unit is None:
            message = "a quantity without a unit is left out: add a column unit, or write 15000 workers"
            self.reader.warn(ReadWarning.INVALID_VALUE, "quantity", message)
            return None
        if high is None:
            high = low
        if low is not None and high is not None and low > high:
            low, high = high, low
        return Quantity(low, high, unit)

    def _amount(self, each: Field) -> tuple[float | None, str | None]:
        value = self.values.get(each, (None,))[0]
        if value is None:
            return None, None
        match = _AMOUNT.fullmatch(value) if isinstance(value, str) else None
        number = number_in(match[1].strip() if match else value, self.layout.sheet.decimal_comma)
        if number is None or abs(number) > 1e15:
            message = f"{shortened(text_of(value), 40)!r} is not a number with a certain meaning: left out"
            self.reader.warn(ReadWarning.INVALID_NUMBER, "quantity", message)
            return None, None
        return number, (clean(match[2])[:UNIT] or None) if match else None

    def _topics(self) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for text in self.listed(Field.TOPICS, _LISTED_WITH_COMMAS):
            plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
            slug = "-".join(re.findall(r"[a-z0-9]+", plain))[:_ID_LONGEST].strip("-")
            if slug:
                found[slug] = None
            else:
                message = f"{shortened(text, 40)!r} has no letters from a to z or digits, as a topic must: left out"
                self.reader.warn(ReadWarning.INVALID_VALUE, "topics", message)
        if len(found) > TOPICS:
            self.reader.warn(
                ReadWarning.SEVERAL_VALUES, "topics", f"there are {len(found)} topics: the first {TOPICS} are kept"
            )
        return tuple(found)[:TOPICS]

    def _identifier(self) -> str | None:
        given = self.text(Field.CLAIM_ID, 200)
        if given is None:
            return None
        if len(given) > _ID_LONGEST or not _ID.fullmatch(given):
            message = f"{shortened(given, 40)!r} is not an id: must be lower-case letters and digits, joined by hyphens"
            raise InvalidRow(ReadRefusal.INVALID_VALUE, "claim_id", message)
        return given

    # Rows of sources.

    def source(self) -> SourceRow:
        """Return the source that the row describes. Raises ``InvalidRow``."""
        party = self.party_named(self.raw(Field.SOURCE), "source")
        if party is None:
            raise InvalidRow(ReadRefusal.MISSING, "source", "the row names no source")
        address = self.raw(Field.SOURCE_URL)
        url = self.reader.address(address, "source_url") if address else party.url
        whole = self.party_named(self.raw(Field.PART_OF), "part_of")
        kind = self._kind()
        person = kind in (SourceKind.PERSON, SourceKind.OFFICIAL)
        named = party_of(self.reader, {"name": party.name, "url": url}, "source") or party
        stated = PartyKind.PERSON if person else PartyKind.ORGANIZATION
        return SourceRow(
            self.place,
            replace(named, kind=stated, part_of=whole, site=None if person else named.site),
            kind,
            self._country(),
            tuple(dict.fromkeys(text[:NAME] for text in self.listed(Field.ALIASES, _LISTED)))[:ALIASES],
            self.warnings(),
        )

    def _kind(self) -> SourceKind:
        given = self.text(Field.SOURCE_KIND, NAME)
        kind = None if given is None else kind_of(given)
        if given is not None and kind is None:
            message = f"{shortened(given, 40)!r} is no kind of source: must be one of {', '.join(SourceKind)}; left out"
            self.reader.warn(ReadWarning.INVALID_VALUE, "source_kind", message)
        return kind or SourceKind.UNSPECIFIED

    def _country(self) -> str | None:
        given = self.text(Field.COUNTRY, NAME)
        if given is None or re.fullmatch(r"[A-Za-z]{2}", given):
            return given and given.upper()
        message = f"{shortened(given, 40)!r} is no ISO 3166-1 code of a country, such as KR: left out"
        self.reader.warn(ReadWarning.INVALID_VALUE, "country", message)
        return None
