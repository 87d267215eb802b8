"""The route of the caller's own work."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response

from service.schemas.own_work import OwnWorkSchema
from service.store import Store
from service.use_cases.own_work import get_own_work
from service.web.http.auth import Access, identified
from service.web.http.blueprint import Blueprint
from service.web.http.negotiation import send

_OWN_WORK = OwnWorkSchema()


def blueprint(store: Store) -> Blueprint:
    """Return the route, over ``store``."""
    routes = Blueprint("me", __name__, description="The holder of the API key, and what waits for them.")

    @routes.reads("/v1/me", "getOwnWork", OwnWorkSchema, access=Access.CHECKER)
    def get_me(arguments: dict[str, Any]) -> Response:
        """Get your name, role and work

        The holder of the key that the request has: drafts, reviews of drafts that were asked for and not given yet,
        claims that are assigned, and claims that a colleague offers. At most 200 of each:
        `GET /v1/verdicts?state=draft` and `GET /v1/queue?need=review` list the rest.
        """
        return send(orjson.dumps(_OWN_WORK.dump(get_own_work(store, identified()))))

    return routes
