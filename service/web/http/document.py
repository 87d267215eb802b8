"""The OpenAPI document as a whole: its head, and its YAML."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any, cast

import orjson
import yaml
from flask import Flask

from claim_verification._version import __version__
from service.web.http.openapi import SECURITY, SECURITY_SCHEME, Api, Plugin
from service.web.http.public_address import path_to

DESCRIPTION = """Claims, the documents that state them, the sources they are attributed to, and the number of
**independent origins** behind each claim. Five articles that repeat one ministry are five mentions and one origin.
Every count is an interval with its reasons, and can be computed as of an earlier day.

| status | meaning |
|---|---|
| `unsupported` | nothing supports the claim |
| `refuted` | nothing supports the claim, and something denies it |
| `contested` | something supports the claim, and something denies it or states another value |
| `unattributed` | something supports the claim, and no origin is named: unknown is not independent |
| `single_origin` | all support comes from one named origin |
| `corroborated` | as many independent origins as the policy's quorum are named, in at least two independent documents |
| `possibly_corroborated` | everything in between |

Reading is open, unless a setting closes it. Writing needs an API key: `Authorization: Bearer KEY`. A POST with an
`Idempotency-Key` is executed once, however often it is sent. A PATCH needs `If-Match`, with the `ETag` of the state
that was changed. A verdict is never edited: a later one supersedes it. `/v1/events` is a tamper-evident log of all
writes.

Errors are `application/problem+json` (RFC 9457): `code` is stable, `detail` is a sentence to show to a person, and
`errors` has each invalid field. Lists are keyset pages: follow `next`. An operation with a `304` has a strong `ETag`;
send it back as `If-None-Match`. Times are RFC 3339 in UTC, such as `2026-03-01T09:30:00Z`.

Every response has `X-Request-ID`, which identifies the request in the log, and `Cache-Control`, the time a cache may
store it for. Where requests are limited it has `RateLimit-Policy` and `RateLimit`, too. Operations list the other
headers, and the errors that only some of them have: `4XX` and `5XX` are those that any operation can have."""

_WIDTH = 240
# In characters of JSON.
_LONGEST_FLOW = 500


def openapi_yaml(app: Flask) -> str:
    """Return the OpenAPI document of ``app``, as committed in ``openapi.yaml``."""
    api: Api = app.extensions["api"]
    return _yaml(api.document())


class ServedDocument:
    """The OpenAPI document of ``app`` as it is served: ``servers`` has the address that the client uses.

    That is ``public_url``, or without one the path of the service on the host that the document is read from.
    """

    def __init__(self, app: Flask, public_url: str) -> None:
        self._app = app
        self._public_url = public_url

    def json(self) -> bytes:
        """Return the document as JSON."""
        return orjson.dumps(self.content | {"servers": self._servers()})

    def yaml(self) -> bytes:
        """Return the document as YAML."""
        before, after = self._around_servers
        return before + _yaml({"servers": self._servers()}).encode() + after

    def _servers(self) -> list[dict[str, str]]:
        return [{"url": self._public_url or path_to("") or "/", "description": "This server."}]

    @cached_property
    def content(self) -> dict[str, Any]:
        """The document, without the address of this server."""
        api: Api = self._app.extensions["api"]
        return api.document()

    @cached_property
    def _around_servers(self) -> tuple[bytes, bytes]:
        """The YAML before and after ``servers``: writing it takes longer than any other answer."""
        names = list(self.content)
        at = names.index("servers")
        before, after = ({name: self.content[name] for name in part} for part in (names[:at], names[at + 1 :]))
        return _yaml(before).encode(), _yaml(after).encode()


def _yaml(value: dict[str, Any]) -> str:
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH)


class _Dumper(yaml.CSafeDumper):
    """A dumper that writes short parts in one flow, so that an operation fits a screen.

    It writes no anchors: equal parts are written twice.
    """

    def ignore_aliases(self, data: object) -> bool:
        return True

    def serialize(self, node: yaml.Node) -> None:
        # The members of the document itself are in blocks, however short.
        cast(yaml.MappingNode, node).flow_style = False
        super().serialize(node)


def _mapping(dumper: yaml.CSafeDumper, part: dict[str, Any]) -> yaml.Node:
    # The members of a shape, the answers of an operation: one a line.
    lines = len(part) > 1 and all(isinstance(each, dict) and list(each) != ["$ref"] for each in part.values())
    flow = not lines and _is_short(part)
    return dumper.represent_mapping("tag:yaml.org,2002:map", part.items(), flow_style=flow)


def _sequence(dumper: yaml.CSafeDumper, part: list[Any]) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", part, flow_style=_is_short(part))


def _is_short(part: object) -> bool:
    return len(json.dumps(part, ensure_ascii=False)) <= _LONGEST_FLOW


_Dumper.add_representer(dict, _mapping)
_Dumper.add_representer(list, _sequence)


def make_api(app: Flask) -> Api:
    """Return the API that the blueprints of ``app`` are registered with."""
    return Api(
        app,
        spec_kwargs={
            "title": "Claim verification",
            "version": __version__,
            "openapi_version": "3.1.0",
            "marshmallow_plugin": Plugin(),
            "info": {
                "description": DESCRIPTION,
                "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
                "contact": {"name": "The maintainers of claim-verification"},
            },
            # The address of a service with the default settings.
            "servers": [{"url": "http://127.0.0.1:8000"}],
            "security": [{}, {SECURITY: []}],
            "components": {"securitySchemes": {SECURITY: SECURITY_SCHEME}},
        },
    )
