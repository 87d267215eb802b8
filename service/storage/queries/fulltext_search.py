"""Looking claims up in each engine's own full-text index: an FTS5 table of SQLite, a ``tsvector`` of PostgreSQL.

Whatever is asked is put together here from folded terms, which have neither quotes nor operators in them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from service.model.filters import EVERY_CLAIM, ClaimFilters, Sort
from service.model.timestamps import to_us
from service.search.query_parser import AnyForm, Part, Phrase, Query
from service.search.search_document import STEM
from service.storage.database import Database
from service.storage.queries.base import BATCH, Queries, batches, marks
from service.storage.queries.claims import ClaimQueries
from service.storage.queries.search_index import SearchIndexQueries

POSTINGS = 20_000
# SQLite takes no more than 500 SELECTs in one.
_TERMS_AT_ONCE = 100
# How much longer it takes SQLite to read a claim's words than to go on to the next claim with a word.
_READING_COSTS = 8
_SORT_COLUMNS = {Sort.RECENCY: "updated_us", Sort.ORIGINS: "origins_at_least", Sort.MENTIONS: "mentions"}

Hit = tuple[int, str, str]
"""A claim's key, and its lines of words and stems (``search_document``). Without a phrase words may be left out."""


class FullTextQueries(Queries):
    """Find claims by their words."""

    def __init__(self, database: Database, index: SearchIndexQueries, claims: ClaimQueries) -> None:
        super().__init__(database)
        self._index = index
        self._claims = claims

    def hits(self, query: Query, filters: ClaimFilters, most: int) -> list[Hit]:
        """The claims that fit, the newest first: at most ``most``, and one more when there are more."""
        since = None if filters.updated_since is None else to_us(filters.updated_since)
        facets = filters.facets()
        # All that can be found has the facet of every claim: only the time of the last change is in it.
        facet_ids = [] if facets == [EVERY_CLAIM] and since is None else self._claims.facet_ids(facets)
        counts = self._index.term_frequencies(query.stems)
        if facet_ids is None or len(counts) < len(query.stems) or not query.wanted:
            return []
        if self.database.engine == "postgresql":
            return self._found_by_words(query, _tsquery(query), facet_ids, since, most + 1)
        if self._few(facet_ids, min(counts.values(), default=0)):
            return list(islice(self._found_by_facet(query, facet_ids, since), most + 1))
        return self._found_by_words(query, _fts5(query), facet_ids, since, most + 1)

    def _few(self, facet_ids: Sequence[int], words: int) -> bool:
        """Whether it costs less to read the words of all claims with the rarest facet than to look the words up."""
        if not facet_ids:
            return False
        row = self.database.row("SELECT claims FROM facets WHERE id = ?", (facet_ids[0],))
        return row is not None and row[0] * _READING_COSTS < words

    def _found_by_words(
        self, query: Query, asked: str, facet_ids: Sequence[int], since: int | None, most: int
    ) -> list[Hit]:
        if self.database.engine == "sqlite":
            key, matches = "i.rowid", "search_index MATCH ?"
        else:
            key, matches = "i.claim_id", "i.terms @@ CAST(? AS tsquery)"
        words = "s.words" if any(isinstance(part, Phrase) for part in query.wanted) else "''"
        sql = (
            f"SELECT {key}, {words}, s.stems FROM search_index i JOIN claim_search s ON s.claim_id = {key} "
            f"WHERE {matches}{_passing(key, facet_ids, since)} ORDER BY {key} DESC LIMIT ?"
        )
        return self._hits(sql, (asked, *_passed(facet_ids, since), most))

    def _found_by_facet(self, query: Query, facet_ids: Sequence[int], since: int | None) -> Iterator[Hit]:
        sql = (
            "SELECT f.claim_id, s.words, s.stems FROM claim_facets f JOIN claim_search s ON s.claim_id = f.claim_id "
            f"WHERE f.facet_id = ? AND f.claim_id < ?{' AND f.updated_us >= ?' * (since is not None)}"
            f"{_passing('f.claim_id', facet_ids[1:], None)} ORDER BY f.claim_id DESC LIMIT ?"
        )
        parameters = (*(() if since is None else (since,)), *facet_ids[1:], BATCH)
        last = 2**63 - 1
        while hits := self._hits(sql, (facet_ids[0], last, *parameters)):
            yield from (hit for hit in hits if query.matches(*hit[1:]))
            last = hits[-1][0]

    def _hits(self, sql: str, parameters: Sequence[object]) -> list[Hit]:
        return [(key, words, stems) for key, words, stems in self.database.rows_planned_anew(sql, parameters)]

    def sort_positions(self, sort: Sort, claim_keys: Sequence[int]) -> dict[int, int]:
        """Where each of these claims stands in an order of the list."""
        found: dict[int, int] = {}
        for batch in batches(claim_keys):
            sql = f"SELECT id, {_SORT_COLUMNS[sort]} FROM claims WHERE id IN ({marks(batch)})"
            found.update(self.database.rows(sql, batch))
        return found

    def claims_json(self, claim_keys: Sequence[int]) -> dict[int, str]:
        """The public shapes of claims by key."""
        sql = f"SELECT id, json FROM claims WHERE id IN ({marks(claim_keys)})"
        return dict(self.database.rows(sql, claim_keys))

    def candidates(self, stems: Sequence[str], budget: int = POSTINGS) -> dict[int, int]:
        """Claims that have some of ``stems``, given the rarest first: bit n says that it has the one at place n.

        Of the first one that is in more claims than the ``budget`` has left, only the newest; after it none.
        """
        counts = self._index.term_frequencies(stems)
        chosen: list[tuple[int, str, int | None]] = []
        for place, stem in enumerate(stems):
            if budget <= 0:
                break
            if stem in counts:
                chosen.append((place, self._asked(stem), budget if counts[stem] > budget else None))
                budget -= counts[stem]
        found: dict[int, int] = {}
        for start in range(0, len(chosen), _TERMS_AT_ONCE):
            batch = chosen[start : start + _TERMS_AT_ONCE]
            sql = " UNION ALL ".join(self._having(newest=most is not None) for _, _, most in batch)
            parameters = [value for wanted in batch for value in wanted if value is not None]
            for key, place in self.database.rows_planned_anew(sql, parameters):
                found[key] = found.get(key, 0) | 1 << place
        return found

    def _having(self, *, newest: bool) -> str:
        """The claims with one term, each with a number of our own; or only so many of the newest."""
        if self.database.engine == "sqlite":
            key, number, matches = "rowid", "?", "search_index MATCH ?"
        else:
            key, number, matches = "claim_id", "CAST(? AS int)", "terms @@ CAST(? AS tsquery)"
        rows = f"SELECT {key}, {number} FROM search_index WHERE {matches}"
        return f"SELECT * FROM ({rows} ORDER BY {key} DESC LIMIT ?) AS newest" if newest else rows

    def _asked(self, stem: str) -> str:
        quote = '"' if self.database.engine == "sqlite" else "'"
        return f"{quote}{STEM}{stem}{quote}"


