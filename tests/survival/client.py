"""A client as a careful program is one: it names what it posts, and sends it again until it is answered."""

from __future__ import annotations

import secrets
import time
from typing import Any

import requests

ANSWER_SECONDS = 30
PATIENCE_SECONDS = 60
PAUSE_SECONDS = 0.05

Json = dict[str, Any]


def proper(response: requests.Response) -> requests.Response:
    """Return an answer that is no fault of the service's, and has the one shape of all refusals if it is one."""
    status, text = response.status_code, response.text[:500]
    assert status < 500 or status in (503, 507), (response.request.method, response.url, status, text)
    if status >= 400:
        assert response.headers["Content-Type"] == "application/problem+json", (response.url, status, text)
        problem = response.json()
        assert problem["status"] == status, text
        assert problem["request_id"] == response.headers["X-Request-ID"], text
        # A damaged store is not mended by trying again.
        damaged = problem["code"] in ("store_damaged", "log_damaged")
        assert status != 503 or damaged or int(response.headers["Retry-After"]) >= 1, text
        assert status != 507 or problem["code"] == "insufficient_storage", text
    return response


class Client:
    """One holder of a key. ``patient`` takes lost connections and 503 for what they are, and goes on."""

    def __init__(self, url: str, key: str | None = None, *, patient: bool = False) -> None:
        self.url = url
        self.patient = patient
        self.session = requests.Session()
        if key is not None:
            self.session.headers["Authorization"] = f"Bearer {key}"

    def ask(self, method: str, path: str, body: Json | None = None, **headers: str) -> requests.Response:
        """One request, sent once; raises ``requests.RequestException`` when it is not answered."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        response = self.session.request(method, self.url + path, json=body, headers=named, timeout=ANSWER_SECONDS)
        return proper(response)

    def get(self, path: str) -> requests.Response:
        """Return the answer to a GET."""
        return self._answered("GET", path)

    def read(self, path: str) -> Json:
        """Return the JSON of a GET that must succeed."""
        response = self.get(path)
        assert response.status_code == 200, (path, response.status_code, response.text[:500])
        body: Json = response.json()
        return body

    def post(self, path: str, body: Json | None = None, key: str | None = None) -> requests.Response:
        """Return the answer to a POST, done once however often it has to be sent."""
        return self._answered("POST", path, body, Idempotency_Key=key or secrets.token_hex(8))

    def _answered(self, method: str, path: str, body: Json | None = None, **headers: str) -> requests.Response:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                response = self.ask(method, path, body, **headers)
            except requests.RequestException:
                if not self.patient or time.monotonic() > deadline:
                    raise
            else:
                if time.monotonic() > deadline or not self._to_be_repeated(response):
                    return response
            time.sleep(PAUSE_SECONDS)

    def _to_be_repeated(self, response: requests.Response) -> bool:
        if not self.patient:
            return False
        under_way = response.status_code == 409 and response.json()["code"] == "request_in_progress"
        return under_way or response.status_code == 503

    def walk(self, path: str) -> list[Json]:
        """Every item of a list."""
        items: list[Json] = []
        following: str | None = path
        while following is not None:
            page = self.read(following)
            items += page["data"]
            following = page["next"]
        return items

    def close(self) -> None:
        """Let its connections go."""
        self.session.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
