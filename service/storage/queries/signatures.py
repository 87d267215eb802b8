"""Signatures of claims: a few bits that tell most claims without a facet, without a look at their facets.

Each facet has one bit, by its key; a claim has the bits of its facets. Two facets may share a bit, so a claim that has
the bit of a facet need not have the facet. Facets of verdicts have none: a verdict then changes no signature, and no
index that has it.
"""

from __future__ import annotations

from collections.abc import Iterable

from service.model.filters import FacetKind

SIGNED_KINDS = (
    FacetKind.TOPIC,
    FacetKind.SOURCE,
    FacetKind.ORIGIN,
    FacetKind.SOLE_ORIGIN,
    FacetKind.RELAY,
    FacetKind.PUBLISHER,
    FacetKind.DOCUMENT,
    FacetKind.STATUS,
    FacetKind.STANCE,
    FacetKind.MIN_ORIGINS,
    FacetKind.MIN_NAMED,
    FacetKind.NAMED,
    FacetKind.CONFLICT,
)
_BITS = 63  # of a signed integer of 64


def signature(facets: Iterable[tuple[str, int]]) -> tuple[int, int]:
    """Return the bits of facets, each its kind and its key."""
    words = [0, 0]
    for kind, key in facets:
        if kind in SIGNED_KINDS:
            words[key // _BITS % 2] |= 1 << key % _BITS
    return words[0], words[1]
