"""Words of pages: names of statuses, ratings, stances and kinds, and days as people write them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from service.corroboration.results import Corroboration, Interval, Side
from service.model.entities import Independence, SourceKind, Status
from service.provenance.wording import number

STATUSES = {
    Status.SINGLE_ORIGIN: "Single origin",
    Status.POSSIBLY_CORROBORATED: "Possibly corroborated",
    Status.CORROBORATED: "Corroborated",
    Status.CONTESTED: "Contested",
    Status.REFUTED: "Refuted",
    Status.UNATTRIBUTED: "Unattributed",
    Status.UNSUPPORTED: "Unsupported",
}
MEANINGS = {
    Status.CORROBORATED: "named by several independent origins",
    Status.POSSIBLY_CORROBORATED: "one origin, perhaps more",
    Status.SINGLE_ORIGIN: "all goes back to one",
    Status.CONTESTED: "stated, and denied or stated otherwise",
    Status.REFUTED: "only denials",
    Status.UNATTRIBUTED: "nobody is named",
    Status.UNSUPPORTED: "nothing states it",
}
LEVELS = {
    Independence.SOURCE: "each source by itself",
    Independence.ORGANISATION: "one organisation is one origin",
    Independence.COUNTRY: "one country is one origin",
}
_DAY = re.compile(r"\b\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\b")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def plain(name: str) -> str:
    """Return the name of a value, such as ``news_agency``, with spaces and a capital letter."""
    return "NGO" if name == SourceKind.NGO else name.replace("_", " ").capitalize()


def day(text: str | dt.date) -> str:
    """Return a day, or the day of a time, such as ``31 May 2025``."""
    date = text if isinstance(text, dt.date) else dt.date.fromisoformat(text[:10])
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


def to_the_second(time: str) -> str:
    """Return a time of the API (RFC 3339, in UTC) without parts of a second: HTML allows milliseconds at most."""
    return f"{time[:19]}Z"


def dated(sentence: str) -> str:
    """Return a sentence of the API with its days as people write them."""
    return _DAY.sub(lambda found: day(found[0]), sentence)


def days(first: str | None, last: str | None) -> str:
    """Return an interval of days; ``None`` is an open end."""
    if first is None or last is None:
        return f"{day(first)} or later" if first else f"by {day(last)}" if last else "undated"
    if first == last:
        return day(first)
    same_year = f" {last[:4]}" if first[:4] == last[:4] else ""
    return f"{day(first).removesuffix(same_year)} to {day(last)}"


def interval(counted: Interval) -> str:
    """Return the bounds of a number of origins, such as ``1 to 3``."""
    low, high = counted.at_least, counted.at_most
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def side(part: Side) -> str:
    """Return the number of origins of a side, and how many of them are named."""
    named = sum(group.named for group in part.groups)
    if named == part.origins.at_most:
        return interval(part.origins)
    return f"{interval(part.origins)}, {named or 'none'} named"


def caution(result: Corroboration) -> str:
    """Return a paragraph that says what the status of a claim does not mean."""
    documents = len({document for group in result.supports.groups for document in group.documents})
    match result.status:
        case Status.SINGLE_ORIGIN if documents > 1:
            return (
                f"This is one report told in {number(documents, 'document')}, not {documents} confirmations. "
                "Nobody else is named as knowing it, and repeating it makes it no surer."
            )
        case Status.SINGLE_ORIGIN:
            return "One party says so. That does not make it wrong; nobody else is on record as confirming it."
        case Status.POSSIBLY_CORROBORATED:
            return (
                "There may be a second origin, but none is certain. Documents that name nobody may rest on the same "
                "report as the others, so they are counted as possible only."
            )
        case Status.CORROBORATED:
            return (
                "These origins are not known to rest on one another. That does not prove the claim: independent "
                "parties can share a mistake, or an interest."
            )
        case Status.CONTESTED:
            return (
                "Nothing here decides which side is right. Both are shown as they were published, and neither is "
                "weighed by how often it was repeated."
            )
        case Status.REFUTED:
            return (
                "Only denials are on record. A denial is a statement like any other: it has an origin, and that "
                "origin may have an interest."
            )
        case Status.UNATTRIBUTED:
            return (
                "Nobody is named as the origin. Unknown is not independent: all of these documents may have taken it "
                "from one place."
            )
        case _:
            return "Nothing that supports it is on record here. It may be true all the same."


def listed(names: Sequence[str], most: int = 6) -> str:
    """Return names such as ``A, B and C``; of more than ``most`` the first ones, and the number of others."""
    if len(names) > most:
        names = [*names[: most - 1], number(len(names) - most + 1, "other")]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
