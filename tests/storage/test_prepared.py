"""Prepared queries: compiled once, bound by name, rows as named as the query."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import peewee as pw
import pytest

from service.storage.prepared import ITEM, Compiled, any_of, param, params, prepared, prepared_write
from service.storage.tables import ClaimFacet, Document, Facet, Page
from service.store import Store


class Value(NamedTuple):
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Total:
    value: str
    total: int


class PublicId(NamedTuple):
    public_id: str


VALUES = Facet.select(Facet.kind, Facet.value).order_by(Facet.id)
ADD = prepared_write(Facet.insert({Facet.kind: param("kind"), Facet.value: param("value"), Facet.claims: 0}))
ROWS = [("topic", "birds"), ("topic", "harbour"), ("unit", "birds")]


@pytest.fixture
def facets(store: Store) -> Store:
    """Return a store with three facets."""
    with store.write():
        store.database.execute_many(ADD, [{"kind": kind, "value": value} for kind, value in ROWS])
    return store


def test_rows_come_back_named(facets: Store) -> None:
    query = prepared(VALUES.where(Facet.value == param("value")), Value)
    found = facets.database.all(query, value="birds")
    assert [(row.kind, row.value) for row in found] == [("topic", "birds"), ("unit", "birds")]
    assert facets.database.one(query, value="harbour") == Value("topic", "harbour")
    assert facets.database.one(query, value="none") is None
    assert facets.database.all_custom_plan(query, value="birds") == found


def test_a_row_can_be_a_dataclass(facets: Store) -> None:
    query = prepared(Facet.select(Facet.value, (Facet.claims + param("more")).alias("total")).order_by(Facet.id), Total)
    assert facets.database.all(query, more=2)[1] == Total("harbour", 2)


@pytest.mark.parametrize("kinds", [[], ["topic"], ["topic", "unit"], {"unit": 1}])
def test_a_list_has_any_length(facets: Store, kinds: Any) -> None:
    query = prepared(VALUES.where((Facet.kind.in_(params("kinds"))) & (Facet.value == param("value"))), Value)
    found = facets.database.all(query, kinds=kinds, value="birds")
    assert found == [row for row in ROWS if row[0] in kinds and row[1] == "birds"]


@pytest.mark.parametrize("count", range(4))
def test_a_condition_is_repeated_for_each_item(facets: Store, count: int) -> None:
    either = any_of("facets", (Facet.kind == ITEM) & (Facet.value == ITEM))
    query = prepared(VALUES.where(either & (Facet.claims == param("claims"))), Value)
    assert facets.database.all(query, facets=ROWS[:count], claims=0) == ROWS[:count]


def test_statements_count_the_rows_they_change(facets: Store) -> None:
    rename = prepared_write(Facet.update(value=param("new")).where(Facet.value == param("old")))
    delete = prepared_write(pw.ModelDelete(Facet).where(Facet.value.in_(params("values"))))
    with facets.write():
        assert facets.database.execute(rename, old="harbour", new="port") == 1
        assert facets.database.execute(delete, values=["port", "birds"]) == 3
        assert facets.database.execute(delete, values=[]) == 0


def test_a_recursive_query(store: Store) -> None:
    stated = {"version": 1, "created_us": 0, "updated_us": 0, "derived_from": None}
    fields: dict[str, Any] = Document._meta.fields
    add = prepared_write(Document.insert({fields[name]: param(name) for name in ("public_id", *stated)}))
    with store.write():
        store.database.execute_many(add, [stated | {"public_id": name} for name in ("a", "b", "c")])
        link = prepared_write(Document.update({Document.derived_from: param("to")}).where(Document.id == param("id")))
        for number in (2, 3):
            store.database.execute(link, id=number, to=number - 1)
    line = Document.select(Document.id).where(Document.public_id == param("name")).cte("line", True, ("id",))
    line = line.union(Document.select(Document.derived_from).join(line, on=Document.id == line.c.id))
    named = Document.select(Document.public_id).where(Document.id.in_(pw.Select((line,), (line.c.id,))))
    query = prepared(named.where(Document.version == param("version")).order_by(Document.id).with_cte(line), PublicId)
    assert store.database.all(query, name="b", version=1) == [("a",), ("b",)]


def test_rows_are_streamed(facets: Store) -> None:
    with facets.snapshot():
        assert list(facets.database.iterate(prepared(VALUES, Value))) == ROWS


def test_constants_are_literals(store: Store) -> None:
    query = prepared(VALUES.where((Facet.kind == "it's") & (Facet.claims > 0)), Value)
    sql = query.compiled(store.database.peewee).sql
    assert "'it''s'" in sql
    assert store.database.all(query) == []


def test_a_query_is_compiled_once(facets: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    query = prepared(VALUES.where(Facet.value == param("value")), Value)
    first = facets.database.all(query, value="birds")
    monkeypatch.setattr(Compiled, "__init__", None)
    assert facets.database.all(query, value="birds") == first


@pytest.mark.parametrize("columns", [(Facet.value, Facet.kind), (Facet.kind,), (Facet.kind, Facet.value, Facet.id)])
def test_other_columns_than_the_fields_are_refused(columns: tuple[Any, ...]) -> None:
    with pytest.raises(TypeError, match="Value has the fields kind, value, but the query selects"):
        prepared(Facet.select(*columns), Value)


def test_a_column_without_a_name_is_refused() -> None:
    with pytest.raises(TypeError, match=r"give it one with \.alias"):
        prepared(Facet.select(pw.fn.MAX(Facet.id)), PublicId)


def test_columns_are_named_as_in_the_database() -> None:
    class Line(NamedTuple):
        claim_id: int
        kind: str

    prepared(ClaimFacet.select(ClaimFacet.claim, pw.Value("x").alias("kind")), Line)
    aliased = ClaimFacet.alias("f")
    prepared(aliased.select(aliased.claim, pw.Value("x").alias("kind")), Line)


@pytest.mark.parametrize("values", [{}, {"valu": "x"}, {"value": "x", "kind": "y"}])
def test_missing_and_unknown_values_are_refused(store: Store, values: dict[str, str]) -> None:
    query = prepared(VALUES.where(Facet.value == param("value")), Value)
    with pytest.raises(TypeError, match="the query takes value, not"):
        store.database.all(query, **values)


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
@pytest.mark.postgres
def test_a_percent_sign_in_a_constant_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="pass it as a parameter"):
        store.database.all(prepared(Page.select(Page.public_id).where(Page.url == "100%"), PublicId))
