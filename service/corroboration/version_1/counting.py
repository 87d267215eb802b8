"""Count the independent origins of a claim by version 1 of the policy.

It differs from the current version: an inferred attribution is as good as a stated one, unattributed support counts as
one origin, and a single document can corroborate.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from service.corroboration.conflicts import find_conflicts
from service.corroboration.independence import Units
from service.corroboration.results import Corroboration, NotCounted, Side, Uncounted
from service.corroboration.version_1.origin_groups import group_mentions
from service.model.entities import Claim, Document, Mention, Policy, Source, Stance, Status


def count(
    claim: Claim,
    mentions: Iterable[Mention],
    documents: Mapping[str, Document],
    sources: Mapping[str, Source],
    policy: Policy,
    as_of: dt.date | None,
    units: Units,
) -> Corroboration:
    """Return the corroboration of a claim; the arguments are those of ``corroborate``.

    With ``as_of`` a document counts from its ``published_latest``.
    """
    ordered = sorted(mentions, key=lambda mention: mention.id)
    places = {mention.id: mention.document for mention in ordered}
    seen, uncounted = _visible(ordered, documents, as_of)
    sides: dict[Stance, Side] = {}
    for stance in (Stance.SUPPORTS, Stance.DIFFERS, Stance.REFUTES):
        members = [mention for mention in seen if mention.stance is stance]
        side, left_out = group_mentions(stance, members, documents, sources, units)
        sides[stance] = side
        uncounted += left_out
    uncounted += [
        Uncounted(m.id, NotCounted.PARTIAL_SUPPORT, "supports only part of the claim: shown, never counted")
        for m in seen
        if m.stance is Stance.PARTLY_SUPPORTS
    ]
    uncounted += [
        Uncounted(m.id, NotCounted.PARTIAL_REFUTATION, "denies only part of the claim: shown, never counted")
        for m in seen
        if m.stance is Stance.PARTLY_REFUTES
    ]
    return Corroboration(
        claim=claim.id,
        policy=policy,
        as_of=as_of,
        status=_status(sides, policy),
        supports=sides[Stance.SUPPORTS],
        differs=sides[Stance.DIFFERS],
        refutes=sides[Stance.REFUTES],
        conflicts=find_conflicts(claim, seen, sides),
        uncounted=tuple(sorted(uncounted, key=lambda entry: (entry.mention, entry.rule))),
        mentions=len(seen),
        documents=len({mention.document for mention in seen}),
        undated_documents=len({places[entry.mention] for entry in uncounted if entry.rule is NotCounted.UNDATED}),
    )


def counts_from(document: Document, documents: Mapping[str, Document]) -> dt.date | None:
    """Return the first day as of which the mentions in a document count; ``None`` if there is none."""
    return document.published_latest


def _visible(
    mentions: Iterable[Mention], documents: Mapping[str, Document], as_of: dt.date | None
) -> tuple[list[Mention], list[Uncounted]]:
    """Return the mentions in documents certainly published by ``as_of``, and those left out, with reasons."""
    seen: list[Mention] = []
    left_out: list[Uncounted] = []
    for mention in mentions:
        document = documents[mention.document]
        earliest, latest = document.published_earliest, document.published_latest
        if as_of is None or (latest is not None and latest <= as_of):
            seen.append(mention)
        elif earliest is not None and earliest > as_of:
            reason = f"document {mention.document} was published on {earliest.isoformat()} at the earliest"
            left_out.append(Uncounted(mention.id, NotCounted.PUBLISHED_LATER, reason))
        elif latest is None:
            reason = f"document {mention.document} has no known latest date of publication"
            left_out.append(Uncounted(mention.id, NotCounted.UNDATED, reason))
        else:
            reason = f"document {mention.document} may have been published as late as {latest.isoformat()}"
            left_out.append(Uncounted(mention.id, NotCounted.PUBLISHED_LATER, reason))
    return seen, left_out


def _status(sides: Mapping[Stance, Side], policy: Policy) -> Status:
    support = sides[Stance.SUPPORTS].origins
    refuting = sides[Stance.REFUTES].origins.at_least
    differing = sides[Stance.DIFFERS].origins.at_least
    if support.at_least == 0:
        return Status.REFUTED if refuting else Status.UNSUPPORTED
    if refuting or differing:
        return Status.CONTESTED
    if support.at_most <= 1:
        return Status.SINGLE_ORIGIN
    return Status.CORROBORATED if support.at_least >= policy.quorum else Status.POSSIBLY_CORROBORATED
