"""The corroboration kernel: counts the independent origins of a claim, with reasons.

A pure function of its arguments. ``docs/corroboration.md`` describes the method; in short:

1. The origin of a mention is the last identifiable source of its chain, lifted to the policy's independence. A mention
   without one has a *possible* origin: its publisher, or the document itself if the publisher is unknown.
2. A mention in a document derived from another one that makes the same statement founds no group: it joins the group
   of the original.
3. ``at_least`` counts the named groups, or is 1 if there are only possible ones; ``at_most`` adds the possible groups,
   except those of documents that also name an origin for the claim.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from service.corroboration.conflicts import find_conflicts
from service.corroboration.independence import Units
from service.corroboration.origin_groups import group_mentions
from service.corroboration.results import Corroboration, NotCounted, Side, Uncounted
from service.model.entities import DEFAULT_POLICY, Claim, Document, Mention, Policy, Source, Stance, Status


def corroborate(
    claim: Claim,
    mentions: Iterable[Mention],
    documents: Mapping[str, Document],
    sources: Mapping[str, Source],
    policy: Policy = DEFAULT_POLICY,
    as_of: dt.date | None = None,
    units: Units | None = None,
) -> Corroboration:
    """Compute the corroboration of ``claim`` from its ``mentions``.

    ``documents`` and ``sources`` are by id, and must have everything that the mentions refer to, the parents of sources
    and the originals of derived documents. With ``as_of`` only documents certainly published by then count
    (``published_latest``); the others are listed as not counted. ``units`` are the independent units of ``sources`` at
    the policy's independence; pass them if many claims share the same sources.
    """
    ordered = sorted(mentions, key=lambda mention: mention.id)
    places = {mention.id: mention.document for mention in ordered}
    seen, uncounted = _visible(ordered, documents, as_of)
    units = units or Units(sources, policy.independence)
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
