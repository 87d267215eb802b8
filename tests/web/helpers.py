"""Helpers of the HTTP tests: walking pages to their end, the seed files as plain data, small stores."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import yaml
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.config import PROJECT
from service.model.entities import (
    Basis,
    Claim,
    ClaimLink,
    Document,
    Locator,
    Mention,
    Reported,
    Source,
    SourceKind,
    Stance,
)
from service.model.records import StoredClaim
from service.operations.seeding.files import Seeds, read_seeds
from service.operations.seeding.load import load_seeds
from service.store import Store
from tests.furnished import KEY, PAIR, VERDICT

Json = dict[str, Any]

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
PROBLEM_MEMBERS = ["type", "title", "status", "code", "detail", "request_id"]
GOOGLE = "/v1alpha1/"
UNIDENTIFIABLE = {"anonymous", "collective"}


def url(path: str, **parameters: object) -> str:
    """``path`` with these query parameters."""
    return f"{path}{'&' if '?' in path else '?'}{urlencode(parameters)}" if parameters else path


def get(client: FlaskClient, path: str, **parameters: object) -> Json:
    """Return the JSON of a GET that must succeed."""
    response = client.get(url(path, **parameters))
    assert response.status_code == 200, (url(path, **parameters), response.get_data(as_text=True))
    body: Json = response.get_json()
    return body


def pages(client: FlaskClient, path: str, **parameters: object) -> Iterator[TestResponse]:
    """Every page of a list, by following ``next``."""
    following: str | None = url(path, **parameters)
    seen: set[str] = set()
    while following is not None:
        assert following not in seen, f"{following} leads back to itself"
        seen.add(following)
        response = client.get(following)
        assert response.status_code == 200, (following, response.get_data(as_text=True))
        yield response
        following = response.get_json()["next"]


def walk(client: FlaskClient, path: str, **parameters: object) -> list[Json]:
    """Every item of a list."""
    parameters.setdefault("limit", 200)
    return [item for page in pages(client, path, **parameters) for item in page.get_json()["data"]]


def ids(items: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the ids of items, in their order."""
    return [item["id"] for item in items]


READY = {
    "status": "ok",
    "recounting": 0,
    "upgrading": [],
    "writable": True,
    "replicas_in_use": 0,
    "replica_lag_seconds": None,
}
"""The answer of ``/readyz`` over one database."""


def assert_problem(response: TestResponse, status: int, code: str | None = None, field: str | None = None) -> Json:
    """Assert the one shape that every error has, and return it; ``field`` is the pointer of a finding to expect."""
    assert response.status_code == status, response.get_data(as_text=True)[:500]
    assert response.content_type == "application/problem+json"
    body: Json = response.get_json()
    assert list(body)[:6] == PROBLEM_MEMBERS
    assert set(body) - set(PROBLEM_MEMBERS) <= {"errors"}
    assert body["type"] == "about:blank"
    assert body["status"] == status
    assert body["title"]
    _assert_message(body["detail"])
    assert body["code"] == body["code"].lower()
    assert body["request_id"] == response.headers["X-Request-ID"] != ""
    assert response.headers["Cache-Control"] == "no-store"
    assert "Traceback" not in response.get_data(as_text=True)
    if code is not None:
        assert body["code"] == code
    for finding in body.get("errors", []):
        assert set(finding) == {"in", "pointer", "detail"}
        assert finding["in"] in ("query", "path", "header", "body")
        _assert_message(finding["detail"])
    if field is not None:
        assert field in [finding["pointer"] for finding in body["errors"]]
    return body


def _assert_message(detail: str) -> None:
    """Assert that this can be shown to a person: a sentence on one line, printable, and not longer than a paragraph."""
    assert detail.isprintable(), detail
    assert re.match(r"[A-Z`'\"/]", detail), detail
    assert detail.endswith((".", "?", "`")), detail
    assert len(detail) <= 600, detail
    assert "cannot be used" not in detail


# The routes.


def routes(app: Flask) -> list[tuple[str, str]]:
    """Return the routes as Flask writes them, each with its method, without the files of the documentation page.

    Nor those of Google's API, which are as Google has them: ``tests.web.google`` walks these; nor pages, which
    ``tests.web.pages`` does.
    """
    return sorted(
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        if not rule.endpoint.startswith(("static", "pages.")) and not rule.rule.startswith(GOOGLE)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    )


def rules(app: Flask) -> list[str]:
    """Return the routes that can be read, except the backup, which PostgreSQL does not have (``test_backup``)."""
    return [rule for rule, method in routes(app) if method == "GET" and rule != "/v1/backup"]


