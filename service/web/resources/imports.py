"""Route of importing published reviews, spreadsheets, and whole exports."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator
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
from service.interchange.tables.columns import SheetOptions
from service.interchange.tables.option_texts import listed, sheet_options
from service.interchange.tables.reader import MEDIA_TYPES
from service.interchange.tables.row_items import SheetColumn
from service.model.actors import KeyRole
from service.model.errors import Forbidden, StoreFailure
from service.schemas.import_queries import ImportQuery
from service.store import Store
from service.web.http.auth import Access, identified
from service.web.http.blueprint import Blueprint
from service.web.http.json_bodies import check_media_type, read_body
from service.web.http.jsonld import LD_JSON
from service.web.http.negotiation import HTML, JSON, written
from service.web.http.problem_details import Finding
from service.web.http.problems import invalid, problem
from service.web.http.streaming import NDJSON

GZIP = "application/gzip"
REPORTED = 1000
"""The number of items that the answer reports at most."""
# Any content is accepted here; items that cannot be read are refused one by one in the answer.
FORMS: dict[str, dict[str, Any]] = {form: {} for form in (LD_JSON, JSON, NDJSON, HTML, GZIP, *MEDIA_TYPES)}


def blueprint(store: Store, table: Callable[[], RatingTable], collectives: Collectives) -> Blueprint:
    """Return the route of imports, over ``store``."""
    routes = Blueprint("imports", __name__, description="Import of reviews that were published elsewhere.")

    @routes.writes(
        "/v1/imports",
        "importReviews",
        ImportSchema,
        Access.EDITOR,
        query=ImportQuery,
        files=FORMS,
        description="The outcome of each item.",
        by_turns=True,
    )
    def import_reviews(arguments: dict[str, Any]) -> Response:
        """Import published reviews, or a spreadsheet

        Accepts ClaimReviews as JSON-LD (an object, an array, a `@graph`, a DataFeed, or one on each line), embedded in
        an HTML page, or as an answer of Google's `claims:search`; also compressed with gzip. Publishers become sources,
        reviews become verdicts, claimants become attributions, and appearances become documents and mentions. Existing
        records stay as they are; a review that has changed supersedes its earlier verdict. Each item is accepted,
        accepted with findings, or refused with a reason; a refused item does not stop the others.

        A spreadsheet (CSV, TSV or XLSX) has claims, their sources and verdicts, or sources, one a row; its columns are
        recognised by their names, or named by `map`.

        With an admin's key the output of `GET /v1/export` is imported, too.

        Items are written in batches of some hundred, so that other writers can proceed. When an import breaks off
        (503, 507), the batches written so far stay. Send the same request again, also with the same `Idempotency-Key`,
        to continue.
        """
        check_media_type(tuple(FORMS), tuple(FORMS))
        if request.headers.get("Content-Encoding", "identity").lower() not in ("identity", "gzip"):
            encoding = request.headers["Content-Encoding"]
            detail = f"The Content-Encoding {encoding!r} is not supported: use gzip, or leave the header out."
            raise HTTPException(detail, problem(415, detail, None, {"Accept-Encoding": "gzip"}))
        options = _sheet_options(arguments)
        raw = read_body()
        _refuse_bombs(raw)
        dry_run: bool = arguments["dry_run"]
        columns: list[SheetColumn] = []
        batches = import_stream(
            Importer(store, identified().name, collectives, dry_run),
            io.BytesIO(raw),
            table=table(),
            media_type=request.content_type,
            allow_export=_admins_only,
            options=options,
            on_columns=columns.extend,
        )
        return written(orjson.dumps(import_report(_counted(batches), REPORTED, columns=columns, dry_run=dry_run)))

    return routes


def _sheet_options(arguments: dict[str, Any]) -> SheetOptions:
    """Return how to read a spreadsheet; answer 422 for an unknown field."""
    given: dict[str, list[str]] = {}
    for name in ("map", "set"):
        try:
            given[name] = listed(arguments.get(name))
            sheet_options(given["map"], given.get("set", ()))
        except ValueError as error:
            finding = Finding("query", f"/{name}", str(error))
            raise HTTPException(finding.detail, invalid([finding])) from error
    return sheet_options(given["map"], given["set"])


def _counted(batches: Iterator[list[ItemResult]]) -> Iterator[list[ItemResult]]:
    """Yield ``batches``. A ``StoreFailure`` gets the number of items handled before it."""
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
        raise Forbidden("Importing a whole export writes in the names of others, which needs an admin's key.")


def _refuse_bombs(raw: bytes) -> None:
    """Raise ``RequestEntityTooLarge`` when the unpacked body is longer than allowed."""
    try:
        for _ in decompressed(io.BytesIO(raw), request.max_content_length or len(raw)):
            pass
    except DecompressionBomb as error:
        raise RequestEntityTooLarge from error
    except (zlib.error, EOFError):
        pass  # the import reports it
