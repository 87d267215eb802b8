"""Routes of the log: events, the head, proofs, and the history of a claim in words."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response

from service.eventlog.events import Event
from service.schemas.log import ConsistencySchema, EventSchema, HeadSchema, HistoryEntrySchema, InclusionSchema
from service.schemas.log_queries import ConsistencyQuery, EventsQuery, HistoryQuery, ProofQuery
from service.store import Store
from service.use_cases import events, history
from service.web.http import keyset_pages
from service.web.http.auth import caller
from service.web.http.blueprint import Blueprint
from service.web.http.list_pages import page_of
from service.web.http.negotiation import send

_HEAD = HeadSchema()
_HISTORY = HistoryEntrySchema()


def blueprint(store: Store) -> Blueprint:
    """Return the routes of the log, over ``store``."""
    routes = Blueprint("events", __name__, description="The log of all changes, which makes tampering evident.")

    @routes.reads("/v1/events", "listEvents", page_of(EventSchema), query=EventsQuery, paged=True)
    def list_events(arguments: dict[str, Any]) -> Response:
        """List events

        In the order of `seq`. Events that you may not read (of drafts, reviews, assignments and keys) have only their
        hashes, so that the chain can still be checked; with a filter they are left out.
        """
        limit: int = arguments["limit"]
        found = events.list_events(
            store.events, arguments["after"], limit, caller(), arguments.get("type"), arguments.get("subject")
        )
        following = found[limit - 1].seq if len(found) > limit else None
        return keyset_pages.page([_event(event) for event in found[:limit]], following, "after")

    @routes.reads("/v1/events/head", "getHead", HeadSchema)
    def get_head(arguments: dict[str, Any]) -> Response:
        """Get the head of the log

        Keep a copy elsewhere: with its `size` as `from`, a later consistency proof shows that no event before it was
        changed.
        """
        return send(orjson.dumps(_HEAD.dump(events.head(store))))

    @routes.reads("/v1/events/consistency", "proveConsistency", ConsistencySchema, query=ConsistencyQuery)
    def prove_consistency(arguments: dict[str, Any]) -> Response:
        """Prove that the log was only appended to

        A consistency proof between two heads (RFC 9162, section 2.1.4). `claims log verify` checks it.
        """
        proof = events.prove_consistency(store, arguments["since"], arguments.get("to"))
        shape = {
            "from": {"size": proof.first, "root_hash": proof.first_root},
            "to": {"size": proof.second, "root_hash": proof.second_root},
            "path": proof.path,
        }
        return send(orjson.dumps(shape))

    @routes.reads("/v1/events/<int:seq>", "getEvent", EventSchema)
    def get_event(arguments: dict[str, Any], seq: int) -> Response:
        """Get an event

        An event that you may not read has only its hashes.
        """
        return send(_event(events.get_event(store.events, seq)))

    @routes.reads("/v1/events/<int:seq>/proof", "proveInclusion", InclusionSchema, query=ProofQuery)
    def prove_inclusion(arguments: dict[str, Any], seq: int) -> Response:
        """Prove that an event is in the log

        An inclusion proof (RFC 9162, section 2.1.3): the hash of the event and `path` give `root_hash`. `claims log
        verify` checks it.
        """
        proof = events.prove_inclusion(store, seq, arguments.get("size"))
        rest = {"index": proof.index, "size": proof.size, "root_hash": proof.root_hash, "path": proof.path}
        return send(b'{"event":' + _event(proof.event) + b"," + orjson.dumps(rest)[1:])

    @routes.reads(
        "/v1/claims/<claim_id>/history", "listHistory", page_of(HistoryEntrySchema), query=HistoryQuery, paged=True
    )
    def list_history(arguments: dict[str, Any], claim_id: str) -> Response:
        """List the history of a claim

        Its events in words: the person, the time, the change and the reason. The oldest first.
        """
        limit: int = arguments["limit"]
        found = history.list_history(store, claim_id, arguments["after"], limit)
        following = found[limit - 1].seq if len(found) > limit else None
        return keyset_pages.page([orjson.dumps(_HISTORY.dump(entry)) for entry in found[:limit]], following, "after")

    return routes


def _event(event: Event) -> bytes:
    """Return the JSON of ``EventSchema``. The payload is copied, because its numbers must stay as they were hashed."""
    chain = {"previous": event.previous, "hash": event.hash}
    if not event.readable_by(caller()):
        return orjson.dumps({"seq": event.seq, **chain, "withheld": True})
    members = {
        "seq": event.seq,
        "at": event.at,
        "actor": event.actor,
        "type": event.type,
        "subject": event.subject,
        "about": event.about,
    }
    return orjson.dumps(members)[:-1] + b',"payload":' + event.payload.encode() + b"," + orjson.dumps(chain)[1:]
