"""The interface of the commands to a store: the local one, or that of a service. Both return what the API answers."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from claim_verification.cli.import_options import ImportOptions
from claim_verification.cli.local_service import local_module
from claim_verification.cli.url_option import api_key

if TYPE_CHECKING:
    from claim_verification.client import Client

Json = dict[str, Any]
Importer = Callable[[str, BinaryIO], Iterator[tuple[Json, int]]]
"""Imports a file of this name (``-`` has none). Yields for each batch the answer and the bytes of the file so far."""


class Backend(Protocol):
    """A store of claims. A merged claim is replaced by the one that it was merged into.

    Raises ``ClientError`` or the errors of ``service.model.errors``.
    """

    def claim(self, claim_id: str) -> Json:
        """Return a claim with its mentions."""
        ...

    def source_name(self, source_id: str) -> str:
        """Return the name of a source."""
        ...

    def search(self, words: str, query: Mapping[str, Any]) -> Iterator[Json]:
        """Iterate over the claims that contain all of the words and match the filters."""
        ...

    def match(self, texts: Sequence[str], query: Mapping[str, Any]) -> Json:
        """Return for each text the claims that it repeats."""
        ...

    def corroboration(self, claim_id: str, query: Mapping[str, Any]) -> Json:
        """Return how the origins of a claim were counted."""
        ...

    def counts(self, query: Mapping[str, Any]) -> Iterator[Json]:
        """Iterate over the counts of the claims that match the filters."""
        ...

    def counts_csv(self, query: Mapping[str, Any]) -> Iterator[str]:
        """Iterate over the same counts as lines of CSV."""
        ...

    def submit_verdict(self, claim_id: str, body: Mapping[str, Any]) -> Json:
        """Create a verdict, as the holder of the key."""
        ...

    def suggestions(self, query: Mapping[str, Any]) -> Iterator[Json]:
        """Iterate over the suggestions that match the filters."""
        ...

    def suggestion(self, suggestion_id: str) -> Json:
        """Return a suggestion with what it would change."""
        ...

    def decide_suggestion(self, suggestion_id: str, body: Mapping[str, Any]) -> Json:
        """Decide a suggestion, and return it."""
        ...

    def own_work(self) -> Json:
        """Return the name, role and work of the holder of the key."""
        ...

    def export(self, public: bool, after: str | None) -> Generator[bytes]:
        """Iterate over the lines of an export: all, or what is public; only those after ``after`` (``kind:id``)."""
        ...

    def importer(self, options: ImportOptions) -> Importer:
        """Return a function that imports a file."""
        ...


@contextmanager
def open_client(url: str | None) -> Iterator[Client]:
    """Open a client of the service at ``url``, or of the local store, which answers as a service would."""
    from claim_verification.client import Client

    if url is None:
        with local_module("in_process").local_client(api_key()) as client:
            yield client
    else:
        with Client(url, api_key()) as client:
            yield client


@contextmanager
def open_backend(url: str | None) -> Iterator[Backend]:
    """Open the service at ``url``, or the local store."""
    if url is None:
        with local_module("backend").local_backend(api_key()) as backend:
            yield backend
    else:
        from claim_verification.cli.remote_backend import RemoteBackend
        from claim_verification.client import Client

        with Client(url, api_key()) as client:
            yield RemoteBackend(client)
