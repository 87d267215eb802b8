"""Parse elements of feeds for deleted reviews: schema.org's DataFeedItem with ``dateDeleted``."""

from __future__ import annotations

from collections.abc import Iterator

from service.interchange.claimreview.dates import latest_date
from service.interchange.claimreview.field_reader import FieldReader
from service.interchange.claimreview.finding_codes import ReadRefusal
from service.interchange.claimreview.jsonld_nodes import Node, type_names
from service.interchange.claimreview.review_items import DeletedReview, Place, Refused
from service.interchange.claimreview.review_parser import CLAIM_REVIEWED
from service.interchange.claimreview.reviewed_claims import reviewed_claims

_REASON = 1000


def deletions(node: Node, reader: FieldReader, place: Place) -> Iterator[DeletedReview | Refused]:
    """Yield the deleted reviews of an element, or a refusal if the review or the day is not certain."""
    for value in reader.values(node, "item", "item"):
        item = value if isinstance(value, dict) else {"url": value}
        if type_names(item) and "claimreview" not in type_names(item):
            yield Refused(place, ReadRefusal.NO_REVIEW, "", "the deleted item is not a ClaimReview")
            continue
        identifier = reader.identifier(item)
        url = reader.url(item, ("url", "mainEntityOfPage", "@id"), "url")
        deleted_at = latest_date([node["dateDeleted"]])
        if identifier is None and url is None:
            yield Refused(
                place, ReadRefusal.MISSING, "url", "the deleted review has neither an address nor an id of this service"
            )
        elif deleted_at is None:
            message = (
                f"dateDeleted ({str(node['dateDeleted'])[:60]!r}) is not a certain day or time: nothing was deleted"
            )
            yield Refused(place, ReadRefusal.MISSING, "deleted_at", message, url)
        else:
            reason = _reason(reader, item)
            claims: list[str | None] = [
                reader.cut(claim.published, "claim_reviewed", CLAIM_REVIEWED) for claim in reviewed_claims(reader, item)
            ]
            for claim in claims or [None]:
                yield DeletedReview(place, deleted_at, url, claim, identifier, reason, reader.findings)


def _reason(reader: FieldReader, item: Node) -> str | None:
    for value in reader.values(item, "correction", "reason"):
        given = value if isinstance(value, dict) else {"text": value}
        text = reader.text(given, ("text", "name"), "reason", _REASON)
        if text:
            return text
    return None