def methods(app: Flask, rule: str) -> set[str]:
    """Return the methods of a rule, with the implied HEAD and OPTIONS, and those of a rule that takes it for an id."""
    own = {
        method
        for other, method in routes(app)
        if other == rule or ("<" not in rule and re.fullmatch(re.sub(r"<\w+>", "[a-z]+", other), rule))
    }
    return own | {"OPTIONS"} | ({"HEAD"} if "GET" in own else set())


def in_openapi(rule: str) -> str:
    """Return a rule as the OpenAPI document writes it."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule)


def example_claim() -> str:
    """Return the id of the seeds' claim with the most mentions."""
    found: str = max(raw_claims().values(), key=lambda raw: (len(raw["mentions"]), raw["id"]))["id"]
    return found


@cache
def _examples() -> dict[str, str]:
    claim = raw_claims()[example_claim()]
    mention = claim["mentions"][0]
    span, chain = mention["locator"], ">".join(mention.get("attribution", []))
    linked = next(raw for raw in raw_claims().values() if raw.get("links"))
    link = linked["links"][0]
    return {
        "<claim_id>": claim["id"],
        "<source_id>": next(iter(raw_sources())),
        "<document_id>": next(iter(raw_documents())),
        "<mention_id>": stated("m", claim["id"], mention["document"], span["start"], span["end"], chain),
        "<link_id>": stated("l", linked["id"], link["type"], link["claim"]),
        "<verdict_id>": VERDICT,
        "<key_id>": KEY,
        "<suggestion_id>": PAIR.id,
        "<int:seq>": "1",
    }


def stated(prefix: str, *parts: object) -> str:
    """Return the id that follows from the content of a mention or link."""
    return f"{prefix}-{sha256('|'.join(map(str, parts)).encode()).hexdigest()[:16]}"


def example_path(rule: str, **examples: str) -> str:
    """Return a path of this route that exists in the seeded store, or with the names and ids that are given."""
    for name, public_id in (_examples() | {f"<{name}>": public_id for name, public_id in examples.items()}).items():
        rule = rule.replace(name, public_id)
    return rule


def needed(rule: str) -> dict[str, str]:
    """Return the parameters that this route requires."""
    return {"from": "1"} if rule.endswith("/consistency") else {}


def example(rule: str, **examples: str) -> str:
    """Return a path that exists, with the parameters that it needs."""
    return url(example_path(rule, **examples), **needed(rule))


def is_list(rule: str) -> bool:
    """Return whether this route answers in pages."""
    return has_cursor(rule) or rule.rsplit("/", 1)[-1] in ("events", "history")


def has_cursor(rule: str) -> bool:
    """Return whether this route answers in pages with a cursor. The log is paged by number."""
    last = rule.rsplit("/", 1)[-1]
    lists = ("claims", "mentions", "conflicts", "sources", "documents", "topics", "verdicts", "queue", "keys")
    return rule.startswith("/v1/") and last in lists


@cache
def committed_document() -> Json:
    """Return the OpenAPI document as committed."""
    text = (PROJECT / "openapi.yaml").read_text(encoding="utf-8")
    document: Json = yaml.load(text, yaml.CSafeLoader)
    return document


@cache
def openapi_document() -> Json:
    """Return the OpenAPI document as committed, with what references name in their place, but for shapes.

    Each operation has its parameters and its security, although the committed one leaves out empty ones and defaults.
    """

    def resolved(node: Any) -> Any:
        if isinstance(node, list):
            return [resolved(part) for part in node]
        if not isinstance(node, dict):
            return node
        kind, _, name = node["$ref"].removeprefix("#/components/").partition("/") if "$ref" in node else ("", "", "")
        named = committed_document()["components"][kind][name] if kind else {}
        if kind and (kind != "schemas" or not {"properties", "allOf"} & set(named)):
            own = {member: part for member, part in node.items() if member != "$ref"}
            return resolved(named) | own
        return {member: resolved(part) for member, part in node.items()}

    document: Json = resolved(committed_document())
    for item in document["paths"].values():
        for method in item.keys() - {"parameters"}:
            item[method] = {"parameters": [], "security": document["security"]} | item[method]
    return document


# The seed files, read without any code of the service.


@cache
def raw_claims() -> dict[str, Json]:
    """Return the claims of the seed files, by id."""
    files = sorted((PROJECT / "seeds" / "claims").glob("*.yaml"))
    return {raw["id"]: raw for path in files for raw in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)}


