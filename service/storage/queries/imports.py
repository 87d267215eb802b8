"""Looking up, for many things that are taken in at once, which of them the store has already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from service.model.entities import Document, Mark, Source
from service.model.records import ClaimPlace
from service.model.timestamps import to_us
from service.model.verdicts import Verdict
from service.storage.database import Row
from service.storage.queries.base import Queries, batches, marks
from service.storage.queries.events import TABLES_BY_KIND
from service.storage.queries.evidence import (
    DOCUMENT_COLUMNS,
    DOCUMENT_JOINS,
    SOURCE_COLUMNS,
    SOURCE_JOINS,
    document,
    source,
)
from service.storage.queries.verdicts import VERDICTS, verdict_of


class ImportQueries(Queries):
    """Which of what is taken in is there already."""

    def sources_called(self, ids: Iterable[str], sites: Iterable[str], names: Iterable[str]) -> list[Source]:
        """The sources with these ids, at these sites, or called exactly so, with all that stand for them.

        In the order they came into the store.
        """
        found: dict[int, Row] = {}
        for column, values in (("s.public_id", ids), ("s.site", sites), ("s.name", names)):
            found.update((row[9], row) for row in self._some(f"{column} IN ({{}})", values))
        aliased = "s.id IN (SELECT source_id FROM source_aliases WHERE name IN ({}))"
        found.update((row[9], row) for row in self._some(aliased, names))
        open_ends = {row[7] for row in found.values() if row[7] is not None}
        while missing := open_ends - {row[0] for row in found.values()}:
            further = {row[9]: row for row in self._some("s.public_id IN ({})", missing)}
            found.update(further)
            open_ends = {row[7] for row in further.values() if row[7] is not None}
        aliases: dict[int, list[str]] = {}
        for batch in batches(found):
            sql = f"SELECT source_id, name FROM source_aliases WHERE source_id IN ({marks(batch)}) ORDER BY name"
            for key, name in self.database.rows(sql, batch):
                aliases.setdefault(key, []).append(name)
        return [source(found[key], aliases.get(key, ())) for key in sorted(found)]

    def _some(self, condition: str, values: Iterable[str]) -> Iterator[Row]:
        for batch in batches(sorted(values)):
            sql = f"SELECT {SOURCE_COLUMNS}, s.id FROM {SOURCE_JOINS} WHERE {condition.format(marks(batch))}"
            yield from self.database.rows(sql, batch)

    def documents_called(self, ids: Iterable[str], urls: Iterable[str]) -> list[Document]:
        """The documents with these ids or at these addresses."""
        found: dict[str, Document] = {}
        for column, values in (("d.public_id", ids), ("d.url", urls)):
            for batch in batches(sorted(values)):
                sql = f"SELECT {DOCUMENT_COLUMNS} FROM {DOCUMENT_JOINS} WHERE {column} IN ({marks(batch)})"
                found.update((row[0], document(row)) for row in self.database.rows(sql, batch))
        return list(found.values())

    def claim_places(self, ids: Iterable[str]) -> dict[str, ClaimPlace]:
        """Where the claims with these ids are."""
        found: dict[str, ClaimPlace] = {}
        for batch in batches(sorted(ids)):
            sql = (
                "SELECT c.public_id, c.text, r.public_id, r.version FROM claims c "
                f"JOIN claims r ON r.id = COALESCE(c.root_id, c.id) WHERE c.public_id IN ({marks(batch)})"
            )
            found.update((row[0], ClaimPlace(*row)) for row in self.database.rows(sql, batch))
        return found

    def published_reviews(self, urls: Iterable[str], ids: Iterable[str], claims: Sequence[str]) -> list[Verdict]:
        """The verdicts with these ids, and the reviews published elsewhere at these addresses.

        Of these claims also the reviews that have no address. With every verdict that came after one of them, in the
        order they came into the store.
        """
        found: dict[int, Verdict] = {}
        elsewhere = "v.publisher_id IS NOT NULL AND"
        for condition, values in (
            ("v.public_id IN ({})", ids),
            (f"{elsewhere} v.url IN ({{}})", urls),
            (f"{elsewhere} v.url IS NULL AND v.claim_id IN (SELECT id FROM claims WHERE public_id IN ({{}}))", claims),
        ):
            found.update(self._verdicts(condition, values))
        open_ends = {v.superseded_by for v in found.values() if v.superseded_by is not None}
        while missing := open_ends - {v.id for v in found.values()}:
            further = dict(self._verdicts("v.public_id IN ({})", missing))
            found.update(further)
            open_ends = {v.superseded_by for v in further.values() if v.superseded_by is not None}
        return [found[key] for key in sorted(found)]

    def there_are(self, kind: str, names: Iterable[str]) -> set[str]:
        """Which of these are there."""
        return set(self.public_keys(TABLES_BY_KIND[kind], names))

    def restamp(self, table: str, stamps: Mapping[str, Mapping[str, Any]]) -> None:
        """Give sources, documents or claims the version and times that they had elsewhere."""
        keys = self.public_keys(table, stamps)
        names = ("version", "created_us", "updated_us", *["judged_version"] * (table == "claims"))
        sql = f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in names)} WHERE id = ?"
        self.database.run_many(sql, [(*_stamps(own, names), keys[name]) for name, own in stamps.items()])

    def keep_judged_hash(self, public_id: str, judged_hash: str) -> None:
        """Let a claim have been judged for what it said elsewhere."""
        self.database.run("UPDATE claims SET judged_hash = ? WHERE public_id = ?", (judged_hash, public_id))

    def relate(self, table: str, column: str, public_id: str, other: str) -> None:
        """Let a source or document refer to another one."""
        keys = self.public_keys(table, [public_id, other])
        self.database.run(f"UPDATE {table} SET {column} = ? WHERE id = ?", (keys[other], keys[public_id]))

    def leads_back(self, table: str, column: str, public_ids: Sequence[str]) -> bool:
        """Whether one of these sources or documents refers to itself, over however many others."""
        sql = (
            "WITH RECURSIVE line(first, id) AS (SELECT id, {1} FROM {0} WHERE public_id IN ({2}) UNION "
            "SELECT line.first, t.{1} FROM line JOIN {0} t ON t.id = line.id) SELECT 1 FROM line WHERE id = first"
        )
        return any(self.database.row(sql.format(table, column, marks(some)), some) for some in batches(public_ids))

    def mark_merged(self, table: str, public_id: str, into: str, mark: Mark) -> None:
        """Let a source or claim be merged as it was elsewhere, in whatever order the merges come."""
        keys = self.public_keys(table, [public_id, into])
        key = keys[public_id]
        self.database.run(
            f"UPDATE {table} SET merged_into_id = ?, merged_us = ?, merged_by = ?, merged_reason = ? WHERE id = ?",
            (keys[into], to_us(mark.at), mark.by, mark.reason, key),
        )
        if table == "claims":
            [root] = self.roots([keys[into]])
            self.database.run("UPDATE claims SET root_id = ? WHERE id = ? OR root_id = ?", (root, key, key))

    def _verdicts(self, condition: str, values: Iterable[str]) -> Iterator[tuple[int, Verdict]]:
        for batch in batches(sorted(values)):
            sql = f"{VERDICTS} WHERE {condition.format(marks(batch))}"
            yield from ((row[0], verdict_of(row)) for row in self.database.rows(sql, batch))

    def mentioned_in(self, claims: Iterable[str], documents: Sequence[str]) -> dict[tuple[str, str], bool]:
        """Which of these standing claims, or of those they stand for, these documents mention.

        Each with whether a mention stands; else all of them were withdrawn.
        """
        found: dict[tuple[str, str], bool] = {}
        members = self.members(list(self.public_keys("claims", claims).values()))
        for keys in batches(members):
            for batch in batches(documents):
                sql = (
                    "SELECT COALESCE(r.public_id, c.public_id), d.public_id, m.withdrawn_us IS NULL FROM mentions m "
                    "JOIN documents d ON d.id = m.document_id JOIN claims c ON c.id = m.claim_id "
                    f"LEFT JOIN claims r ON r.id = c.root_id WHERE m.claim_id IN ({marks(keys)}) "
                    f"AND d.public_id IN ({marks(batch)})"
                )
                for claim, name, stands in self.database.rows(sql, (*keys, *batch)):
                    found[claim, name] = found.get((claim, name), False) or bool(stands)
        return found


def _stamps(own: Mapping[str, Any], names: Sequence[str]) -> list[int]:
    times = {"created_us": "created_at", "updated_us": "updated_at"}
    return [to_us(own[times[name]]) if name in times else own[name] for name in names]
