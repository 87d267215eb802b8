"""The page of a verdict, with its claim and the documents of its evidence."""

from __future__ import annotations

from typing import Any

import orjson

from service.interchange.publishing.claim_review_jsonld import document_of
from service.interchange.publishing.claim_reviews import review_of_verdict
from service.model.actors import Caller
from service.model.errors import Merged
from service.model.records import StoredClaim
from service.model.verdicts import VerdictState
from service.store import Store
from service.use_cases.claims import get_claim
from service.use_cases.verdict_reads import get_verdict


def verdict_view(store: Store, verdict_id: str, caller: Caller | None, base: str) -> dict[str, Any]:
    """Return a verdict as its page shows it; raise ``NotFound``, also for a draft that ``caller`` may not see.

    ``places`` has the id, title and language of the document of each mention. ``linked_data`` is the ClaimReview of a
    published verdict.
    """
    with store.snapshot():
        shown = get_verdict(store, verdict_id, caller)
        verdict = shown.verdict
        claim = _claim(store, verdict.claim)
        cited = store.evidence.stated_mentions([item.mention for item in verdict.evidence if item.mention])
        wanted = {mention.document for mention, _ in cited.values()}
        wanted |= {item.document for item in verdict.evidence if item.document}
        documents = {record.document.id: record.document for record in store.catalogue.documents(sorted(wanted))}
        public = verdict.state is VerdictState.PUBLISHED
        node = review_of_verdict(store, verdict_id, base) if public else None
    places = {name: documents[mention.document] for name, (mention, _) in cited.items()}
    return {
        "shown": shown,
        "claim": orjson.loads(claim.json),
        "places": {name: (document.id, document.title, document.language) for name, document in places.items()},
        "titles": {name: document.title for name, document in documents.items()},
        "linked_data": node and document_of([node]),
    }


def _claim(store: Store, claim_id: str) -> StoredClaim:
    """Return the claim that a verdict counts for now."""
    try:
        return get_claim(store, claim_id)
    except Merged as error:
        return get_claim(store, error.into)
