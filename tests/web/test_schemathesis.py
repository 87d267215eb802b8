"""Generated requests against the OpenAPI document, with every check that schemathesis has.

There is no stateful phase: the document has no links, and nothing here writes.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import schemathesis
from flask import Flask
from schemathesis.engine import events, from_schema

from service.store import Store

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

CONFIG: dict[str, Any] = {
    # The WSGI transport offers codings that it cannot decode; compression has tests of its own.
    "headers": {"Accept-Encoding": "identity"},
    "generation": {"deterministic": True, "max-examples": 3, "database": "none"},
    "phases": {"stateful": {"enabled": False}},
    "workers": 1,
}


def test_generated_requests_find_no_difference_to_the_openapi_document(seeded_app: Flask, seeded_store: Store) -> None:
    own = seeded_store.database.peewee.connection()
    opened: dict[int, Any] = {}

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        # The engine calls from threads of its own, which would leave their connections open.
        connection = seeded_store.database.peewee.connection()
        opened[id(connection)] = connection
        return list(seeded_app(environ, start_response))

    config = schemathesis.Config.from_dict(CONFIG)
    schema = schemathesis.openapi.from_wsgi("/openapi.yaml", app, config=config)
    failures: list[str] = []
    performed: Counter[str] = Counter()
    operations = set()
    for event in from_schema(schema).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            failures.append(repr(event))
        if isinstance(event, events.ScenarioFinished):
            for checks in event.recorder.checks.values():
                for check in checks:
                    performed[check.name] += 1
                    operations.add(event.label)
                    if check.failure_info is not None:
                        found = check.failure_info
                        failures.append(
                            f"{check.name}: {found.failure.title}: {found.failure.message}\n{found.code_sample}"
                        )
    if seeded_store.database.engine == "postgresql":
        for connection in opened.values():
            if connection is not own:
                connection.close()
    assert failures == []
    assert len(operations) == len(list(schema.get_all_operations())) > 15
    assert performed["response_schema_conformance"] > 200
    assert {"not_a_server_error", "negative_data_rejection", "positive_data_acceptance"} <= set(performed)
