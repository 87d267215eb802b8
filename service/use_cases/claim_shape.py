"""The public JSON of a claim, made by its schema when the claim is written."""

from __future__ import annotations

import datetime as dt
from typing import Any

import orjson

from service.corroboration.explanation import summarise
from service.corroboration.independence import origin_of
from service.corroboration.results import Corroboration
from service.corroboration.visibility import certainly_published_by
from service.model.entities import Source, Stance
from service.model.records import SAME, ClaimState, Evidence
from service.model.timestamps import rfc3339
from service.model.verdicts import Judgement, Verdict
from service.schemas.claims import ClaimSchema
from service.schemas.verdicts import JudgementSchema

_CLAIM_SCHEMA = ClaimSchema()
_JUDGEMENT_SCHEMA = JudgementSchema()
# The mentions have all claimants; the claim's own JSON stays short.
CLAIMANTS = 20


def claim_json(shape: dict[str, Any], version: int, evidence_version: int, updated_at: dt.datetime) -> str:
    """Return a claim's public JSON at a version, from its shape."""
    own = {"version": version, "evidence_version": evidence_version, "updated_at": rfc3339(updated_at)}
    return orjson.dumps({**shape, **own}).decode()


def claim_shape(state: ClaimState, result: Corroboration, judgement: Judgement, evidence: Evidence) -> dict[str, Any]:
    """Return a claim in public form, dumped by its schema, with the version and the time that are stored."""
    stated = first_stated(state, evidence)
    links = [("outgoing", link) for link in state.links] + [("incoming", link) for link in state.linked_from]
    shape: dict[str, Any] = _CLAIM_SCHEMA.dump(
        {
            "claim": state.claim,
            "claimants": claimants(state.claim.id, evidence),
            "first_stated": stated,
            "summary": summarise(result, stated["latest"] if stated else None),
            "corroboration": result,
            "verdicts": _judged(state, judgement),
            "links": [
                {"id": link.id, "type": link.type, "direction": direction, "claim": link.claim, "note": link.note}
                for direction, link in links
            ],
            "merged_from": state.merged_from,
            "version": state.version,
            "evidence_version": state.judged_version,
            "created_at": state.created_at,
            "updated_at": state.updated_at,
        }
    )
    return shape


def judged_shape(state: ClaimState, judgement: Judgement) -> dict[str, Any]:
    """Return the verdicts of a claim as they are in its public form."""
    shape: dict[str, Any] = _JUDGEMENT_SCHEMA.dump(_judged(state, judgement))
    return shape


def _judged(state: ClaimState, judgement: Judgement) -> dict[str, Any]:
    return {
        "agreement": judgement.agreement,
        "checkers": judgement.checkers,
        "tally": judgement.tally,
        "current": [{"verdict": verdict, "stale": is_stale(state, verdict)} for verdict in judgement.current],
    }


def claimants(claim_id: str, evidence: Evidence) -> list[Source]:
    """Return the named origins of supporting mentions, in their order, at most ``CLAIMANTS``."""
    origins = (
        origin_of(mention.attribution, evidence.sources)
        for mention in evidence.mentions.get(claim_id, ())
        if mention.stance is Stance.SUPPORTS
    )
    named = dict.fromkeys(origin for origin in origins if origin is not None)
    return [evidence.sources[name] for name in list(named)[:CLAIMANTS]]


def first_stated(state: ClaimState, evidence: Evidence) -> dict[str, dt.date | None] | None:
    """Return the interval of days in which a claim was first stated; ``None`` if no document supports it.

    ``latest`` is the first day by which a supporting document was certainly published, or the claim was reviewed, be it
    in a superseded version of a review. The first statement may be in any supporting document, so ``earliest`` is the
    smallest ``published_earliest``, and ``None`` if one of them has none. It is not after ``latest``, even where two
    dates are of different time zones.
    """
    supporting = (m for m in evidence.mentions.get(state.claim.id, ()) if m.stance is Stance.SUPPORTS)
    documents = [evidence.documents[mention.document] for mention in supporting]
    if not documents:
        return None
    reviews = (verdict for verdict in (*state.verdicts, *state.earlier_reviews) if verdict.review is not None)
    latest = min(
        (
            *(day for document in documents if (day := certainly_published_by(document)) is not None),
            *(day for review in reviews if (day := review.reviewed_by) is not None),
        ),
        default=None,
    )
    starts = [document.published_earliest for document in documents]
    known = [day for day in starts if day is not None]
    earliest = min(known) if len(known) == len(starts) else None
    if earliest is None or latest is None:
        return {"earliest": earliest, "latest": latest}
    return {"earliest": min(earliest, latest), "latest": latest}


def is_stale(state: ClaimState, verdict: Verdict) -> bool:
    """Return whether the claim has changed since the verdict, or the verdict was on a claim merged into it.

    A review published elsewhere keeps the claim that it is about, so it is never stale.
    """
    if verdict.review is not None:
        return False
    if verdict.claim != state.claim.id or verdict.judged_hash is None:
        return True
    earlier = f"{verdict.judged_hash}{SAME}{state.judged_hash}"
    return verdict.judged_hash != state.judged_hash and earlier != state.judged_before
