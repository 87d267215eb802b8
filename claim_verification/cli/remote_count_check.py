"""The check of a service's stored counts against the ones that it computes from the mentions, over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import Any

from claim_verification import BadAnswer, Client, NotFound
from claim_verification.cli.progress import Progress
from claim_verification.errors import printable

Json = dict[str, Any]

# Above this size the counts are kept on disk.
_IN_MEMORY = 8 * 1024 * 1024
# With so many differences the check stops.
_MAX_SUSPECTS = 10_000
_SIDES = {"origins": "supports", "differing": "differs", "refuting": "refutes"}


class CountCheck:
    """A check of the service that ``client`` talks to; ``checked`` of its ``claims`` are done.

    The stored counts come in one answer (``GET /v1/corroboration``). Each is compared with the reasoning about its
    claim, which the service computes for each request (``GET /v1/claims/{id}/corroboration``).
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self.claims = 0
        self.checked = 0

    def differences(self) -> Iterator[str]:
        """Iterate over one line for each claim whose stored counts are not those of its mentions.

        A claim that differs is checked twice, because it may have changed between the two requests. Uses constant
        memory, and keeps no answer of the service open for long.
        """
        self._client.get_readiness()
        suspects = self._suspects()
        if not suspects:
            return
        for counts in self._counts():
            if counts["id"] in suspects:
                difference = self._difference(counts)
                if difference is not None:
                    yield difference

    def _counts(self) -> Iterator[Json]:
        lines: Iterator[Any] = self._client.list_corroboration()
        for line in lines:
            if not isinstance(line, dict) or not isinstance(line.get("id"), str):
                raise BadAnswer("/v1/corroboration: a line of the answer is not the counts of a claim")
            yield line

    def _suspects(self) -> set[str]:
        """Return the ids of the claims that differ in the first pass."""
        suspects: set[str] = set()
        with SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8") as stored:
            for counts in self._counts():
                stored.write(json.dumps(counts) + "\n")
                self.claims += 1
            stored.seek(0)
            with Progress(self.claims) as progress:
                for line in stored:
                    counts = json.loads(line)
                    if self._difference(counts) is not None:
                        suspects.add(counts["id"])
                    self.checked += 1
                    progress.update(self.checked, self.checked, f"{self.checked} claims")
                    if len(suspects) > _MAX_SUSPECTS:
                        return suspects
                progress.finish()
        return suspects

    def _difference(self, counts: Json) -> str | None:
        public_id: str = counts["id"]
        try:
            reasoning: Json = {**self._client.get_corroboration(public_id)}
            if reasoning["claim"] != public_id:
                return printable(f"claim {public_id}: has stored counts, but was merged into {reasoning['claim']}")
            computed = _computed(reasoning)
            wrong = [
                f"{name} {counts[name]} stored, {value} counted"
                for name, value in computed.items()
                if counts[name] != value
            ]
        except NotFound:
            return printable(f"claim {public_id}: has stored counts, but does not exist")
        except (KeyError, TypeError):
            raise BadAnswer("/v1/corroboration: the answer is not the counts of a claim or its reasoning") from None
        return printable(f"claim {public_id}: {'; '.join(wrong)}") if wrong else None


def _computed(reasoning: Json) -> Json:
    """Return the counts of a reasoning, under the names of the stored counts."""
    intervals = {
        f"{name}_{bound}": reasoning[side]["origins"][bound]
        for name, side in _SIDES.items()
        for bound in ("at_least", "at_most")
    }
    rest = {name: reasoning[name] for name in ("status", "mentions", "documents")}
    return {"policy": reasoning["policy"]["id"], **rest, **intervals}
