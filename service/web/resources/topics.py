"""Route of topics."""

from __future__ import annotations

from typing import Any

from flask import Response

from service.schemas.requests import PageQuery
from service.schemas.sources_and_documents import TopicSchema
from service.store import Store
from service.use_cases import catalogue as use_case
from service.web.http.blueprint import Blueprint
from service.web.http.list_pages import page_of
from service.web.http.pages_by_id import after_id, page_by_id
from service.web.http.recounting import announced

_TOPIC = TopicSchema()


def blueprint(store: Store) -> Blueprint:
    """Return the route of topics, over ``store``."""
    routes = Blueprint("topics", __name__, description="Topics of claims.")

    @routes.reads(
        "/v1/topics", "listTopics", page_of(TopicSchema), query=PageQuery, paged=True, derived=True, kept=True
    )
    def list_topics(arguments: dict[str, Any]) -> Response:
        """List topics

        Each with the number of its claims. Ordered by id.
        """
        limit: int = arguments["limit"]
        found = use_case.list_topics(store.catalogue, after_id(arguments, "topics"), limit)
        rows = [(topic, {"id": topic, "claims": claims}) for topic, claims in found]
        return announced(page_by_id(rows, _TOPIC, limit, "topics"), store.recounts.claims_left())

    return routes
