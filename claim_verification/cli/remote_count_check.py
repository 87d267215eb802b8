"""Whether the counts that a service keeps are those of its mentions, seen from outside."""

from __future__ import annotations

import json
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import Any

from claim_verification import BadAnswer, Client, NotFound
from claim_verification.cli.progress import Progress
from claim_verification.errors import printable

Json = dict[str, Any]

# What is kept of a million claims goes to the disk.
_IN_MEMORY = 8 * 1024 * 1024
# Where so many differ at first sight the rest is not looked at.
_MOST = 10_000
_SIDES = {"origins": "supports", "differing": "differs", "refuting": "refutes"}


class CountCheck:
    """A check of the service that ``client`` speaks to: ``checked`` of its ``claims`` so far.

    The counts come from the store as they are kept, in one answer; the reasoning about a claim is made of its mentions
    when it is asked for (``GET /v1/claims/{id}/corroboration``).
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self.claims = 0
        self.checked = 0

    def differences(self) -> Iterator[str]:
        """One line for each claim whose counts are not those of its mentions.

        What differs is looked at once more: it may have been written to meanwhile. In constant memory, and with no
        answer of the service kept open for long.
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
                raise BadAnswer("/v1/corroboration: a line that is not the counts of a claim")
            yield line

    def _suspects(self) -> set[str]:
        """The claims that differ at first sight."""
        suspects: set[str] = set()
        with SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8") as kept:
            for counts in self._counts():
                kept.write(json.dumps(counts) + "\n")
                self.claims += 1
            kept.seek(0)
            with Progress(self.claims) as progress:
                for line in kept:
                    counts = json.loads(line)
                    if self._difference(counts) is not None:
                        suspects.add(counts["id"])
                    self.checked += 1
                    progress.advance(1)
                    progress.show(self.checked, f"{self.checked} claims")
                    if len(suspects) > _MOST:
                        break
        return suspects

    def _difference(self, counts: Json) -> str | None:
        public_id: str = counts["id"]
        try:
            reasoning: Json = {**self._client.get_corroboration(public_id)}
            if reasoning["claim"] != public_id:
                return printable(f"claim {public_id}: has counts, and was merged into {reasoning['claim']}")
            counted = _counted(reasoning)
            told = [
                f"{name} {counts[name]} stored, {true} counted"
                for name, true in counted.items()
                if counts[name] != true
            ]
        except NotFound:
            return printable(f"claim {public_id}: has counts, and is not found")
        except (KeyError, TypeError):
            raise BadAnswer("/v1/corroboration: not the counts of a claim, or not its reasoning") from None
        return printable(f"claim {public_id}: {'; '.join(told)}") if told else None


def _counted(reasoning: Json) -> Json:
    """What the reasoning adds up to, under the names that the counts have."""
    intervals = {
        f"{name}_{bound}": reasoning[side]["origins"][bound]
        for name, side in _SIDES.items()
        for bound in ("at_least", "at_most")
    }
    rest = {name: reasoning[name] for name in ("status", "mentions", "documents")}
    return {"policy": reasoning["policy"]["id"], **rest, **intervals}
