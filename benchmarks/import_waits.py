"""Measure the time that other writers wait during an import over HTTP.

    .venv/bin/python -m benchmarks.import_waits [--mebibytes 4] [--database-url URL]

A second process posts distinct reviews, one a line, as many as fit; meanwhile this one repeatedly asks for its turn to
write. Waiting is measured in elapsed time, which is longer on a busy machine.
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.imports import lines
from service.model.actors import COMMAND_LINE, KeyRole
from service.storage.database import Database
from service.storage.migrations import migrate
from service.store import Store
from service.use_cases import api_keys
from tests.application import application
from tests.settings import make_settings

_PAUSE = 0.02


def body_of(size: int) -> bytes:
    """Return as many reviews as fit into ``size`` bytes."""
    body = bytearray()
    for line in lines(size // 200):
        if len(body) + len(line) + 1 > size:
            break
        body += line.encode() + b"\n"
    return bytes(body)


def post(url: str, secret: str, body: bytes, results: Any) -> None:
    """Import, and put the elapsed and processor seconds, the status and the number of created reviews into a queue."""
    settings = make_settings(url, import_max_bytes=max(len(body), 1024))
    database = Database(settings)
    client = application(Store(database), settings).test_client()
    headers = {"Authorization": f"Bearer {secret}"}
    results.put(None)
    began, processor = time.perf_counter(), time.process_time()
    answer = client.post("/v1/imports", data=body, content_type="application/x-ndjson", headers=headers)
    took = time.perf_counter() - began, time.process_time() - processor
    results.put((*took, answer.status_code, answer.get_json()["created"]))
    database.close()


def measure(url: str, size: int) -> None:
    """Measure an import of ``size`` bytes and print the waits."""
    # Longer than the default, since the waits are what is measured.
    database = Database(make_settings(url, database_timeout_seconds=300))
    migrate(database)
    store = Store(database)
    secret = api_keys.create_key(store, "Bench", KeyRole.EDITOR, None, COMMAND_LINE)[1]
    spawn = multiprocessing.get_context("spawn")
    results = spawn.Queue()
    child = spawn.Process(target=post, args=(url, secret, body_of(size), results))
    child.start()
    results.get(timeout=60)
    waits = []
    while results.empty():
        time.sleep(_PAUSE)
        began = time.perf_counter()
        with store.write():
            waits.append(time.perf_counter() - began)
    wall, processor, status, created = results.get(timeout=60)
    child.join(timeout=60)
    waits.sort()
    print(f"{size / 2**20:.1f} MiB: {status}, {created} created in {wall:.1f} s ({processor:.1f} of processor)")
    print(f"  {len(waits)} turns of others: {waits[len(waits) // 2]:.2f} s in the median, {waits[-1]:.2f} s at most")
    database.close()


def main() -> None:
    """Measure in an empty store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mebibytes", type=float, default=4)
    parser.add_argument("--database-url", help="an empty database; a temporary SQLite file by default")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(options.database_url or f"sqlite:///{Path(folder) / 'claims.db'}", int(options.mebibytes * 2**20))


if __name__ == "__main__":
    main()
