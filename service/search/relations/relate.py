"""The relation of a passage to a claim: of the sentence in it that is about the claim."""

from __future__ import annotations

from collections.abc import Sequence

from service.search.matching.comparable_claim import Comparable
from service.search.matching.differences import Difference, Kind, StatedValues
from service.search.matching.passage import Passage
from service.search.matching.passages import sentence_spans
from service.search.relations.compare import Comparison, compare
from service.search.relations.findings import Finding, RelationKind
from service.search.relations.parties import Background
from service.search.relations.statement import ReadStatement, read_statement
from service.search.relations.values import values
from service.search.search_document import SearchDocument
from service.search.stemming import stem
from service.search.tokenizer import words

_CERTAINTY = {Kind.QUANTITY: 0.95, Kind.UNIT: 0.85, Kind.DATE: 0.95}
_FIELDS = ("subject", "claimants", "reported")


def relate(
    passage: Passage,
    claim: Comparable,
    document: SearchDocument,
    place: str | None,
    stated: StatedValues,
    differing: Sequence[Difference],
    read: ReadStatement = read_statement,
) -> Comparison:
    """Compare ``passage`` with ``claim``, a form of the claim of ``document``.

    ``stated`` are the values of the claim, ``differing`` those that the passage certainly states otherwise. ``read``
    reads a sentence of a text.
    """
    start, end = _sentence(passage, claim)
    text, its = read(passage.text, start, end), read(claim.text)
    found = [Finding(one, _CERTAINTY[one.kind], RelationKind.DIFFERS) for one in differing]
    found += values(passage, text, its, stated, differing)
    return compare(text, its, _background(document, place), found, passage.stems)


def _background(document: SearchDocument, place: str | None) -> Background:
    fields = document.values()
    values = [value for name in _FIELDS for value in fields.get(name, ())]
    return Background((*values, place or ""), tuple(fields.get("claimants", ())))


def _sentence(passage: Passage, claim: Comparable) -> tuple[int, int]:
    """Return the span of the sentence that has the most words of the claim, the first of several."""
    text = passage.text[passage.start : passage.end]
    spans = sentence_spans(text)
    if len(spans) < 2:
        return passage.start, passage.end
    shared = [sum(stem(word.term) in claim.content_stems for word in words(text[start:end])) for start, end in spans]
    start, end = spans[shared.index(max(shared))]
    return passage.start + start, passage.start + end
