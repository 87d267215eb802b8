"""A log on a real HTTP server on loopback, made of the pure functions, that can lie."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from claim_verification.proofs.merkle import consistency_proof, inclusion_proof, root
from claim_verification.proofs.verification import event_hash
from tests.claim_verification.proofs.trees import Stored

Event = dict[str, Any]
Answer = dict[str, Any]

RETRY_AFTER_SECONDS = 7


def chain(payloads: Sequence[object], withheld: Sequence[int] = ()) -> list[Event]:
    """Return events with these payloads; those whose ``seq`` is in ``withheld`` show only their place."""
    events: list[Event] = []
    previous = None
    for seq, payload in enumerate(payloads, 1):
        event: Event = {
            "seq": seq,
            "at": f"2026-03-01T12:00:{seq % 60:02}.000000Z",
            "actor": "ana",
            "type": "claim.created",
            "subject": f"claim:c{seq}",
            "about": ["document:d1"],
            "payload": payload,
            "previous": previous,
        }
        event["hash"] = previous = event_hash(event)
        shown = {"seq": seq, "previous": event["previous"], "hash": previous, "withheld": True}
        events.append(shown if seq in withheld else event)
    return events


def plain(size: int) -> list[Event]:
    """Return ``size`` events, each with a number, a text and a null in its payload."""
    return chain([{"value": number / 4, "text": f"“{number}” é", "none": None} for number in range(size)])


def honest(path: str, query: dict[str, str], events: Sequence[Event]) -> Answer | None:
    """Return the answer of a log with these events."""
    stored = Stored()
    for size, event in enumerate(events):
        stored.append(size, bytes.fromhex(event["hash"]))

    def tree(size: int) -> Answer:
        return {"size": size, "root_hash": root(size, stored).hex()}

    match path.removeprefix("/v1/events").split("/"):
        case ["", "head"]:
            last = events[-1] if events else {"hash": None}
            at = last.get("at", "2026-03-01T12:00:00.000000Z") if events else None
            return tree(len(events)) | {"last_hash": last["hash"], "last_at": at}
        case [""]:
            after, limit = int(query["after"]), int(query["limit"])
            more = f"/v1/events?after={after + limit}&limit={limit}" if after + limit < len(events) else None
            return {"data": events[after : after + limit], "next": more}
        case ["", "consistency"]:
            first, second = int(query["from"]), int(query["to"])
            steps = consistency_proof(first, second, stored)
            return {"from": tree(first), "to": tree(second), "path": [path_segment.hex() for path_segment in steps]}
        case ["", seq, "proof"]:
            index, size = int(seq) - 1, int(query["size"])
            steps = inclusion_proof(index, size, stored)
            return tree(size) | {
                "event": events[index],
                "index": index,
                "path": [path_segment.hex() for path_segment in steps],
            }
    return None


@dataclass
class Server:
    """A running server. ``twist`` takes each path and its true answer, and returns the answer that is sent."""

    url: str
    events: Sequence[Event]
    twist: Callable[[str, Answer], object] = lambda path, answer: answer
    statuses: list[int] = field(default_factory=list)
    """The statuses of the next answers; 200 after them."""
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    """The target and the Authorization header of each request."""


@contextmanager
def serving(events: Sequence[Event]) -> Iterator[Server]:
    """Serve these events."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            state.asked.append((self.path, self.headers["Authorization"]))
            answer = honest(parts.path, query, state.events)
            sent = state.twist(parts.path, answer) if answer is not None else {"detail": "no such thing"}
            status = state.statuses.pop(0) if state.statuses else 200 if answer is not None else 404
            body = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Retry-After", str(RETRY_AFTER_SECONDS))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state = Server(f"http://127.0.0.1:{server.server_port}", events)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()