def _passing(key: str, facet_ids: Sequence[int], since: int | None) -> str:
    """That a claim has all facets, and with the first of them a change since."""
    having = "EXISTS (SELECT 1 FROM claim_facets g WHERE g.facet_id = ? AND g.claim_id = {}{})"
    conditions = [
        having.format(key, " AND g.updated_us >= ?" * (since is not None and number == 0))
        for number in range(len(facet_ids))
    ]
    return "".join(f" AND {condition}" for condition in conditions)


def _passed(facet_ids: Sequence[int], since: int | None) -> list[int]:
    """The values that ``_passing`` has places for."""
    values = list(facet_ids)
    if since is not None:
        values.insert(1, since)
    return values


def _fts5(query: Query) -> str:
    def one(part: Part) -> str:
        if isinstance(part, AnyForm):
            return f'"{STEM}{part.stem}"'
        return f'"{" ".join(part.terms)}"{" *" * part.open}'

    wanted = " AND ".join(map(one, query.wanted))
    return f"({wanted}) NOT ({' OR '.join(map(one, query.unwanted))})" if query.unwanted else wanted


def _tsquery(query: Query) -> str:
    def one(part: Part) -> str:
        if isinstance(part, AnyForm):
            return f"'{STEM}{part.stem}'"
        return "(" + " <-> ".join(f"'{term}'" for term in part.terms) + ":*" * part.open + ")"

    return " & ".join([*map(one, query.wanted), *(f"!{one(part)}" for part in query.unwanted)])
