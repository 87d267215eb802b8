"""Small made-up seeds, and a folder to edit them in.

Two texts that say that twelve ships arrived; one copies the other. Nothing here is about the project's own seeds.
"""

import datetime as dt
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from service.model.actors import Caller, KeyRole
from service.model.records import ClaimState, Evidence
from service.model.timestamps import to_us
from service.model.verdicts import Rating, VerdictSubmission
from service.operations.seeding.files import read_seeds
from service.operations.seeding.load import Outcome, load_seeds
from service.store import Store
from service.use_cases.verdicts import submit_verdict

Entry = dict[str, Any]

GULL = (
    "Twelve ships arrived in Oldport, the harbour office said on Monday.\n"
    "The fee for a berth was doubled, say both the U.N. and the dockers.\n"
    "It rained all day long in the whole town.\n"
)
HERON = "The ministry counted twelve ships in Oldport. Its fee is twice as high now.\n"
LEAFLET = "Nobody has ever seen so many gulls in Oldport.\n"
FIRST = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
LATER = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)


def digest(text: str) -> str:
    """Return the SHA-256 of the text's UTF-8 bytes."""
    return sha256(text.encode()).hexdigest()


def span(text: str, words: str) -> Entry:
    """Return the locator of these words in the text."""
    start = text.index(words)
    return {"start": start, "end": start + len(words), "sha256": digest(words)}


def mention(document: str, text: str, words: str, *chain: str, stance: str = "supports", **more: Any) -> Entry:
    """Return a mention as it is written in a seed file."""
    entry: Entry = {"document": document, "stance": stance, "locator": span(text, words), **more}
    return entry | ({"attribution": list(chain), "basis": "explicit"} if chain else {})


def _sources() -> list[Entry]:
    return [
        {"id": "harbour-office", "name": "Harbour Office", "kind": "government", "part_of": "ministry"},
        {"id": "ministry", "name": "Ministry of the Sea", "kind": "government", "country": "NO"},
        {"id": "dockers", "name": "Dockers' Union", "kind": "ngo", "aliases": ["the Dockers", "the dockers"]},
        {"id": "gull", "name": "The Daily Gull", "kind": "outlet"},
        {"id": "heron", "name": "The Heron", "kind": "outlet"},
        {"id": "rumour", "name": "Rumours", "kind": "collective"},
    ]


def _documents() -> list[Entry]:
    texts = (("doc-gull", GULL, "gull"), ("doc-heron", HERON, "heron"), ("doc-leaflet", LEAFLET, None))
    return [
        {"id": name, "sha256": digest(text), "length": len(text), "publisher": publisher}
        for name, text, publisher in texts
    ]


def _claims() -> list[Entry]:
    return [
        {
            "id": "ships-arrived",
            "text": "Twelve ships arrived in Oldport.",
            "subject": "ships in Oldport",
            "quantity": {"low": 12, "high": 12, "unit": "ships"},
            "topics": ["harbour", "ships"],
            "mentions": [
                mention("doc-gull", GULL, "Twelve ships arrived in Oldport", "harbour-office"),
                mention("doc-heron", HERON, "twelve ships in Oldport", "ministry"),
            ],
            "links": [{"type": "distinct_from", "claim": "fee-doubled", "note": "Ships, not money."}],
        },
        {
            "id": "fee-doubled",
            "text": "The fee for a berth was doubled.",
            "subject": "harbour fees",
            "topics": ["harbour"],
            "mentions": [
                mention("doc-gull", GULL, "The fee for a berth was doubled", "dockers"),
                mention("doc-heron", HERON, "Its fee is twice as high now", "ministry"),
            ],
        },
        {
            "id": "many-gulls",
            "text": "There are more gulls in Oldport than ever.",
            "subject": "gulls",
            "topics": ["birds"],
            "mentions": [mention("doc-leaflet", LEAFLET, "so many gulls in Oldport")],
        },
    ]


@dataclass
class SeedFolder:
    """Seeds as plain data: edit them, then ``load`` them."""

    path: Path
    sources: list[Entry] = field(default_factory=_sources)
    documents: list[Entry] = field(default_factory=_documents)
    claims: list[Entry] = field(default_factory=_claims)

    def write(self) -> Path:
        """Write the three files; the folder."""
        (self.path / "claims").mkdir(parents=True, exist_ok=True)
        for name in ("sources", "documents"):
            self._dump(f"{name}.yaml", getattr(self, name))
        self._dump("claims/oldport.yaml", self.claims)
        return self.path

    def load(self, store: Store, now: dt.datetime = FIRST) -> Outcome:
        """Bring the store to what the files say now."""
        return load_seeds(store, read_seeds(self.write()), now)

    def entry(self, public_id: str) -> Entry:
        """Return the entry with this id, to be edited."""
        return next(e for e in (*self.sources, *self.documents, *self.claims) if e["id"] == public_id)

    def _dump(self, name: str, entries: list[Entry]) -> None:
        text = yaml.safe_dump(entries, sort_keys=False, allow_unicode=True)
        (self.path / name).write_text(text, encoding="utf-8")


def states(store: Store) -> dict[str, ClaimState]:
    """Every claim in the store, by id."""
    with store.snapshot():
        return {state.claim.id: state for state in store.claims.claim_states(list(store.claims.all_claim_keys()))}


def renewed(before: dict[str, ClaimState], after: dict[str, ClaimState], now: dt.datetime) -> set[str]:
    """Return the claims whose version went up by one at ``now``; all others must not have changed at all."""
    changed = {name for name in before if after[name] != before[name]}
    for name in changed:
        assert after[name].version == before[name].version + 1
        assert to_us(after[name].updated_at) == to_us(now)
        assert after[name].created_at == before[name].created_at
        assert after[name].json != before[name].json
    return changed


def evidence(store: Store) -> Evidence:
    """Everything that all claims rest on."""
    return store.evidence.of_claims([state.key for state in states(store).values()])


def say(store: Store, claim: str, **ratings: Rating) -> None:
    """Each of these checkers judges the claim as it is now, one after the other."""
    for checker, rating in ratings.items():
        caller = Caller(checker, KeyRole.CHECKER, checker)
        submit_verdict(
            store, caller, claim, VerdictSubmission(states(store)[claim].version, rating), review_required=False
        )


TABLE_NAMES = (
    "sources",
    "source_aliases",
    "documents",
    "claims",
    "claim_topics",
    "mentions",
    "claim_links",
    "verdicts",
    "reviews",
    "assignments",
    "facets",
    "claim_facets",
    "claim_sort_keys",
    "events",
    "event_subjects",
    "event_nodes",
)


def dump(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    return {name: sorted(store.database.rows(f"SELECT * FROM {name}"), key=repr) for name in TABLE_NAMES}  # noqa: S608
