"""Routes of mentions and links: added to a claim, read and withdrawn by their own ids."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response

from service.model.entities import ClaimLink, Mark, Mention
from service.model.errors import Merged
from service.model.records import LinkRecord
from service.schemas.batches import MentionBatch, MentionItem
from service.schemas.claims import MentionSchema, StatedLinkSchema, WithdrawnSchema
from service.schemas.mention_and_link_bodies import LinkBody, MentionBody, QuoteBody
from service.schemas.request_bodies import ReasonBody
from service.store import Store
from service.use_cases import mentions_and_links as use_case
from service.web.http.auth import Access, identified
from service.web.http.batches import BatchSchema, Created, run_batch
from service.web.http.blueprint import Blueprint
from service.web.http.negotiation import send, written

_MENTION = MentionSchema()
_ITEM = MentionItem()
_LINK = StatedLinkSchema()
_WITHDRAWN = WithdrawnSchema()


def mentions_blueprint(store: Store) -> Blueprint:
    """Return the routes of mentions, over ``store``."""
    routes = Blueprint("mentions", __name__, description="Statements of claims in documents, with their sources.")

    @routes.writes(
        "/v1/claims/<claim_id>/mentions",
        "addMention",
        MentionSchema,
        Access.EDITOR,
        body=MentionBody,
        status=201,
    )
    def add_mention(mention: Mention, claim_id: str) -> Response:
        """Add a mention to a claim

        The statement of the claim in a document, attributed to a chain of sources. The corroboration of the claim is
        computed again.
        """
        body = orjson.dumps(_MENTION.dump(view := use_case.add_mention(store, identified(), claim_id, mention)))
        return written(body, status=201, location=f"/v1/mentions/{view['mention'].id}")

    @routes.writes(
        "/v1/mentions/batch",
        "addMentions",
        BatchSchema,
        Access.EDITOR,
        body=MentionBatch,
        description="The result of each item.",
        by_turns=True,
    )
    def add_mentions(batch: dict[str, Any]) -> Response:
        """Add many mentions

        Each item is added to its `claim` as by `addMention`, in a transaction of its own: one that is refused harms no
        other. The request counts as that many writes. With an `Idempotency-Key` it can be repeated after an
        interruption, and does only the rest.
        """

        def create(mention: Mention) -> Created:
            try:
                added = use_case.add_mention(store, identified(), mention.claim, mention)["mention"].id
            except Merged as merged:
                # A request with it alone would be redirected there.
                added = use_case.add_mention(store, identified(), merged.into, mention)["mention"].id
            return added, f"/v1/mentions/{added}"

        return run_batch(store, batch["items"], _ITEM, create)

    @routes.reads("/v1/mentions/<mention_id>", "getMention", MentionSchema)
    def get_mention(arguments: dict[str, Any], mention_id: str) -> Response:
        """Get a mention

        A withdrawn mention gives 410, with the time, the author and the reason of the withdrawal.
        """
        return send(orjson.dumps(_MENTION.dump(use_case.get_mention(store, mention_id))))

    @routes.writes(
        "/v1/mentions/<mention_id>/withdrawal", "withdrawMention", WithdrawnSchema, Access.EDITOR, body=ReasonBody
    )
    def withdraw_mention(given: dict[str, Any], mention_id: str) -> Response:
        """Withdraw a mention

        The mention is no longer counted, and its address gives 410 with the reason. The corroboration of the claim is
        computed again.
        """
        return _withdrawn(mention_id, use_case.withdraw_mention(store, identified(), mention_id, given["reason"]))

    @routes.writes(
        "/v1/mentions/<mention_id>/quote", "addQuote", MentionSchema, Access.EDITOR, body=QuoteBody, status=201
    )
    def add_quote(given: dict[str, Any], mention_id: str) -> Response:
        """Add the quote of a mention

        The text of the locator's whole span, verified by its hash. The log has the hash only. A mention that has its
        quote gives 409 `quoted`.
        """
        view = use_case.add_quote(store, identified(), mention_id, given["quote"])
        return written(orjson.dumps(_MENTION.dump(view)), status=201, location=f"/v1/mentions/{mention_id}")

    @routes.writes(
        "/v1/mentions/<mention_id>/quote/removal", "removeQuote", MentionSchema, Access.EDITOR, body=ReasonBody
    )
    def remove_quote(given: dict[str, Any], mention_id: str) -> Response:
        """Remove the quote of a mention

        The text is deleted, also of a withdrawn mention; mention and hash stay. A mention without a quote gives 409
        `not_quoted`.
        """
        return written(
            orjson.dumps(_MENTION.dump(use_case.remove_quote(store, identified(), mention_id, given["reason"])))
        )

    return routes


def links_blueprint(store: Store) -> Blueprint:
    """Return the routes of links, over ``store``."""
    routes = Blueprint("links", __name__, description="Relations between claims.")

    @routes.writes(
        "/v1/claims/<claim_id>/links",
        "addLink",
        StatedLinkSchema,
        Access.EDITOR,
        body=LinkBody,
        status=201,
    )
    def add_link(link: ClaimLink, claim_id: str) -> Response:
        """Link a claim to another

        Both claims show the link.
        """
        record = use_case.add_link(store, identified(), claim_id, link)
        return written(_link(record), status=201, location=f"/v1/links/{record.link.id}")

    @routes.reads("/v1/links/<link_id>", "getLink", StatedLinkSchema)
    def get_link(arguments: dict[str, Any], link_id: str) -> Response:
        """Get a link

        A withdrawn link gives 410, with the time, the author and the reason of the withdrawal.
        """
        return send(_link(use_case.get_link(store.merges, link_id)))

    @routes.writes("/v1/links/<link_id>/withdrawal", "withdrawLink", WithdrawnSchema, Access.EDITOR, body=ReasonBody)
    def withdraw_link(given: dict[str, Any], link_id: str) -> Response:
        """Withdraw a link

        Neither claim shows the link any more, and its address gives 410 with the reason.
        """
        return _withdrawn(link_id, use_case.withdraw_link(store, identified(), link_id, given["reason"]))

    return routes


def _link(record: LinkRecord) -> bytes:
    link = record.link
    shape = {"id": link.id, "claim": record.claim, "type": link.type, "other": link.claim, "note": link.note}
    return orjson.dumps(_LINK.dump(shape))


def _withdrawn(public_id: str, mark: Mark) -> Response:
    return written(orjson.dumps(_WITHDRAWN.dump({"id": public_id, "withdrawn": mark})))
