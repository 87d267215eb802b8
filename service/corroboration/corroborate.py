"""The corroboration kernel: counts the independent origins of a claim, with reasons.

A pure function of its arguments. ``docs/corroboration.md`` describes the method; in short:

1. The origin of a mention is the last identifiable source of its chain, lifted to the policy's independence. A mention
   without one has a *possible* origin: its publisher, its site, or the document itself if neither is known.
2. A mention in a document derived from another one that makes the same statement founds no group: it joins the group
   of the original.
3. ``named`` counts the groups to which a mention is attributed by the words of the text or its context.
   ``at_least`` is the same, or 1 if there is only other support; ``at_most`` adds all other groups, except those of
   documents that also name an origin for the claim.

Earlier versions of the policy stay computable: a status names the policy that made it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from service.corroboration import version_1, version_2
from service.corroboration.independence import Units
from service.corroboration.results import Corroboration
from service.model.entities import DEFAULT_POLICY, Claim, Document, Mention, Policy, Source

_METHODS = {1: version_1.count, 2: version_2.count}
_COUNTS_FROM = {1: version_1.counts_from, 2: version_2.counts_from}


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
    and the originals of derived documents. With ``as_of`` only documents certainly published by then count; the others
    are listed as not counted. ``units`` are the independent units of ``sources`` at the policy's independence; pass
    them if many claims share the same sources. Raises ``KeyError`` for a version of the policy that does not exist.
    """
    units = units or Units(sources, policy.independence)
    return _METHODS[policy.version](claim, mentions, documents, sources, policy, as_of, units)


def counting_days(
    mentions: Iterable[Mention], documents: Mapping[str, Document], policy: Policy = DEFAULT_POLICY
) -> dict[str, dt.date | None]:
    """Return by mention the first day as of which it counts: ``corroborate`` changes on these days alone.

    ``None`` for a mention that no day counts. The arguments are those of ``corroborate``.
    """
    counts_from = _COUNTS_FROM[policy.version]
    return {mention.id: counts_from(documents[mention.document], documents) for mention in mentions}
