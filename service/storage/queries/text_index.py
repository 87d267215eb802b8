"""The full-text index of an engine: the operations that each engine has its own syntax for."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, cast

import orjson

from service.search.query_parser import AnyForm, Part, Phrase, Query, pattern
from service.search.search_document import STEM
from service.storage.queries.base import Queries

# SQLite takes no more than 500 SELECTs in one.
_TERMS_AT_ONCE = 100
# Weights are compared as whole numbers: on both engines alike.
_WEIGHT_SCALE = 1000


class Hit(NamedTuple):
    """A claim's key, and its lines of words and stems (``search_document``). Without a phrase words may be empty."""

    key: int
    words: str
    stems: str


class Term(NamedTuple):
    """A stem to look up, with a number of the caller's; ``newest`` limits the claims to the newest so many."""

    number: int
    stem: str
    newest: int | None


Posting = tuple[int, int]
"""The key of a claim and the number of a term that it has. Plain, as there are thousands of them for one text."""


class TextIndex(Queries, ABC):
    """The full-text index of an engine.

    Its queries are put together here from folded terms, which have neither quotes nor operators in them.
    """

    key: str
    """The column of ``search_index`` that has the key of the claim."""
    matches: str
    """The condition that a row of ``search_index`` fits an expression."""
    number: str
    """A placeholder for a number in a list of columns."""
    text: str
    """A placeholder for a text among the arguments of a function."""
    quote: str
    """The character around a term in an expression."""
    listed: str
    """A table whose column ``value`` has the numbers of a list, given as JSON."""
    position: str
    """The function that returns the position of one text in another, from 1 on."""

    def matching(
        self, query: Query, facet_ids: Sequence[int], since_us: int | None, most: int, counts: Mapping[str, int]
    ) -> list[int]:
        """Return the keys of at most ``most`` claims that fit, the newest first.

        A claim must have all facets, and a change since ``since_us``. ``counts`` are the numbers of claims with each
        stem of the query.
        """
        key = f"i.{self.key}"
        sql = (
            f"SELECT {key} FROM search_index i "
            f"WHERE {self.matches}{_has_facets(key, len(facet_ids), since_us is not None)} "
            f"ORDER BY {key} DESC LIMIT ?"
        )
        values: list[object] = [self.expression(query), *facet_ids, *([] if since_us is None else [since_us]), most]
        return [found for (found,) in self.database.rows_planned_anew(sql, values)]

    def best(self, query: Query, weights: Sequence[float], claim_keys: Sequence[int], most: int) -> list[Hit]:
        """Return ``most`` of these claims, given the newest first: those whose text has the parts of most weight.

        Of claims that have the same parts in it, the newest. ``weights`` are those of the wanted parts.
        """
        words = "s.words" if any(isinstance(part, Phrase) for part in query.wanted) else "''"
        # The claims come with the newest first: then few of them displace others that were chosen before.
        sql = f"SELECT s.claim_id, {words}, s.stems FROM {self.listed} JOIN claim_search s ON s.claim_id = listed.value"
        values: list[object] = [orjson.dumps(claim_keys).decode()]
        if len(claim_keys) > most:
            weight, weighed = self._weight_in_text(query, weights)
            sql += f" ORDER BY {weight} DESC, s.claim_id DESC LIMIT ?"
            values += [*weighed, most]
        return list(map(Hit._make, self.database.rows_planned_anew(sql, values)))

    def _weight_in_text(self, query: Query, weights: Sequence[float]) -> tuple[str, list[object]]:
        """Return the weight of the parts of a query that are in the text of a claim, as SQL with its values."""
        terms, values = [], list[object]()
        for part, weight in zip(query.wanted, weights, strict=True):
            column = "s.stems" if isinstance(part, AnyForm) else "s.words"
            found, end = (f"{self.position}({column}, {self.text})" for _ in range(2))
            terms.append(f"CASE WHEN {found} BETWEEN 1 AND {end} THEN {self.number} ELSE 0 END")
            values += [pattern(part).strip(), "\n", round(weight * _WEIGHT_SCALE)]
        return f"({' + '.join(terms)})", values

    def postings(self, terms: Sequence[Term]) -> Iterator[Posting]:
        """Yield the claims that have each term."""
        for start in range(0, len(terms), _TERMS_AT_ONCE):
            batch = terms[start : start + _TERMS_AT_ONCE]
            sql = " UNION ALL ".join(self._posting(limited=term.newest is not None) for term in batch)
            values: list[object] = []
            for term in batch:
                values += (term.number, f"{self.quote}{STEM}{term.stem}{self.quote}")
                values += () if term.newest is None else (term.newest,)
            yield from cast(list[Posting], self.database.rows_planned_anew(sql, values))

    def _posting(self, *, limited: bool) -> str:
        rows = f"SELECT {self.key}, {self.number} FROM search_index WHERE {self.matches}"
        return f"SELECT * FROM ({rows} ORDER BY {self.key} DESC LIMIT ?) AS newest" if limited else rows

    def expression(self, query: Query) -> str:
        """Return a query in the syntax of the engine."""
        return self.combine(list(map(self._part, query.wanted)), list(map(self._part, query.unwanted)))

    def _part(self, part: Part) -> str:
        if isinstance(part, AnyForm):
            return f"{self.quote}{STEM}{part.stem}{self.quote}"
        return self.phrase(part)

    @abstractmethod
    def phrase(self, phrase: Phrase) -> str:
        """Return a phrase in the syntax of the engine."""

    @abstractmethod
    def combine(self, wanted: Sequence[str], unwanted: Sequence[str]) -> str:
        """Return the expression for all that is wanted and nothing that is unwanted."""

    @abstractmethod
    def misindexed_claims(self) -> list[int]:
        """Return the keys of claims whose entry differs from their search document. Reads every row."""

    @abstractmethod
    def rebuild(self) -> None:
        """Rebuild the index from the search documents."""


def _has_facets(key: str, facets: int, since: bool) -> str:
    """Return the condition that a claim has all facets, and changed since a time."""
    facet = f" AND EXISTS (SELECT 1 FROM claim_facets g WHERE g.facet_id = ? AND g.claim_id = {key})"
    time = f" AND EXISTS (SELECT 1 FROM claim_sort_keys k WHERE k.claim_id = {key} AND k.updated_us >= ?)"
    return facet * facets + time * since
