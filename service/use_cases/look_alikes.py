"""Find the records that a new one looks like, before it is kept: nobody shall enter what is there already."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import orjson

from service.model.suggestions import SuggestionState
from service.schemas.suggestions import REASONS
from service.search.matching.scoring import THRESHOLD
from service.store import Store
from service.use_cases.match import match_texts
from service.use_cases.source_identity import similar_sources
from service.use_cases.suggesting import suggestions_of
from service.use_cases.suggestion_targets import suggested_records

_CLAIMS = 5


@dataclass(frozen=True, slots=True)
class LookAlike:
    """A record that another one looks like, by its name, with the reasons."""

    id: str
    name: str
    reasons: tuple[str, ...]


def look_alikes(store: Store, kind: str, public_id: str) -> list[LookAlike]:
    """Return the sources, documents or claims that a record of that kind looks like, each once.

    They are those of its open suggestions; for a source also those with a similar name, for a claim also those that its
    words repeat.
    """
    found: dict[str, LookAlike] = {}
    for each in (*_suggested(store, kind, public_id), *_similar(store, kind, public_id)):
        found.setdefault(each.id, each)
    return list(found.values())


def _suggested(store: Store, kind: str, public_id: str) -> Iterator[LookAlike]:
    opened = [each for each in suggestions_of(store, kind, [public_id]) if each.state is SuggestionState.OPEN]
    pairs = [each for each in opened if each.pair.other is not None]
    records = suggested_records(store, [each.pair for each in pairs])
    for each in sorted(pairs, key=lambda each: -each.likeness.score):
        [other] = [record for record in each.pair.records if record != public_id]
        reasons = tuple(REASONS[reason] for reason in each.likeness.reasons)
        yield LookAlike(other, records[kind, other].name, reasons)


def _similar(store: Store, kind: str, public_id: str) -> Iterator[LookAlike]:
    if kind == "source":
        for source in similar_sources(store, public_id):
            yield LookAlike(source.id, source.name, ("Their names are similar.",))
    elif kind == "claim":
        [own] = [orjson.loads(claim.json) for claim in store.claims.by_ids([public_id])]
        [matches] = match_texts(store, [own["text"]], _CLAIMS + 1, THRESHOLD)
        for match in matches:
            shape = orjson.loads(match.json)
            if shape["id"] != public_id:
                yield LookAlike(shape["id"], shape["text"], ("Its words repeat this claim.",))
