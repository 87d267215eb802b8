"""Read texts judged to repeat claims: ``claims.tsv``, ``queries.tsv`` and ``judgements.qrels`` of a folder.

The format is that of CLEF CheckThat! task 2: claims with a header, queries without one, judgements in TREC format.
"""

from __future__ import annotations

import csv
import re
import sqlite3
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

DEPTH = 5
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Judged:
    """Claims and texts by id, and for each text the ids of the claims that it repeats."""

    claims: dict[str, str]
    texts: dict[str, str]
    repeats: dict[str, set[str]]

    def parts(self, train: int) -> dict[str, list[str]]:
        """Split the ids of the judged texts: the first ``train`` for training, the rest for evaluation."""
        judged = [text for text in self.texts if text in self.repeats]
        return {"train": judged[:train], "dev": judged[train:]}


def read(folder: Path) -> Judged:
    """Read the claims, texts and judgements in ``folder``."""
    repeats: dict[str, set[str]] = {}
    for line in (folder / "judgements.qrels").read_text(encoding="utf-8").splitlines():
        text, _, claim, relevant = line.split()
        if float(relevant) > 0:
            repeats.setdefault(text, set()).add(claim)
    claims = dict(_rows(folder / "claims.tsv"))
    claims.pop("ver_claim_ids", None)
    return Judged(claims, dict(_rows(folder / "queries.tsv")), repeats)


def _rows(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from ((row[0], _CONTROL.sub(" ", row[1]).strip()) for row in csv.reader(file, delimiter="\t"))


def average_precision(ranked: Sequence[str], right: set[str]) -> float:
    """Return the average precision at ``DEPTH``, as TREC defines it."""
    places = [place for place, claim in enumerate(ranked[:DEPTH], start=1) if claim in right]
    return sum(hit / place for hit, place in enumerate(places, start=1)) / min(len(right), DEPTH)


def mean_average_precision(runs: Mapping[str, Sequence[str]], judged: Judged, texts: Sequence[str]) -> float:
    """Return the mean over ``texts``, each with the claims that ``runs`` ranked for it."""
    return statistics.fmean(average_precision(runs.get(text, ()), judged.repeats[text]) for text in texts)


def plain_full_text(judged: Judged, texts: Sequence[str]) -> dict[str, list[str]]:
    """Rank by the reference: BM25 of SQLite's FTS5 with its porter stemmer, for any word of the text."""
    names = list(judged.claims)
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE claims USING fts5(text, tokenize = 'porter unicode61')")
    database.executemany("INSERT INTO claims(rowid, text) VALUES (?, ?)", enumerate(judged.claims.values()))
    runs = {}
    for text in texts:
        words = dict.fromkeys(_WORD.findall(judged.texts[text].lower()))
        asked = " OR ".join(f'"{word}"' for word in words)
        sql = f"SELECT rowid FROM claims WHERE claims MATCH ? ORDER BY bm25(claims) LIMIT {DEPTH}"  # noqa: S608
        runs[text] = [names[row[0]] for row in database.execute(sql, (asked,))] if words else []
    database.close()
    return runs
