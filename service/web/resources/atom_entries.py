"""Verdicts and claims as entries of Atom feeds. Pure: no request."""

from __future__ import annotations

from collections.abc import Iterator

from service.interchange.publishing.rating_jsonld import WORDS
from service.interchange.publishing.verdict_changes import VerdictChange
from service.model.timestamps import rfc3339
from service.model.verdicts import Rating, Verdict
from service.use_cases.claim_changes import ClaimChange
from service.web.resources.atom import HTML, JSON, Entry, Tombstone

_NAMES = "urn:claim-verification"
CHANGE = f"{_NAMES}:change"
"""The scheme of the categories ``correction`` and ``retraction`` of entries of verdicts."""
STATUS, STATUS_BEFORE = f"{_NAMES}:status", f"{_NAMES}:status-before"
"""The schemes of the categories of entries of claims that are corroboration statuses."""
TOPIC = f"{_NAMES}:topic"
"""The scheme of the categories of entries of claims that are topics."""

# The author of a change of a claim that the log does not tell of, such as another name of one of its sources.
_SERVICE = "claim-verification"


def verdict_items(change: VerdictChange, base: str) -> Iterator[Entry | Tombstone]:
    """Yield the entry of a verdict, unless it was superseded, and the tombstone of the one that it superseded."""
    if change.verdict.current:
        yield _verdict_entry(change, base)
    if change.superseded is not None:
        kind = "Retracted" if change.verdict.retraction else "Superseded"
        yield Tombstone(
            verdict_name(change.superseded),
            rfc3339(change.verdict.state_at),
            change.verdict.checker,
            f"{kind}: {change.verdict.reason}",
        )


def verdict_name(verdict: Verdict) -> str:
    """Return the name that the id of a verdict's entry is made of."""
    return f"{_NAMES}:verdict:{verdict.id}"


def claim_name(claim_id: str) -> str:
    """Return the name that the id of a claim's entry is made of."""
    return f"{_NAMES}:claim:{claim_id}"


def _verdict_entry(change: VerdictChange, base: str) -> Entry:
    verdict = change.verdict
    kind, paragraphs = _told(change)
    label = "" if kind is None else {"correction": "Corrected: ", "retraction": "Retracted: "}[kind]
    links = [("alternate", HTML, verdict.url)] if verdict.url is not None else []
    links.append(("alternate", JSON, f"{base}/v1/verdicts/{verdict.id}"))
    links.append(("related", JSON, f"{base}/v1/claims/{change.claim.id}"))
    if change.superseded is not None:
        links.append(("predecessor-version", JSON, f"{base}/v1/verdicts/{change.superseded.id}"))
    categories: list[tuple[str | None, str, str | None]] = []
    if verdict.rating is not None:
        categories.append((None, verdict.rating, WORDS.get(verdict.rating)))
    if kind is not None:
        categories.append((CHANGE, kind, kind.capitalize()))
    return Entry(
        name=verdict_name(verdict),
        title=label + _title(change),
        updated=rfc3339(verdict.state_at),
        published=_published(verdict),
        authors=((verdict.checker, None), *_authors(verdict)),
        summary="\n\n".join(paragraphs),
        links=tuple(links),
        categories=tuple(categories),
    )


def _authors(verdict: Verdict) -> Iterator[tuple[str, str | None]]:
    """Yield the names and addresses of the authors that a review states beside its publisher."""
    for author in verdict.authors:
        if author.name != verdict.checker:
            yield author.name, author.url


def _told(change: VerdictChange) -> tuple[str | None, list[str]]:
    """Return the kind of change, ``None`` for a first verdict, and the paragraphs that tell of it."""
    verdict, before = change.verdict, change.superseded
    rationale = [verdict.rationale] if verdict.rationale else []
    if before is None:
        return None, [_rated(verdict, change), *rationale]
    if verdict.retraction:
        return "retraction", [f"Retracted: {_rated(before, change)}", f"Reason: {verdict.reason}"]
    earlier = [] if before.retraction else [f"Before: {_rated(before, change)}"]
    return "correction", [_rated(verdict, change), f"Correction: {verdict.reason}", *earlier, *rationale]


def _title(change: VerdictChange) -> str:
    """Return the title of the review, else the rating and the claim; for a retraction those that were retracted."""
    stated = change.superseded if change.verdict.retraction and change.superseded else change.verdict
    return stated.title or _rated(stated, change)


def _rated(verdict: Verdict, change: VerdictChange) -> str:
    """Return the publisher's own rating, else the name of our label, and the claim."""
    words = verdict.textual_rating or WORDS.get(verdict.rating or Rating.UNMAPPED)
    claim = (verdict.review and verdict.review.claim_reviewed) or change.claim.text
    return f"{words}: {claim}" if words else claim


def _published(verdict: Verdict) -> str | None:
    """Return the review's own date, of a retraction the time of the retraction; ``None`` if it is not known."""
    if verdict.retraction:
        return rfc3339(verdict.state_at)
    return rfc3339(verdict.reviewed_time) if verdict.dated else None


def claim_items(change: ClaimChange, base: str) -> Iterator[Entry | Tombstone]:
    """Yield the entry of a changed claim, and the tombstones of claims that were merged into it."""
    shape = change.shape
    address = f"{base}/v1/claims/{shape['id']}"
    categories: list[tuple[str | None, str, str | None]] = [(STATUS, shape["corroboration"]["status"], None)]
    if change.status is not None:
        categories.append((STATUS_BEFORE, change.status[0], None))
    categories += [(TOPIC, topic, None) for topic in shape["topics"]]
    yield Entry(
        name=claim_name(shape["id"]),
        title=shape["text"],
        updated=shape["updated_at"],
        published=shape["created_at"],
        authors=tuple(dict.fromkeys((entry.actor, None) for entry in change.entries)) or ((_SERVICE, None),),
        summary="\n".join(_changes(change)),
        links=(("alternate", JSON, address), ("related", JSON, f"{address}/history")),
        categories=tuple(categories),
    )
    for absorbed in change.absorbed:
        comment = f"Merged into {shape['id']}: {absorbed.reason or 'it is the same claim.'}"
        yield Tombstone(claim_name(absorbed.id), absorbed.at, absorbed.actor, comment)


def _changes(change: ClaimChange) -> Iterator[str]:
    """Yield the lines that tell what has changed, and the state since."""
    for name, values in (("Status", change.status), ("Agreement", change.agreement)):
        if values is not None:
            yield f"{name}: {_plain(values[0])} → {_plain(values[1])}."
    for entry in change.entries:
        reason = f" Reason: {entry.reason}" if entry.reason else ""
        yield f"{entry.text}{reason}"
    if not change.entries:
        yield "A source or document of the claim has changed."
    yield f"Now: {change.shape['summary']}"


def _plain(name: str) -> str:
    return name.replace("_", " ")
