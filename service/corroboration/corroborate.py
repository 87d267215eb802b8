"""The corroboration kernel: how many independent origins stand behind a claim, and why.

A pure function of its arguments. The method is described in ``docs/corroboration.md``; in short:

1. A mention's origin is the last identifiable source of its chain, lifted to the policy's independence. A mention
   without one is a *possible* origin: its publisher, or the document itself when the publisher is unknown.
2. A document derived from another that makes the same statement founds no group: it takes that one's.
3. ``at_least`` counts named groups (1 when there is a statement but no name); ``at_most`` adds the possible ones,
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
    """Weigh ``claim`` by its ``mentions``.

    ``documents`` and ``sources`` are by id and must hold everything the mentions refer to, with the parents of
    sources and the originals of derived documents. With ``as_of`` only documents certainly published by then
    count (``published_latest``); the rest is listed as not counted, undated ones apart. ``units`` are what
    ``sources`` form at the policy's independence: give them when many claims are weighed with the same sources.
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
    """The mentions in documents certainly published by ``as_of``, and what that leaves out."""
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
