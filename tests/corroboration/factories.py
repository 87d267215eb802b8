"""Terse builders for the input of the kernel, and a small cast of sources for the cases worked out by hand.

``us``, ``south-korea`` and ``ukraine`` are governments with bodies below them; ``wsj`` and ``ap`` are of the same
country as ``us`` and belong to nobody; ``bbc``, ``lab`` and ``blog`` stand alone; ``officials`` and ``insider`` cannot
be identified.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from service.corroboration.corroborate import corroborate
from service.corroboration.results import Corroboration, Side
from service.model.entities import (
    DEFAULT_POLICY,
    Basis,
    Claim,
    Document,
    Locator,
    Mention,
    Policy,
    Qualifier,
    Quantity,
    Reported,
    Source,
    SourceKind,
    Stance,
    TimeFrame,
)

SUPPORTS, PARTLY, DIFFERS, REFUTES = Stance.SUPPORTS, Stance.PARTLY_SUPPORTS, Stance.DIFFERS, Stance.REFUTES
PARTLY_REFUTES = Stance.PARTLY_REFUTES
GOVERNMENT, OUTLET = SourceKind.GOVERNMENT, SourceKind.OUTLET


def source(
    id: str,
    kind: SourceKind = GOVERNMENT,
    country: str | None = None,
    *,
    part_of: str | None = None,
    merged_into: str | None = None,
    url: str | None = None,
) -> Source:
    return Source(id=id, name=id.title(), kind=kind, country=country, part_of=part_of, merged_into=merged_into, url=url)


def document(
    id: str,
    publisher: str | None = None,
    *,
    url: str | None = None,
    derived_from: str | None = None,
    merged_into: str | None = None,
    earliest: dt.date | None = None,
    latest: dt.date | None = None,
    first_seen: dt.date | None = None,
) -> Document:
    return Document(
        id=id,
        url=url,
        publisher=publisher,
        derived_from=derived_from,
        merged_into=merged_into,
        published_earliest=earliest,
        published_latest=latest,
        first_seen=first_seen,
    )


def quantity(amount: float, unit: str = "troops") -> Quantity:
    return Quantity(amount, amount, unit, Qualifier.ABOUT)


def claim(amount: float | None = 10_000, time_frame: TimeFrame | None = None) -> Claim:
    return Claim(
        id="claim",
        text="About 10,000 troops were sent.",
        subject="troops",
        quantity=None if amount is None else quantity(amount),
        time_frame=time_frame,
    )


def mention(
    id: str,
    document: str,
    *chain: str,
    stance: Stance = SUPPORTS,
    basis: Basis = Basis.EXPLICIT,
    locator: Locator | None = None,
    reported: Reported | None = None,
) -> Mention:
    """``chain`` is the attribution, nearest relay first; leave it out for an unattributed statement."""
    return Mention(
        id=id,
        claim="claim",
        document=document,
        stance=stance,
        attribution=chain,
        basis=basis if chain else None,
        locator=locator,
        reported=reported,
    )


CAST = (
    source("us", country="US"),
    source("pentagon", country="US", part_of="us"),
    source("south-korea", country="KR"),
    source("nis", country="KR", part_of="south-korea"),
    source("nis-old-name", country="KR", merged_into="nis"),
    source("jcs", country="KR", part_of="south-korea"),
    source("ukraine", country="UA"),
    source("mod", country="UA", part_of="ukraine"),
    source("hur", country="UA", part_of="mod"),
    source("wsj", OUTLET, "US"),
    source("ap", SourceKind.NEWS_AGENCY, "US"),
    source("bbc", OUTLET, "GB"),
    source("lab", SourceKind.THINK_TANK),
    source("blog", OUTLET),
    source("officials", SourceKind.COLLECTIVE, "US", part_of="us"),
    source("insider", SourceKind.ANONYMOUS),
)

DOCUMENTS = (
    document("wsj-1", "wsj"),
    document("wsj-2", "wsj"),
    document("ap-1", "ap"),
    document("bbc-1", "bbc"),
    document("nis-1", "nis"),
    document("unknown-1"),
    document("unknown-2"),
    document("original", "ap"),
    document("copy", "bbc", derived_from="original"),
    document("copy-2", "wsj", derived_from="original"),
    document("copy-of-copy", "blog", derived_from="copy"),
)


def compute(
    *mentions: Mention,
    policy: Policy = DEFAULT_POLICY,
    as_of: dt.date | None = None,
    claim: Claim = claim(),  # noqa: B008 (frozen)
    sources: Iterable[Source] = CAST,
    documents: Iterable[Document] = DOCUMENTS,
) -> Corroboration:
    return corroborate(
        claim, mentions, {each.id: each for each in documents}, {each.id: each for each in sources}, policy, as_of
    )


def bounds(side: Side) -> tuple[int, int]:
    return side.origins.at_least, side.origins.at_most


def sides(result: Corroboration) -> tuple[Side, Side, Side]:
    return result.supports, result.differs, result.refutes
