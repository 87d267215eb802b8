"""The backend of the commands that asks a service."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from typing import Any, BinaryIO, cast

from claim_verification import Client, Problem
from claim_verification.cli.import_options import ImportOptions
from claim_verification.cli.upload_batches import batches
from claim_verification.errors import BadInput
from claim_verification.models import ImportReviewsQuery

Json = dict[str, Any]
_TOO_LONG = (
    "too large for one request to this service. Give reviews one a line (NDJSON), which is sent in batches, and a "
    "spreadsheet in several files; or run `claims import` where the store is; or raise IMPORT_MAX_BYTES of the service"
)


class RemoteBackend:
    """The service that ``client`` talks to."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def claim(self, claim_id: str) -> Json:
        """Return a claim with its mentions."""
        return cast(Json, self._client.get_claim(claim_id, include="mentions"))

    def source_name(self, source_id: str) -> str:
        """Return the name of a source."""
        return self._client.get_source(source_id)["name"]

    def search(self, words: str, query: Mapping[str, Any]) -> Iterator[Json]:
        """Iterate over the claims that contain all of the words and match the filters."""
        return cast(Iterator[Json], self._client.list_claims(q=words, **query))

    def match(self, texts: Sequence[str], query: Mapping[str, Any]) -> Json:
        """Return for each text the claims that it repeats."""
        return cast(Json, self._client.match_texts(texts, **query))

    def corroboration(self, claim_id: str, query: Mapping[str, Any]) -> Json:
        """Return how the origins of a claim were counted."""
        return cast(Json, self._client.get_corroboration(claim_id, **query))

    def counts(self, query: Mapping[str, Any]) -> Iterator[Json]:
        """Iterate over the counts of the claims that match the filters."""
        return cast(Iterator[Json], self._client.list_corroboration(**query))

    def counts_csv(self, query: Mapping[str, Any]) -> Iterator[str]:
        """Iterate over the same counts as lines of CSV."""
        return self._client.corroboration_csv(**query)

    def submit_verdict(self, claim_id: str, body: Mapping[str, Any]) -> Json:
        """Create a verdict, as the holder of the key."""
        return cast(Json, self._client.create_verdict(claim_id, cast(Any, body)))

    def suggestions(self, query: Mapping[str, Any]) -> Iterator[Json]:
        """Iterate over the suggestions that match the filters."""
        return cast(Iterator[Json], self._client.list_suggestions(**cast(Any, query)))

    def suggestion(self, suggestion_id: str) -> Json:
        """Return a suggestion with what it would change."""
        return cast(Json, self._client.get_suggestion(suggestion_id))

    def decide_suggestion(self, suggestion_id: str, body: Mapping[str, Any]) -> Json:
        """Decide a suggestion, as the holder of the key, and return it."""
        return cast(Json, self._client.decide_suggestion(suggestion_id, cast(Any, body)))

    def own_work(self) -> Json:
        """Return the name, role and work of the holder of the key."""
        return cast(Json, self._client.get_own_work())

    def export(self, public: bool, after: str | None) -> Generator[bytes]:
        """Iterate over the lines of an export: all that the key may see, or what is public."""
        query = {"public": True} if public else {}
        lines = self._client.export_lines(**cast(Any, query if after is None else {**query, "after": after}))
        return (f"{line}\n".encode() for line in lines)

    def importer(self, options: ImportOptions) -> Callable[[str, BinaryIO], Iterator[tuple[Json, int]]]:
        """Return a function that imports a file."""
        query: ImportReviewsQuery = {}
        if options.dry_run:
            query["dry_run"] = True
        if options.columns:
            query["map"] = _line_of_csv(options.columns)
        if options.values:
            query["set"] = _line_of_csv(options.values)
        return lambda name, stream: self._import_file(name, stream, query)

    def _import_file(self, name: str, stream: BinaryIO, query: ImportReviewsQuery) -> Iterator[tuple[Json, int]]:
        done = 0
        for batch in batches(name, stream):
            try:
                answer = self._client.import_reviews(batch.body, batch.media_type, **query)
            except Problem as problem:
                if problem.status == 413:
                    raise BadInput(name, _TOO_LONG) from None
                raise
            for item in answer["report"]:
                # In NDJSON, of which alone there are several batches, the item is the line.
                item["item"] += batch.lines_before
                item["line"] += batch.lines_before
            done += len(batch.body)
            yield cast(Json, answer), done


def _line_of_csv(items: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(items)
    return line.getvalue()
