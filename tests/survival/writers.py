"""Writers that do everything a client can, all at the same few claims, and keep account of what they were told."""

from __future__ import annotations

import random
import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import requests

from tests.survival.client import Client, Json

SHARED = [f"shared-{number}" for number in range(8)]
COUNTED = [f"counted-{number}" for number in range(3)]
DOCUMENTS = [f"doc-{number}" for number in range(4)]
SOURCES = [f"source-{number}" for number in range(4)]
RATINGS = ("supported", "refuted", "not_enough_evidence", "conflicting_evidence")
TWICE = 0.2


@dataclass
class Account:
    """The answers to one writer. Only its own thread adds to it.

    ``events`` are types and subjects of what must be in the log, in the order of the answers. ``counted`` is by claim
    how often its counter went up for certain, ``uncertain`` how often that was not answered.
    """

    events: list[tuple[str, str]] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    verdicts: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)
    uncertain: Counter[str] = field(default_factory=Counter)

    def note(self, kind: str, subject: str) -> None:
        """Record a write that the service acknowledged."""
        self.events.append((kind, subject))


def counts(note: str | None) -> Counter[str]:
    """Return the counters in the note of a claim that all writers count in: ``w1:5 w2:3``."""
    pairs = [item.split(":") for item in (note or "").split()]
    return Counter({name: int(number) for name, number in pairs})


def as_note(counters: Counter[str]) -> str:
    """Return the note that has these counters."""
    return " ".join(f"{name}:{number}" for name, number in sorted(counters.items()))


def furnish(client: Client, writers: int) -> None:
    """Create the claims, documents and sources that the writers change."""
    for source in SOURCES:
        _made(client.post("/v1/sources", {"id": source, "name": source.title(), "kind": "government"}))
    for document in DOCUMENTS:
        _made(client.post("/v1/documents", {"id": document, "title": document.title(), "publisher": SOURCES[0]}))
    pairs = [f"pair-{number}-{side}" for number in range(writers) for side in "ab"]
    for claim in [*SHARED, *COUNTED, *pairs]:
        body = {"id": claim, "text": f"Statement of {claim}.", "subject": "a subject", "topics": ["general"]}
        _made(client.post("/v1/claims", body))


