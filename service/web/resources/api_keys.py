"""Routes of API keys, for admins."""

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


def blueprint(store: Store) -> Blueprint:
    """Return the routes of API keys, over ``store``."""
    routes = Blueprint("keys", __name__, description="API keys, which allow to write. For admins.")

    @routes.reads("/v1/keys", "listKeys", page_of(KeySchema), query=PageQuery, paged=True, access=Access.ADMIN)
    def list_keys(arguments: dict[str, Any]) -> Response:
        """List API keys

        In the order of their creation, including expired and revoked keys. The secrets are never shown.
        """
        limit: int = arguments["limit"]
        after = keyset_pages.decode(arguments.get("cursor"), "keys", (int,))
        found = use_case.list_keys(store.api_keys, after[0] if after else 0, limit)
        following = keyset_pages.encode("keys", found[limit - 1][0]) if len(found) > limit else None
        return _unstored(keyset_pages.page([_dump(key) for _, key in found[:limit]], following))

    @routes.reads("/v1/keys/<key_id>", "getKey", KeySchema, access=Access.ADMIN)
    def get_key(arguments: dict[str, Any], key_id: str) -> Response:
        """Get an API key

        Its holder, role and state. The secret is never shown.
        """
        return _unstored(send(_dump(use_case.get_key(store.api_keys, key_id))))

    @routes.writes(
        "/v1/keys",
        "createKey",
        MadeKeySchema,
        Access.ADMIN,
        body=KeyBody,
        status=201,
        description="The key, with its secret.",
        shown_once="key",
    )
    def create_key(given: dict[str, Any]) -> Response:
        """Create an API key

        The secret is in `key` of this answer and nowhere else: a request repeated with the same `Idempotency-Key` gets
        `null` there. A name can have only one valid key at a time.
        """
        made = use_case.create_key(store, given["name"], given["role"], given["expires_at"], identified().name)
        return _with_secret(*made)

    @routes.writes(
        "/v1/keys/<key_id>/rotation",
        "rotateKey",
        MadeKeySchema,
        Access.ADMIN,
        body=RotationBody,
        status=201,
        description="The new key, with its secret.",
        shown_once="key",
    )
    def rotate_key(given: dict[str, Any], key_id: str) -> Response:
        """Rotate an API key

        Creates a new key for the same holder and role. The old key stays valid for `grace_hours`. The new secret is
        shown once, as by `createKey`.
        """
        grace = dt.timedelta(hours=given["grace_hours"])
        return _with_secret(*use_case.rotate_key(store, key_id, grace, identified().name))

    @routes.writes("/v1/keys/<key_id>/revocation", "revokeKey", KeySchema, Access.ADMIN)
    def revoke_key(key_id: str) -> Response:
        """Revoke an API key

        Ends any key at once, even your own or the last one of an admin, because a leaked key must be ended. `claims
        keys create`, on the machine with the database, makes a new one.
        """
        return written(_dump(use_case.revoke_key(store, key_id, identified().name)))

    return routes


def _dump(key: ApiKey) -> bytes:
    return orjson.dumps(_shape(key))


def _shape(key: ApiKey) -> dict[str, Any]:
    return key_shape(key, use_case.ended(key, dt.datetime.now(dt.UTC)))


def _with_secret(key: ApiKey, text: str) -> Response:
    """Answer a new key. The tag does not depend on the secret, because it is stored to answer repeated requests."""
    return written(orjson.dumps({**_shape(key), "key": text}), status=201, tag=key.id, location=f"/v1/keys/{key.id}")


def _unstored(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
