"""Routes of pages for browsers; those of this module read only."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from service.model.entities import SourceKind
from service.model.filters import ClaimFilters
from service.model.suggestions import SuggestionKind, SuggestionState
from service.provenance.styles import page_sheet
from service.provenance.wording import number
from service.reading.syntax import Syntax
from service.schemas.matching import LIMIT_MAX, TEXT_LENGTH
from service.schemas.requests import ClaimsQuery, CorroborationQuery, NothingQuery, PageQuery, SourcesQuery
from service.schemas.suggestions import SuggestionsQuery
from service.search.matching.scoring import THRESHOLD
from service.store import Store
from service.use_cases import catalogue
from service.use_cases.claim_changes import latest_claim_changes
from service.use_cases.match_sentences import match_sentences
from service.use_cases.semantic_index import Semantics
from service.web.http.auth import Access, caller, guarded, may_read
from service.web.http.blueprint import with_checked_ids
from service.web.http.document import ServedDocument
from service.web.http.negotiation import HTML, accepted, send, with_caching
from service.web.http.public_address import base, link
from service.web.http.streaming import begun
from service.web.pages import words
from service.web.pages.claim_view import claim_view
from service.web.pages.docs_view import tags_of
from service.web.pages.embedding import OEMBED, OembedQuery, embed_view, frame, oembed, oembed_links
from service.web.pages.lists import conflicts_page, document_view, source_view, sources_page, suggestions_page
from service.web.pages.match_view import IN_ADDRESS, POINTS, TextQuery, match_pieces
from service.web.pages.parameters import query, shown_parameters
from service.web.pages.rendering import (
    CONSOLE_POLICY,
    EMBEDDED_POLICY,
    POLICY,
    View,
    in_lines,
    in_script,
    kept,
    of_the_log,
    page,
    uncached,
    without,
)
from service.web.pages.search_view import search_view
from service.web.pages.sitemap import sitemap, sitemap_part
from service.web.pages.verdict_view import verdict_view

_CHANGES = 8


class Pages(Blueprint):
    """Routes of pages, each with its access."""

    def __init__(self, store: Store) -> None:
        super().__init__("pages", __name__)
        self._store = store

    def shows(self, rule: str, endpoint: str, *, logged: bool = True, policy: str = POLICY) -> Callable[[View], View]:
        """Declare a page. The view takes the path's ids; ``logged`` if all that it shows is in the log."""

        def decorate(view: View) -> View:
            inner = of_the_log(self._store, view, policy) if logged else view

            def negotiated(**ids: str) -> Response:
                accepted([HTML])
                return with_checked_ids(inner)(**ids)

            self.add_url_rule(rule, endpoint, guarded(Access.READ)(negotiated))
            return view

        return decorate


def reads_only(view: View) -> View:
    """Mark a view that reads although it is posted to; it counts as a read for rate limits."""
    view.only_reads = True  # type: ignore[attr-defined]
    return view


def home(store: Store) -> Response:
    """Return the home page."""

    def shown() -> Response:
        counts = catalogue.status_counts(store.catalogue) if may_read() else {}
        changes = latest_claim_changes(store, ClaimFilters(), None, _CHANGES).changes if counts else []
        return page("home.html", counts=counts, changes=changes, statuses=words.MEANINGS, address=f"{base()}/")

    return of_the_log(store, shown)()


def docs(document: ServedDocument) -> Response:
    """Return the documentation of the API, made once."""
    return kept(
        f"docs {link('')}",
        lambda: page(
            "docs.html",
            tags=tags_of(document.content),
            console=link("/docs/console"),
            description=link("/openapi.yaml"),
        ),
    )


def verdict_page(store: Store, verdict_id: str) -> Response:
    """Return the page of a verdict; raise ``NotFound``, also for a draft that the caller may not see."""
    view = verdict_view(store, verdict_id, caller(), base())
    return page(
        "verdict.html",
        **view | {"linked_data": in_script(view["linked_data"])},
        address=f"{base()}/verdicts/{verdict_id}",
        json=link(f"/v1/verdicts/{verdict_id}", format="json"),
    )


