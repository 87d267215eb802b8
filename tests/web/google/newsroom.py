"""A store with reviews by three publishers and a verdict of our own, and Google's client library for a service."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httplib2  # type: ignore[import-untyped]
from google.oauth2.credentials import Credentials
from google_auth_httplib2 import AuthorizedHttp  # type: ignore[import-untyped]
from googleapiclient.discovery import build

from service.eventlog.events import EventType
from service.model.actors import COMMAND_LINE, KeyRole
from service.model.entities import Basis, Claim, Document, Mention, Source, SourceKind, Stance
from service.model.verdicts import PublishedReview, Rating, Verdict, VerdictState
from service.store import Store
from service.use_cases.api_keys import create_key
from service.use_cases.event_payloads import (
    record_claim,
    record_document,
    record_mention,
    record_source,
    record_verdict,
)
from service.use_cases.unit_of_work import UnitOfWork, unit_of_work
from tests.processes import Service, running_service

Json = dict[str, Any]

# Long enough ago that no test depends on the day it runs on.
NOON = dt.datetime(2024, 10, 21, 12, tzinfo=dt.UTC)
FACTS, FATOS, OLD = "facts", "fatos", "old-checks"
PUBLISHERS = {
    FACTS: Source(FACTS, "Facts of Oldport", SourceKind.OUTLET, url="https://www.facts.example/"),
    FATOS: Source(FATOS, "Fatos de Portovelho", SourceKind.OUTLET, url="https://fatos.example"),
    OLD: Source(OLD, "Old Checks", SourceKind.OUTLET, url="https://old.example"),
}
HEADLINE = "Twelve foreign ships have secretly arrived in Oldport harbour, mayor claims"
# Days of October 2024 on which reviews of the fees were published, two of them on the same one.
FEES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 22]


def fill(store: Store) -> dict[KeyRole, str]:
    """Write all of it, and make a key of each role; the keys."""
    mayor = Source("mayor", "Mayor of Oldport", SourceKind.OFFICIAL)
    with unit_of_work(store, COMMAND_LINE, NOON) as write:
        sources = [*PUBLISHERS.values(), mayor]
        store.evidence_writes.insert_sources(sources, write.now_us)
        for source in sources:
            record_source(write, EventType.SOURCE_CREATED, source)
        _claim(write, "ships", "Twelve foreign ships came to the harbour of Oldport in secret.")
        _stated(write, "ships", "mayor", dt.date(2024, 10, 18))
        _review(write, "ships", FACTS, "2024-10-20", Rating.REFUTED, "False", title="No ships came", language="en")
        _review(write, "ships", FATOS, "2024-10-21T09:30:00Z", Rating.REFUTED, "Falso", language="pt-BR")
        for number, day in enumerate(FEES):
            claim = f"fee-{number:02}"
            _claim(write, claim, f"The fee for berth {number:02} was doubled.")
            _review(write, claim, FACTS, f"2024-10-{day:02}", Rating.SUPPORTED, "True", language="en-GB")
        _review(write, "fee-00", FACTS, "2024-11-01", Rating.REFUTED, "Not true any more", language="en")
        _review(write, "fee-01", OLD, "2019-05-05", Rating.UNMAPPED, "Uh", language="en")
        _claim(write, "gulls", "Nobody has ever seen so many gulls.")
        _own(write, "gulls", Rating.NOT_ENOUGH_EVIDENCE)
        _claim(write, "rain", "It rained on twelve foreign ships in Oldport all day.")
        return {role: create_key(store, f"A {role}", role, None, COMMAND_LINE)[1] for role in KeyRole}


def _touch(write: UnitOfWork, claim: str) -> None:
    write.touch(stored.key for stored in write.store.claims.by_ids([claim]))


def _claim(write: UnitOfWork, claim_id: str, text: str) -> None:
    claim = Claim(claim_id, text, "Oldport", topics=("harbour",))
    write.store.evidence_writes.insert_claims([claim], write.now_us)
    record_claim(write, EventType.CLAIM_CREATED, claim)
    _touch(write, claim_id)


def _stated(write: UnitOfWork, claim: str, source: str, day: dt.date) -> None:
    document = Document(f"doc-{claim}", published_earliest=day, published_latest=day, first_seen=write.today)
    write.store.evidence_writes.insert_documents([document], write.now_us)
    record_document(write, EventType.DOCUMENT_CREATED, document)
    mention = Mention(f"m-{claim}", claim, document.id, Stance.SUPPORTS, (source,), Basis.EXPLICIT)
    write.store.evidence_writes.insert_mentions([mention], seeded=False)
    record_mention(write, EventType.MENTION_ADDED, mention)


def _review(
    write: UnitOfWork,
    claim: str,
    publisher: str,
    day: str,
    rating: Rating,
    wording: str,
    title: str | None = None,
    language: str | None = None,
) -> None:
    by = PUBLISHERS[publisher]
    url = f"{(by.url or '').rstrip('/')}/{claim}/{day[:10]}"
    verdict = _verdict(write, claim, by.name, rating, f"v-{publisher}-{claim}-{day[:10]}")
    stated: Json = {"textual_rating": wording, "url": url, "language": language, "title": title, "reviewed_at": day}
    _publish(write, replace(verdict, review=PublishedReview(publisher), **stated))


def _own(write: UnitOfWork, claim: str, rating: Rating) -> None:
    _publish(write, _verdict(write, claim, "Jane Doe", rating, f"v-own-{claim}"))


def _verdict(write: UnitOfWork, claim: str, checker: str, rating: Rating, id: str) -> Verdict:
    return Verdict(id, claim, 1, checker, write.now, VerdictState.PUBLISHED, write.now, rating)


def _publish(write: UnitOfWork, verdict: Verdict) -> None:
    write.store.verdicts.insert_verdict(verdict)
    record_verdict(write, EventType.VERDICT_PUBLISHED, verdict)
    _touch(write, verdict.claim)


@contextmanager
def serving(url: str, folder: Path, **environment: str) -> Iterator[Service]:
    """Yield a service over that database."""
    settings = {"DATABASE_URL": url, "SEED_ON_START": "false", "WEB_CONCURRENCY": "1", "LOG_LEVEL": "INFO"}
    with running_service(folder, settings | environment) as service:
        yield service


def library(address: str, developer_key: str | None = "AIzaAnyKey", bearer: str | None = None) -> Any:
    """Google's client library as published, given another address; with one of our keys as its token."""
    # A connection of its own: it keeps them by address for the whole process otherwise.
    http: Any = httplib2.Http(timeout=30)
    if bearer is not None:
        http, developer_key = AuthorizedHttp(Credentials(token=bearer), http=http), None  # type: ignore[no-untyped-call]
    return build(
        "factchecktools",
        "v1alpha1",
        static_discovery=True,
        client_options={"api_endpoint": address},
        developerKey=developer_key,
        http=http,
    )
