"""The requests that are measured, each with the reference that it is compared with."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

REQUESTS = 400
"""The number of distinct requests of a line that only reads."""
WRITES = 4000
"""The number of requests of a line that writes, for one measurement: each is sent at most once."""


class Server(StrEnum):
    """The servers that answer."""

    OURS = "ours"
    REFERENCE = "constant route"
    DATASETTE = "Datasette"
    SMALL = "10,000 claims"


@dataclass(frozen=True, slots=True)
class Request:
    """One request; ``tag`` is its If-None-Match."""

    path: str
    method: str = "GET"
    tag: str | None = None
    body: object = None

    def line(self) -> str:
        """Return the request as a line for ``requests.lua``."""
        body = "-" if self.body is None else json.dumps(self.body)
        return f"{self.method}\t{self.path}\t{self.tag or '-'}\t{body}\n"


@dataclass(frozen=True, slots=True)
class Store:
    """The store that is measured.

    ``tag_of`` returns the current ETag of a path of the service, ``next_of`` the path of the page that follows a page.
    """

    claims: int
    name: str
    tag_of: Callable[[str], str]
    next_of: Callable[[str], str | None]
    numbers: Iterator[int] = field(default_factory=itertools.count)
    """Numbers that no request of this run has used."""


Requests = Callable[[Store], list[Request]]


@dataclass(frozen=True, slots=True)
class Line:
    """A measured line: requests to the service, and to a reference; ``goal`` is the least ratio to reach."""

    name: str
    ours: Requests
    reference: Requests
    server: Server = Server.REFERENCE
    goal: float | None = None
    status: int = 200
    connections: int = 16
    grows: bool = False
    """The line is measured at another size of the store too."""
    against: str = ""
    """The name of the reference, if it is not the server's."""


def _always(*paths: str) -> Requests:
    return lambda store: [Request(path.format(db=store.name)) for path in paths]


CONSTANT = _always("/constant")


def _written(store: Store) -> list[Request]:
    return [Request("/write", "POST", body={})]


def _nothing(store: Store) -> list[Request]:
    return [Request("/nothing", "POST", body={})]


def _some(store: Store, number: int = REQUESTS) -> list[int]:
    return random.Random(7).sample(range(store.claims), min(number, store.claims))  # noqa: S311 - made-up load


def _claims(path: str) -> Requests:
    return lambda store: [Request(path.format(n=n, key=n + 1, db=store.name)) for n in _some(store)]


def _unchanged(store: Store) -> list[Request]:
    paths = [f"/v1/claims/claim-{n}" for n in _some(store, 50)]
    return [Request(path, tag=store.tag_of(path)) for path in paths]


def _pages(path: str) -> Requests:
    """Return the pages of a list, so many that their answers are not kept until each is asked for again."""

    def pages(store: Store) -> list[Request]:
        found = [path]
        while len(found) < REQUESTS and (following := store.next_of(found[-1])) is not None:
            found.append(following)
        return [Request(page) for page in found]

    return pages


def _fresh(store: Store) -> Iterator[tuple[int, int]]:
    """Yield so many numbers that no request has used, each with that of a claim."""
    for number in itertools.islice(store.numbers, WRITES):
        yield number, number * 7919 % store.claims


def _verdicts(store: Store) -> list[Request]:
    return [
        Request(f"/v1/claims/claim-{claim}/verdicts", "POST", body={"claim_version": 1, "rating": "refuted"})
        for _, claim in _fresh(store)
    ]


