"""The client and replicas of the database: the last position that it was given goes with its requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests
from requests.adapters import BaseAdapter

from claim_verification.transport import Request, Transport

URL = "http://service.example"


class _Answers(BaseAdapter):
    """Answers with the positions of a list, one after another, and keeps those that it is sent."""

    def __init__(self, positions: list[str | None]) -> None:
        super().__init__()
        self._positions = positions
        self.sent: list[str | None] = []

    def send(self, request: requests.PreparedRequest, *arguments: Any, **more: Any) -> requests.Response:
        self.sent.append(request.headers.get("Claims-Position"))
        response = requests.Response()
        response.status_code, response.request, response.url = 200, request, request.url or ""
        response._content = b"{}"
        position = self._positions[len(self.sent) - 1]
        headers: Mapping[str, str] = {} if position is None else {"Claims-Position": position}
        response.headers.update(headers)
        return response

    def close(self) -> None:
        """Nothing is open."""


def test_the_furthest_position_is_sent_back() -> None:
    # Hexadecimal: 16/B is after 16/9, and 1/0 after 0/FFFFFFFF. What is none is left alone.
    given = [None, "16/9", None, "16/B", "16/A", "later", "1/FFFFFFFF", None]
    answers = _Answers(given)
    transport = Transport(URL, None, (5, 5), 0, 5, answers)
    for number in range(len(given)):
        transport.answer(Request("GET" if number % 2 else "POST", f"{URL}/v1/claims", headers={"Accept": "text/plain"}))
    transport.close()
    assert answers.sent == [None, None, "16/9", "16/9", "16/B", "16/B", "16/B", "16/B"]
