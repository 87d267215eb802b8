"""Find the ClaimReviews of a page that are in Microdata or RDFa."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from service.identity.statements import same_statement
from service.interchange.claimreview.finding_codes import ReadRefusal, ReadWarning
from service.interchange.claimreview.jsonld_nodes import Index, Node, type_names
from service.interchange.claimreview.microdata import MOST_REFERRED, TooManyReferences, microdata_nodes
from service.interchange.claimreview.page_tree import LONGEST, MOST_TEXT, PageTree, TooMuchText, has_markup
from service.interchange.claimreview.rdfa import rdfa_nodes
from service.interchange.claimreview.review_items import Finding, ReviewItem


@dataclass(frozen=True, slots=True)
class MarkedReview:
    """A ClaimReview with the line on which it begins, and the nodes that it can refer to."""

    syntax: str
    line: int
    node: Node
    named: Index


def marked_reviews(text: str, url: str | None) -> tuple[list[MarkedReview], tuple[ReadRefusal, str] | None]:
    """Return the reviews of a page at ``url``, and the code and message of a refusal if not all of it was read."""
    if not has_markup(text):
        return [], None
    if len(text) > LONGEST:
        message = f"the page is longer than {LONGEST:,} characters: its Microdata and RDFa were not read"
        return [], (ReadRefusal.TOO_LARGE, message)
    tree = PageTree(text, url)
    try:
        items = microdata_nodes(tree)
        nodes, named = rdfa_nodes(tree)
    except TooMuchText:
        message = f"the Microdata and RDFa of the page have more than {MOST_TEXT:,} characters: they were not read"
        return [], (ReadRefusal.TOO_LARGE, message)
    except TooManyReferences:
        message = f"the `itemref` of the page lead to more than {MOST_REFERRED:,} elements: its markup was not read"
        return [], (ReadRefusal.TOO_LARGE, message)
    found = [MarkedReview("Microdata", line, node, Index(())) for line, node in _outermost(items)]
    index = Index(named)
    found += [MarkedReview("RDFa", line, node, index) for line, node in _outermost(nodes)]
    too_deep = ReadRefusal.TOO_DEEP, "the page is nested too deeply: not all of its Microdata and RDFa was read"
    return found, too_deep if tree.is_cut else None


def _outermost(nodes: Sequence[tuple[int, Node]]) -> list[tuple[int, Node]]:
    """Return the ClaimReviews that are no parts of other ones."""
    reviews = {id(node): (line, node) for line, node in nodes if "claimreview" in type_names(node)}
    inner: set[int] = set()
    seen: set[int] = set()
    for key, (_, node) in reviews.items():
        waiting = [] if key in seen else [node]
        seen.add(key)
        while waiting:
            values = [value for values in waiting.pop().values() for value in values if isinstance(value, dict)]
            new = [value for value in values if id(value) not in seen]
            inner.update(map(id, values))
            seen.update(map(id, new))
            waiting += new
    return [review for key, review in reviews.items() if key not in inner]


def same_review(items: Iterable[ReviewItem], other: ReviewItem) -> ReviewItem | None:
    """Return the item of the same claim as ``other``: a page states its review in several syntaxes."""
    return next(
        (
            item
            for item in items
            if same_statement(item.claim, other.claim) and (item.url == other.url or None in (item.url, other.url))
        ),
        None,
    )


def with_contradictions(item: ReviewItem, other: ReviewItem, syntax: str) -> ReviewItem:
    """Return ``item``, with a finding if the same review in another syntax says something else."""
    names = ("textual_rating", "rating_value", "reviewed_at", "claimants")
    differing = [
        name for name in names if getattr(other, name) not in (None, ()) and getattr(other, name) != getattr(item, name)
    ]
    if not differing:
        return item
    message = f"the {syntax} of the page has another value: that of the first syntax is kept"
    return replace(
        item, warnings=(*item.warnings, *(Finding(ReadWarning.SEVERAL_VALUES, name, message) for name in differing))
    )
