"""Load seed files into the store: change exactly what differs, in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from service.corroboration.visibility import earliest_first_seen
from service.eventlog.events import EventType
from service.identity.web_addresses import document_key
from service.model.actors import SEEDS
from service.model.entities import Claim, ClaimLink, Document, Mark, Mention, Source
from service.model.filters import FacetKind
from service.model.ids import new_id, stated_id
from service.operations.seeding.files import Seeds
from service.store import Store
from service.use_cases.document_merging import merge_same_pages
from service.use_cases.event_payloads import record_claim, record_document, record_link, record_mention, record_source
from service.use_cases.source_identity import refuse_namesake
from service.use_cases.unit_of_work import UnitOfWork, unit_of_work

Progress = Callable[[str], None]
# The reason of withdrawals of seeded mentions and links.
GONE = "No longer in the seed files."
T = TypeVar("T", Source, Document, Claim, Mention)


@dataclass(slots=True)
class Change:
    """The number of entries of one kind that were added, updated, removed or unchanged."""

    added: int = 0
    updated: int = 0
    removed: int = 0
    unchanged: int = 0

    def __str__(self) -> str:
        return f"{self.added} added, {self.updated} updated, {self.removed} removed, {self.unchanged} unchanged"


@dataclass(slots=True)
class Outcome:
    """The result of loading, by kind of entry; ``kept`` counts the entries in the store that no file has."""

    changes: dict[str, Change] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)
    recomputed: int = 0

    @property
    def changed(self) -> bool:
        """True if anything was written."""
        return bool(self.recomputed) or any(c.added or c.updated or c.removed for c in self.changes.values())


def load_seeds(store: Store, seeds: Seeds, now: dt.datetime, progress: Progress = lambda stage: None) -> Outcome:
    """Add new entries, update changed ones, and withdraw seeded mentions and links that no file has any more.

    Sources, documents and claims that no file has are kept, with their mentions and links, since other records may rest
    on them; so is everything that did not come from seed files. A mention or link that a person withdrew stays
    withdrawn. Raises ``Conflict`` if a new source, or one with a new name, has the name of another one in the store.
    """
    loading = _Loading(store, seeds, progress)
    with unit_of_work(store, SEEDS, now) as work:
        loading.run(work)
    loading.outcome.recomputed = work.recomputed
    return loading.outcome


class _Loading:
    """One run of loading."""

    def __init__(self, store: Store, seeds: Seeds, progress: Progress) -> None:
        self._store = store
        self._seeds = seeds
        self._progress = progress
        self.outcome = Outcome()

    def run(self, work: UnitOfWork) -> None:
        for stage, step in (
            ("sources", self._sources),
            ("documents", self._documents),
            ("claims", self._claims),
            ("mentions", self._mentions),
            ("links", self._links),
        ):
            self._progress(stage)
            self.outcome.changes[stage] = step(work)
        self._progress("corroboration")
        sizes = self._store.catalogue.sizes()
        given = {
            "sources": self._seeds.sources,
            "documents": self._seeds.documents,
            "claims": self._seeds.claims,
        }
        self.outcome.kept = {kind: sizes[kind] - len(own) for kind, own in given.items() if sizes[kind] > len(own)}

    def _sources(self, work: UnitOfWork) -> Change:
        have = {r.source.id: r for r in self._store.catalogue.sources(sorted(self._seeds.sources))}
        # A merge is a decision made in the store, not in the files.
        unmerged = {i: replace(record.source, merged_into=None) for i, record in have.items()}
        new, changed, change = _compare(self._seeds.sources, unmerged)
        self._store.evidence_writes.insert_sources(new, work.now_us)
        for source in new:
            record_source(work, EventType.SOURCE_CREATED, source)
        for source in changed:
            record = have[source.id]
            work.touch_resting_on(FacetKind.SOURCE, [source.id])
            source = replace(source, merged_into=record.source.merged_into)
            self._store.evidence_writes.update_source(source, record.version, work.now_us)
            record_source(work, EventType.SOURCE_CHANGED, source, record.source)
        for source in (*new, *changed):
            refuse_namesake(self._store, source, have[source.id].source if source.id in have else None)
        return change

    def _documents(self, work: UnitOfWork) -> Change:
        records = {r.document.id: r for r in self._store.catalogue.documents(sorted(self._seeds.documents))}
        have = {i: record.document for i, record in records.items()}
        # A merge is a decision made in the store, not in the files.
        unmerged = {i: replace(document, merged_into=None) for i, document in have.items()}
        given = {i: _seen(document, have.get(i), work.today) for i, document in self._seeds.documents.items()}
        new, changed, change = _compare(given, unmerged)
        self._store.evidence_writes.insert_documents(new, work.now_us)
        for document in new:
            record_document(work, EventType.DOCUMENT_CREATED, document)
        work.touch_resting_on(FacetKind.DOCUMENT, [document.id for document in changed])
        # Two documents may swap a value that must be unique.
        self._store.evidence_writes.release_documents([document.id for document in changed])
        for document in changed:
            before = have[document.id]
            document = replace(document, merged_into=before.merged_into)
            self._store.evidence_writes.update_document(document, records[document.id].version, work.now_us)
            record_document(work, EventType.DOCUMENT_CHANGED, document, before)
        moved = [d for d in changed if document_key(d.url) != document_key(have[d.id].url)]
        # Mentions point into the text of the document of the files: it is added, as the page that is there already.
        keys = {document.id: document_key(document.url) for document in (*new, *moved)}
        merge_same_pages(work, filter(None, keys.values()), only=keys)
        return change

    def _claims(self, work: UnitOfWork) -> Change:
        keys = [claim.key for claim in self._store.claims.by_ids(sorted(self._seeds.claims))]
        states = {state.claim.id: state for state in self._store.claims.claim_states(keys)}
        have = {i: state.claim for i, state in states.items()}
        new, changed, change = _compare(self._seeds.claims, have)
        self._store.evidence_writes.insert_claims(new, work.now_us)
        for claim in new:
            record_claim(work, EventType.CLAIM_CREATED, claim)
        for claim in changed:
            self._store.evidence_writes.update_claim(claim, states[claim.id].version)
            before = states[claim.id]
            record_claim(work, EventType.CLAIM_CHANGED, claim, before, merged_into=before.merged_into)
        self._touch(work, [claim.id for claim in (*new, *changed)])
        return change

    def _mentions(self, work: UnitOfWork) -> Change:
        stored = self._store.evidence.stated_mentions(sorted(self._seeds.mentions))
        restored = [i for i, (_, withdrawn) in stored.items() if withdrawn is not None and withdrawn.by == SEEDS]
        # The seeds have no quotes; one that a person has added stays.
        have = {i: replace(mention, quote=None) for i, (mention, _) in stored.items()}
        quotes = {i: mention.quote for i, (mention, _) in stored.items()}
        new, changed, _ = _compare(self._seeds.mentions, have)
        # A person may have entered the same mention already.
        entered = self._store.seeds.current_spans(
            sorted({self._seeds.mentions[i].claim for i in restored} | {m.claim for m in new})
        )
        new = [mention for mention in new if _span(mention) not in entered]
        restored = [i for i in restored if _span(self._seeds.mentions[i]) not in entered]
        seeded = self._store.seeds.seeded_mentions()
        gone = {i for i, claim in seeded.items() if claim in self._seeds.claims and i not in self._seeds.mentions}
        mark = Mark(work.now, SEEDS, GONE)
        for i, (mention, _) in self._store.evidence.stated_mentions(sorted(gone)).items():
            self._store.evidence_writes.withdraw_mention(i, mark)
            record_mention(work, EventType.MENTION_WITHDRAWN, mention, mark)
        self._store.evidence_writes.insert_mentions(new, seeded=True)
        for mention in changed:
            self._store.evidence_writes.update_mention(mention)
            quoted = replace(mention, quote=quotes[mention.id])
            record_mention(work, EventType.MENTION_CHANGED, quoted, stored[mention.id][1])
        for i in restored:
            self._store.evidence_writes.withdraw_mention(i, None)
        for mention in (*new, *(self._seeds.mentions[i] for i in restored)):
            record_mention(work, EventType.MENTION_ADDED, replace(mention, quote=quotes.get(mention.id)), None)
        claims = {seeded[i] for i in gone} | {have[i].claim for i in restored}
        self._touch(work, claims | {mention.claim for mention in (*new, *changed)})
        added = len(new) + len(restored)
        updated = len({m.id for m in changed} - set(restored))
        return Change(added, updated, len(gone), len(self._seeds.mentions) - added - updated)

    def _links(self, work: UnitOfWork) -> Change:
        have = {key: value for key, value in self._store.seeds.seeded_links().items() if key[0] in self._seeds.claims}
        given = {(claim, link.type, link.claim): link for claim, link in self._seeds.links}
        current = self._store.seeds.current_links(sorted({end for claim, _, other in given for end in (claim, other)}))
        change = Change()
        for (claim, kind, other), (public_id, note, withdrawn_by) in have.items():
            if (claim, kind, other) not in given and withdrawn_by is None:
                mark = Mark(work.now, SEEDS, GONE)
                self._store.evidence_writes.withdraw_link(public_id, mark)
                record_link(work, EventType.LINK_WITHDRAWN, claim, ClaimLink(kind, other, note, public_id), mark)
                self._touch(work, [claim, other])
                change.removed += 1
        new: list[tuple[str, ClaimLink]] = []
        for (claim, kind, other), link in given.items():
            stored = have.get((claim, kind, other))
            exists = (claim, kind, other) in current or (kind.symmetric and (other, kind, claim) in current)
            if (stored is None or stored[2] == SEEDS) and not exists:
                own = stated_id("l", claim, kind, other) if stored is None else new_id("l")
                new.append((claim, replace(link, id=own)))
                change.added += 1
                self._touch(work, [claim, other])
                continue
            if stored is not None and stored[2] is None and stored[1] != link.note:
                self._store.evidence_writes.update_link(stored[0], link.note)
                record_link(work, EventType.LINK_CHANGED, claim, replace(link, id=stored[0]))
                change.updated += 1
                self._touch(work, [claim, other])
            else:
                change.unchanged += 1
        self._store.evidence_writes.insert_links(new, seeded=True)
        for claim, link in new:
            record_link(work, EventType.LINK_ADDED, claim, link)
        return change

    def _touch(self, work: UnitOfWork, claim_ids: Iterable[str]) -> None:
        work.touch(claim.key for claim in self._store.claims.by_ids(sorted(claim_ids)))


def _seen(document: Document, stored: Document | None, today: dt.date) -> Document:
    """Return a document of the files with the earlier ``first_seen`` of the files and the store, else with today."""
    known = [document, *([] if stored is None else [stored])]
    return replace(document, first_seen=earliest_first_seen(known) or today)


def _span(mention: Mention) -> tuple[str, str, int | None, int | None, str]:
    """Return the claim, document, span and chain of a mention, which identify it."""
    start, end = (None, None) if mention.locator is None else (mention.locator.start, mention.locator.end)
    return mention.claim, mention.document, start, end, ">".join(mention.attribution)


def _compare(given: Mapping[str, T], have: Mapping[str, T]) -> tuple[list[T], list[T], Change]:
    """Return the new entries, the changed entries, and the number of each."""
    new = [value for key, value in given.items() if key not in have]
    changed = [value for key, value in given.items() if key in have and have[key] != value]
    return new, changed, Change(len(new), len(changed), 0, len(given) - len(new) - len(changed))
