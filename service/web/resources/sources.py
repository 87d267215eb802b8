"""Routes of sources, and of the claims that rest on a source."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import marshmallow as ma
import orjson
from flask import Response

from service.interchange.claimreview.collective_names import Collectives
from service.model.entities import Role, Source, Stance
from service.model.filters import ClaimFilters
from service.model.suggestions import Reason
from service.schemas.claims import ClaimSchema
from service.schemas.influence import InfluenceQuery, InfluenceSchema
from service.schemas.request_bodies import MergeBody, ReasonBody, SourceBody
from service.schemas.requests import RestingQuery, SourcesQuery
from service.schemas.sources_and_documents import SourceSchema, WrittenSourceSchema
from service.store import Store
from service.use_cases import catalogue as use_case
from service.use_cases import editing, merging
from service.use_cases.source_identity import similar_sources
from service.use_cases.source_influence import Influence, source_influence
from service.web.http import keyset_pages
from service.web.http.auth import Access, identified
from service.web.http.blueprint import Blueprint
from service.web.http.list_pages import page_of
from service.web.http.merge_patch import patched
from service.web.http.negotiation import send
from service.web.http.preconditions import if_match
from service.web.http.public_address import link
from service.web.http.recounting import announced
from service.web.resources.claims import claims_page
from service.web.resources.record_answers import RecordAnswers

_BY_NAME = "sources by name"
_SOURCE_BODY = SourceBody()
_INFLUENCE = InfluenceSchema()
_FILTERS_BY_ROLE: dict[Role | None, Callable[[str], ClaimFilters]] = {
    None: lambda source: ClaimFilters(source=source),
    Role.ORIGIN: lambda source: ClaimFilters(origin=source),
    Role.RELAY: lambda source: ClaimFilters(relay=source),
    Role.PUBLISHER: lambda source: ClaimFilters(publisher=source),
}


def blueprint(store: Store, collectives: Collectives) -> Blueprint:
    """Return the routes of sources, over ``store``; ``collectives`` recognises names that identify nobody."""
    routes = Blueprint("sources", __name__, description="Parties that make or pass on statements.")
    answers = RecordAnswers("sources", SourceSchema(), partial(use_case.get_source, store), store)

    @routes.reads(
        "/v1/sources",
        "listSources",
        page_of(SourceSchema),
        query=SourcesQuery,
        page="/sources",
        paged=True,
        derived=True,
        kept=True,
    )
    def list_sources(arguments: dict[str, Any]) -> Response:
        """List sources

        Ordered by id, or with `q` by name. With several filters all of them must match.
        """
        limit: int = arguments["limit"]
        if "q" in arguments:
            return _found_by_name(store, answers.schema, arguments)
        after = answers.after(arguments)
        found = use_case.list_sources(store, after, limit, arguments.get("kind"), arguments.get("country"))
        return answers.page(((record.source.id, record) for record in found), limit)

    @routes.reads("/v1/sources/<source_id>", "getSource", SourceSchema, page="/sources/<source_id>", derived=True)
    def get_source(arguments: dict[str, Any], source_id: str) -> Response:
        """Get a source

        Includes the number of claims that have the source, or a part of it, as origin, relay or publisher. Mentions of
        any stance count, denials included.
        """
        return answers.show(source_id)

    @routes.writes(
        "/v1/sources",
        "createSource",
        WrittenSourceSchema,
        Access.EDITOR,
        body=SourceBody,
        status=201,
    )
    def create_source(source: Source) -> Response:
        """Create a source

        Uses the `id` of the body, or makes one. An id that is taken gives 409 `id_taken`. A name or alias that another
        source has gives 409 `source_exists`, in any spelling (case, accents, quotes, dashes), unless both are
        identifiable sources of different countries, or `distinct_from` says that they are two. `similar` in the answer
        lists sources with similar names, and `findings` says if the name identifies nobody.
        """
        source_id = editing.create_source(store, identified(), source)
        return answers.created(source_id, _beside(store, source_id, collectives))

    @routes.writes(
        "/v1/sources/<source_id>", "changeSource", WrittenSourceSchema, Access.EDITOR, body=SourceBody, method="PATCH"
    )
    def change_source(patch: dict[str, Any], source_id: str) -> Response:
        """Change a source

        The body has the members to change, as a JSON Merge Patch (RFC 7396). The corroboration of all claims that
        rest on the source is computed again. A name that another source has gives 409 `source_exists`, and `similar`
        lists sources with similar names, as for `createSource`.
        """
        edit = partial(patched, _SOURCE_BODY, patch=patch)
        editing.change_source(store, identified(), source_id, edit, if_match())
        return answers.changed(source_id, _beside(store, source_id, collectives))

    @routes.writes("/v1/sources/<source_id>/merge", "mergeSource", SourceSchema, Access.EDITOR, body=MergeBody)
    def merge_source(given: dict[str, Any], source_id: str) -> Response:
        """Merge a source into another

        The two count as one party, and so as one origin, from now on. The address of the merged source redirects to
        the other, which is the answer. `unmergeSource` undoes the merge. Sources of which one is said to be distinct
        from the other give 409 `distinct`.
        """
        merging.merge_source(store, identified(), source_id, given["into"], given["reason"])
        return answers.changed(given["into"])

    @routes.writes("/v1/sources/<source_id>/unmerge", "unmergeSource", SourceSchema, Access.EDITOR, body=ReasonBody)
    def unmerge_source(given: dict[str, Any], source_id: str) -> Response:
        """Undo the merge of a source

        The source is a party of its own again, and corroboration is computed as before the merge.
        """
        merging.unmerge_source(store, identified(), source_id, given["reason"])
        return answers.changed(source_id)

    @routes.reads(
        "/v1/sources/<source_id>/claims",
        "listSourceClaims",
        page_of(ClaimSchema),
        query=RestingQuery,
        paged=True,
        derived=True,
        kept=True,
    )
    def list_source_claims(arguments: dict[str, Any], source_id: str) -> Response:
        """List the claims that rest on a source

        Claims with a mention, of any stance, that has the source or a part of it as origin, relay or publisher. `role`
        selects one of these.
        """
        use_case.get_source(store, source_id)
        role: Role | None = arguments.get("role")
        return claims_page(store, _FILTERS_BY_ROLE[role](source_id), arguments["sort"], arguments)

    @routes.reads(
        "/v1/sources/<source_id>/influence", "getInfluence", InfluenceSchema, query=InfluenceQuery, derived=True
    )
    def get_influence(arguments: dict[str, Any], source_id: str) -> Response:
        """Get the influence of a source

        The claims that rest on the source alone, those that it denies, and who passes on its statements; each includes
        the parts of the source. The numbers of claims are kept ones. Who passes it on is counted over the 500 claims
        that changed last. It is the present state: neither `as_of` nor `known_at` applies.
        """
        influence = source_influence(store, source_id, arguments["limit"])
        shape = _INFLUENCE.dump(_influence(influence, arguments["limit"]))
        return announced(send(orjson.dumps(shape)), store.recounts.claims_left())

    return routes


def _influence(influence: Influence, limit: int) -> dict[str, Any]:
    origin = influence.source.id
    return {
        "source": origin,
        "name": influence.source.name,
        "claims": influence.roles,
        "stances": influence.stances,
        "alone": {
            "number": influence.alone_number,
            "claims": _ids(influence.alone[:limit]),
            "list": link("/v1/claims", sole_origin=origin),
        },
        "denied": {
            "claims": _ids(influence.denied[:limit]),
            "list": link("/v1/claims", origin=origin, stance=Stance.REFUTES),
        },
        "repeated": {
            "parties": [
                {"source": party.id, "name": party.name, "claims": claims}
                for party, claims in influence.repeaters[:limit]
            ],
            "further_parties": max(0, len(influence.repeaters) - limit),
            "documents": [
                {"document": document.id, "title": document.title, "claims": claims}
                for document, claims in influence.citing[:limit]
            ],
            "further_documents": max(0, len(influence.citing) - limit),
            "claims": influence.counted,
            "complete": influence.complete,
        },
        "copies": [document.id for document in influence.copies[:limit]],
    }


def _ids(claims: Sequence[str]) -> list[str]:
    return [orjson.loads(claim)["id"] for claim in claims]


def _beside(store: Store, source_id: str, collectives: Collectives) -> dict[str, Any]:
    """Return the members of an answer with the sources that have a similar name, and with doubts about its kind."""
    source = use_case.get_source(store, source_id).source
    kind, findings = collectives.kind_instead(source), []
    if kind is not None:
        message = (
            f"The name {source.name!r} identifies nobody, but a source of the kind '{source.kind}' counts as an "
            f"origin. Use the kind '{kind}', unless it is one party."
        )
        findings.append({"code": Reason.CROWD_WORDS, "field": "kind", "message": message})
    similar = [{"id": other.id, "name": other.name} for other in similar_sources(store, source_id)]
    return {"similar": similar, "findings": findings}


def _found_by_name(store: Store, schema: ma.Schema, arguments: dict[str, Any]) -> Response:
    """Return a page in the order of names."""
    limit: int = arguments["limit"]
    after = keyset_pages.decode(arguments.get("cursor"), _BY_NAME, (str, int)) or ("", 0)
    filters = arguments.get("kind"), arguments.get("country")
    found = use_case.find_sources(store, arguments["q"], after, limit, *filters)
    last = found[limit - 1] if len(found) > limit else None
    following = None if last is None else keyset_pages.encode(_BY_NAME, last.folded, last.key)
    page = keyset_pages.page([orjson.dumps(schema.dump(each.record)) for each in found[:limit]], following)
    return announced(page, store.recounts.claims_left())
