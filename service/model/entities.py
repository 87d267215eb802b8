"""The domain's value types and enumerations.

Dates are intervals of calendar days (``datetime.date``), both ends included; ``None`` is an open end.
Offsets are Unicode code points, ``[start, end)``. Ids are the public string ids.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from enum import StrEnum


class SourceKind(StrEnum):
    """The kinds of sources. ``collective`` and ``anonymous`` sources cannot be identified, and so are never an origin.

    ``unspecified``: a named source of unknown kind.
    """

    OUTLET = "outlet"
    NEWS_AGENCY = "news_agency"
    GOVERNMENT = "government"
    OFFICIAL = "official"
    INTERGOVERNMENTAL = "intergovernmental"
    THINK_TANK = "think_tank"
    NGO = "ngo"
    COMPANY = "company"
    PERSON = "person"
    UNSPECIFIED = "unspecified"
    ANONYMOUS = "anonymous"
    COLLECTIVE = "collective"

    @property
    def identifiable(self) -> bool:
        """True if a source of this kind can be an origin."""
        return self not in _NOT_IDENTIFIABLE


# Looked up once: this is asked for each link of each mention.
_NOT_IDENTIFIABLE = (SourceKind.ANONYMOUS, SourceKind.COLLECTIVE)


class Reliability(StrEnum):
    """The source half of the Admiralty code (NATO STANAG 2511): A completely reliable ... F cannot be judged."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"


class Stance(StrEnum):
    """The stance of a mention towards its claim."""

    SUPPORTS = "supports"
    PARTLY_SUPPORTS = "partly_supports"
    DIFFERS = "differs"
    REFUTES = "refutes"
    PARTLY_REFUTES = "partly_refutes"


class Basis(StrEnum):
    """The basis of an attribution: the words of the text, its context, or the annotator's inference."""

    EXPLICIT = "explicit"
    CARRIED_OVER = "carried_over"
    INFERRED = "inferred"


class Passage(StrEnum):
    """The part of a document that has a mention."""

    HEADLINE = "headline"
    STANDFIRST = "standfirst"
    BODY = "body"
    LIST = "list"
    CAPTION = "caption"
    EMBED = "embed"
    PULL_QUOTE = "pull_quote"


class LinkType(StrEnum):
    """The relation of one claim to another."""

    CONTRADICTS = "contradicts"
    REFINES = "refines"
    PART_OF = "part_of"
    DISTINCT_FROM = "distinct_from"

    @property
    def symmetric(self) -> bool:
        """True if the link means the same in both directions."""
        return self in (LinkType.CONTRADICTS, LinkType.DISTINCT_FROM)


class Qualifier(StrEnum):
    """The precision of a quantity, as worded."""

    EXACT = "exact"
    ABOUT = "about"
    UP_TO = "up_to"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    LESS_THAN = "less_than"
    BETWEEN = "between"


class Status(StrEnum):
    """The status of a claim's corroboration."""

    UNSUPPORTED = "unsupported"
    UNATTRIBUTED = "unattributed"
    SINGLE_ORIGIN = "single_origin"
    POSSIBLY_CORROBORATED = "possibly_corroborated"
    CORROBORATED = "corroborated"
    CONTESTED = "contested"
    REFUTED = "refuted"


class Independence(StrEnum):
    """The level at which two sources count as one, from the finest to the coarsest."""

    SOURCE = "source"
    ORGANISATION = "organisation"
    COUNTRY = "country"


