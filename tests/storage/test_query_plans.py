"""Every query behind a read of the API walks an index, with every filter and sort: no table scan, no sort."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import product

import pytest
from flask.testing import FlaskClient

from service.model.filters import Sort
from service.model.recounts import RecountKind
from service.schemas import requests
from service.schemas.fields import Shape
from service.storage.database import Database
from service.storage.queries import claim_pages, feeds
from service.store import Store
from tests.application import application
from tests.copies import copied
from tests.settings import make_settings
from tests.storage.reading_everything import DESK, LONG_AGO, PAGES, Parameters, fill, next_page, reads, requests_of
from tests.storage.recorded_queries import SCAN, SORT, Finding, Recorder, Statement, findings
from tests.world import ADA, ANA, make_world

SQLITE, POSTGRESQL = "sqlite", "postgresql"
BOTH = (SQLITE, POSTGRESQL)


@dataclass(frozen=True)
class Allowance:
    """A scan or sort that is allowed: the method and the query, the reason, and the most rows it can read.

    ``within`` is a pattern of the SQL without quotes, so that the other queries of the method are still examined.
    """

    method: str
    kind: str
    within: str
    reason: str
    bound: str
    engines: tuple[str, ...] = BOTH


ALLOWANCES = (
    Allowance(
        "ApiKeyQueries.all",
        SCAN,
        "FROM api_keys",
        "Colleagues to name are those with a key.",
        "A row for each key that was ever made.",
        (SQLITE,),
    ),
    Allowance(
        "ClaimPages.facet_totals",
        SORT,
        "FROM facets",
        "The rarest facet drives the list; the total that says so changes with every write.",
        "One row a filter.",
    ),
    Allowance(
        "ClaimPages.claims_page",
        SORT,
        "AS page",
        "No index has the claims of a facet in an order: it would change for each facet with each write.",
        "Claims that are few enough to be sorted: fewer than the steps of a walk of the order.",
    ),
    Allowance(
        "ClaimQueries.claim_states",
        SORT,
        "claim_topics",
        "A claim has a few topics.",
        "The topics of a batch of claims.",
    ),
    Allowance(
        "ClaimQueries.claim_states",
        SORT,
        "claim_links",
        "Links in the order they came, of several claims at once.",
        "The links of a batch of claims.",
    ),
    Allowance(
        "ClaimQueries.facets_among",
        SORT,
        "GROUP BY",
        "Facets are counted among the claims of a search, which no index has together.",
        "The facets of 500 claims, for two batches at most.",
        (SQLITE,),
    ),
    Allowance(
        "EvidenceQueries.derivatives",
        SORT,
        "WITH RECURSIVE line",
        "The copies of a document in the order of their ids.",
        "The copies of one document.",
        (SQLITE,),
    ),
    Allowance(
        "EvidenceQueries.copies_from",
        SORT,
        "WITH RECURSIVE below",
        "The copies of what a source published in the order of their ids.",
        "The copies of the documents of one source.",
        (SQLITE,),
    ),
    Allowance(
        "EvidenceQueries.of_claims",
        SORT,
        "FROM mentions",
        "Mentions in the order they came, of several claims at once.",
        "The mentions of a batch of claims.",
        (SQLITE,),
    ),
    Allowance(
        "EvidenceQueries.mentions_page",
        SORT,
        "FROM mentions",
        "The mentions of a claim and of those that were merged into it, in one order.",
        "The mentions of one claim.",
        (SQLITE,),
    ),
    Allowance(
        "CatalogueQueries.sources_page",
        SORT,
        r"(kind|country) = ",
        "The index of the filter is not in the order of ids.",
        "The sources of one kind or country.",
        (SQLITE,),
    ),
    Allowance(
        "CatalogueQueries.sources_named",
        SORT,
        r"(kind|country) = ",
        "The index of the filter is not in the order of names.",
        "The sources of one kind or country.",
        (SQLITE,),
    ),
    Allowance(
        "CatalogueQueries.sources_page",
        SORT,
        "part_of_id IN",
        "The parts of a source in the order of their ids.",
        "The parts of a page of sources.",
        (SQLITE,),
    ),
    Allowance(
        "CatalogueQueries.sources",
        SORT,
        "part_of_id IN",
        "The parts of a source in the order of their ids.",
        "The parts of a few sources.",
        (SQLITE,),
    ),
    Allowance(
        "CatalogueQueries.documents_page",
        SORT,
        "publisher_id",
        "The index of the publisher is not in the order of ids.",
        "The documents of one publisher.",
        (SQLITE,),
    ),
    Allowance(
        "VerdictQueries.reviews",
        SORT,
        "FROM reviews",
        "Reviews in the order they came, of several verdicts at once.",
        "The reviews of a page of verdicts.",
        (SQLITE,),
    ),
    Allowance(
        "VerdictQueries.verdicts_page",
        SCAN,
        r"EXISTS ?\(SELECT .* FROM reviews",
        "PostgreSQL may hash the reviews of a reader before it walks the drafts.",
        "The reviews, once; only for drafts, which a checker reads.",
        (POSTGRESQL,),
    ),
    Allowance(
        "ExportQueries.kept",
        SORT,
        "claim_topics",
        "A claim has a few topics.",
        "The topics of a batch of claims.",
    ),
    Allowance(
        "ExportQueries.kept",
        SORT,
        r"FROM verdicts .*state = ",
        "SQLite takes the index of the state rather than the order of the keys.",
        "The published verdicts.",
        (SQLITE,),
    ),
    Allowance("SearchIndexQueries.search_size", SCAN, "search_totals", "The table is its totals.", "Two rows."),
    Allowance("check_schema", SCAN, "schema_migration", "All of them are compared.", "One row a migration."),
    Allowance("check_schema", SORT, "sqlite_master", "Peewee lists the tables.", "One row a table.", (SQLITE,)),
)
# Filters of lists that are walked in a large store.
WALKED: tuple[Parameters, ...] = (
    {"topic": "harbour"},
    {"topic": "harbour", "source": "ministry"},
    {"topic": "harbour", "updated_since": LONG_AGO},
)
# Reads with many parameters, whose queries do not depend on the caller.
SAME_FOR_ALL = ("/v1/claims", "/v1/corroboration")


@dataclass
class Reading:
    """The reads of a store, and the SELECTs that they ran."""

    database: Database
    statements: list[Statement] = field(default_factory=list)
    answered: dict[str, set[str]] = field(default_factory=dict)

    def faults(self) -> Iterator[tuple[Finding, str, list[Allowance]]]:
        """Yield the faults of the plans, each with its SQL and plan and the allowances that cover it."""
        for finding, plan in findings(self.database, self.statements):
            sql = plan.partition("\n")[0].replace('"', "")
            yield (
                finding,
                plan,
                [
                    known
                    for known in ALLOWANCES
                    if (known.method, known.kind) == (finding.method, finding.kind)
                    and self.database.engine in known.engines
                    and re.search(known.within, sql)
                ],
            )


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def reading(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reading]:
    """Yield the recorded reads of the API over a small store, with every parameter alone and in pairs."""
    with ExitStack() as stack:
        original = request.getfixturevalue(f"migrated_{request.param}")
        url = stack.enter_context(copied(original, tmp_path_factory.mktemp("plans")))
        settings = make_settings(url)
        database = Database(settings)
        stack.callback(database.close)
        store = Store(database)
        world = make_world(application(store, settings), store)
        ids = fill(world)
        database.close()
        recorder = Recorder(database)
        done = Reading(database)
        client = world.client()
        keys = [{}, *({"Authorization": f"Bearer {world.keys[name]}"} for name in (ADA, ANA))]
        for path, names in reads().items():
            answered = done.answered.setdefault(path, set())
            for parameters in requests_of(path, names):
                # The queries of a checker have the most conditions.
                callers = keys[:1] if path in SAME_FOR_ALL else keys if len(parameters) < 3 else keys[2:]
                for headers in callers:
                    answered |= _read(client, path.format(**ids), parameters, headers)
        assert client.post("/v1/match", json={"texts": ["Twelve ships came to the harbour."]}).status_code == 200
        for page in PAGES:
            assert client.get(page.format(**ids), headers={"Accept": "text/html"}).status_code == 200, page
        assert client.post("/desk/sign-in", data={"key": world.keys[ADA]}).status_code == 303
        for page in DESK:
            assert client.get(page.format(**ids)).status_code == 200, page
        with pytest.MonkeyPatch.context() as patched:
            # Claims with a facet that many have, and the verdicts of a large topic, have queries of their own.
            patched.setattr(claim_pages, "SORTED_AT_MOST", 0)
            patched.setattr(claim_pages, "STEPS_AT_LEAST", 0)
            for sort, filters in product(Sort, WALKED):
                _read(client, "/v1/claims", {**filters, "sort": sort, "limit": "1"}, {})
            patched.setattr(feeds, "FEW_CLAIMS", 0)
            for parameters in ({"topic": "harbour"}, {"topic": "harbour", "checker": ANA}):
                _read(client, "/feeds/verdicts.atom", {**parameters, "limit": "1"}, {})
        with store.write():
            for kind in RecountKind:
                store.recounts.add(kind, "ministry", ADA, 0)
        _read(client, "/v1/claims", {"limit": "1"}, {})
        done.statements = recorder.statements()
        yield done


def _read(client: FlaskClient, path: str, parameters: Parameters, headers: dict[str, str]) -> set[str]:
    """Read a list and the page after its first; return the parameters that were answered."""
    answered: set[str] = set()
    following: Parameters | None = parameters
    for _ in range(2):
        if following is not None:
            answer = client.get(path, query_string=following, headers=headers)
            answer.get_data()  # a streamed answer runs its queries while it is read
            assert answer.status_code < 500, (path, following)
            if answer.status_code == 200:
                answered |= {f"{name}={value}" for name, value in following.items()} | set(following)
            following = next_page(answer, parameters)
    return answered


def test_no_query_scans_a_table_or_sorts(reading: Reading) -> None:
    unexpected = {finding: plan for finding, plan, allowances in reading.faults() if not allowances}
    assert not unexpected, "\n\n".join(
        f"{finding.method}: {finding.kind}\n{unexpected[finding]}" for finding in unexpected
    )


def test_every_allowance_is_still_needed(reading: Reading) -> None:
    needed = {known for _, _, allowances in reading.faults() for known in allowances}
    engine = reading.database.engine
    assert [known for known in ALLOWANCES if engine in known.engines and known not in needed] == []


def test_every_parameter_of_every_read_was_answered_with_every_value(reading: Reading) -> None:
    for path, names in reads().items():
        answered = reading.answered[path]
        wanted = {f"{name}={value}" for given in requests_of(path, names) for name, value in given.items()}
        assert wanted <= answered, path
        # Queries that go on from a position run for second pages only.
        assert {"cursor", "pageToken"} & set(names) <= answered, path


def test_every_shape_of_a_query_string_was_used(reading: Reading) -> None:
    """Assert that every query schema of ``service.schemas.requests`` belongs to a read that is exercised."""
    shapes = [
        shape
        for _, shape in inspect.getmembers(requests, inspect.isclass)
        if issubclass(shape, Shape) and shape.__module__ == requests.__name__ and shape().fields
    ]
    known = [set(names) for names in reads().values()]
    for shape in shapes:
        fields = {own.data_key or name for name, own in shape().fields.items()}
        assert any(fields <= names for names in known), shape.__name__


def test_superseded_verdicts_are_listed_without_reading_the_others(reading: Reading) -> None:
    listed = {s for s in reading.statements if 'superseded_by_id" IS NOT NULL)) ORDER' in s.sql}
    assert len(listed) > 0
    if reading.database.engine == SQLITE:
        plans = [reading.database.rows(f"EXPLAIN QUERY PLAN {s.sql}", s.parameters) for s in listed]
        assert any("USING INDEX verdict_superseded (" in step for plan in plans for *_, step in plan)
