"""The facets under which a claim is listed: status, topics, stances, parties, verdicts, needs."""

from __future__ import annotations

from collections.abc import Iterator

from service.corroboration.independence import Units, origin_of
from service.corroboration.results import Corroboration, Side
from service.model.entities import LinkType, Mention, Status
from service.model.filters import EVERY_CLAIM, IN_CONFLICT, JOINED_TO_STANCE, Facet, FacetKind
from service.model.records import ClaimState, Evidence
from service.model.verdicts import Agreement, Judgement, Need, Rating
from service.use_cases.claim_shape import is_stale

JUDGED = frozenset({FacetKind.RATING, FacetKind.SITE, FacetKind.LANGUAGE, FacetKind.NEED, FacetKind.AGREEMENT})
"""The kinds of facets that follow from a claim's verdicts, and from nothing else but its status."""


def verdict_facets(state: ClaimState, status: Status, judgement: Judgement) -> Iterator[Facet]:
    """Yield the facets of a claim's verdicts: sites, languages, ratings, agreement, and the need for a verdict."""
    for verdict in judgement.current:
        if verdict.rating is Rating.UNMAPPED:
            yield FacetKind.RATING, Rating.UNMAPPED
        if verdict.site is not None:
            yield FacetKind.SITE, verdict.site
        if verdict.language is not None:
            yield FacetKind.LANGUAGE, verdict.language.partition("-")[0].lower()
    if judgement.agreement is Agreement.NONE:
        yield FacetKind.NEED, Need.UNJUDGED
        return
    yield FacetKind.AGREEMENT, judgement.agreement
    for rating, votes in judgement.tally.items():
        if votes:
            yield FacetKind.RATING, rating
    if any(is_stale(state, verdict) for verdict in judgement.votes):
        yield FacetKind.NEED, Need.STALE
    elif judgement.agreement is Agreement.SPLIT or (status is Status.CONTESTED and judgement.checkers < 2):
        yield FacetKind.NEED, Need.CONTESTED


def evidence_facets(state: ClaimState, result: Corroboration, evidence: Evidence, units: Units) -> Iterator[Facet]:
    """Yield the facets of a claim's statement and evidence."""
    yield EVERY_CLAIM
    yield FacetKind.STATUS, result.status
    for topic in state.claim.topics:
        yield FacetKind.TOPIC, topic
    for origins in range(1, min(result.supports.origins.at_least, 100) + 1):
        yield FacetKind.MIN_ORIGINS, str(origins)
    named = result.supports.origins.named or 0
    for origins in range(1, min(named, 100) + 1):
        yield FacetKind.MIN_NAMED, str(origins)
    if result.supports.groups:
        yield FacetKind.NAMED, str(named > 0).lower()
    for source in sole_origins(result.supports, units):
        yield FacetKind.SOLE_ORIGIN, source
    if result.conflicts or any(link.type is LinkType.CONTRADICTS for link in (*state.links, *state.linked_from)):
        yield IN_CONFLICT
    for mention in evidence.mentions.get(state.claim.id, ()):
        yield FacetKind.STANCE, mention.stance
        for kind, value in _parties(mention, evidence, units):
            yield kind, value
            if kind in JOINED_TO_STANCE:
                yield JOINED_TO_STANCE[kind], f"{value} {mention.stance}"


def sole_origins(side: Side, units: Units) -> Iterator[str]:
    """Yield the sources that all support comes from, each with its parts: it may be one origin, and it is named.

    Of a ministry and an office of one government neither is, but the government is.
    """
    if side.origins.at_most == 1:
        for group in side.groups:
            wholes = [units.with_wholes(source) for source in group.parties]
            if group.named and wholes:
                yield from sorted(set(wholes[0]).intersection(*wholes[1:]))


def _parties(mention: Mention, evidence: Evidence, units: Units) -> Iterator[tuple[FacetKind, str]]:
    """Yield the document of a mention and its sources in their roles, each with all that it is part of.

    With the document come those that it was merged into, and their publishers.
    """
    documents = evidence.with_merged_into(mention.document)
    for document in documents:
        yield FacetKind.DOCUMENT, document.id
    origin = origin_of(mention.attribution, evidence.sources)
    roles = [(FacetKind.RELAY, source) for source in mention.attribution if source != origin]
    if origin is not None:
        roles.append((FacetKind.ORIGIN, origin))
    publishers = dict.fromkeys(document.publisher for document in documents if document.publisher is not None)
    roles += [(FacetKind.PUBLISHER, publisher) for publisher in publishers]
    for role, source in roles:
        for whole in units.with_wholes(source):
            yield role, whole
            yield FacetKind.SOURCE, whole
