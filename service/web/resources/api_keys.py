"""Who may write: API keys, for admins."""

from __future__ import annotations

import datetime as dt
from typing import Any

import orjson
from flask import Response

from service.model.actors import ApiKey
from service.schemas.keys import KeyBody, KeySchema, MadeKeySchema, RotationBody, key_shape
from service.schemas.requests import PageQuery
from service.store import Store
from service.use_cases import api_keys as use_case
from service.web.http import keyset_pages
from service.web.http.auth import Access, identified
from service.web.http.blueprint import Blueprint
from service.web.http.list_pages import page_of
from service.web.http.negotiation import send, written

_LEADS_TO = {"key_id": ("getKey", "rotateKey", "revokeKey")}


def blueprint(store: Store) -> Blueprint:
    """The routes, over ``store``."""
    routes = Blueprint("keys", __name__, description="Who may write: API keys, for admins.")

    @routes.reads("/v1/keys", "listKeys", page_of(KeySchema), query=PageQuery, paged=True, access=Access.ADMIN)
    def list_keys(arguments: dict[str, Any]) -> Response:
        """List API keys

        In the order they were made, those that ended included; never the keys themselves.
        """
        limit: int = arguments["limit"]
        after = keyset_pages.decode(arguments.get("cursor"), "keys", (int,))
        found = use_case.list_keys(store.api_keys, after[0] if after else 0, limit)
        following = keyset_pages.encode("keys", found[limit - 1][0]) if len(found) > limit else None
        return _unstored(keyset_pages.page([_dump(key) for _, key in found[:limit]], following))

    @routes.reads("/v1/keys/<key_id>", "getKey", KeySchema, access=Access.ADMIN)
    def get_key(arguments: dict[str, Any], key_id: str) -> Response:
        """Get one API key

        Whether it is good, or how it ended; never the key itself.
        """
        return _unstored(send(_dump(use_case.get_key(store.api_keys, key_id))))

    @routes.writes(
        "/v1/keys",
        "createKey",
        MadeKeySchema,
        Access.ADMIN,
        body=KeyBody,
        status=201,
        description="The key, shown this once.",
        leads_to=_LEADS_TO,
        shown_once="key",
    )
    def create_key(given: dict[str, Any]) -> Response:
        """Make an API key

        It is in this answer and nowhere else: sent again with the same `Idempotency-Key`, the answer has the key's id
        and `null` in its place. A name has one good key at a time.
        """
        made = use_case.create_key(store, given["name"], given["role"], given["expires_at"], identified().name)
        return _handed_over(*made)

    @routes.writes(
        "/v1/keys/<key_id>/rotation",
        "rotateKey",
        MadeKeySchema,
        Access.ADMIN,
        body=RotationBody,
        status=201,
        description="The new key, shown this once.",
        leads_to=_LEADS_TO,
        shown_once="key",
    )
    def rotate_key(given: dict[str, Any], key_id: str) -> Response:
        """Give the holder of a key another

        Both are good for the grace time. Like one that is made, it is shown once.
        """
        grace = dt.timedelta(hours=given["grace_hours"])
        return _handed_over(*use_case.rotate_key(store, key_id, grace, identified().name))

    @routes.writes("/v1/keys/<key_id>/revocation", "revokeKey", KeySchema, Access.ADMIN)
    def revoke_key(key_id: str) -> Response:
        """End an API key at once

        Any key, your own and the last admin's too: what has leaked must end. The machine that has the database can
        always make another.
        """
        return written(_dump(use_case.revoke_key(store, key_id, identified().name)))

    return routes


def _dump(key: ApiKey) -> bytes:
    return orjson.dumps(_shape(key))


def _shape(key: ApiKey) -> dict[str, Any]:
    return key_shape(key, use_case.ended(key, dt.datetime.now(dt.UTC)))


def _handed_over(key: ApiKey, text: str) -> Response:
    """With a tag that says nothing of the secret: it is kept for when the request comes again."""
    return written(orjson.dumps({**_shape(key), "key": text}), status=201, tag=key.id, location=f"/v1/keys/{key.id}")


def _unstored(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
