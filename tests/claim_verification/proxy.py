"""A proxy on loopback that forwards requests to a real server, or breaks them as planned."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import requests

_PASSED_ON = ("Content-Type", "ETag", "Location", "Link", "X-Request-ID", "Idempotency-Replayed", "Retry-After")


@dataclass
class Seen:
    """A request as it was received."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Proxy:
    """A running proxy. ``plan`` has the treatment of the next requests, in this order; later ones are forwarded.

    ``drop``: the connection is closed before the request is forwarded. ``lose``: the request is forwarded, the answer
    is lost. ``half``: the connection is closed in the middle of the answer. ``slow``: no answer comes. ``pass``: the
    request is forwarded. A number is a status to answer with, bytes are a body.

    Requests of other programs than the client are refused and not ``seen``: the port may have been another server's.
    """

    url: str
    plan: list[str | int | bytes] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    retry_after: str | None = "0"
    prefix: str = ""
    location: str = ""
    over: Event = field(default_factory=Event)


@contextmanager
def proxying(upstream: str) -> Iterator[Proxy]:
    """Run a proxy of ``upstream``."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if not self.headers.get("User-Agent", "").startswith("claim-verification/"):
                return self.answer(421, b"", {})
            proxy.seen.append(Seen(self.command, self.path, dict(self.headers), body))
            deed = proxy.plan.pop(0) if proxy.plan else "pass"
            if isinstance(deed, int):
                return self.answer(deed, b"<html>", {"Content-Type": "text/html"})
            if isinstance(deed, bytes):
                return self.answer(200, deed, {"Content-Type": "application/json"})
            if deed == "slow":
                proxy.over.wait(30)
            if deed in ("slow", "drop") or not self.path.startswith(proxy.prefix):
                self.close_connection = True
                return None
            headers = {name: value for name, value in self.headers.items() if name not in ("Host", "Accept-Encoding")}
            target = upstream + self.path.removeprefix(proxy.prefix)
            answer = requests.request(
                self.command,
                target,
                data=body,
                headers={**headers, "Accept-Encoding": "identity"},
                timeout=30,
                allow_redirects=False,
            )
            if deed == "lose":
                self.close_connection = True
                return None
            kept = {name: answer.headers[name] for name in _PASSED_ON if name in answer.headers}
            return self.answer(answer.status_code, answer.content, kept, half=deed == "half")

        def do_GET(self) -> None:
            self.handle_any()

        def do_POST(self) -> None:
            self.handle_any()

        def do_PATCH(self) -> None:
            self.handle_any()

        def answer(self, status: int, body: bytes, headers: dict[str, str], *, half: bool = False) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status >= 400 and proxy.retry_after is not None and "Retry-After" not in headers:
                self.send_header("Retry-After", proxy.retry_after)
            if proxy.location:
                self.send_header("Location", proxy.location)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if half else body)
            self.close_connection = self.close_connection or half

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        proxy = Proxy(f"http://127.0.0.1:{server.server_port}")
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield proxy
        finally:
            proxy.over.set()
            server.shutdown()
            thread.join()
