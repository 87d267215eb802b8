"""The full-text index: both engines find the same, and the doctor detects an index that is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.config import PROJECT
from service.model.entities import Stance
from service.model.filters import ClaimFilters, Sort
from service.operations.consistency_check import examine, rebuild
from service.operations.seeding.files import read_seeds
from service.operations.seeding.load import load_seeds
from service.operations.startup import prepare
from service.search.query_parser import parse
from service.storage.database import Database
from service.store import Store
from service.use_cases.search import search_claims
from tests.long_forms import by_form
from tests.operations.seeding.made_up import LATER, SeedFolder
from tests.search.languages import CLAIMS
from tests.servers import fresh_database
from tests.settings import make_settings
from tests.use_cases.desk import Desk

EVERY = ClaimFilters()


@pytest.fixture
def filled(store: Store, tmp_path: Path) -> Store:
    """Return a store whose index is right."""
    SeedFolder(tmp_path / "seeds").load(store)
    return store


# Both engines.

_PIECES = sorted({word for text in CLAIMS.values() for word in text.split()})
_PIECES += [word[:3] for word in _PIECES] + [word[1:3] for word in _PIECES]
_PARTS = st.tuples(
    st.sampled_from(["", "-"]),
    st.sampled_from(["", '"']),
    st.lists(st.sampled_from([*_PIECES, "language", "language"]), min_size=1, max_size=2).map(" ".join),
    st.sampled_from(["", "*", '"', '"*']),
).map("".join)
# Few claims have all of four parts: half of the queries are short, so that enough of them find something.
_QUERIES = st.lists(_PARTS, min_size=1, max_size=2) | st.lists(_PARTS, max_size=4)


def test_an_engine_finds_what_has_the_words(languages: Desk) -> None:
    """For any query, an engine finds exactly the claims whose words fit it in Python."""
    store = languages.store
    documents = store.search_index.search_documents(list(store.claims.all_claim_keys()))
    assert len(documents) == len(CLAIMS)
    found: list[int] = []

    @given(_QUERIES.map(" ".join))
    @settings(max_examples=by_form(60, 300), deadline=None, database=None)
    def check(q: str) -> None:
        query = parse(q)
        expected = [document.key for document in documents if query.matches(document.words, document.stems)]
        assert sorted(store.fulltext.matching(query, EVERY, 100)) == expected, str(query)
        found.append(len(expected))

    check()
    assert sum(map(bool, found)) > by_form(1, 30), "most of them find nothing"


def test_a_claim_of_very_long_words_is_found_by_the_first_of_them(desk: Desk) -> None:
    """PostgreSQL limits the index entry of a claim to one mebibyte."""
    chosen = Random(1)

    def name() -> str:
        return " ".join("".join(chosen.choices("абвгдежзийклмноп", k=64)) for _ in range(3))

    desk.claim("long", text="Twelve ships came.")
    for mention in range(3):
        chain = [f"source-{mention}-{number}" for number in range(10)]
        names = [[name() for _ in range(51)] for _ in chain]
        for source, (first, *aliases) in zip(chain, names, strict=True):
            desk.source(source, name=first, aliases=aliases)
        desk.document(f"d-{mention}")
        desk.mention("long", f"d-{mention}", *chain)
        found = desk.get(f"/v1/claims?q=ships+{names[-1][0].split()[0]}")["data"]
        assert [claim["id"] for claim in found] == ["long"] * (mention < 2)
    assert list(examine(desk.store)) == []


def test_both_engines_rank_the_seeds_alike(tmp_path: Path, postgres_server: str) -> None:
    vocabulary = Random(7)
    with _seeded(f"sqlite:///{tmp_path / 'claims.db'}") as one, fresh_database(postgres_server) as url:
        words = [
            word
            for d in one.search_index.search_documents(list(one.claims.all_claim_keys()))
            for word in d.words.split()
        ]
        queries = [" ".join(vocabulary.sample(words, vocabulary.randint(1, 3))) for _ in range(60)]
        queries += [f'"{one} {other}"' for one, other in zip(words[:400:10], words[1:400:10], strict=True)]
        queries += [f"{word[:3]}* -{other}" for word, other in zip(words[:200:9], words[50:250:9], strict=True)]
        with _seeded(url) as other:
            for q in queries:
                for filters in (EVERY, ClaimFilters(topic="alabuga"), ClaimFilters(updated_since=LATER)):
                    for sort in (None, Sort.MENTIONS):
                        answers = [search_claims(store, parse(q), filters, None, 50, sort) for store in (one, other)]
                        places = [[(c.key, c.position, c.highlights) for c in found.claims] for found in answers]
                        assert places[0] == places[1], q
                        assert answers[0].hits == answers[1].hits
            stems = [
                stem
                for stem, _ in sorted(one.search_index.term_frequencies(words).items(), key=lambda item: item[::-1])
            ]
            assert one.search_index.search_size() == other.search_index.search_size()
            assert one.search_index.term_frequencies(stems) == other.search_index.term_frequencies(stems)
            assert one.fulltext.candidates(stems, 300) == other.fulltext.candidates(stems, 300)


@contextmanager
def _seeded(url: str) -> Iterator[Store]:
    prepare(make_settings(url), lambda step: None)
    database = Database(make_settings(url))
    yield Store(database)
    database.close()


def test_a_filter_and_words_find_the_same_whichever_is_looked_up(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_seeds(store, read_seeds(PROJECT / "seeds"), LATER)
    facets = [
        ClaimFilters(topic="alabuga"),
        ClaimFilters(topic="labour-deployment", stance=Stance.SUPPORTS),
        ClaimFilters(origin="south-korea-nis", updated_since=LATER),
        ClaimFilters(updated_since=LATER),
    ]
    asked = [
        (parse(q), filters)
        for q in ("workers", "north -korea", '"north korean"', "ru* drone", "x")
        for filters in facets
    ]

    def looked_up(most: int) -> list[list[int]]:
        return [store.fulltext.matching(query, filters, most) for query, filters in asked]

    monkeypatch.setattr("service.storage.queries.sqlite_text_index._READING_COSTS", 10**9)
    by_words = looked_up(300)
    assert sum(map(bool, by_words)) > 10
    monkeypatch.setattr("service.storage.queries.sqlite_text_index._READING_COSTS", 0)
    assert looked_up(300) == by_words
    assert looked_up(2) == [hits[:3] for hits in by_words]


# Retrieving by many words.


def test_candidates_are_those_with_the_rarest_terms(filled: Store) -> None:
    documents = filled.search_index.search_documents(list(filled.claims.all_claim_keys()))
    stems = {d.key: {stem.removeprefix("=") for stem in d.stems.split()} for d in documents}
    counts = filled.search_index.term_frequencies({stem for own in stems.values() for stem in own})
    assert counts == {stem: sum(stem in own for own in stems.values()) for stem in set().union(*stems.values())}
    rarest_first = [*sorted(counts, key=lambda stem: (counts[stem], stem)), "nowhere"]

    assert filled.fulltext.candidates(rarest_first, 1000) == {
        key: sum(1 << place for place, stem in enumerate(rarest_first) if stem in own) for key, own in stems.items()
    }
    few = filled.fulltext.candidates(rarest_first, 2)
    assert [bits for bits in few.values() if bits >= 4] == []
    commonest = max(counts, key=lambda stem: counts[stem])
    having = sorted(key for key, own in stems.items() if commonest in own)
    assert len(having) > 1
    assert filled.fulltext.candidates([commonest, rarest_first[0]], len(having) - 1) == dict.fromkeys(having[1:], 1)
    assert filled.fulltext.candidates([], 10) == {}
    assert filled.search_index.search_size() == (len(documents), sum(d.length for d in documents) / len(documents))


# The doctor.

_TAMPERED = {
    "sqlite": [
        "INSERT INTO search_index (rowid, terms) VALUES (1, 'forged')",
        "INSERT INTO search_index (rowid, terms) VALUES (99, 'forged')",
        "INSERT INTO search_index (search_index) VALUES ('delete-all')",
        "INSERT INTO search_index (search_index, rowid, terms) "
        "SELECT 'delete', claim_id, words || ' | ' || stems FROM claim_search WHERE claim_id = 2",
    ],
    "postgresql": [
        "UPDATE search_index SET terms = 'forged' WHERE claim_id = 1",
        "UPDATE search_index SET terms = strip(terms) WHERE claim_id = 1",
        "DELETE FROM search_index",
        "DELETE FROM search_index WHERE claim_id = 2",
    ],
}


@pytest.mark.parametrize("number", range(4))
def test_doctor_sees_an_index_that_was_tampered_with(filled: Store, number: int) -> None:
    with filled.write():
        filled.database.run(_TAMPERED[filled.database.engine][number])
    differences = list(examine(filled))
    assert differences != []
    assert all("the full-text index differs" in difference for difference in differences)

    assert rebuild(filled, LATER) == 0
    assert list(examine(filled)) == []


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE claim_search SET words = words || ' forged' WHERE claim_id = 1", "search document is out of date"),
        ("UPDATE claim_search SET stems = '=forged' WHERE claim_id = 1", "search document is out of date"),
        ("UPDATE claim_search SET fields = '{}' WHERE claim_id = 1", "search document is out of date"),
        ("UPDATE claim_search SET length = 0 WHERE claim_id = 1", "search document is out of date"),
        ("DELETE FROM claim_search WHERE claim_id = 1", "search document is out of date"),
        ("UPDATE search_terms SET claims = 7 WHERE term = 'gull'", "search term gull: 7 stored, 1 counted"),
        ("DELETE FROM search_terms WHERE term = 'gull'", "search term gull: 0 stored, 1 counted"),
        ("INSERT INTO search_terms VALUES ('forged', 1)", "search term forged: 1 stored, 0 counted"),
        ("UPDATE search_totals SET total = 0 WHERE name = 'claims'", "search total claims: 0 stored, 3 counted"),
        ("UPDATE search_totals SET total = 1 WHERE name = 'words'", "search total words: 1 stored"),
    ],
)
def test_doctor_sees_what_claims_are_found_by(filled: Store, statement: str, told: str) -> None:
    with filled.write():
        filled.database.run(statement)
    assert any(told in difference for difference in examine(filled))

    rebuild(filled, LATER)
    assert list(examine(filled)) == []
    assert filled.fulltext.matching(parse("forged"), EVERY, 10) == []


@given(seed=st.integers(0, 10_000))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_doctor_sees_any_word_that_was_taken_out_or_put_in(filled: Store, seed: int) -> None:
    random = Random(seed)
    documents = filled.search_index.search_documents(list(filled.claims.all_claim_keys()))
    document = random.choice(documents)
    words = document.words.split()
    place = random.choice([place for place, word in enumerate(words) if word != "|"])
    other = random.choice(sorted({word for d in documents for word in d.words.split()} - {words[place], "|"}))
    changed = [*words[:place], *random.choice([[], [other], [other, words[place]]]), *words[place + 1 :]]
    off, on = {
        "sqlite": ("DROP TRIGGER claim_search_update", None),
        "postgresql": ("ALTER TABLE claim_search DISABLE TRIGGER USER", "ALTER TABLE claim_search ENABLE TRIGGER USER"),
    }[filled.database.engine]
    with filled.write(), filled.database.peewee.savepoint() as point:
        _set_words(filled, document.key, " ".join(changed))
        # The index has followed the table. The table is right again: only the index is wrong.
        filled.database.run(off)
        _set_words(filled, document.key, document.words)
        if on is not None:
            filled.database.run(on)
        assert filled.index_checks.misindexed_claims() == [document.key]
        point.rollback()
    assert filled.index_checks.misindexed_claims() == []


def _set_words(store: Store, key: int, words: str) -> None:
    store.database.run("UPDATE claim_search SET words = ? WHERE claim_id = ?", (words, key))
