"""What commands ask, whoever answers: the store of this machine or a service. Both give what the API answers."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO, Protocol

from claim_verification import Client
from claim_verification.cli.local_service import local_module
from claim_verification.cli.remote_backend import RemoteBackend
from claim_verification.cli.url_option import api_key

Json = dict[str, Any]
Importer = Callable[[str, BinaryIO], Iterator[Json]]
"""Takes in a file of this name (``-`` has none), and says of one part after another what the API would."""


class Backend(Protocol):
    """Where claims are asked for. What was merged is shown as what stands for it. Raises what its side raises."""

    def claim(self, claim_id: str) -> Json:
        """One claim with its mentions."""
        ...

    def search(self, words: str, query: Mapping[str, Any]) -> Iterator[Json]:
        """The claims in which all of the words are, and that the filters let through; page after page."""
        ...

    def match(self, texts: Sequence[str], query: Mapping[str, Any]) -> Json:
        """For each text the claims that it repeats."""
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

    def export(self, public: bool, after: str | None) -> Generator[bytes]:
        """Everything, or only what everybody may read, as lines; ``after`` is the ``kind:id`` of one to go on after."""
        ...

    def importer(self, dry_run: bool) -> Importer:
        """For taking in reviews, or a whole export."""
        ...


@contextmanager
def open_backend(url: str | None) -> Iterator[Backend]:
    """The service at ``url``, or the local store."""
    if url is None:
        with local_module("backend").local_backend(api_key()) as backend:
            yield backend
    else:
        with Client(url, api_key()) as client:
            yield RemoteBackend(client)