def blueprint(
    store: Store, semantics: Semantics, syntax: Syntax | None, most_characters: int, desk: Blueprint
) -> Pages:
    """Return the pages, over ``store``, with those of the desk.

    A text to match may have as many characters as in ``POST /v1/match``.
    """
    routes = Pages(store)
    routes.register_blueprint(desk)
    longest_text = min(TEXT_LENGTH, most_characters)

    @routes.shows("/claims/<claim_id>", "showClaim")
    def show_claim(claim_id: str) -> Response:
        given = without(shown_parameters(), "include")
        view = claim_view(store, claim_id, query(CorroborationQuery, given), base())
        badge = f"/v1/claims/{claim_id}/badge.svg"
        return page(
            "claim.html",
            view=view,
            base=base(),
            address=f"{base()}/claims/{claim_id}",
            json=link(f"/v1/claims/{claim_id}", format="json"),
            corroboration=link(f"/v1/claims/{claim_id}/corroboration", **given),
            badge=link(badge, **given),
            badge_path=badge,
            stored=not given,
            oembed=oembed_links(claim_id, given),
            frame=frame(claim_id, given),
            level=words.LEVELS[view.policy.independence],
            linked_data=in_script(view.linked_data),
            linked_data_text=in_lines(view.linked_data),
        )

    @routes.shows("/embed/claims/<claim_id>", "embedClaim", policy=EMBEDDED_POLICY)
    def embed_claim(claim_id: str) -> Response:
        given = shown_parameters()
        return page(
            "embed.html",
            view=embed_view(store, claim_id, query(CorroborationQuery, given)),
            address=f"{base()}/claims/{claim_id}" + (f"?{urlencode(given)}" if given else ""),
        )

    @routes.route(OEMBED, endpoint="getOembed")
    @guarded(Access.READ)
    def get_oembed() -> Response:
        # Consumers send parameters of their own, too.
        known = {name: value for name, value in shown_parameters().items() if name in OembedQuery().fields}
        return oembed(store, query(OembedQuery, known))

    @routes.shows("/search", "showSearch")
    def show_search() -> Response:
        given = shown_parameters()
        view = search_view(store, given, query(ClaimsQuery, without(given, "format")))
        return page(
            "search.html",
            view=view,
            json=link("/v1/claims", **given | {"format": "json"}),
            next=view.following and link("/search", **given | {"cursor": view.following}),
        )

    @routes.shows("/sources", "showSources")
    def show_sources() -> Response:
        given = shown_parameters()
        records, cursor = sources_page(store, query(SourcesQuery, without(given, "format")))
        return page(
            "sources.html",
            given=given,
            records=records,
            kinds=list(SourceKind),
            json=link("/v1/sources", **given | {"format": "json"}),
            next=cursor and link("/sources", **given | {"cursor": cursor}),
        )

    @routes.shows("/sources/<source_id>", "showSource")
    def show_source(source_id: str) -> Response:
        query(NothingQuery, shown_parameters())
        return page(
            "source.html",
            **source_view(store, source_id),
            address=f"{base()}/sources/{source_id}",
            json=link(f"/v1/sources/{source_id}", format="json"),
        )

    @routes.shows("/documents/<document_id>", "showDocument")
    def show_document(document_id: str) -> Response:
        given = shown_parameters()
        view, cursor = document_view(store, document_id, query(PageQuery, given))
        return page(
            "document.html",
            **view,
            address=f"{base()}/documents/{document_id}",
            json=link(f"/v1/documents/{document_id}", format="json"),
            next=cursor and link(f"/documents/{document_id}", **given | {"cursor": cursor}),
        )

    @routes.shows("/conflicts", "showConflicts")
    def show_conflicts() -> Response:
        given = shown_parameters()
        view, cursor = conflicts_page(store, query(PageQuery, without(given, "format")))
        return page(
            "conflicts.html",
            view=view,
            json=link("/v1/conflicts", **given | {"format": "json"}),
            next=cursor and link("/conflicts", **given | {"cursor": cursor}),
        )

    @routes.shows("/suggestions", "showSuggestions", logged=False)
    def show_suggestions() -> Response:
        given = shown_parameters()
        items, cursor = suggestions_page(store, query(SuggestionsQuery, without(given, "format")))
        return page(
            "suggestions.html",
            given=given,
            items=items,
            kinds=list(SuggestionKind),
            states=list(SuggestionState),
            json=link("/v1/suggestions", **given | {"format": "json"}),
            next=cursor and link("/suggestions", **given | {"cursor": cursor}),
        )

    @routes.shows("/match", "showMatch")
    def show_match() -> Response:
        text: str = query(TextQuery, shown_parameters())["text"]
        if not text:
            return page("match.html", longest=longest_text)
        return matched(text, min(IN_ADDRESS, longest_text), " in an address. Paste a longer one below.")

    @routes.route("/match", endpoint="matchText", methods=["POST"])
    @reads_only
    @guarded(Access.READ)
    def match_text() -> Response:
        # Browsers send the ends of lines as CRLF.
        return matched(request.form.get("text", "").replace("\r\n", "\n"), longest_text, ".")

    def matched(text: str, at_most: int, where: str) -> Response:
        if not text.strip() or len(text) > at_most:
            wrong = f"The text has {len(text):,} characters: send one with 1 to {at_most:,}{where}"
            return uncached("match.html", status=422, text=text, wrong=wrong, longest=longest_text)
        matches = match_sentences(store, text, LIMIT_MAX, THRESHOLD, semantics.nearest, syntax)
        pieces = match_pieces(text, matches)
        return uncached(
            "match.html",
            text=text,
            longest=longest_text,
            pieces=pieces,
            points=POINTS,
            matched=sorted((each for piece in pieces for each in piece.repeated), key=lambda each: each.number),
            passages={each.number: text[each.match.start : each.match.end] for p in pieces for each in p.repeated},
            number=number(len(matches), "claim"),
            bookmark=link("/match", text=text) if len(text) <= IN_ADDRESS else None,
        )

    @routes.route("/sitemap.xml", endpoint="getSitemap")
    @guarded(Access.READ)
    def get_sitemap() -> Response:
        return with_caching(Response(begun(sitemap(store, base())), content_type="application/xml"))

    @routes.route("/sitemaps/<int:part>.xml", endpoint="getSitemapPart")
    @guarded(Access.READ)
    def get_sitemap_part(part: int) -> Response:
        return with_caching(Response(begun(sitemap_part(store, base(), part)), content_type="application/xml"))

    @routes.route("/docs/console", endpoint="showConsole")
    @guarded(Access.OPEN)
    def show_console() -> Response:
        return page("console.html", policy=CONSOLE_POLICY, description=link("/openapi.json"))

    @routes.route("/static/provenance.css", endpoint="styleProvenance")
    @guarded(Access.OPEN)
    def style_provenance() -> Response:
        return send(page_sheet().encode(), "text/css; charset=utf-8")

    return routes
