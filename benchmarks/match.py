"""Measure quality and latency of matching over HTTP, beside plain full-text search, in one run.

    .venv/bin/python -m benchmarks.match FOLDER [--train 997] [--run FILE]

FOLDER has judged texts (``benchmarks.judged``). Starts the service in a temporary folder, posts every claim, asks for
every text, and scores the answers: MAP@5 against that of SQLite's own BM25. ``--run`` writes the ranking in
TREC format, for other scoring tools.
"""

from __future__ import annotations

import argparse
import datetime as dt
import statistics
import tempfile
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import local
from typing import Any

import requests

from benchmarks.judged import Judged, average_precision, mean_average_precision, plain_full_text, read
from service.eventlog.events import EventType
from service.model.actors import COMMAND_LINE, SEEDS, KeyRole
from service.model.entities import Claim
from service.search.matching.scoring import THRESHOLD
from service.storage.database import Database
from service.storage.migrations import migrate
from service.store import Store
from service.use_cases.api_keys import create_key
from service.use_cases.event_payloads import record_claim
from service.use_cases.match import match_texts
from service.use_cases.unit_of_work import unit_of_work
from tests.processes import running_service
from tests.settings import make_settings

FOLDS = 5
BATCH = 2000
ASKED_AT_ONCE = 20
NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
TEXT_LENGTH, SUBJECT_LENGTH = 500, 200
TOPIC = "judged"
_thread = local()

Ranked = dict[str, list[tuple[str, float]]]


def claim(number: int, text: str) -> Claim:
    """Make a claim that has only a text."""
    return Claim(id=f"c-{number}", text=text[:TEXT_LENGTH], subject=text[:SUBJECT_LENGTH], topics=(TOPIC,))


def fill(store: Store, texts: Iterable[str]) -> None:
    """Store claims with these texts directly, not over HTTP."""
    claims = [claim(number, text) for number, text in enumerate(texts)]
    for start in range(0, len(claims), BATCH):
        batch = claims[start : start + BATCH]
        with unit_of_work(store, SEEDS, NOW) as write:
            store.evidence_writes.insert_claims(batch, write.now_us)
            for one in batch:
                record_claim(write, EventType.CLAIM_CREATED, one)
            write.touch(store.claims.public_keys("claims", [one.id for one in batch]).values())


def post_claims(url: str, key: str, texts: Iterable[str]) -> float:
    """Post claims with these texts; return the seconds it takes."""

    def post(numbered: tuple[int, str]) -> None:
        if not hasattr(_thread, "session"):
            _thread.session = requests.Session()
            _thread.session.headers["Authorization"] = f"Bearer {key}"
        one = claim(*numbered)
        body = {"id": one.id, "text": one.text, "subject": one.subject, "topics": list(one.topics)}
        _thread.session.post(f"{url}/v1/claims", json=body, timeout=60).raise_for_status()

    began = time.perf_counter()
    with ThreadPoolExecutor(4) as threads:
        for _ in threads.map(post, enumerate(texts)):
            pass
    return time.perf_counter() - began


def ask(url: str, judged: Judged, texts: Sequence[str]) -> Ranked:
    """Return the claims that the service ranks for each text, of all that share a word with it."""
    ids = list(judged.claims)
    ranked: Ranked = {}
    with requests.Session() as session:
        for start in range(0, len(texts), ASKED_AT_ONCE):
            asked = texts[start : start + ASKED_AT_ONCE]
            body = {"texts": [judged.texts[text] for text in asked], "limit": 20, "threshold": 0}
            answer = session.post(f"{url}/v1/match", json=body, timeout=60)
            answer.raise_for_status()
            for text, result in zip(asked, answer.json()["results"], strict=True):
                ranked[text] = [(ids[_number(match)], match["score"]) for match in result["matches"]]
    return ranked


def _number(match: dict[str, Any]) -> int:
    return int(match["claim"]["id"].removeprefix("c-"))


