"""The documents in which a claim appeared according to a review, without duplicates. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace

from service.identity.web_addresses import document_key, is_opaque_archive
from service.interchange.claimreview.review_items import Appearance, DateInterval, Finding, Party, ReviewItem
from service.interchange.importing import stable_ids
from service.interchange.importing.outcomes import ImportNote
from service.interchange.importing.own_pages import OwnPages

DATE_OF_STATEMENT = "The date that the review gives for the claim."


@dataclass(frozen=True, slots=True)
class StatedDocument:
    """A document that states the claim; ``own_id`` is the id that it gets if it is new to the store."""

    own_id: str
    identifier: str | None = None
    url: str | None = None
    title: str | None = None
    author: str | None = None
    language: str | None = None
    publisher: Party | None = None
    published: DateInterval | None = None
    published_reason: str | None = None


def stated_documents(item: ReviewItem, claim: str, findings: list[Finding]) -> list[StatedDocument]:
    """Return the documents of a review that state the claim with the id ``claim``, in the review's order.

    A claim without appearances but with a claimant or a date gets one document without an address, for the statement.
    Pages of the reviewer's own are left out. Adds a finding for each of these, for several addresses of one page, for
    an archive's copy that does not show what it archives, and when the date of the claim cannot be assigned to a
    document.
    """
    first = item.first_appearance
    listed = list(item.appearances)
    if first is not None and not any(_same(first, other) for other in listed):
        listed.insert(0, first)
    # The date is that of the first appearance. Among several without a first one, it may belong to any.
    dated = first or (listed[0] if len(listed) == 1 else None)
    own = OwnPages(item.url, item.publisher.url, item.publisher.site)
    listed = [appearance for appearance in listed if not _is_own(appearance, own, findings)]
    if not listed:
        return [_statement(item, claim)] if item.claimants or item.claim_published else []
    documents: dict[object, StatedDocument] = {}
    for appearance in listed:
        known = documents.get(_key(appearance))
        documents[_key(appearance)] = _filled(known, appearing(appearance, claim))
        note_address(appearance.url, known, findings)
    if item.claim_published is not None:
        _date(documents, dated, item.claim_published, findings)
    return list(documents.values())


def documents_of_any(item: ReviewItem, claims: Iterable[str]) -> list[StatedDocument]:
    """Return the documents of a review that state any of these claims. With addresses they are the same for each."""
    found: list[StatedDocument] = []
    for claim in claims:
        documents = stated_documents(item, claim, [])
        found += documents
        if all(document.url is not None for document in documents):
            break
    return found


def _is_own(appearance: Appearance, own: OwnPages, findings: list[Finding]) -> bool:
    if appearance.url is None or appearance.url not in own:
        return False
    message = f"{appearance.url} is a page of the reviewer's own, which is no appearance of the claim: left out"
    findings.append(Finding(ImportNote.OWN_PAGE, "appearances", message))
    return True


def note_address(url: str | None, known: StatedDocument | None, findings: list[Finding]) -> None:
    """Add a finding if an address is another one of the page of a ``known`` document, or hides what it archives."""
    if url is None:
        return
    if known is not None and known.url not in (None, url):
        message = f"{url} is the same page as {known.url}: one document"
        findings.append(Finding(ImportNote.SAME_PAGE, "appearances", message))
    elif known is None and is_opaque_archive(url):
        message = f"{url} does not show what it archives: it may be a copy of another document"
        findings.append(Finding(ImportNote.OPAQUE_ARCHIVE, "appearances", message))


def _date(
    documents: dict[object, StatedDocument], dated: Appearance | None, given: DateInterval, findings: list[Finding]
) -> None:
    own = documents.get(_key(dated))
    if own is not None and own.published is None:
        documents[_key(dated)] = replace(own, published=given, published_reason=DATE_OF_STATEMENT)
    elif given not in [document.published for document in documents.values()]:
        message = (
            f"the date of the claim ({given.earliest} to {given.latest}) fits none of its appearances with certainty: "
            "left out"
        )
        findings.append(Finding(ImportNote.DATE_LEFT_OUT, "claim_published", message))


def appearing(appearance: Appearance, claim: str) -> StatedDocument:
    """Return the document of an appearance of ``claim``."""
    if appearance.url is not None:
        own_id = stable_ids.document_id(appearance.url)
    else:
        own_id = stable_ids.titled_id(claim, appearance.title or "")
    return StatedDocument(
        own_id=own_id,
        identifier=appearance.identifier,
        url=appearance.url,
        title=appearance.title,
        author=", ".join(author.name for author in appearance.authors)[:200] or None,
        language=appearance.language,
        publisher=appearance.publisher,
        published=appearance.published,
    )


def _filled(known: StatedDocument | None, further: StatedDocument) -> StatedDocument:
    """Return the first description of a document, completed by a further one."""
    if known is None:
        return further
    gaps = {f.name: getattr(further, f.name) for f in fields(known) if getattr(known, f.name) is None}
    return replace(known, **gaps)


def _statement(item: ReviewItem, claim: str) -> StatedDocument:
    return StatedDocument(
        own_id=stable_ids.statement_id(claim),
        title=statement_title([party.name for party in item.claimants]),
        published=item.claim_published,
        published_reason=DATE_OF_STATEMENT if item.claim_published else None,
    )


def statement_title(claimants: Sequence[str]) -> str:
    """Return the title of the document that stands for a statement of these claimants, who may be none."""
    return _cut(f"Statement by {', '.join(claimants)}", 500) if claimants else "Statement"


def _same(one: Appearance, other: Appearance) -> bool:
    return _key(one) == _key(other)


def _key(appearance: Appearance | None) -> object:
    if appearance is None:
        return None
    return appearance.identifier or document_key(appearance.url) or appearance.title


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def own_ids(documents: Sequence[StatedDocument]) -> set[str]:
    """Return the ids under which documents may be stored."""
    return {name for document in documents for name in (document.own_id, document.identifier) if name is not None}
