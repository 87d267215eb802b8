"""Reviews from elsewhere, and whole exports, taken in."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from typing import Any

import orjson
from flask import Response, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from service.interchange.claimreview.collective_names import Collectives
from service.interchange.claimreview.decoding import DecompressionBomb, decompressed
from service.interchange.claimreview.ratings import RatingTable
from service.interchange.importing.import_stream import import_stream
from service.interchange.importing.outcomes import ItemResult
from service.interchange.importing.report_schema import ImportSchema, import_report
from service.interchange.importing.reviews import Importer
from service.model.actors import KeyRole
from service.model.errors import Forbidden, StoreFailure
from service.store import Store
from service.web.http.auth import Access, identified
from service.web.http.blueprint import Blueprint
from service.web.http.json_bodies import check_media_type, read_body
from service.web.http.jsonld import LD_JSON
from service.web.http.negotiation import JSON, written
from service.web.http.problems import problem
from service.web.http.streaming import NDJSON
from service.web.resources.system import HTML

GZIP = "application/gzip"
REPORTED = 1000
# Anything can be sent: what cannot be read is refused in the answer, item by item.
FORMS: dict[str, dict[str, Any]] = {form: {} for form in (LD_JSON, JSON, NDJSON, HTML, GZIP)}


def blueprint(store: Store, table: RatingTable, collectives: Collectives) -> Blueprint:
    """The routes, over ``store``."""
    routes = Blueprint("imports", __name__, description="Reviews that were published elsewhere, taken in.")

    @routes.writes(
        "/v1/imports",
        "importReviews",
        ImportSchema,
        Access.EDITOR,
        files=FORMS,
        description="What was done.",
        by_turns=True,
    )
    def import_reviews() -> Response:
        """Take in reviews from elsewhere

        ClaimReviews as JSON-LD (an object, an array, a `@graph`, a DataFeed, one a line), as a page of HTML has them,
        or as Google's `claims:search` answers; gzip too. Publishers become sources, reviews verdicts, claimants
        attributions, appearances documents and mentions. What is there already stays as it is; a review that says
        something else than before supersedes that. Each item is accepted, accepted with findings, or refused with a
        reason; none stops the others. What `GET /v1/export` gives is taken in too, with an admin's key. Some hundred
        items are written at a time, so that others get their turn: should it break off in the middle (503, 507), what
        was taken in stays, and the same again goes on, with the same `Idempotency-Key` too.
        """
        check_media_type(tuple(FORMS), tuple(FORMS))
        if request.headers.get("Content-Encoding", "identity").lower() not in ("identity", "gzip"):
            detail = "Send the body as it is, or packed by gzip."
            raise HTTPException(detail, problem(415, detail, None, {"Accept-Encoding": "gzip"}))
        raw = read_body()
        _refuse_bombs(raw)
        importer = Importer(store, identified().name, collectives)
        batches = import_stream(
            importer, io.BytesIO(raw), table=table, media_type=request.content_type, allow_export=_admins_only
        )
        return written(orjson.dumps(import_report(_counted(batches), REPORTED)))

    return routes


def _counted(batches: Iterator[list[ItemResult]]) -> Iterator[list[ItemResult]]:
    """The same; a failure says how much was gone through before."""
    before = 0
    try:
        for batch in batches:
            before += len(batch)
            yield batch
    except StoreFailure as error:
        error.before = before
        raise


def _admins_only() -> None:
    if not identified().role.includes(KeyRole.ADMIN):
        raise Forbidden("A whole export speaks in the names of others: that takes an admin's key.")


def _refuse_bombs(raw: bytes) -> None:
    """Answer 413 for what is longer than it may be once it is unpacked."""
    try:
        for _ in decompressed(io.BytesIO(raw), request.max_content_length or len(raw)):
            pass
    except DecompressionBomb as error:
        raise RequestEntityTooLarge from error
    except (zlib.error, EOFError):
        pass  # is told of in the answer
