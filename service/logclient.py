"""Reads an event log over HTTP, for ``service.logcheck`` to check."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry

from service.errors import RemoteUnavailable
from service.logcheck import Head

PAGE = 200
TIMEOUT_SECONDS = (5.0, 30.0)
"""To connect, and between two bytes of an answer."""


class RemoteLog:
    """The log of the service at ``url``. Every method raises ``RemoteUnavailable``; a context manager.

    ``api_key`` goes to that server alone. A busy one (429, 503) is asked again as it wishes, three times.
    """

    def __init__(self, url: str, api_key: str | None = None) -> None:
        self._url = url.rstrip("/")
        self._session = requests.Session()
        # An Authorization header would give way to a .netrc; this does not.
        self._session.auth = _Bearer(api_key)
        retry = Retry(3, connect=0, read=0, status_forcelist=(429, 503), backoff_factor=0.5, raise_on_status=False)
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=retry))

    def __enter__(self) -> RemoteLog:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._session.close()

    def head(self) -> Head:
        """The current head."""
        url = f"{self._url}/v1/events/head"
        answer = self._get(url)
        try:
            return Head.parse(answer)
        except ValueError as error:
            raise RemoteUnavailable(f"{url}: {error}") from None

    def events(self) -> Iterator[object]:
        """All events since the first, unchecked, a page of them in memory at a time."""
        url: str | None = f"{self._url}/v1/events?after=0&limit={PAGE}"
        while url:
            page = self._get(url)
            match page:
                case {"data": list(data), "next": None}:
                    following = None
                case {"data": [_, *_] as data, "next": str(target)}:
                    following = _on_the_same_server(url, target)
                case _:
                    raise RemoteUnavailable(f"{url}: not a page of events")
            yield from data
            url = following

    def inclusion(self, seq: int, size: int) -> object:
        """Event ``seq`` with the proof that it is among the first ``size``, unchecked."""
        return self._get(f"{self._url}/v1/events/{seq}/proof?size={size}")

    def consistency(self, first: int, second: int) -> object:
        """The proof that the first ``second`` events begin with the first ``first``, unchecked."""
        return self._get(f"{self._url}/v1/events/consistency?from={first}&to={second}")

    def _get(self, url: str) -> Any:
        try:
            response = self._session.get(url, timeout=TIMEOUT_SECONDS, headers={"Accept": "application/json"})
        except requests.RequestException as error:
            raise RemoteUnavailable(f"{url}: {error}") from None
        try:
            answer = response.json()
        except (ValueError, RecursionError):
            answer = None
        if response.status_code != 200:
            detail = answer.get("detail") if isinstance(answer, dict) else None
            raise RemoteUnavailable(f"{url}: answers {response.status_code}, {detail!r:.400}")
        if answer is None:
            raise RemoteUnavailable(f"{url}: the answer is not JSON")
        return answer


def _on_the_same_server(url: str, target: str) -> str:
    try:
        following = urljoin(url, target)
        if urlsplit(following)[:2] == urlsplit(url)[:2]:
            return following
    except ValueError:
        pass
    raise RemoteUnavailable(f"{url}: the next page is not on this server: {target!r:.200}")


class _Bearer(requests.auth.AuthBase):
    def __init__(self, api_key: str | None) -> None:
        self._api_key = api_key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._api_key:
            request.headers["Authorization"] = f"Bearer {self._api_key}"
        return request
