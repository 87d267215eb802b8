"""The public JSON of a claim, made by its schema when the claim is written."""

from __future__ import annotations

import datetime as dt

import orjson

from service.corroboration.independence import origin_of
from service.corroboration.results import Corroboration
from service.corroboration.version_2.summary import summarise
from service.model.entities import Source, Stance
from service.model.records import ClaimState, Evidence
from service.model.verdicts import Judgement, Verdict
from service.schemas.claims import ClaimSchema

_CLAIM_SCHEMA = ClaimSchema()
# The mentions have all claimants; the claim's own JSON stays short.
CLAIMANTS = 20


def claim_json(
    state: ClaimState, result: Corroboration, judgement: Judgement, evidence: Evidence, updated_at: dt.datetime
) -> str:
    """Return a claim's public JSON, dumped by its schema."""
    stated = first_stated(state.claim.id, evidence)
    links = [("outgoing", link) for link in state.links] + [("incoming", link) for link in state.linked_from]
    shape = _CLAIM_SCHEMA.dump(
        {
            "claim": state.claim,
            "claimants": claimants(state.claim.id, evidence),
            "first_stated": stated,
            "summary": summarise(result, stated["latest"] if stated else None),
            "corroboration": result,
            "verdicts": {
                "agreement": judgement.agreement,
                "checkers": judgement.checkers,
                "tally": judgement.tally,
                "current": [{"verdict": verdict, "stale": is_stale(state, verdict)} for verdict in judgement.current],
            },
            "links": [
                {"id": link.id, "type": link.type, "direction": direction, "claim": link.claim, "note": link.note}
                for direction, link in links
            ],
            "merged_from": state.merged_from,
            "version": state.version,
            "created_at": state.created_at,
            "updated_at": updated_at,
        }
    )
    return orjson.dumps(shape).decode()


def claimants(claim_id: str, evidence: Evidence) -> list[Source]:
    """Return the named origins of supporting mentions, in their order, at most ``CLAIMANTS``."""
    origins = (
        origin_of(mention.attribution, evidence.sources)
        for mention in evidence.mentions.get(claim_id, ())
        if mention.stance is Stance.SUPPORTS
    )
    named = dict.fromkeys(origin for origin in origins if origin is not None)
    return [evidence.sources[name] for name in list(named)[:CLAIMANTS]]


def first_stated(claim_id: str, evidence: Evidence) -> dict[str, dt.date] | None:
    """Return the interval of publication of the earliest dated document that supports a claim; ``None`` without one."""
    supporting = (m for m in evidence.mentions.get(claim_id, ()) if m.stance is Stance.SUPPORTS)
    documents = [evidence.documents[mention.document] for mention in supporting]
    dated = [
        (document.published_latest, document.published_earliest or document.published_latest)
        for document in documents
        if document.published_latest is not None
    ]
    if not dated:
        return None
    latest, earliest = min(dated)
    return {"earliest": earliest, "latest": latest}


def is_stale(state: ClaimState, verdict: Verdict) -> bool:
    """Return whether the claim has changed since the verdict, or the verdict was on a claim merged into it.

    A review published elsewhere keeps the claim that it is about, so it is never stale.
    """
    if verdict.review is not None:
        return False
    known = (state.judged_hash, state.judged_before)
    return verdict.claim != state.claim.id or verdict.judged_hash is None or verdict.judged_hash not in known
