"""The records of suggestions as they are shown, and the one of two that a merge keeps by default."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from service.model.filters import FacetKind
from service.model.record_kinds import Kind
from service.model.records import StoredRecord
from service.model.suggestions import Pair, SuggestionKind
from service.store import Store
from service.use_cases.suggesting import KINDS

_FACETS = {"source": FacetKind.SOURCE, "document": FacetKind.DOCUMENT}


@dataclass(frozen=True, slots=True)
class SuggestedRecord:
    """A record of a suggestion: the name of a source, the title or address of a document, the text of a claim.

    ``claims`` is the number of claims that rest on a source or document, ``mentions`` that of the mentions of a claim.
    """

    id: str
    name: str
    merged_into: str | None
    claims: int | None
    mentions: int | None
    key: int

    @property
    def weight(self) -> tuple[int, int]:
        """The order in which a record is preferred: by the number of what rests on it, then the older one."""
        return self.claims or self.mentions or 0, -self.key


Records = Mapping[tuple[str, str], SuggestedRecord]
"""Records by kind and id."""


def suggested_records(store: Store, pairs: Iterable[Pair]) -> Records:
    """Return the records of suggestions."""
    ids: dict[str, set[str]] = {}
    for pair in pairs:
        ids.setdefault(pair.kind.record_kind, set()).update(pair.records)
    found: dict[tuple[str, str], SuggestedRecord] = {}
    for kind in KINDS:
        wanted = sorted(ids.get(kind, ()))
        stored = store.exports.kept_called(Kind(kind), wanted) if wanted else {}
        claims = store.catalogue.claims_resting_on(_FACETS[kind], wanted) if wanted and kind in _FACETS else {}
        mentions = store.suggestions.mention_counts(wanted) if wanted and kind == "claim" else {}
        for public_id, record in stored.items():
            found[kind, public_id] = SuggestedRecord(
                id=public_id,
                name=_name(kind, record),
                merged_into=record.member("merged_into"),
                claims=None if kind == "claim" else claims.get(public_id, 0),
                mentions=mentions.get(public_id),
                key=record.key,
            )
    return found


def preferred_target(store: Store, pair: Pair) -> str | None:
    """Return the record of a pair that a merge keeps by default: the one that more rests on, or the older one."""
    return target_among(pair, suggested_records(store, [pair]))


def target_among(pair: Pair, records: Records) -> str | None:
    """Return the same, given the records; ``None`` for a source alone."""
    if pair.kind is SuggestionKind.COLLECTIVE:
        return None
    return max((records[pair.kind.record_kind, each] for each in pair.records), key=lambda each: each.weight).id


def _name(kind: str, record: StoredRecord) -> str:
    thing: Any = record.thing
    if kind == "source":
        return str(thing.name)
    return str(thing.text if kind == "claim" else thing.title or thing.url or thing.id)
