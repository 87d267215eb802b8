"""The backend of the commands over the local store. It returns what the API would answer."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from itertools import chain
from typing import Any, BinaryIO

import click
import marshmallow as ma

from claim_verification.cli.import_options import ImportOptions
from claim_verification.cli.suggestions import did_you_mean
from service.cli.local.opening import open_store
from service.cli.local.read_position import PositionedReader
from service.config import Settings, load_settings
from service.interchange.claimreview.tables import load_tables
from service.interchange.importing.import_stream import import_stream
from service.interchange.importing.report_schema import import_report
from service.interchange.importing.reviews import Importer
from service.interchange.publishing.export_stream import Place, export_lines
from service.interchange.tables.option_texts import sheet_options
from service.interchange.tables.row_items import SheetColumn
from service.model.actors import COMMAND_LINE, Caller, KeyRole
from service.model.errors import Forbidden, InvalidInput, KeyNeeded, Merged
from service.model.record_kinds import Kind, Scope
from service.schemas.claims import MentionSchema
from service.schemas.corroboration import corroboration_shape
from service.schemas.count_queries import CountsQuery
from service.schemas.matching import MatchBody
from service.schemas.own_work import OwnWorkSchema
from service.schemas.requests import LIMIT_MAX, ClaimsQuery, CorroborationQuery
from service.schemas.suggestions import DecisionBody, SuggestionsQuery
from service.schemas.verdict_bodies import VerdictBody
from service.schemas.verdicts import VerdictSchema
from service.search.query_parser import parse
from service.store import Store
from service.use_cases import claims as use_case
from service.use_cases.api_keys import check_key
from service.use_cases.catalogue import get_source
from service.use_cases.match import Match, match_texts
from service.use_cases.own_work import get_own_work
from service.use_cases.search import search_claims
from service.use_cases.suggestion_decisions import decide
from service.use_cases.suggestion_shape import suggestion_json
from service.use_cases.suggestions import get_suggestion, list_suggestions
from service.use_cases.verdicts import submit_verdict
from service.web.http.streaming import csv_lines
from service.web.resources.corroboration import ChosenCounts, chosen_counts

Json = dict[str, Any]


class LocalBackend:
    """The store of the settings. Writing verdicts takes the ``key`` of the checker, reading takes none."""

    def __init__(self, store: Store, settings: Settings, key: str | None) -> None:
        self._store = store
        self._settings = settings
        self._key = key

    def claim(self, claim_id: str) -> Json:
        """Return a claim with its mentions."""
        stored, included = use_case.get_claim_with(self._store, self._merged_id(claim_id), ["mentions"])
        claim: Json = json.loads(stored.json)
        return {**claim, "included": {"mentions": MentionSchema(many=True).dump(included.mentions)}}

    def source_name(self, source_id: str) -> str:
        """Return the name of a source."""
        try:
            return get_source(self._store, source_id).source.name
        except Merged as error:
            return self.source_name(error.into)

    def search(self, words: str, query: Mapping[str, Any]) -> Iterator[Json]:
        """Iterate over the claims that contain all of the words and match the filters."""
        given = _loaded(ClaimsQuery(), {**query, "q": words})
        after = None
        while True:
            claims = search_claims(self._store, parse(words), given["filters"], after, LIMIT_MAX, given["sort"]).claims
            for claim in claims[:LIMIT_MAX]:
                found = {"score": claim.score, "highlights": [asdict(place) for place in claim.highlights]}
                yield {**json.loads(claim.json), "search": found}
                after = (claim.position, claim.key)
            if len(claims) <= LIMIT_MAX:
                return

    def match(self, texts: Sequence[str], query: Mapping[str, Any]) -> Json:
        """Return for each text the claims that it repeats, by words alone: one command does not load a model."""
        given = _loaded(MatchBody(), {**query, "texts": texts})
        results = match_texts(self._store, given["texts"], given["limit"], given["threshold"])
        return {"threshold": given["threshold"], "meaning": False, "results": list(map(_matches, results))}

    def corroboration(self, claim_id: str, query: Mapping[str, Any]) -> Json:
        """Return how the origins of a claim were counted."""
        given = _loaded(CorroborationQuery(), query)
        times = given.get("as_of"), given.get("known_at")
        explained = None
        while explained is None:
            try:
                explained = use_case.get_corroboration(self._store, claim_id, given["policy"], *times)
            except Merged as error:  # now, or by ``known_at``
                claim_id = error.into
        return corroboration_shape(explained.result, explained.explanation, explained.known_at)

    def counts(self, query: Mapping[str, Any]) -> Iterator[Json]:
        """Iterate over the counts of the claims that match the filters."""
        return (row for chosen in self._counts(query) for row in chosen.rows)

    def counts_csv(self, query: Mapping[str, Any]) -> Iterator[str]:
        """Iterate over the same counts as lines of CSV."""
        pages = self._counts(query)
        first = next(pages)
        rows = chain(first.rows, (row for chosen in pages for row in chosen.rows))
        for chunk in csv_lines(rows, first.columns):
            yield from chunk.decode().split("\r\n")[:-1]

    def _counts(self, query: Mapping[str, Any]) -> Iterator[ChosenCounts]:
        """Yield the pages of the counts: with ``as_of`` several."""
        arguments = _loaded(CountsQuery(), {name: _as_text(value) for name, value in query.items()})
        while True:
            chosen = chosen_counts(self._store, arguments)
            yield chosen
            if chosen.last is None:
                return
            arguments["after"] = chosen.last

    def submit_verdict(self, claim_id: str, body: Mapping[str, Any]) -> Json:
        """Create a verdict, as the holder of the key."""
        request = _loaded(VerdictBody(), body)
        created = submit_verdict(self._store, self._caller(), claim_id, request, self._settings.review_required)
        verdict: Json = VerdictSchema().dump(created)
        return verdict

    def suggestions(self, query: Mapping[str, Any]) -> Iterator[Json]:
        """Iterate over the suggestions that match the filters."""
        given = _loaded(SuggestionsQuery(), query)
        after = None
        while True:
            found = list_suggestions(self._store, given["filters"], given["sort"], after, LIMIT_MAX)
            for shown in found[:LIMIT_MAX]:
                yield suggestion_json(shown)
                after = (shown.stored.likeness.score, shown.stored.key)
            if len(found) <= LIMIT_MAX:
                return

    def suggestion(self, suggestion_id: str) -> Json:
        """Return a suggestion with what it would change."""
        return suggestion_json(get_suggestion(self._store, suggestion_id), detail=True)

    def decide_suggestion(self, suggestion_id: str, body: Mapping[str, Any]) -> Json:
        """Decide a suggestion, as the holder of the key if there is one, and return it."""
        given = _loaded(DecisionBody(), body)
        decide(self._store, self._editor(), suggestion_id, given["decision"], given["into"], given["reason"])
        return self.suggestion(suggestion_id)

    def own_work(self) -> Json:
        """Return the name, role and work of the holder of the key."""
        work: Json = OwnWorkSchema().dump(get_own_work(self._store, self._caller()))
        return work

    def export(self, public: bool, after: str | None) -> Generator[bytes]:
        """Iterate over the lines of an export, a consistent snapshot: all, or what is public."""
        place = None if after is None else _place(after)
        with self._store.snapshot():
            yield from export_lines(self._store, Scope.PUBLIC if public else Scope.ALL, place)

    def importer(self, options: ImportOptions) -> Callable[[str, BinaryIO], Iterator[tuple[Json, int]]]:
        """Return a function that imports a file. Raises ``click.UsageError`` for an unknown field."""
        tables = load_tables(self._settings.ratings_file, self._settings.collectives_file)
        importer = Importer(self._store, COMMAND_LINE, tables.collectives, options.dry_run)
        try:
            sheets = sheet_options(options.columns, options.values)
        except ValueError as error:
            raise click.UsageError(str(error)) from None

        def import_file(name: str, stream: BinaryIO) -> Iterator[tuple[Json, int]]:
            reader = PositionedReader(stream)
            columns: list[SheetColumn] = []
            batches = import_stream(
                importer,
                io.BufferedReader(reader),
                table=tables.ratings(),
                name=None if name == "-" else name,
                options=sheets,
                on_columns=columns.extend,
            )
            for batch in batches:
                report = import_report([batch], columns=columns, dry_run=options.dry_run)
                columns.clear()
                yield report, reader.position(batch[-1].place.line)

        return import_file

    def _caller(self) -> Caller:
        if self._key is None:
            raise KeyNeeded("This takes an API key, also in the local store: put yours into CLAIMS_API_KEY.")
        return check_key(self._store, self._key)

    def _editor(self) -> Caller:
        if self._key is None:
            return Caller(COMMAND_LINE, KeyRole.ADMIN, "")
        caller = check_key(self._store, self._key)
        if not caller.role.includes(KeyRole.EDITOR):
            raise Forbidden(f"Only editors decide suggestions: the key in CLAIMS_API_KEY is of a {caller.role}.")
        return caller

    def _merged_id(self, claim_id: str) -> str:
        """Return the id of the claim, or of the one that it was merged into."""
        try:
            return use_case.get_claim(self._store, claim_id).id
        except Merged as error:
            return error.into


@contextmanager
def local_backend(key: str | None) -> Iterator[LocalBackend]:
    """Open a backend over that store."""
    with open_store() as store:
        yield LocalBackend(store, load_settings(), key)


def _as_text(value: object) -> object:
    """Return a value as it stands in a query string."""
    return str(value).lower() if isinstance(value, bool) else value


def _place(after: str) -> Place:
    kind, _, public_id = after.partition(":")
    if kind not in set(Kind):
        kinds = sorted(Kind)
        advice = did_you_mean(kind, kinds) or f" The kinds are: {', '.join(kinds)}."
        raise click.BadParameter(f"{after!r}: {kind!r} is not a kind of record.{advice}", param_hint="--after")
    return Kind(kind), public_id


def _matches(found: Sequence[Match]) -> Json:
    matches = [
        {
            "score": match.score,
            "relation": str(match.relation.kind),
            "certainty": match.relation.certainty,
            "sureness": str(match.relation.sureness),
            "summary": match.summary,
            "where": {"start": match.start, "end": match.end},
            "why": asdict(match.reasons),
            "claim": json.loads(match.json),
        }
        for match in found
    ]
    return {"answer": "match" if matches else "none", "matches": matches}


def _loaded(shape: ma.Schema, values: Mapping[str, Any]) -> Any:
    """Return ``values`` loaded as the API loads them; raise ``InvalidInput``."""
    try:
        return shape.load({name: value for name, value in values.items() if value is not None})
    except ma.ValidationError as error:
        [*findings] = _findings(error.normalized_messages())
        raise InvalidInput(*findings[0]) from None


def _findings(messages: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            yield from _findings(inner, pointer if name == "_schema" else f"{pointer}/{name}".lstrip("/"))
    else:
        yield from ((pointer, message) for message in messages)