@cache
def raw_sources() -> dict[str, Json]:
    """Return the sources of the seed files, by id."""
    text = (PROJECT / "seeds" / "sources.yaml").read_text(encoding="utf-8")
    return {raw["id"]: raw for raw in yaml.safe_load(text)}


@cache
def raw_documents() -> dict[str, Json]:
    """Return the documents of the seed files, by id."""
    text = (PROJECT / "seeds" / "documents.yaml").read_text(encoding="utf-8")
    return {raw["id"]: raw for raw in yaml.safe_load(text)}


def lineage(source: str) -> set[str]:
    """Return a source and everything it is part of."""
    parent = raw_sources()[source].get("part_of")
    return {source} | (lineage(parent) if parent else set())


def originals(document: str) -> set[str]:
    """Return a document and everything it is derived from."""
    original = raw_documents()[document].get("derived_from")
    return {document} | (originals(original) if original else set())


def roles(mention: Mapping[str, Any]) -> dict[str, set[str]]:
    """Return the sources behind one mention by role, each with everything it is part of."""
    chain = mention.get("attribution", [])
    named = [source for source in chain if raw_sources()[source]["kind"] not in UNIDENTIFIABLE]
    origins = set(named[-1:])
    publisher = raw_documents()[mention["document"]].get("publisher")
    members = {"origin": origins, "relay": set(chain) - origins, "publisher": {publisher} if publisher else set()}
    return {role: {kin for source in own for kin in lineage(source)} for role, own in members.items()}


@cache
def resting(*names: str) -> dict[str, frozenset[str]]:
    """By claim: the sources that stand behind it in one of these roles (all by default), and what they are part of."""
    wanted = names or ("origin", "relay", "publisher")
    return {
        claim: frozenset(
            kin
            for mention in raw["mentions"]
            for name, kins in roles(mention).items()
            if name in wanted
            for kin in kins
        )
        for claim, raw in raw_claims().items()
    }


def claims_resting_on(source: str, *names: str) -> set[str]:
    """Return the claims that rest on a source or a part of it, in one of these roles (all by default)."""
    return {claim for claim, sources in resting(*names).items() if source in sources}


@cache
def project_seeds() -> Seeds:
    """Return the seed files as the kernel's own types."""
    return read_seeds(PROJECT / "seeds")


# Small stores, written by the service's own loader.


def a_claim(public_id: str, **changes: Any) -> Claim:
    """Return a claim with made-up values."""
    values = {"text": f"Statement of {public_id}.", "subject": "a subject", "topics": ("general",)}
    return Claim(id=public_id, **(values | changes))


def a_source(public_id: str, **changes: Any) -> Source:
    """Return a government without a country."""
    return Source(id=public_id, **({"name": public_id.title(), "kind": SourceKind.GOVERNMENT} | changes))


def a_mention(claim: str, document: str, *chain: str, start: int = 0, **changes: Any) -> Mention:
    """Return a supporting mention; ``start`` tells several of one document apart."""
    values: Json = {"stance": Stance.SUPPORTS, "basis": Basis.EXPLICIT if chain else None}
    if changes.get("stance") is Stance.DIFFERS:
        values["reported"] = Reported(text="Another value.")
    return Mention(
        id=f"m-{claim}-{document}-{start}",
        claim=claim,
        document=document,
        attribution=chain,
        locator=Locator(start, start + 10, "0" * 64),
        **(values | changes),
    )


def seeds_of(
    claims: Sequence[Claim],
    mentions: Sequence[Mention] = (),
    sources: Sequence[Source] = (),
    documents: Sequence[Document] = (),
    links: Sequence[tuple[str, ClaimLink]] = (),
) -> Seeds:
    """Return seeds as if read from files. Documents that only mentions name are made up."""
    named = {mention.document: Document(mention.document) for mention in mentions}
    return Seeds(
        sources={source.id: source for source in sources},
        documents=named | {document.id: document for document in documents},
        claims={claim.id: claim for claim in claims},
        mentions={mention.id: mention for mention in mentions},
        links=list(links),
    )


def load(store: Store, seeds: Seeds, minutes: int = 0) -> None:
    """Bring the store to what ``seeds`` say, some minutes after noon."""
    load_seeds(store, seeds, NOON + dt.timedelta(minutes=minutes))


def stored_claims(store: Store) -> list[StoredClaim]:
    """Every claim as stored, in the order of ids."""
    return store.claims.by_ids(
        [state.claim.id for state in store.claims.claim_states(list(store.claims.all_claim_keys()))]
    )