class Writer:
    """One writer. Each ``step`` is one thing done; what the service refuses without a reason is raised."""

    def __init__(self, number: int, client: Client) -> None:
        self.name = f"w{number}"
        self.number = number
        self.client = client
        self.account = Account()
        self._choose = random.Random(number)
        self._done = 0
        self._standing: dict[str, str] = {}
        self._mentions: list[str] = []
        self._merged = False
        self._steps: dict[Callable[[], None], int] = {
            self.judge: 6,
            self.count: 4,
            self.mention: 4,
            self.withdraw: 2,
            self.claim: 1,
            self.source: 1,
            self.merge_or_unmerge: 2,
            self.take_and_release: 2,
        }

    def step(self) -> None:
        """Do one thing, whichever."""
        [act] = self._choose.choices(list(self._steps), list(self._steps.values()))
        act()

    def judge(self) -> None:
        """Judge a shared claim, or correct what was said of it before."""
        claim, mark = self._choose.choice(SHARED), self._mark()
        body: Json = {
            "claim_version": 1,
            "rating": self._choose.choice(RATINGS),
            "rationale": mark,
            "despite_assignment": True,
        }
        earlier = self._standing.get(claim)
        if earlier is not None:
            body |= {"supersedes": earlier, "reason": f"Better than {earlier}."}
        shown = _made(self._post(f"/v1/claims/{claim}/verdicts", body))
        self._standing[claim] = shown["id"]
        self.account.marks.append(mark)
        self.account.verdicts.append(shown["id"])
        self.account.note("verdict.published", f"verdict:{shown['id']}")
        if earlier is not None:
            self.account.note("verdict.superseded", f"verdict:{earlier}")

    def count(self) -> None:
        """Count up in the note of a claim, where the other writers count too: read, change, write if unchanged."""
        claim = self._choose.choice(COUNTED)
        while True:
            read = self.client.get(f"/v1/claims/{claim}")
            counters = counts(read.json()["note"])
            counters[self.name] += 1
            try:
                answer = self.client.ask(
                    "PATCH", f"/v1/claims/{claim}", {"note": as_note(counters)}, If_Match=read.headers["ETag"]
                )
            except requests.RequestException:
                if not self.client.patient:
                    raise
                answer = None
            if answer is None or (answer.status_code == 503 and self.client.patient):
                self.account.uncertain[claim] += 1
                return
            if answer.status_code == 200:
                self.account.counted[claim] += 1
                self.account.note("claim.changed", f"claim:{claim}")
                return
            assert answer.status_code == 412, (answer.status_code, answer.text)

    def mention(self) -> None:
        """Add a mention to a shared claim."""
        start = (self.number + 1) * 100_000 + self._next() * 10
        body = {
            "document": self._choose.choice(DOCUMENTS),
            "stance": self._choose.choice(("supports", "refutes", "partly_supports", "partly_refutes")),
            "attribution": [self._choose.choice(SOURCES)],
            "basis": "explicit",
            "locator": {"start": start, "end": start + 10, "sha256": "0" * 64},
        }
        shown = _made(self._post(f"/v1/claims/{self._choose.choice(SHARED)}/mentions", body))
        self._mentions.append(shown["id"])
        self.account.note("mention.added", f"mention:{shown['id']}")

    def withdraw(self) -> None:
        """Take a mention of its own back."""
        if not self._mentions:
            return
        mention = self._mentions.pop(self._choose.randrange(len(self._mentions)))
        answer = self._post(f"/v1/mentions/{mention}/withdrawal", {"reason": "Entered twice."})
        assert answer.status_code == 200, (answer.status_code, answer.text)
        self.account.withdrawn.append(mention)
        self.account.note("mention.withdrawn", f"mention:{mention}")

    def claim(self) -> None:
        """Add a claim."""
        mark = self._mark()
        shown = _made(self._post("/v1/claims", {"text": mark, "subject": "a subject", "topics": ["new"]}))
        self.account.note("claim.created", f"claim:{shown['id']}")

    def source(self) -> None:
        """Add a source."""
        shown = _made(self._post("/v1/sources", {"name": self._mark(), "kind": "ngo"}))
        self.account.note("source.created", f"source:{shown['id']}")

    def merge_or_unmerge(self) -> None:
        """Merge one claim of its pair into the other, or take that back."""
        one, other = (f"pair-{self.number}-{side}" for side in "ab")
        what = "unmerge" if self._merged else "merge"
        body = {"reason": "On second thought."} if self._merged else {"into": other, "reason": "The same."}
        answer = self._post(f"/v1/claims/{one}/{what}", body)
        assert answer.status_code == 200, (answer.status_code, answer.text)
        self._merged = not self._merged
        self.account.note(f"claim.{what}d", f"claim:{one}")

    def take_and_release(self) -> None:
        """Take a shared claim, unless somebody else has it, and let it go."""
        claim = self._choose.choice(SHARED)
        answer = self._post(f"/v1/claims/{claim}/assignment", {})
        if answer.status_code == 409 and answer.json()["code"] == "assigned":
            return
        self.account.note("assignment.made", f"assignment:{_made(answer)['id']}")
        assert self._post(f"/v1/claims/{claim}/release").status_code == 200

    def _post(self, path: str, body: Json | None = None) -> requests.Response:
        """Post it, at times twice, which must change nothing."""
        key = secrets.token_hex(8)
        first = self.client.post(path, body, key)
        if first.ok and self._choose.random() < TWICE:
            again = self.client.post(path, body, key)
            assert (again.status_code, again.content) == (first.status_code, first.content), (path, again.text)
            assert again.headers["Idempotency-Replayed"] == "true"
        return first

    def _next(self) -> int:
        self._done += 1
        return self._done

    def _mark(self) -> str:
        return f"Mark {self._next()} of {self.name}."


def _made(answer: requests.Response) -> Json:
    assert answer.status_code == 201, (answer.url, answer.status_code, answer.text[:500])
    shown: Json = answer.json()
    return shown
