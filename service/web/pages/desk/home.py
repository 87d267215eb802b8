"""The first page of the desk: what waits for the person, and the queue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Response, request

from service.model.actors import Caller
from service.model.filters import VerdictFilters
from service.model.suggestions import SuggestionFilters, SuggestionSort
from service.model.verdicts import Need
from service.schemas.verdict_queries import QueueQuery
from service.store import Store
from service.use_cases.assignments import QueueItem, list_queue
from service.use_cases.own_work import OwnWork, get_own_work
from service.use_cases.recounts import current_json
from service.use_cases.suggestions import list_suggestions
from service.use_cases.verdict_reads import ShownVerdict, list_verdicts
from service.web.http import keyset_pages
from service.web.http.auth import identified
from service.web.http.public_address import link
from service.web.pages.desk.blueprint import UNDER, Desk
from service.web.pages.desk.rendering import desk_page
from service.web.pages.parameters import query, shown_parameters

_QUEUE, _VERDICTS, _SUGGESTIONS = 5, 5, 100
_NEEDS = list(Need)
_DONE = {
    "published": "Your verdict is published.",
    "withdrawn": "Your draft is withdrawn.",
    "retracted": "Your verdict is retracted.",
    "reviewed": "Your review is given.",
}


@dataclass(frozen=True, slots=True)
class DeskView:
    """The work of one person, and the queue. ``claims`` has the public JSON of the claims by id."""

    work: OwnWork
    queue: list[tuple[QueueItem, Mapping[str, Any]]]
    more: bool
    claims: Mapping[str, Mapping[str, Any]]
    published: list[ShownVerdict]
    suggestions: int


def add_home(desk: Desk) -> None:
    """Add the routes."""
    store = desk.store

    @desk.shows(UNDER, "showDesk")
    def show_desk() -> Response:
        notice = _DONE.get(request.args.get("done", ""))
        return desk_page("home.html", view=desk_view(store, identified()), notice=notice)

    @desk.shows("/desk/queue", "showQueue")
    def show_queue() -> Response:
        given = shown_parameters()
        arguments = query(QueueQuery, given)
        position = keyset_pages.decode(arguments.get("cursor"), "queue", (int, int, int))
        after = position and (_NEEDS[min(max(position[0], 0), len(_NEEDS) - 1)], position[1], position[2])
        limit = arguments["limit"]
        found = list_queue(store, identified(), arguments.get("need"), after, limit, arguments["everything"])
        following = None
        if len(found) > limit:
            last = found[limit - 1]
            following = keyset_pages.encode("queue", _NEEDS.index(last.need), *last.position)
        following = following and link("/desk/queue", **given | {"cursor": following})
        items = [(item, orjson.loads(item.claim.json)) for item in found[:limit]]
        return desk_page("queue.html", items=items, given=given, needs=_NEEDS, next=following)


def desk_view(store: Store, caller: Caller) -> DeskView:
    """Return the work of a person, and the queue."""
    with store.snapshot():
        work = get_own_work(store, caller)
        found = list_queue(store, caller, None, None, _QUEUE, everything=False)
        filters = VerdictFilters(checker=caller.name, current=True, retraction=False)
        published = list_verdicts(store, filters, None, _VERDICTS, caller)[:_VERDICTS]
        verdicts = [shown.verdict for shown in (*work.drafts, *work.reviews, *published)]
        ids = {each.claim for each in verdicts} | {each.claim for each in (*work.assignments, *work.offers)}
        claims = _claims(store, ids)
        opened = list_suggestions(store, SuggestionFilters(), SuggestionSort.SCORE, None, _SUGGESTIONS)
    return DeskView(
        work=work,
        queue=[(item, orjson.loads(item.claim.json)) for item in found[:_QUEUE]],
        more=len(found) > _QUEUE,
        claims=claims,
        published=published,
        suggestions=len(opened),
    )


def _claims(store: Store, ids: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """Return the public JSON of claims by id."""
    found = store.claims.by_ids(sorted(ids))
    shapes = current_json(store, {claim.key: claim.json for claim in found})
    return {claim.id: orjson.loads(shapes[claim.key]) for claim in found}
