"""Bring the store to what the seed files say, in one transaction, changing exactly what differs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from service.records import FacetKind, to_us
from service.seeding.files import Seeds
from service.standing import refresh
from service.store import Store
from service.types import Claim, Document, LinkType, Mention, Source

Progress = Callable[[str], None]
T = TypeVar("T", Source, Document, Claim, Mention)


@dataclass(slots=True)
class Change:
    """What one kind of entry needed."""

    added: int = 0
    updated: int = 0
    removed: int = 0
    unchanged: int = 0

    def __str__(self) -> str:
        return f"{self.added} added, {self.updated} updated, {self.removed} removed, {self.unchanged} unchanged"


@dataclass(slots=True)
class Outcome:
    """What loading did, by kind of entry; ``kept`` are entries in the store that no file has."""

    changes: dict[str, Change] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)
    refreshed: int = 0

    @property
    def changed(self) -> bool:
        """Whether anything was written."""
        return bool(self.refreshed) or any(c.added or c.updated or c.removed for c in self.changes.values())


def load_seeds(store: Store, seeds: Seeds, now: dt.datetime, progress: Progress = lambda stage: None) -> Outcome:
    """Add what is new, update what differs, and remove mentions and links that no file has any more.

    Sources, documents and claims that no file has are kept, with their mentions and links: others may rest on them. So
    is everything that did not come from seed files.
    """
    with store.write():
        return _Loading(store, seeds, now, progress).run()


class _Loading:
    """One run. ``_touched`` collects the claims whose standing may have changed."""

    def __init__(self, store: Store, seeds: Seeds, now: dt.datetime, progress: Progress) -> None:
        self._store = store
        self._seeds = seeds
        self._now = now
        self._now_us = to_us(now)
        self._progress = progress
        self._touched: set[str] = set()
        self._affected: set[int] = set()
        self._outcome = Outcome()

    def run(self) -> Outcome:
        for stage, step in (
            ("sources", self._sources),
            ("documents", self._documents),
            ("claims", self._claims),
            ("mentions", self._mentions),
            ("links", self._links),
        ):
            self._progress(stage)
            self._outcome.changes[stage] = step()
        self._progress("corroboration")
        keys = {claim.key for claim in self._store.claims(sorted(self._touched))} | self._affected
        self._outcome.refreshed = refresh(self._store, sorted(keys), self._now)
        sizes = self._store.sizes()
        given = {
            "sources": self._seeds.sources,
            "documents": self._seeds.documents,
            "claims": self._seeds.claims,
        }
        self._outcome.kept = {kind: sizes[kind] - len(own) for kind, own in given.items() if sizes[kind] > len(own)}
        return self._outcome

    def _sources(self) -> Change:
        have = {r.source.id: r.source for r in self._store.sources(sorted(self._seeds.sources))}
        # A merge is a decision made in the store, not in the files.
        stated = {i: replace(source, merged_into=None) for i, source in have.items()}
        new, changed, change = _compare(self._seeds.sources, stated)
        self._store.insert_sources(new, self._now_us)
        for source in changed:
            self._affect(FacetKind.SOURCE, source.id)
            self._store.update_source(replace(source, merged_into=have[source.id].merged_into), self._now_us)
        return change

    def _documents(self) -> Change:
        have = {r.document.id: r.document for r in self._store.documents(sorted(self._seeds.documents))}
        new, changed, change = _compare(self._seeds.documents, have)
        self._store.insert_documents(new, self._now_us)
        for derivative in self._store.derivatives([document.id for document in changed]):
            self._affect(FacetKind.DOCUMENT, derivative)
        # Two documents may swap what only one of them can have.
        self._store.release_documents([document.id for document in changed])
        for document in changed:
            self._store.update_document(document, self._now_us)
        return change

    def _affect(self, kind: FacetKind, value: str) -> None:
        """Claims that rest on something whose relations may change; asked before they do."""
        self._affected.update(self._store.claim_keys((kind, value)))

    def _claims(self) -> Change:
        keys = [claim.key for claim in self._store.claims(sorted(self._seeds.claims))]
        have = {state.claim.id: state.claim for state in self._store.claim_states(keys)}
        new, changed, change = _compare(self._seeds.claims, have)
        self._store.insert_claims(new, self._now_us)
        for claim in changed:
            self._store.update_claim(claim)
        self._touched.update(claim.id for claim in (*new, *changed))
        return change

    def _mentions(self) -> Change:
        keys = [claim.key for claim in self._store.claims(sorted(self._seeds.claims))]
        evidence = self._store.evidence(keys)
        have = {m.id: m for members in evidence.mentions.values() for m in members}
        new, changed, change = _compare(self._seeds.mentions, have)
        seeded = self._store.seeded_mentions()
        gone = {i for i, claim in seeded.items() if claim in self._seeds.claims and i not in self._seeds.mentions}
        self._touched.update(seeded[i] for i in gone)
        self._store.delete_mentions(sorted(gone))
        self._store.insert_mentions(new, seeded=True)
        for mention in changed:
            self._store.update_mention(mention)
        self._touched.update(mention.claim for mention in (*new, *changed))
        change.removed = len(gone)
        return change

    def _links(self) -> Change:
        have = {key: note for key, note in self._store.seeded_links().items() if key[0] in self._seeds.claims}
        given = {(claim, link.type, link.claim): (claim, link) for claim, link in self._seeds.links}
        gone = [key for key in have if key not in given or have[key] != given[key][1].note]
        new = [given[key] for key in given if key not in have or key in gone]
        self._store.delete_links(gone)
        self._store.insert_links(new, seeded=True)
        ends: list[tuple[str, LinkType, str]] = [
            *gone,
            *((claim, link.type, link.claim) for claim, link in new),
        ]
        self._touched.update(claim for end in ends for claim in (end[0], end[2]))
        updated = len([key for key in gone if key in given])
        return Change(len(new) - updated, updated, len(gone) - updated, len(given) - len(new))


def _compare(given: Mapping[str, T], have: Mapping[str, T]) -> tuple[list[T], list[T], Change]:
    """What is new, what differs, and both in numbers."""
    new = [value for key, value in given.items() if key not in have]
    changed = [value for key, value in given.items() if key in have and have[key] != value]
    return new, changed, Change(len(new), len(changed), 0, len(given) - len(new) - len(changed))
