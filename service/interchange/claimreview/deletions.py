"""Elements of feeds for reviews that stand no more: a DataFeedItem with ``dateDeleted``, as schema.org has it."""

from __future__ import annotations

from collections.abc import Iterator

from service.interchange.claimreview.dates import latest
from service.interchange.claimreview.field_reader import Notes
from service.interchange.claimreview.finding_codes import Refusal
from service.interchange.claimreview.jsonld_nodes import Node, types
from service.interchange.claimreview.review_items import DeletedReview, Place, Refused
from service.interchange.claimreview.review_parser import CLAIM_REVIEWED, claims_of

_REASON = 1000


def deletions(node: Node, notes: Notes, place: Place) -> Iterator[DeletedReview | Refused]:
    """The reviews that an element says were deleted; refused where it is not certain which, or on which day."""
    for value in notes.values(node, "item", "item"):
        item = value if isinstance(value, dict) else {"url": value}
        if types(item) and "claimreview" not in types(item):
            yield Refused(place, Refusal.NO_REVIEW, "", "what was deleted is no ClaimReview")
            continue
        identifier = notes.identifier(item)
        url = notes.url(item, ("url", "mainEntityOfPage", "@id"), "url")
        deleted_at = latest([node["dateDeleted"]])
        if identifier is None and url is None:
            yield Refused(place, Refusal.MISSING, "url", "says nowhere which review was deleted")
        elif deleted_at is None:
            message = "dateDeleted is no day or time that is certain: nothing was deleted"
            yield Refused(place, Refusal.MISSING, "deleted_at", message, url)
        else:
            reason = _reason(notes, item)
            claims: list[str | None] = [notes.cut(c, "claim_reviewed", CLAIM_REVIEWED) for c in claims_of(notes, item)]
            for claim in claims or [None]:
                yield DeletedReview(place, deleted_at, url, claim, identifier, reason, notes.findings)


def _reason(notes: Notes, item: Node) -> str | None:
    for value in notes.values(item, "correction", "reason"):
        given = value if isinstance(value, dict) else {"text": value}
        text = notes.text(given, ("text", "name"), "reason", _REASON)
        if text:
            return text
    return None
