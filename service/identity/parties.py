"""Parties: when two sources of one name are one party."""

from __future__ import annotations

from service.model.entities import Source


def may_share_a_name(one: Source, other: Source) -> bool:
    """Return whether two sources can have one name and be two parties.

    They can if one is said to be distinct from the other, or if both are identifiable and of different countries.
    """
    if other.id in one.distinct_from or one.id in other.distinct_from:
        return True
    identifiable = one.kind.identifiable and other.kind.identifiable
    return identifiable and None not in (one.country, other.country) and one.country != other.country
