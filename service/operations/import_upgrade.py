"""Bring the sources and mentions that an earlier version imported to the state in which this one would import them.

- A source whose name is now recognised as that of nobody (``x.com``, "Multiple") becomes collective or anonymous.
- A mention whose claimant was named by a review becomes explicit: the review is the witness. Not so where the claimant
  was taken for another party.

Sources that somebody has edited since, and mentions that somebody has withdrawn, stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from service.eventlog.events import EventType
from service.interchange.claimreview.collective_names import Collectives
from service.interchange.importing import stable_ids
from service.interchange.importing.mentions import stated_by_review
from service.model.actors import MIGRATION
from service.model.entities import Basis, Mention, Source, SourceKind
from service.model.filters import FacetKind
from service.model.records import SourceRecord
from service.model.verdicts import Verdict
from service.operations.reprojection import is_due
from service.store import Store, batches
from service.use_cases.event_payloads import record_mention, record_source
from service.use_cases.unit_of_work import transaction, unit_of_work

# Increase it when imported records have to be upgraded again.
IMPORTS_VERSION = 2
_NAME = "imports"
_FROM = "From the review at "


@dataclass(slots=True)
class Upgraded:
    """The number of records that changed."""

    sources: int = 0
    mentions: int = 0


def upgrade_imports(store: Store, collectives: Collectives) -> Upgraded:
    """Upgrade all imported records, once; return how many changed.

    Each batch is a transaction of its own with an event for each change. If interrupted, it continues at the next call.
    """
    done = Upgraded()
    if store.projections.derived_version(_NAME) == IMPORTS_VERSION:
        return done
    for batch in batches(store.events.public_ids("sources")):
        done.sources += _upgrade_sources(store, batch, collectives)
    for batch in batches(store.events.public_ids("mentions")):
        done.mentions += _upgrade_mentions(store, batch)
    with transaction(store):
        store.projections.set_derived_version(_NAME, IMPORTS_VERSION)
    return done


def _upgrade_sources(store: Store, source_ids: Sequence[str], collectives: Collectives) -> int:
    changed = 0
    with unit_of_work(store, MIGRATION, recomputes=not is_due(store)) as work:
        for record in store.catalogue.sources(source_ids):
            kind = collectives.kind(record.source.name) if _is_as_imported(record) else None
            if kind is None:
                continue
            source: Source = replace(record.source, kind=kind)
            work.touch_resting_on(FacetKind.SOURCE, [source.id])
            store.evidence_writes.update_source(source, record.version, work.now_us)
            reason = "The name does not say who the claimant is."
            record_source(work, EventType.SOURCE_CHANGED, source, record.source, reason=reason)
            changed += 1
    return changed


def _is_as_imported(record: SourceRecord) -> bool:
    """Return whether an import has added a source as an identifiable claimant, and nobody has changed it."""
    source = record.source
    named = source.kind in (SourceKind.PERSON, SourceKind.UNSPECIFIED)
    return record.version == 1 and named and source.id == stable_ids.claimant_id(source.name)


def _upgrade_mentions(store: Store, mention_ids: Sequence[str]) -> int:
    changed: list[Mention] = []
    with unit_of_work(store, MIGRATION, recomputes=not is_due(store)) as work:
        stated = store.evidence.stated_mentions(mention_ids).values()
        imported = [mention for mention, withdrawn in stated if withdrawn is None and _was_imported(mention)]
        named = _Claimants(store, imported)
        for mention in imported:
            if named.are_stated(mention):
                changed.append(replace(mention, basis=Basis.EXPLICIT, note=_note(mention)))
        for mention in changed:
            store.evidence_writes.update_mention(mention)
            record_mention(work, EventType.MENTION_CHANGED, mention)
        work.touch(store.claims.public_keys("claims", {mention.claim for mention in changed}).values())
    return len(changed)


class _Claimants:
    """The claimants that the reviews of some mentions' claims name, as far as the ids of the claims prove them."""

    def __init__(self, store: Store, mentions: Sequence[Mention]) -> None:
        keys = store.claims.public_keys("claims", {mention.claim for mention in mentions}).values()
        self._words = {
            state.claim.id: {state.claim.text, *_words_of(state.verdicts)}
            for state in store.claims.claim_states(sorted(keys))
        }
        sources = store.catalogue.sources(sorted({source for mention in mentions for source in mention.attribution}))
        self._names = {record.source.id: (record.source.name, *record.source.aliases) for record in sources}

    def are_stated(self, mention: Mention) -> bool:
        """Return whether the id of a mention's claim is made of the names of its attribution.

        It is not if the earlier version took the claimant for another party, such as the newspaper that it links to.
        """
        names = [self._names[source] for source in mention.attribution]
        chosen: Iterable[Sequence[str]] = product(*names) if len(names) == 1 else [[first for first, *_ in names]]
        return any(
            stable_ids.claim_id(words, claimants) == mention.claim
            for claimants in chosen
            for words in self._words[mention.claim]
        )


def _words_of(verdicts: Iterable[Verdict]) -> Iterator[str]:
    """Yield the words of a claim in the reviews of it."""
    for verdict in verdicts:
        if verdict.review is not None and verdict.review.claim_reviewed:
            yield verdict.review.claim_reviewed


def _was_imported(mention: Mention) -> bool:
    """Return whether an import has added a mention with an inferred attribution."""
    own_id = stable_ids.mention_id(mention.claim, mention.document, mention.attribution)
    return mention.basis is Basis.INFERRED and mention.id == own_id


def _note(mention: Mention) -> str | None:
    url = mention.note and mention.note.removeprefix(_FROM).removesuffix(".")
    return stated_by_review(url, mention.attribution)