def _mentions(store: Store) -> list[Request]:
    documents = max(20, store.claims // 10)
    return [
        Request(
            f"/v1/claims/claim-{claim}/mentions",
            "POST",
            body={
                "document": f"document-{number * 31 % documents}",
                "stance": "supports",
                "locator": {"start": number % 4900, "end": number % 4900 + 50, "sha256": f"{number:064x}"},
            },
        )
        for number, claim in _fresh(store)
    ]


def _new_claims(store: Store) -> list[Request]:
    return [
        Request(
            "/v1/claims",
            "POST",
            body={
                "text": f"Ship {number} with n{number % 97} containers left port p{number % 89} in May 2025.",
                "subject": f"ship {number}",
                "topics": ["shipping"],
            },
        )
        for number, _ in _fresh(store)
    ]


def _texts(store: Store) -> list[Request]:
    ends = "The agency said on Monday that it had been told so by people who had seen the reports of that week"
    return [
        Request("/v1/match", "POST", body={"texts": [f"Some {n} workers were sent to region {n % 89} in 2025. {ends}"]})
        for n in _some(store, 100)
    ]


def _searches(word: Callable[[int], str]) -> tuple[Requests, Requests]:
    def ours(store: Store) -> list[Request]:
        return [Request(f"/v1/claims?limit=50&q={word(n)}") for n in _some(store)]

    def datasette(store: Store) -> list[Request]:
        sql = (
            "select+c.json+from+search_index+s+join+claims+c+on+c.id+=+s.rowid+"
            "where+search_index+match+:q+order+by+rank+limit+50"
        )
        return [Request(f"/{store.name}.json?_shape=array&sql={sql}&q=%22{word(n)}%22") for n in _some(store)]

    return ours, datasette


_FILTERS: Sequence[tuple[str, str]] = (
    ("topic", "topic=topic-7"),
    ("source", "source=source-3"),
    ("publisher's document", "document=document-11"),
    ("status", "status=contested"),
    ("stance", "stance=refutes"),
    ("min_origins", "min_origins=2"),
    ("rating", "rating=refuted"),
    ("updated_since", "updated_since=2026-01-01T00:00:05Z"),
    ("topic and status", "topic=topic-7&status=contested"),
)
_DATASETTE_LIST = _always("/{db}/claims.json?_shape=array&_size=50&_sort_desc=id&_col=json")

_WRITE, _SQL = "bare INSERT and UPDATE", "bare SQLite"

LINES: Sequence[Line] = (
    Line("one claim", _claims("/v1/claims/claim-{n}"), CONSTANT, goal=0.75, grows=True),
    Line("one claim", _claims("/v1/claims/claim-{n}"), _claims("/claims/claim-{n}"), against=_SQL),
    Line("one claim, 304", _unchanged, CONSTANT, goal=0.75, status=304),
    Line("one claim, by primary key", _claims("/v1/claims/claim-{n}"),
         _claims("/{db}/claims/{key}.json?_shape=array"), Server.DATASETTE, goal=6),
    Line("list of 50", _always("/v1/claims?limit=50"), CONSTANT, goal=0.6, grows=True),
    Line("list of 50", _always("/v1/claims?limit=50"), _DATASETTE_LIST, Server.DATASETTE, goal=10),
    Line("list of 50", _always("/v1/claims?limit=50"), _always("/claims"), against=_SQL),
    *(
        Line(f"list of 50 by {sort}", _always(f"/v1/claims?limit=50&sort={sort}"), CONSTANT, goal=0.6, grows=True)
        for sort in ("origins", "named", "mentions")
    ),
    *(
        Line(f"list of 50, {name}", _always(f"/v1/claims?limit=50&{query}"), CONSTANT, goal=0.6, grows=True)
        for name, query in _FILTERS
    ),
    Line("list of 50, topic by origins", _always("/v1/claims?limit=50&topic=topic-7&sort=origins"), CONSTANT,
         goal=0.6, grows=True),
    Line("list of 50, many pages", _pages("/v1/claims?limit=50"), CONSTANT, goal=0.6),
    Line("list of 50, topic, many pages", _pages("/v1/claims?limit=50&topic=topic-7"), CONSTANT, goal=0.6),
    Line("conflicts of 50", _always("/v1/conflicts?limit=50"), CONSTANT, goal=0.5, grows=True),
    Line("verdicts of 50", _always("/v1/verdicts?limit=50"), CONSTANT, goal=0.5, grows=True),
    Line("verdicts of 50, superseded", _always("/v1/verdicts?limit=50&current=false"), CONSTANT, goal=0.5, grows=True),
    Line("sources of 50", _always("/v1/sources?limit=50"), CONSTANT, goal=0.5, grows=True),
    Line("corroboration of a claim", _claims("/v1/claims/claim-{n}/corroboration"), CONSTANT, goal=0.5, grows=True),
    *(
        Line(f"search, {name}", *_searches(word), Server.DATASETTE, goal=goal, grows=True)
        for name, word, goal in (
            ("a rare word", lambda n: f"w{19_000 + n % 1000}", 1.5),
            ("a middling word", lambda n: f"w{50 + n % 50}", 1.5),
            ("a common word", lambda n: "workers", 1.5),
        )
    ),
    Line("match of 30 words", _texts, _always("/constant"), grows=True),
    Line("a verdict", _verdicts, _written, goal=0.3, status=201, against=_WRITE),
    Line("a verdict", _verdicts, _nothing, status=201, against="a POST that does nothing"),
    Line("a mention", _mentions, _written, goal=0.3, status=201, against=_WRITE),
    Line("a new claim", _new_claims, _written, goal=0.3, status=201, against=_WRITE),
    Line("bulk counts, NDJSON", _always("/v1/corroboration?format=ndjson"), _always("/bulk"), goal=0.6, connections=1,
         against="rows of a bare cursor"),
)  # fmt: skip
