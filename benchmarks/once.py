"""Measurements that are made once: a wide edit beside other writers, an import, the start and the memory."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import requests

from benchmarks.imports import compare
from benchmarks.load import memory_mib
from benchmarks.servers import Running
from benchmarks.synthetic import WIDE

_WATCH_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Single:
    """One value, its unit, and the goal in words."""

    name: str
    value: float
    unit: str
    goal: str


def measured_once(ours: Running, key: str, claims: int, reviews: int) -> Iterator[Single]:
    """Yield the measurements; the wide edit changes the store."""
    yield Single("start to the first answer, processor", ours.start_processor, "s", "at most 1.0")
    yield Single("start to the first answer", ours.start_seconds, "s", "")
    answered, waited = _wide_edit(ours.url, key, claims)
    yield Single(f"PATCH of a source of {claims // 10} claims", answered * 1000, "ms", "at most 100")
    yield Single("the longest wait of another write beside it", waited * 1000, "ms", "at most 100")
    yield Single("memory of the largest process (PSS)", memory_mib(ours.group), "MiB", "at most 120")
    yield Single(f"import of {reviews} reviews, the same rows bare = 1", compare(reviews), "x", "at least 0.40")


def _wide_edit(url: str, key: str, claims: int) -> tuple[float, float]:
    """Change the kind of a source that a tenth of the claims rest on, while another client posts verdicts.

    Returns the seconds until the answer, and the longest seconds that a verdict took meanwhile and shortly after.
    """
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {key}"
    source = session.get(f"{url}/v1/sources/{WIDE}", timeout=60)
    change = {"kind": "company" if source.json()["kind"] != "company" else "think_tank"}
    waits = [0.0]
    ended = threading.Event()

    def write() -> None:
        own = requests.Session()
        own.headers["Authorization"] = f"Bearer {key}"
        for number in itertools.count():
            if ended.is_set():
                return
            began = time.perf_counter()
            body = {"note": f"note {number}"}
            path = f"{url}/v1/claims/claim-{claims - 1 - number}"
            tag = own.get(path, timeout=60).headers["ETag"]
            own.patch(path, json=body, headers={"If-Match": tag}, timeout=600)
            waits.append(time.perf_counter() - began)

    writer = threading.Thread(target=write)
    writer.start()
    began = time.perf_counter()
    answer = session.patch(
        f"{url}/v1/sources/{WIDE}", json=change, headers={"If-Match": source.headers["ETag"]}, timeout=600
    )
    taken = time.perf_counter() - began
    time.sleep(_WATCH_SECONDS)
    ended.set()
    writer.join()
    answer.raise_for_status()
    return taken, max(waits)
