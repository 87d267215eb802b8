"""A desk that asks a service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from service.client import Client

Json = dict[str, Any]


class RemoteDesk:
    """The service that ``client`` speaks to."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def claim(self, claim_id: str) -> Json:
        """One claim with its mentions."""
        return cast(Json, self._client.get_claim(claim_id, include="mentions"))

    def search(self, words: str, query: Mapping[str, Any]) -> Iterator[Json]:
        """The claims in which all of the words are, and that the filters let through."""
        return cast(Iterator[Json], self._client.list_claims(q=words, **query))

    def corroboration(self, claim_id: str, query: Mapping[str, Any]) -> Json:
        """The full reasoning."""
        return cast(Json, self._client.get_corroboration(claim_id, **query))

    def counts(self, query: Mapping[str, Any]) -> Iterator[Json]:
        """The counts of the claims that the filters let through."""
        return cast(Iterator[Json], self._client.list_corroboration(**query))

    def counts_csv(self, query: Mapping[str, Any]) -> Iterator[str]:
        """The same as lines of CSV."""
        return self._client.corroboration_csv(**query)

    def judge(self, claim_id: str, body: Mapping[str, Any]) -> Json:
        """Hand in a verdict, as the holder of the key."""
        return cast(Json, self._client.create_verdict(claim_id, cast(Any, body)))
