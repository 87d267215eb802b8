"""A desk that asks a service."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from typing import Any, BinaryIO, cast

from claim_verification import Client, Problem
from claim_verification.cli.upload_batches import parts
from claim_verification.errors import BadInput

Json = dict[str, Any]
_TOO_LONG = (
    "the service does not take so much at once: run `claims import` where its store is, have its IMPORT_MAX_BYTES "
    "raised, or give the reviews one a line (NDJSON), which are sent in parts"
)


class RemoteBackend:
    """The service that ``client`` speaks to."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def claim(self, claim_id: str) -> Json:
        """One claim with its mentions."""
        return cast(Json, self._client.get_claim(claim_id, include="mentions"))

    def search(self, words: str, query: Mapping[str, Any]) -> Iterator[Json]:
        """The claims in which all of the words are, and that the filters let through."""
        return cast(Iterator[Json], self._client.list_claims(q=words, **query))

    def match(self, texts: Sequence[str], query: Mapping[str, Any]) -> Json:
        """For each text the claims that it repeats."""
        return cast(Json, self._client.match_texts(texts, **query))

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

    def export(self, public: bool, after: str | None) -> Generator[bytes]:
        """Everything that the key may see, or only what everybody may."""
        query = {"public": True} if public else {}
        lines = self._client.export_lines(**cast(Any, query if after is None else {**query, "after": after}))
        return (f"{line}\n".encode() for line in lines)

    def importer(self, dry_run: bool) -> Callable[[str, BinaryIO], Iterator[Json]]:
        """For handing in reviews, or a whole export."""
        return self._take

    def _take(self, name: str, stream: BinaryIO) -> Iterator[Json]:
        for part in parts(name, stream):
            try:
                answer = self._client.import_reviews(part.body, part.media_type)
            except Problem as problem:
                if problem.status == 413:
                    raise BadInput(name, _TOO_LONG) from None
                raise
            for taken in answer["report"]:
                # A line is an item: what was sent before counts for both.
                taken["item"] += part.before
                taken["line"] += part.before
            yield cast(Json, answer)