class Role(StrEnum):
    """The role of a source in a mention of a claim."""

    ORIGIN = "origin"
    RELAY = "relay"
    PUBLISHER = "publisher"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as stated: ``low`` to ``high`` in ``unit``; an open end is ``None`` ("up to 25,000" has no low)."""

    low: float | None
    high: float | None
    unit: str
    qualifier: Qualifier = Qualifier.EXACT


@dataclass(frozen=True, slots=True)
class TimeFrame:
    """The time that a statement is about, as worded (``label``) and as days."""

    label: str
    start: dt.date | None = None
    end: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """The value that a document reports in place of the claim's own."""

    quantity: Quantity | None = None
    time_frame: TimeFrame | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Locator:
    """A span of a document: code points ``[start, end)`` and the SHA-256 (hex) of its UTF-8 text."""

    start: int
    end: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Source:
    """A party that says or relays things. ``url`` is its home page.

    ``same_as`` are addresses that identify it, such as a page of an encyclopedia or a profile, in order.
    ``distinct_from`` are the ids of sources that it is not, although their names are alike.
    """

    id: str
    name: str
    kind: SourceKind
    country: str | None = None
    part_of: str | None = None
    reliability: Reliability | None = None
    aliases: tuple[str, ...] = ()
    note: str | None = None
    merged_into: str | None = None
    url: str | None = None
    distinct_from: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One published item: metadata only, never its text. ``length`` is in code points.

    ``first_seen`` is the UTC day on which the service first had the document; the server sets it.
    """

    id: str
    title: str | None = None
    url: str | None = None
    author: str | None = None
    language: str | None = None
    publisher: str | None = None
    publisher_reason: str | None = None
    sha256: str | None = None
    length: int | None = None
    published_earliest: dt.date | None = None
    published_latest: dt.date | None = None
    published_reason: str | None = None
    derived_from: str | None = None
    first_seen: dt.date | None = None
    merged_into: str | None = None

    @property
    def dated_after_first_seen(self) -> bool:
        """True if the document was published after ``first_seen`` by its dates, which cannot be.

        One day later can be: the day in the document's time zone may be a day ahead of UTC.
        """
        if self.published_earliest is None or self.first_seen is None:
            return False
        return self.published_earliest > self.first_seen + dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ClaimLink:
    """A link to another claim, whose id is ``claim``; ``id`` is that of the link itself, once it is stored."""

    type: LinkType
    claim: str
    note: str | None = None
    id: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Claim:
    """One checkable statement, normalised, in our own words."""

    id: str
    text: str
    subject: str
    quantity: Quantity | None = None
    time_frame: TimeFrame | None = None
    place: str | None = None
    topics: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """One document states one claim. ``attribution`` runs from the document outward, nearest relay first.

    ``quote`` is the text of the locator's span; the log has its hash only.
    """

    id: str
    claim: str
    document: str
    stance: Stance
    attribution: tuple[str, ...] = ()
    basis: Basis | None = None
    passage: Passage = Passage.BODY
    locator: Locator | None = None
    reported: Reported | None = None
    note: str | None = None
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark of a withdrawal or merge: its time, actor and reason."""

    at: dt.datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules for counting origins. ``id`` names them, so that anyone can reproduce a stored status.

    ``documents`` is the number of documents in which the named origins of a corroborated claim must stand; version 1
    has no such rule.
    """

    quorum: int = 2
    independence: Independence = Independence.ORGANISATION
    version: int = 2
    documents: int = 2

    @property
    def id(self) -> str:
        """The policy's name, such as ``v2-organisation-2-2``: version, independence, quorum and documents."""
        name = f"v{self.version}-{self.independence}-{self.quorum}"
        return name if self.version == 1 else f"{name}-{self.documents}"

    @classmethod
    def named(cls, policy_id: str) -> Policy:
        """Return the policy with this id; raise ``ValueError`` if it is not one."""
        version, _, rest = policy_id.partition("-")
        independence, *numbers = rest.split("-")
        quorum, *documents = (_number(text) for text in numbers[:2])
        policy = cls(quorum, Independence(independence), {"v1": 1, "v2": 2}.get(version, 0), *documents)
        if policy.id != policy_id or not 2 <= quorum <= 100:
            raise ValueError(policy_id)
        return policy


def _number(text: str) -> int:
    """Return a number of a policy's id, 1 to 100; raise ``ValueError`` for anything else."""
    if re.fullmatch(r"[1-9][0-9]?|100", text) is None:
        raise ValueError(text)
    return int(text)


DEFAULT_POLICY = Policy()
