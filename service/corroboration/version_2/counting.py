"""Count the independent origins of a claim by version 2 of the policy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace

from service.corroboration.conflicts import find_conflicts
from service.corroboration.independence import Units
from service.corroboration.results import Corroboration, NotCounted, Side, Uncounted
from service.corroboration.version_2.origin_groups import group_mentions
from service.corroboration.visibility import visible_mentions
from service.model.entities import Claim, Document, Mention, Policy, Source, Stance, Status

_IN_PART = {
    Stance.PARTLY_SUPPORTS: (NotCounted.PARTIAL_SUPPORT, "supports only part of the claim: shown, never counted"),
    Stance.PARTLY_REFUTES: (NotCounted.PARTIAL_REFUTATION, "denies only part of the claim: shown, never counted"),
}


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

    With ``as_of`` a document counts from its ``published_latest`` or, if that is earlier, its ``first_seen``.
    """
    ordered = sorted(mentions, key=lambda mention: mention.id)
    places = {mention.id: mention.document for mention in ordered}
    seen, uncounted = visible_mentions(ordered, documents, as_of)
    sides: dict[Stance, Side] = {}
    for stance in (Stance.SUPPORTS, Stance.DIFFERS, Stance.REFUTES):
        members = [mention for mention in seen if mention.stance is stance]
        sides[stance], left_out = group_mentions(stance, members, documents, sources, units)
        uncounted += left_out
    uncounted += [Uncounted(m.id, *_IN_PART[m.stance]) for m in seen if m.stance in _IN_PART]
    return Corroboration(
        claim=claim.id,
        policy=policy,
        as_of=as_of,
        status=_status(sides, policy),
        supports=sides[Stance.SUPPORTS],
        differs=sides[Stance.DIFFERS],
        refutes=sides[Stance.REFUTES],
        conflicts=find_conflicts(claim, seen, sides),
        uncounted=tuple(_with_document(entry, documents[places[entry.mention]]) for entry in _in_order(uncounted)),
        mentions=len(seen),
        documents=len({mention.document for mention in seen}),
        undated_documents=len({places[entry.mention] for entry in uncounted if entry.rule is NotCounted.UNDATED}),
    )


def _in_order(uncounted: Iterable[Uncounted]) -> list[Uncounted]:
    return sorted(uncounted, key=lambda entry: (entry.mention, entry.rule))


def _with_document(entry: Uncounted, document: Document) -> Uncounted:
    return replace(entry, document=document.id, document_title=document.title)


def _status(sides: Mapping[Stance, Side], policy: Policy) -> Status:
    support = sides[Stance.SUPPORTS]
    refuted, differing = bool(sides[Stance.REFUTES].groups), bool(sides[Stance.DIFFERS].groups)
    if not support.groups:
        return Status.REFUTED if refuted else Status.UNSUPPORTED
    if refuted or differing:
        return Status.CONTESTED
    if not support.origins.named:
        return Status.UNATTRIBUTED
    if support.origins.at_most == 1:
        return Status.SINGLE_ORIGIN
    if support.origins.named >= policy.quorum and (support.naming_documents or 0) >= policy.documents:
        return Status.CORROBORATED
    return Status.POSSIBLY_CORROBORATED
