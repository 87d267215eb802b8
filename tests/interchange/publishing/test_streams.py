"""Streams through a real server: whole, compressed, slow and interrupted ones, and their memory."""

from __future__ import annotations

import gzip
import json
import socket
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from service.interchange.publishing import claim_reviews
from service.interchange.publishing.export_stream import export_lines
from service.model.actors import COMMAND_LINE, KeyRole
from service.model.record_kinds import Kind, Scope
from service.model.verdicts import Rating, Verdict, VerdictState
from service.storage.database import Database
from service.storage.migrations import migrate
from service.store import Store
from service.use_cases.api_keys import create_key
from tests.interchange.publishing.reading import HERE, NOW
from tests.long_forms import by_form
from tests.processes import Service, running_service
from tests.settings import make_settings
from tests.web.helpers import a_claim

pytestmark = by_form([pytest.mark.one_engine], [])

PATHS = ("/v1/export", "/feeds/claimreview.json")
IDENTITY = {"Accept-Encoding": "identity"}


def fill(store: Store, number: int) -> None:
    """Add so many claims, each with a long text and a verdict."""
    begun = store.exports.last_keys()[Kind.CLAIM]
    names = [f"c{begun + more:06}" for more in range(number)]
    with store.write():
        store.evidence_writes.insert_claims([a_claim(name, text=f"{name} " * 500) for name in names], 1)
        for name in names:
            store.verdicts.insert_verdict(
                Verdict(
                    f"v-{name}", name, 1, "Jane", NOW, VerdictState.PUBLISHED, NOW, Rating.REFUTED, rationale="x" * 500
                )
            )


@contextmanager
def serving(tmp_path: Path, claims: int) -> Iterator[tuple[Service, Store, str]]:
    """Start a service with one worker and a store of its own; yield it with the store and an editor's key."""
    url = f"sqlite:///{tmp_path / 'claims.db'}"
    database = Database(make_settings(url))
    migrate(database)
    store = Store(database)
    fill(store, claims)
    key = create_key(store, "Ed", KeyRole.EDITOR, None, COMMAND_LINE)[1]
    settings = {"DATABASE_URL": url, "SEED_ON_START": "false", "WEB_CONCURRENCY": "1"}
    with running_service(tmp_path, settings) as service:
        _upgraded(service)
        yield service, store, key
    database.close()


def _upgraded(service: Service) -> None:
    """Wait until nothing more is written behind the port."""
    deadline = time.monotonic() + 60
    while (state := requests.get(f"{service.url}/readyz", timeout=20).json())["upgrading"] or state["recounting"]:
        assert time.monotonic() < deadline, state
        time.sleep(0.05)


def test_a_stream_is_chunked_and_its_compressed_forms_are_the_same(tmp_path: Path) -> None:
    with serving(tmp_path, by_form(450, 600)) as (service, store, _):
        for path in PATHS:
            with requests.get(service.url + path, headers=IDENTITY, stream=True, timeout=20) as answer:
                assert answer.headers["Transfer-Encoding"] == "chunked"
                assert "Content-Length" not in answer.headers
                chunks = list(answer.raw.read_chunked())
            assert len(chunks) > 3
            plain = b"".join(chunks)
            for coding in ("gzip", "br", "zstd"):
                packed = requests.get(service.url + path, headers={"Accept-Encoding": coding}, stream=True, timeout=20)
                body = packed.raw.read()
                assert packed.headers["Content-Encoding"] == coding
                assert len(body) < len(plain) / 2
                if coding == "gzip":
                    assert gzip.decompress(body) == plain
        whole = requests.get(f"{service.url}/v1/export", timeout=20).content
        assert whole == b"".join(export_lines(store, Scope.PUBLIC))


def test_a_slow_reader_blocks_nobody_and_gets_everything(tmp_path: Path) -> None:
    """Concurrent writes are not in an export, and ``written_meanwhile`` is true."""
    with serving(tmp_path, 1500) as (service, store, key):  # more than the buffers between them hold
        before = list(export_lines(store, Scope.PUBLIC))
        with requests.get(f"{service.url}/v1/export", headers=IDENTITY, stream=True, timeout=20) as slow:
            pieces = slow.iter_content(65536)
            body = next(pieces)
            for number in range(3):
                claim = {
                    "id": f"new-{number}",
                    "text": f"New statement {number}.",
                    "subject": "news",
                    "topics": ["news"],
                }
                headers = {"Authorization": f"Bearer {key}"}
                written = requests.post(f"{service.url}/v1/claims", json=claim, headers=headers, timeout=20)
                assert written.status_code == 201
                body += next(pieces)
            body += b"".join(pieces)
        lines = body.splitlines(keepends=True)
        assert lines[:-1] == before[:-1]
        assert json.loads(lines[-1])["written_meanwhile"] is True


def test_a_reader_that_disconnects_does_no_harm(tmp_path: Path) -> None:
    with serving(tmp_path, 1500) as (service, store, _):
        parts = urlsplit(service.url)
        whole = b"".join(export_lines(store, Scope.PUBLIC))
        for path in PATHS * by_form(3, 6):  # more often than there are threads
            with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=20) as line:
                line.sendall(
                    f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept-Encoding: identity\r\n\r\n".encode()
                )
                assert line.recv(1000).startswith(b"HTTP/1.1 200")
        assert requests.get(f"{service.url}/v1/export", timeout=20).content == whole
        assert "Traceback" not in service.log()


def test_an_interrupted_export_can_be_resumed(tmp_path: Path) -> None:
    with serving(tmp_path, 1500) as (service, store, _):
        whole = b"".join(export_lines(store, Scope.PUBLIC))
        with requests.get(f"{service.url}/v1/export", headers=IDENTITY, stream=True, timeout=20) as answer:
            arrived = next(answer.iter_content(100_000))
        kept = arrived[: arrived.rindex(b"\n") + 1]
        assert kept != whole
        last = json.loads(kept.splitlines()[-1])
        rest = requests.get(f"{service.url}/v1/export?after={last['kind']}:{last['id']}", timeout=20)
        assert kept + rest.content == whole


def _export(store: Store) -> Iterator[object]:
    return export_lines(store, Scope.ALL)


def _feed(store: Store) -> Iterator[object]:
    return claim_reviews.current_reviews(store, HERE).items


@pytest.mark.parametrize("stream", [_export, _feed])
def test_a_stream_takes_constant_memory(store: Store, stream: Callable[[Store], Iterator[object]]) -> None:
    peaks = []
    for more in (1200, by_form(2400, 4800)):
        fill(store, more)
        for _ in islice(stream(store), 10):  # what is imported and compiled once
            pass
        tracemalloc.start()
        items = sum(1 for _ in stream(store))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert items >= more
    assert peaks[1] < peaks[0] * 1.5
