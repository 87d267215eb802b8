"""A random walk: people of every role do what they may and what they may not, in any order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, TypeVar

from werkzeug.test import TestResponse

from service.model.entities import Stance
from tests.use_cases.desk import Desk
from tests.web.helpers import Json

T = TypeVar("T")

# Nobody outside may ever read this of a draft, a review or an assignment.
SECRET = "confidential"
WRITERS = ("Ann", "Ed", "Jane", "John", None)
REFUSALS = (308, 401, 403, 404, 409, 410, 412, 422)
OF_EDITORS = ("claim", "source", "document", "mention", "link", "edit", "merge", "unmerge", "withdraw")


class Walk:
    """Writes at random, and remembers what there is to write about. ``done`` counts what was done, by kind."""

    def __init__(self, desk: Desk, random: Random) -> None:
        self._desk = desk
        self._random = random
        self._ids: dict[str, list[str]] = {
            kind: ["nothing"] for kind in ("claim", "source", "document", "mention", "link", "verdict")
        }
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        # By verdict, what its draft says and nobody may read until it is out.
        self.secrets: dict[str, str] = {}
        self._steps: dict[str, tuple[int, Callable[[], tuple[str, str, Any]]]] = {
            "claim": (2, self._claim),
            "source": (2, self._source),
            "document": (2, self._document),
            "mention": (9, self._mention),
            "link": (3, self._link),
            "edit": (6, self._edit),
            "verdict": (9, self._verdict),
            "review": (5, self._review),
            "publish": (5, self._publish),
            "give up": (1, self._give_up),
            "assign": (3, self._assign),
            "release": (1, self._release),
            "offer": (3, self._offer),
            "answer an offer": (3, self._answer),
            "merge": (4, self._merge),
            "unmerge": (4, self._unmerge),
            "withdraw": (4, self._withdraw),
        }

    def begin(self) -> None:
        """Something to write about."""
        for number in range(4):
            for kind, said in (
                ("source", {"id": f"source-{number}", "name": f"S {number}", "kind": "government"}),
                ("document", {"id": f"document-{number}", "publisher": f"source-{number}"}),
                ("claim", {"id": f"claim-{number}", "text": f"C {number}", "subject": "s", "topics": ["general"]}),
            ):
                self._desk.post(f"/v1/{kind}s", "Ed", said)
                self._ids[kind].append(str(said["id"]))

    def step(self) -> None:
        """One request of somebody's. Raises ``AssertionError`` when it is answered as it must not be."""
        kinds = list(self._steps)
        [kind] = self._random.choices(kinds, [self._steps[name][0] for name in kinds])
        path, method, body = self._steps[kind][1]()
        # Mostly those who may, or else hardly anything would ever happen.
        likely = ("Ed", "Ann") if kind in OF_EDITORS else ("Ann", "Jane", "Jane", "John")
        who = self._pick(likely if self._random.random() < 0.9 else WRITERS)
        headers = {"If-Match": self._pick(["*", "*", "*", '"old"'])} if method == "PATCH" else {}
        response = self._desk.call(method, path, who, body, headers)
        told = f"{who} {method} {path} {body}: {response.status_code} {response.get_data(as_text=True)}"
        if response.status_code in (200, 201):
            assert who is not None, told
            assert kind not in OF_EDITORS or who in ("Ed", "Ann"), told
            self.done[kind] += 1
            self._remember(kind, response, body)
            if kind in ("verdict", "publish"):
                self._check_only(response.get_json())
        else:
            assert response.status_code in REFUSALS, told
            assert who is not None or response.status_code == 401, told
            self.refused[f"{kind} {response.status_code}"] += 1

    def _remember(self, kind: str, response: TestResponse, body: Json) -> None:
        answer = response.get_json()
        if kind in self._ids and response.status_code == 201:
            self._ids[kind].append(answer["id"])
        if kind == "verdict" and answer["state"] == "draft":
            self.secrets[answer["id"]] = body["rationale"]
        if kind == "publish":
            self.secrets.pop(answer["id"], None)

    def _check_only(self, verdict: Json) -> None:
        """Assert that a new verdict that supersedes none is the only current one of its checker on the claim."""
        if verdict["state"] == "published" and verdict["rating"] and verdict["supersedes"] is None:
            claim = self._claim_of(verdict["id"])
            current = self._desk.judgement(claim)["current"]
            assert [each["id"] for each in current if each["checker"] == verdict["checker"]] == [verdict["id"]]

    def _pick(self, among: Sequence[T]) -> T:
        return self._random.choice(among)

    def _some(self, kind: str) -> str:
        """Return the id of something that may be there, may have been merged or withdrawn, or was never there."""
        known = self._ids[kind]
        return self._pick(known[1:] if len(known) > 1 and self._random.random() < 0.97 else known)

    def _claim(self) -> tuple[str, str, Any]:
        said: Json = {"text": f"Another {self._random.randrange(9)}.", "subject": "s"}
        distinct = self._pick([{}, {"distinct_from": [self._some("claim")]}])
        return "/v1/claims", "POST", said | distinct | {"topics": [self._pick(["general", "rare"])]}

    def _source(self) -> tuple[str, str, Any]:
        whole = self._pick([None, self._some("source")])
        return "/v1/sources", "POST", {"name": f"N {len(self._ids['source'])}", "kind": self._kind(), "part_of": whole}

    def _document(self) -> tuple[str, str, Any]:
        original, publisher = self._pick([None, self._some("document")]), self._pick([None, self._some("source")])
        return "/v1/documents", "POST", {"derived_from": original, "publisher": publisher}

    def _mention(self) -> tuple[str, str, Any]:
        chain = [self._some("source") for _ in range(self._pick([0, 1, 1, 2]))]
        said: Json = {"document": self._some("document"), "attribution": chain, "basis": "explicit" if chain else None}
        said["stance"] = self._pick(["supports", "supports", *map(str, Stance)])
        said["reported"] = {"text": "Another value."} if said["stance"] == "differs" else None
        return f"/v1/claims/{self._some('claim')}/mentions", "POST", said

    def _link(self) -> tuple[str, str, Any]:
        kind = self._pick(["contradicts", "refines", "part_of", "distinct_from"])
        return f"/v1/claims/{self._some('claim')}/links", "POST", {"type": kind, "claim": self._some("claim")}

    def _edit(self) -> tuple[str, str, Any]:
        changes: dict[str, list[Json]] = {
            "claim": [
                {"place": self._pick(["A", "B", None])},
                {"note": self._pick(["A", "B", None])},
                {"topics": self._pick([["general"], ["rare", "general"], []])},
                {"quantity": self._pick([None, {"low": 1, "high": 2, "unit": "x"}])},
            ],
            "source": [
                {"part_of": self._pick([None, self._some("source")])},
                {"kind": self._kind()},
                {"id": "other"},
            ],
            "document": [
                {"derived_from": self._pick([None, self._some("document")])},
                {"publisher": self._pick([None, self._some("source")])},
                {"url": self._pick([None, "https://example.org/1", "http://www.example.org/1/#top"])},
                {"published_latest": self._pick([None, "2026-01-01"])},
            ],
        }
        kind = self._pick(list(changes))
        return f"/v1/{kind}s/{self._some(kind)}", "PATCH", self._pick(changes[kind])

    def _verdict(self) -> tuple[str, str, Any]:
        draft, rating = self._random.random() < 0.5, self._pick(["supported", "refuted", "refuted", None])
        said: Json = {"claim_version": self._pick([1, 1, 1, 1, 1, 2, 99]), "draft": draft}
        said |= {"rating": rating} if rating else {"retraction": True}
        said["rationale"] = f"{SECRET if draft else 'open'}-{self._random.getrandbits(60)}"
        said["reviewers"] = [self._pick(["Jane", "John"])] if draft and self._random.random() < 0.5 else []
        claim = self._some("claim")
        if rating is None or self._random.random() < 0.3:
            said |= {"supersedes": self._some("verdict"), "reason": f"Because {SECRET if draft else 'open'}."}
            claim = self._claim_of(said["supersedes"]) if self._random.random() < 0.8 else claim
        return f"/v1/claims/{claim}/verdicts", "POST", said

    def _claim_of(self, verdict: str) -> str:
        """Return the claim that stands for the one a verdict is on."""
        response = self._desk.call("GET", f"/v1/verdicts/{verdict}", "Ann")
        claim: str = response.get_json()["claim"] if response.status_code == 200 else self._some("claim")
        response = self._desk.call("GET", f"/v1/claims/{claim}")
        return str(response.get_json()["merged_into"]) if response.status_code == 308 else claim

    def _review(self) -> tuple[str, str, Any]:
        said = {"decision": self._pick(["approve", "request_changes"]), "note": f"A {SECRET} note."}
        return f"/v1/verdicts/{self._some('verdict')}/reviews", "POST", said

    def _publish(self) -> tuple[str, str, Any]:
        said = self._pick([None, {"despite_request": True}])
        return f"/v1/verdicts/{self._some('verdict')}/publication", "POST", said

    def _give_up(self) -> tuple[str, str, Any]:
        return f"/v1/verdicts/{self._some('verdict')}/withdrawal", "POST", {"reason": f"A {SECRET} reason."}

    def _assign(self) -> tuple[str, str, Any]:
        said = {"checker": self._pick([None, "Jane", "John", "Nobody"]), "note": f"A {SECRET} tip."}
        return f"/v1/claims/{self._some('claim')}/assignment", "POST", said

    def _offer(self) -> tuple[str, str, Any]:
        said = {"checker": self._pick(["Jane", "John", "Ann"])}
        return f"/v1/claims/{self._some('claim')}/assignment/offer", "POST", said

    def _answer(self) -> tuple[str, str, Any]:
        answer = self._pick(["acceptance", "acceptance", "refusal"])
        return f"/v1/claims/{self._some('claim')}/assignment/{answer}", "POST", None

    def _release(self) -> tuple[str, str, Any]:
        return f"/v1/claims/{self._some('claim')}/release", "POST", None

    def _merge(self) -> tuple[str, str, Any]:
        kind = self._pick(["claim", "claim", "source", "document"])
        return f"/v1/{kind}s/{self._some(kind)}/merge", "POST", {"into": self._some(kind), "reason": "The same."}

    def _unmerge(self) -> tuple[str, str, Any]:
        kind = self._pick(["claim", "claim", "source", "document"])
        return f"/v1/{kind}s/{self._some(kind)}/unmerge", "POST", {"reason": "Not the same."}

    def _withdraw(self) -> tuple[str, str, Any]:
        kind = self._pick(["mention", "link"])
        return f"/v1/{kind}s/{self._some(kind)}/withdrawal", "POST", {"reason": "A mistake."}

    def _kind(self) -> str:
        return self._pick(["government", "outlet", "anonymous", "collective"])
