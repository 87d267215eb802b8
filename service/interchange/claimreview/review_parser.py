"""A ClaimReview node to review items."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from service.interchange.claimreview.addresses import own_site
from service.interchange.claimreview.dates import When, latest
from service.interchange.claimreview.field_reader import Notes
from service.interchange.claimreview.finding_codes import Refusal, Warned
from service.interchange.claimreview.jsonld_nodes import Node, flat, id_of, types
from service.interchange.claimreview.languages import primary
from service.interchange.claimreview.parties import NAME, TITLE, appearance_of, appearances, parties
from service.interchange.claimreview.rating_numbers import Numbers, number_of, numbers_of
from service.interchange.claimreview.ratings import RatingTable
from service.interchange.claimreview.review_items import (
    Appearance,
    DateInterval,
    Party,
    PartyKind,
    Place,
    Refused,
    ReviewItem,
)
from service.interchange.claimreview.text import shortened
from service.model.site_names import site_of

CLAIM = 500
CLAIM_REVIEWED = 2000
RATING = 200
EXPLANATION = 20_000
_DATES = ("datePublished", "dateModified", "dateCreated")


@dataclass(frozen=True, slots=True)
class Page:
    """What a web page says of itself."""

    url: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class _Subject:
    """What ``itemReviewed`` says of the claim."""

    claimants: tuple[Party, ...]
    published: DateInterval | None
    identifier: str | None
    first: Appearance | None
    others: tuple[Appearance, ...]


def items(
    node: Node, notes: Notes, place: Place, table: RatingTable, page: Page | None = None, entry: Node | None = None
) -> Iterator[ReviewItem | Refused]:
    """What a ClaimReview gives: an item for each claim that it reviews, or why there is none.

    ``entry`` is the element of a feed that it is in, which has dates of its own.
    """
    language = _language(notes, node, page)
    notes.language = primary(language)
    url = _url(notes, node, page)
    claims = claims_of(notes, node)
    if not claims:
        yield Refused(place, Refusal.MISSING, "claim", "says nowhere which claim was reviewed", url)
        return
    publisher, authors = _publisher(notes, node, url)
    if publisher is None:
        yield Refused(place, Refusal.MISSING, "publisher", "says nowhere who reviewed the claim", url)
        return
    reviewed = _reviewed(notes, node)
    modified = notes.day(node, ("dateModified",), "modified_at")
    entry = entry or {}
    entry_modified = notes.day(entry, ("dateModified",), "modified_at") if "datafeeditem" in types(entry) else None
    fed = [entry.get(name) for name in ("dateCreated", "dateModified")]
    dated = latest([*fed, *(node.get(name) for name in _DATES)])
    words, numbers, explanation = _rating(notes, node)
    rated = table.rate(words, numbers, notes.language, [site for site in (publisher.site, site_of(url)) if site])
    notes.add(rated.findings)
    title = notes.text(node, ("headline", "name"), "title", TITLE)
    subject = _subject(notes, node)
    if len(claims) > 1:
        notes.warn(Warned.SEVERAL_CLAIMS, "claim", f"one review of {len(claims)} claims: an item each")
    for claim in claims:
        yield ReviewItem(
            claim=notes.cut(claim, "claim", CLAIM),
            claim_reviewed=notes.cut(claim, "claim_reviewed", CLAIM_REVIEWED),
            publisher=publisher,
            rating=rated.rating,
            rating_basis=rated.basis,
            place=place,
            url=url,
            title=title,
            authors=authors,
            reviewed_at=reviewed.stated if reviewed else None,
            reviewed=reviewed.days if reviewed else None,
            modified_at=modified.stated if modified else None,
            entry_modified_at=entry_modified.stated if entry_modified else None,
            language=language,
            textual_rating=notes.cut(words[0], "textual_rating", RATING) if words else None,
            rating_value=numbers.value,
            best_rating=numbers.best,
            worst_rating=numbers.worst,
            explanation=explanation,
            claimants=subject.claimants,
            claim_published=subject.published,
            first_appearance=subject.first,
            appearances=subject.others,
            claim_identifier=subject.identifier,
            identifier=notes.identifier(node),
            dated=dated,
            warnings=notes.findings,
        )


def _language(notes: Notes, node: Node, page: Page | None) -> str | None:
    language = notes.language_of(node, ("inLanguage",), "language")
    if language is None and page and page.language:
        notes.warn(Warned.TAKEN_FROM, "language", "inLanguage is missing: the page's language is taken")
        return page.language
    return language


def _url(notes: Notes, node: Node, page: Page | None) -> str | None:
    url = notes.url(node, ("url",), "url")
    if url is None:
        url = notes.url(node, ("mainEntityOfPage", "@id"), "url") if not (id_of(node) or "").startswith("#") else None
        source = "mainEntityOfPage or @id"
        if url is None and page and page.url:
            url, source = page.url, "the page's own address"
        if url is not None:
            notes.warn(Warned.TAKEN_FROM, "url", f"url is missing: taken from {source}")
        else:
            notes.warn(Warned.MISSING_URL, "url", "nothing says where the review stands")
    return url


def claims_of(notes: Notes, node: Node) -> list[str]:
    """What was reviewed, in the words of the review."""
    claims = notes.texts(node, "claimReviewed", "claim")
    if claims:
        return claims
    for item in notes.values(node, "itemReviewed", "claim"):
        if isinstance(item, dict) and "claim" in types(item):
            found = next(filter(None, (notes.texts(item, name, "claim") for name in ("text", "name", "headline"))), [])
            if found:
                notes.warn(Warned.TAKEN_FROM, "claim", "claimReviewed is missing: taken from itemReviewed")
                return found[:1]
    return []


def _publisher(notes: Notes, node: Node, url: str | None) -> tuple[Party | None, tuple[Party, ...]]:
    """Who published the review, and its authors. In a ClaimReview ``author`` mostly is the publisher."""
    stated, authors = parties(notes, node, "publisher", "publisher"), parties(notes, node, "author", "publisher")
    persons = [author for author in authors if author.kind is PartyKind.PERSON]
    others = [author for author in authors if author.kind is not PartyKind.PERSON]
    candidates = stated or sorted(others, key=lambda party: party.kind is None)
    if candidates:
        publisher = candidates[0]
        if len(candidates) > 1:
            notes.warn(
                Warned.SEVERAL_VALUES, "publisher", f"there are {len(candidates)}: the first organization is kept"
            )
        bylines = persons + [
            other for other in others if stated and other.kind is None and other.name != publisher.name
        ]
        return publisher, tuple(bylines)
    site = own_site(site_of(url))
    if site:
        notes.warn(Warned.TAKEN_FROM, "publisher", "no organization is named: the site of the review stands for it")
        return Party(shortened(site, NAME), f"https://{site}/", PartyKind.ORGANIZATION, site=site), tuple(persons)
    if persons:
        notes.warn(Warned.TAKEN_FROM, "publisher", "no organization is named: the author stands for it")
        return persons[0], tuple(persons)
    return None, ()


def _reviewed(notes: Notes, node: Node) -> When | None:
    reviewed = notes.day(node, ("datePublished",), "reviewed_at")
    if reviewed is None:
        reviewed = notes.day(node, ("dateModified", "dateCreated"), "reviewed_at")
        if reviewed is not None:
            notes.warn(
                Warned.TAKEN_FROM, "reviewed_at", "datePublished is missing: dateModified or dateCreated is taken"
            )
    return reviewed


def _rating(notes: Notes, node: Node) -> tuple[list[str], Numbers, str | None]:
    """The wordings, the numbers and the explanation of ``reviewRating``."""
    words: dict[str, None] = {}
    numbers = Numbers()
    explanation = None
    given = list(notes.values(node, "reviewRating", "rating"))
    if len(given) > 1:
        notes.warn(Warned.SEVERAL_VALUES, "rating", f"reviewRating has {len(given)} values: the first number is kept")
    for rating in given:
        if not isinstance(rating, dict):
            rating = {"ratingValue": rating} if number_of(rating) is not None else {"alternateName": rating}
        if "aggregaterating" in types(rating):
            message = "an AggregateRating is how readers voted: our label is made of the wording alone"
            notes.warn(Warned.AGGREGATE_RATING, "rating_value", message)
            rating = {key: value for key, value in rating.items() if key != "ratingValue"}
        found = notes.texts(rating, "alternateName", "textual_rating") or notes.texts(rating, "name", "textual_rating")
        if numbers.value is None:
            value, best, worst = (_scalar(rating, name) for name in ("ratingValue", "bestRating", "worstRating"))
            numbers = numbers_of(value, best, worst)
            notes.add(numbers.findings)
            if not found and numbers.words:
                found = notes.texts({"words": numbers.words}, "words", "textual_rating")
        words.update(dict.fromkeys(found))
        explanation = explanation or notes.text(rating, ("ratingExplanation",), "explanation", EXPLANATION)
    return list(words), numbers, explanation


def _scalar(node: Node, name: str) -> Any:
    value = next(iter(flat(node.get(name))), None)
    return value.get("@value") if isinstance(value, dict) else value


def _subject(notes: Notes, node: Node) -> _Subject:
    """What ``itemReviewed`` says of the claim: a Claim, or in the old style the CreativeWork that made it."""
    claimants: dict[Party, None] = {}
    first: Appearance | None = None
    others: dict[Appearance, None] = {}
    published = identifier = None
    given = list(notes.values(node, "itemReviewed", "claim"))
    for item in given:
        if not isinstance(item, dict):
            continue
        claimants.update(dict.fromkeys(parties(notes, item, "author", "claimants")))
        published = published or notes.when(item, ("datePublished",), "claim_published")
        identifier = identifier or notes.identifier(item)
        found = appearances(notes, item, "firstAppearance", "first_appearance")
        first = first or (found[0] if found else None)
        others.update(dict.fromkeys(found + appearances(notes, item, "appearance", "appearances")))
        if "claim" not in types(item):
            itself = appearance_of(notes, {**item, "author": None}, "appearances")
            if itself and itself.url:
                others[itself] = None
    if len(given) > 1:
        notes.warn(Warned.SEVERAL_VALUES, "claimants", f"itemReviewed has {len(given)} values: all are taken together")
    if first:
        others.pop(first, None)
    return _Subject(tuple(claimants), published.days if published else None, identifier, first, tuple(others))