def report(judged: Judged, parts: dict[str, list[str]], ranked: Ranked) -> None:
    """Print our scores and the reference's, their spread over the folds, and the effect of the threshold."""
    runs = {text: [found for found, _ in matches] for text, matches in ranked.items()}
    for part, texts in parts.items():
        ours = mean_average_precision(runs, judged, texts)
        reference = mean_average_precision(plain_full_text(judged, texts), judged, texts)
        each = [average_precision(runs[text], judged.repeats[text]) for text in texts]
        folds = [statistics.fmean(each[fold::FOLDS]) for fold in range(FOLDS)]
        print(
            f"{part:<5} {len(texts):5} texts   MAP@5 {ours:.3f}   {ours / reference:.3f} x   plain BM25 "
            f"({reference:.3f})   fifths {min(folds):.3f} to {max(folds):.3f}, spread {statistics.pstdev(folds):.3f}"
        )
    for part, texts in parts.items():
        firsts = [(ranked[text][0], judged.repeats[text]) for text in texts if ranked[text]]
        answered = [found in right for (found, score), right in firsts if score >= THRESHOLD]
        without = [
            [score for found, score in ranked[text] if found not in judged.repeats[text]][:1] or [0.0] for text in texts
        ]
        none = [first < THRESHOLD for (first,) in without]
        print(
            f"{part:<5} at {THRESHOLD}: {len(answered) / len(texts):.3f} answered, {statistics.fmean(answered):.3f} of "
            f"these right; `none` to {statistics.fmean(none):.3f} of the texts without their claim"
        )


def write_run(path: Path, ranked: Ranked) -> None:
    """Write the ranking in TREC format."""
    with path.open("w", encoding="utf-8") as file:
        for text, matches in ranked.items():
            for place, (found, score) in enumerate(matches, start=1):
                # Equal scores would be reordered.
                file.write(f"{text} Q0 {found} {place} {score - place * 1e-7:.7f} claims\n")


def latency(url: str, store: Store, texts: Sequence[str]) -> None:
    """Print the latency of one text at a time, in the store and over HTTP."""
    inside, outside, busy = [], [], []
    with requests.Session() as session:
        for text in texts:
            began, cpu = time.perf_counter(), time.thread_time()
            match_texts(store, [text], 5, THRESHOLD)
            inside.append(time.perf_counter() - began)
            busy.append(time.thread_time() - cpu)
            began = time.perf_counter()
            session.post(f"{url}/v1/match", json={"texts": [text]}, timeout=60).raise_for_status()
            outside.append(time.perf_counter() - began)
    for name, times in (("in the store", inside), ("  of it at work", busy), ("over HTTP", outside)):
        print(f"one text {name:<17} p50 {_part(times, 50):6.1f} ms   p95 {_part(times, 95):6.1f} ms")


def _part(times: Sequence[float], percent: int) -> float:
    return statistics.quantiles(times, n=100)[percent - 1] * 1000


def main() -> None:
    """Serve, post, ask, score."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--train", type=int, default=997, help="number of texts used for training")
    parser.add_argument("--run", type=Path, help="file to write the ranking to")
    options = parser.parse_args()
    judged = read(options.folder)
    parts = judged.parts(options.train)
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{Path(folder) / 'claims.db'}"
        database = Database(make_settings(address))
        migrate(database)
        store = Store(database)
        _, key = create_key(store, "Bench", KeyRole.EDITOR, None, COMMAND_LINE)
        settings = {"DATABASE_URL": address, "SEED_ON_START": "false", "LOG_LEVEL": "ERROR"}
        with running_service(Path(folder), settings) as service:
            took = post_claims(service.url, key, judged.claims.values())
            print(f"{len(judged.claims)} claims posted in {took:.1f} s\n")
            ranked = ask(service.url, judged, [text for texts in parts.values() for text in texts])
            report(judged, parts, ranked)
            print()
            latency(service.url, store, [judged.texts[text] for text in parts["train"][:300]])
        database.close()
    if options.run is not None:
        write_run(options.run, ranked)


if __name__ == "__main__":
    main()
