"""Parse a ClaimReview node into review items."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from service.identity.names import folded_name
from service.identity.parties import home_of
from service.identity.web_addresses import registrable_domain
from service.interchange.claimreview.addresses import own_site
from service.interchange.claimreview.dates import ParsedDate, latest_date
from service.interchange.claimreview.field_reader import FieldReader
from service.interchange.claimreview.finding_codes import ReadRefusal, ReadWarning
from service.interchange.claimreview.jsonld_nodes import Node, flattened, id_of, type_names
from service.interchange.claimreview.languages import primary
from service.interchange.claimreview.parties import NAME, TITLE, employers, parties
from service.interchange.claimreview.placeholders import is_placeholder
from service.interchange.claimreview.rating_numbers import Numbers, number_of, numbers_of
from service.interchange.claimreview.ratings import RatingTable
from service.interchange.claimreview.review_items import Party, PartyKind, Place, Refused, ReviewItem
from service.interchange.claimreview.reviewed_claims import ReviewedClaim, reviewed_claims, subject_of
from service.interchange.claimreview.text import shortened
from service.model.site_names import site_of

CLAIM = 500
CLAIM_REVIEWED = 2000
RATING = 200
EXPLANATION = 20_000
_DATES = ("datePublished", "dateModified", "dateCreated")


@dataclass(frozen=True, slots=True)
class Page:
    """The metadata of a web page."""

    url: str | None = None
    language: str | None = None


def parse_review(
    node: Node,
    reader: FieldReader,
    place: Place,
    table: RatingTable,
    page: Page | None = None,
    entry: Node | None = None,
) -> Iterator[ReviewItem | Refused]:
    """Yield an item for each claim of a ClaimReview, or a refusal.

    ``entry`` is its element of a feed, if any, which has dates of its own.
    """
    language = _language(reader, node, page)
    reader.language = primary(language)
    urls: list[str | None] = [*reader.urls(node, "url", "url")] or [_other_url(reader, node, page)]
    claims = reviewed_claims(reader, node)
    if not claims:
        message = "the review names no claim: it has neither claimReviewed nor a Claim in itemReviewed"
        yield Refused(place, ReadRefusal.MISSING, "claim", message, urls[0])
        return
    publisher, authors = _publisher(reader, node, urls[0])
    if publisher is None:
        yield Refused(place, ReadRefusal.MISSING, "publisher", "the review names no publisher or author", urls[0])
        return
    reviewed = _reviewed(reader, node)
    modified = reader.day(node, ("dateModified",), "modified_at")
    entry = entry or {}
    entry_modified = (
        reader.day(entry, ("dateModified",), "modified_at") if "datafeeditem" in type_names(entry) else None
    )
    fed = [entry.get(name) for name in ("dateCreated", "dateModified")]
    latest_stated = latest_date([*fed, *(node.get(name) for name in _DATES)])
    ratings = reader.values(node, "reviewRating", "rating")
    title = reader.text(node, ("headline", "name"), "title", TITLE)
    identifier = reader.identifier(node)
    if len(claims) > 1:
        reader.warn(ReadWarning.SEVERAL_CLAIMS, "claim", f"the review is of {len(claims)} claims: one item for each")
    own_urls = _for_each(reader, urls, claims, "url", "url")
    own_ratings = [[rating] for rating in ratings] if len(ratings) == len(claims) else [ratings] * len(claims)
    findings = reader.findings
    for claim, url, given in zip(claims, own_urls, own_ratings, strict=True):
        if identifier is None and is_placeholder(claim.text):
            message = f"{shortened(claim.text, 60)!r} is a placeholder, not a claim"
            yield Refused(place, ReadRefusal.PLACEHOLDER, "claim", message, url)
            continue
        if len(claims) > 1:
            reader.reset(findings)
        words, numbers, explanation = _rating(reader, given)
        sites = [site for site in (publisher.site, site_of(url)) if site]
        rated = table.map_rating(list(words), numbers, reader.language, sites)
        reader.add(rated.findings)
        subject = subject_of(reader, claim.nodes)
        yield ReviewItem(
            claim=reader.cut(claim.text, "claim", CLAIM),
            claim_reviewed=reader.cut(claim.published, "claim_reviewed", CLAIM_REVIEWED),
            whole_claim=claim.text if len(claim.published) > CLAIM_REVIEWED else None,
            publisher=publisher,
            rating=rated.rating,
            rating_basis=rated.basis,
            place=place,
            url=url,
            title=title,
            authors=tuple(author.as_author for author in authors),
            byline=byline(authors),
            reviewed_at=reviewed.stated if reviewed else None,
            reviewed=reviewed.days if reviewed else None,
            modified_at=modified.stated if modified else None,
            entry_modified_at=entry_modified.stated if entry_modified else None,
            language=language,
            textual_rating=reader.cut(next(iter(words.values())), "textual_rating", RATING) if words else None,
            rating_value=numbers.value,
            best_rating=numbers.best,
            worst_rating=numbers.worst,
            explanation=explanation,
            claimants=subject.claimants,
            claim_published=subject.published,
            first_appearance=subject.first,
            appearances=subject.others,
            claim_identifier=subject.identifier,
            identifier=identifier,
            latest_stated=latest_stated,
            warnings=reader.findings,
        )


def _for_each(
    reader: FieldReader, values: Sequence[str | None], claims: Sequence[ReviewedClaim], name: str, field: str
) -> Sequence[str | None]:
    """Return the value of each claim: its own if there are as many as claims, otherwise the first."""
    if len(values) == len(claims):
        return values
    if len(values) > 1:
        reader.warn(ReadWarning.SEVERAL_VALUES, field, f"{name} has {len(values)} values: the first is kept")
    return [values[0]] * len(claims)


def _language(reader: FieldReader, node: Node, page: Page | None) -> str | None:
    language = reader.language_of(node, ("inLanguage",), "language")
    if language is None and page and page.language:
        reader.warn(ReadWarning.TAKEN_FROM, "language", "inLanguage is missing: the language of the page is used")
        return page.language
    return language


def _other_url(reader: FieldReader, node: Node, page: Page | None) -> str | None:
    """Return the address of a review that is not in ``url``, with a finding."""
    url = reader.url(node, ("mainEntityOfPage", "@id"), "url") if not (id_of(node) or "").startswith("#") else None
    source = "mainEntityOfPage or @id"
    if url is None and page and page.url:
        url, source = page.url, "the page's own address"
    if url is not None:
        reader.warn(ReadWarning.TAKEN_FROM, "url", f"url is missing: taken from {source}")
    else:
        reader.warn(ReadWarning.MISSING_URL, "url", "the review has no address")
    return url


def _publisher(reader: FieldReader, node: Node, url: str | None) -> tuple[Party | None, tuple[Party, ...]]:
    """Return the reviewer and the authors of a review.

    The reviewer is the organization in ``author``; for a person the organization that they work for, else the
    publisher, else the site of the review. A publisher beside an organization in ``author`` printed its review.
    """
    stated, authors = parties(reader, node, "publisher", "publisher"), parties(reader, node, "author", "publisher")
    persons = [author for author in authors if author.kind is PartyKind.PERSON]
    candidates = _organizations(authors, stated)
    if not candidates and persons:
        candidates = employers(reader, node, "author", "publisher")
    if candidates and stated:
        publisher = _of_two(reader, candidates[0], stated)
    elif candidates or stated:
        publisher = (candidates or stated)[0]
    else:
        return _without_organization(reader, url, persons)
    houses = candidates or stated
    if len(houses) > 1:
        message = f"there are {len(houses)} publishers: the first organization is kept"
        reader.warn(ReadWarning.SEVERAL_VALUES, "publisher", message)
    others = [author for author in authors if folded_name(author.name) != folded_name(publisher.name)]
    return publisher, tuple(author for author in others if author.kind is not None or stated)


def byline(authors: Sequence[Party]) -> str | None:
    """Return the names of the authors that are no organizations."""
    return ", ".join(author.name for author in authors if author.kind is not PartyKind.ORGANIZATION)[:NAME] or None


def _organizations(authors: Sequence[Party], stated: Sequence[Party]) -> list[Party]:
    """Return the organizations among the authors, those that say so first.

    Beside a publisher an author of unknown kind is one if it has a site of its own, and an author with a page on the
    site of the publisher is none, whatever it says.
    """
    if not stated:
        return sorted(
            (author for author in authors if author.kind is not PartyKind.PERSON), key=lambda party: party.kind is None
        )
    sites = {registrable_domain(party.url) for party in stated if party.url}
    return [
        author
        for author in authors
        if author.kind is not PartyKind.PERSON
        and (home_of(author.url) or (author.kind and not (author.url and registrable_domain(author.url) in sites)))
    ]


def _of_two(reader: FieldReader, author: Party, stated: Sequence[Party]) -> Party:
    """Return the reviewer of a review with an organization as its author and another one, or the same, as publisher."""
    same = next((party for party in stated if folded_name(party.name) == folded_name(author.name)), None)
    if same is None:
        message = f"{author.name} is the author and {stated[0].name} the publisher: the review is the author's"
        reader.warn(ReadWarning.SYNDICATED, "publisher", message)
    return same if same is not None and not home_of(author.url) else author


def _without_organization(
    reader: FieldReader, url: str | None, persons: Sequence[Party]
) -> tuple[Party | None, tuple[Party, ...]]:
    site = own_site(site_of(url))
    if site:
        reader.warn(ReadWarning.TAKEN_FROM, "publisher", "no organization is named: the site of the review is used")
        return Party(shortened(site, NAME), f"https://{site}/", PartyKind.ORGANIZATION, site=site), tuple(persons)
    if persons:
        reader.warn(ReadWarning.TAKEN_FROM, "publisher", "no organization is named: the author is used")
        return persons[0], tuple(persons)
    return None, ()


def _reviewed(reader: FieldReader, node: Node) -> ParsedDate | None:
    reviewed = reader.day(node, ("datePublished",), "reviewed_at")
    if reviewed is None:
        reviewed = reader.day(node, ("dateModified", "dateCreated"), "reviewed_at")
        if reviewed is not None:
            reader.warn(
                ReadWarning.TAKEN_FROM, "reviewed_at", "datePublished is missing: dateModified or dateCreated is used"
            )
    return reviewed


def _rating(reader: FieldReader, given: Sequence[Any]) -> tuple[dict[str, str], Numbers, str | None]:
    """Return the wordings (each also as published), the numbers and the explanation of the values of a rating."""
    words: dict[str, str] = {}
    numbers = Numbers()
    explanation = None
    if len(given) > 1:
        reader.warn(
            ReadWarning.SEVERAL_VALUES, "rating", f"reviewRating has {len(given)} values: the first number is kept"
        )
    for rating in given:
        if not isinstance(rating, dict):
            rating = {"ratingValue": rating} if number_of(rating) is not None else {"alternateName": rating}
        if "aggregaterating" in type_names(rating):
            message = "an AggregateRating is an average of readers' votes: our label is based on the wording alone"
            reader.warn(ReadWarning.AGGREGATE_RATING, "rating_value", message)
            rating = {key: value for key, value in rating.items() if key != "ratingValue"}
        found = reader.published_texts(rating, "alternateName", "textual_rating") or reader.published_texts(
            rating, "name", "textual_rating"
        )
        if numbers.value is None:
            value, best, worst = (_scalar(rating, name) for name in ("ratingValue", "bestRating", "worstRating"))
            numbers = numbers_of(value, best, worst)
            reader.add(numbers.findings)
            if not found and numbers.words:
                found = reader.published_texts({"words": numbers.words}, "words", "textual_rating")
        words |= {word: published for word, published in found.items() if word not in words}
        explanation = explanation or reader.text(rating, ("ratingExplanation",), "explanation", EXPLANATION)
    if len(words) > 1:
        message = f"the rating has {len(words)} wordings: the first is kept"
        reader.warn(ReadWarning.SEVERAL_VALUES, "textual_rating", message)
    return words, numbers, explanation


def _scalar(node: Node, name: str) -> Any:
    value = next(iter(flattened(node.get(name))), None)
    return value.get("@value") if isinstance(value, dict) else value
