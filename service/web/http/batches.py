"""Batches: many items in one request, each a write of its own with a result of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import marshmallow as ma
import orjson
from flask import Response, current_app
from marshmallow import fields

from service.model.errors import RequestReused, StoreFailure
from service.schemas.fields import Shape, count, identifier, many, nested, string
from service.store import Store
from service.use_cases.idempotency import ItemAnswers
from service.use_cases.unit_of_work import transaction
from service.web.http.findings import findings_of
from service.web.http.idempotency import item_answers
from service.web.http.negotiation import written
from service.web.http.problems import ProblemSchema, invalid
from service.web.http.rate_limits import count_items

Created = tuple[str, str]
"""The id of what an item has created, and its path."""


class ItemResultSchema(Shape):
    """The result of one item: that of a request with it alone."""

    status = fields.Integer(
        required=True, metadata={"description": "The HTTP status: 201 if it was created.", "examples": [201]}
    )
    id = identifier("The id of what was created.", "nk-15000-workers-in-russia", required=True, allow_none=True)
    location = string("Its path.", "/v1/claims/nk-15000-workers-in-russia", required=True, allow_none=True)
    problem = nested(
        ProblemSchema, "The reason why nothing was created; pointers are into the item.", required=True, allow_none=True
    )


class BatchSchema(Shape):
    """The results of a batch."""

    created = count("Items that were created.", 998)
    refused = count("Items that were refused.", 2)
    results = many(ItemResultSchema, "One result an item, in the order of the items.", required=True)


def run_batch(store: Store, items: Sequence[Any], shape: ma.Schema, create: Callable[[Any], Created]) -> Response:
    """Create what each item says, in a transaction of its own, and answer with the results.

    ``create`` gets what ``shape`` loads from an item. An item that is refused changes nothing and stops nothing. Raises
    ``StoreFailure``, with the number of items before, ``RequestReused`` and ``TooManyRequests``.
    """
    count_items(len(items))
    batch = _Batch(store, shape, create, item_answers(store))
    results: list[str] = []
    try:
        for number, item in enumerate(items):
            results.append(batch.result(number, item))
    except StoreFailure as error:
        error.before = len(results)
        raise
    succeeded = sum(result.startswith(_CREATED) for result in results)
    head = f'{{"created":{succeeded},"refused":{len(results) - succeeded},"results":['
    return written((head + ",".join(results) + "]}").encode())


@dataclass(frozen=True, slots=True)
class _Batch:
    """The items of a request: the schema that each has, what makes it, and the answers kept for them, if any are."""

    store: Store
    shape: ma.Schema
    create: Callable[[Any], Created]
    answers: ItemAnswers | None

    def result(self, number: int, item: Any) -> str:
        """Return the result of an item: that of the first time, if the request has come before."""
        try:
            loaded = self.shape.load(item)
            return self._once(number, lambda: _result(201, *self.create(loaded)))
        except (StoreFailure, RequestReused):
            raise
        except Exception as error:
            refusal = _refusal(error, self.shape)
            return refusal if self.answers is None else self.answers.once(number, lambda: refusal)

    def _once(self, number: int, act: Callable[[], str]) -> str:
        if self.answers is not None:
            return self.answers.once(number, act)
        with transaction(self.store):
            return act()


def _refusal(error: Exception, shape: ma.Schema) -> str:
    """Return the result of an item that is refused, with the problem that a request with it alone would get."""
    if isinstance(error, ma.ValidationError):
        answer = invalid(findings_of({"json": error.normalized_messages()}, shape, error.data))
    else:
        answer = current_app.make_response(current_app.handle_user_exception(error))
    return _result(answer.status_code, problem=answer.get_json())


def _result(
    status: int, public_id: str | None = None, location: str | None = None, problem: dict[str, Any] | None = None
) -> str:
    return orjson.dumps({"status": status, "id": public_id, "location": location, "problem": problem}).decode()


_CREATED = '{"status":201,'
