"""What commands ask, whoever answers: the store of this machine or a service. Both give what the API answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from service.cli.remote import RemoteDesk
from service.cli.where import api_key
from service.client import Client

Json = dict[str, Any]


class Desk(Protocol):
    """Where claims are asked for. What was merged is shown as what stands for it. Raises what its side raises."""

    def claim(self, claim_id: str) -> Json:
        """One claim with its mentions."""
        ...

    def search(self, words: str, query: Mapping[str, Any]) -> Iterator[Json]:
        """The claims in which all of the words are, and that the filters let through; page after page."""
        ...

    def corroboration(self, claim_id: str, query: Mapping[str, Any]) -> Json:
        """The full reasoning."""
        ...

    def counts(self, query: Mapping[str, Any]) -> Iterator[Json]:
        """The counts of the claims that the filters let through."""
        ...

    def counts_csv(self, query: Mapping[str, Any]) -> Iterator[str]:
        """The same as lines of CSV."""
        ...

    def judge(self, claim_id: str, body: Mapping[str, Any]) -> Json:
        """Hand in a verdict, as the holder of the key."""
        ...


@contextmanager
def open_desk(url: str | None) -> Iterator[Desk]:
    """The service at ``url``, or the local store."""
    if url is None:
        from service.cli.local import local_desk

        with local_desk(api_key()) as desk:
            yield desk
    else:
        with Client(url, api_key()) as client:
            yield RemoteDesk(client)
