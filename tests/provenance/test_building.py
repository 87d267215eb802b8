"""The graph of a claim: boxes, words and rows, case by case."""

from __future__ import annotations

import datetime as dt

import pytest

from service.model.entities import (
    Basis,
    Document,
    Mention,
    Qualifier,
    Quantity,
    Reported,
    Source,
    SourceKind,
    Stance,
    TimeFrame,
)
from service.provenance.graph import Column, Graph, State
from service.provenance.table import table_rows
from service.provenance.wording import letters, listed, published, value, words_below
from tests.provenance.graphs import all_seeded, evidence, seeded

SOURCES = (
    Source("korea", "Korea", SourceKind.GOVERNMENT),
    Source("nis", "The NIS", SourceKind.OFFICIAL, part_of="korea"),
    Source("wsj", "The Journal", SourceKind.OUTLET, part_of="group"),
    Source("post", "The Post", SourceKind.OUTLET),
    Source("group", "The Group", SourceKind.COMPANY),
    Source("some", "Some reports", SourceKind.COLLECTIVE),
)


def _graph(*mentions: Mention, documents: tuple[Document, ...] = ()) -> Graph:
    known = {document.id for document in documents}
    others = {mention.document for mention in mentions} - known
    return evidence(SOURCES, [*documents, *(Document(each) for each in sorted(others))], mentions).graph()


def _said(
    id: str,
    *chain: str,
    document: str = "d",
    stance: Stance = Stance.SUPPORTS,
    basis: Basis = Basis.EXPLICIT,
    reported: Reported | None = None,
) -> Mention:
    return Mention(id, "c", document, stance, chain, basis if chain else None, reported=reported)


def _origin(graph: Graph) -> tuple[str, list[str]]:
    [node] = graph.column(Column.ORIGIN)
    return node.label, words_below(graph)[node.id]


ONE = "1 mention in 1 document"


@pytest.mark.parametrize(
    ("mention", "label", "words"),
    [
        (_said("m", "nis"), "Korea", ["named origin, as The NIS", ONE]),
        (_said("m", "korea"), "Korea", ["named origin", ONE]),
        (_said("m", "korea", basis=Basis.INFERRED), "Korea", ["possible origin: inferred, not stated", ONE]),
        (_said("m", "wsj", "some"), "The Group", ["named origin, as The Journal", "citing “Some reports”", ONE]),
        (_said("m", "some"), "Nobody named: “Some reports”", ["possible origin: perhaps the publisher of A", ONE]),
        (_said("m"), "Nobody named", ["possible origin: perhaps the publisher of A", ONE]),
        (
            _said("m", "korea", stance=Stance.DIFFERS, reported=Reported(text="twelve")),
            "Korea",
            ["states another value: twelve", ONE],
        ),
        (_said("m", stance=Stance.REFUTES), "Nobody named", ["denies it; perhaps the publisher of A", ONE]),
        (
            _said("m", "korea", stance=Stance.REFUTES, basis=Basis.INFERRED),
            "Korea",
            ["denies it; inferred, not stated", ONE],
        ),
        (_said("m", "nis", stance=Stance.PARTLY_SUPPORTS), "The NIS", ["supports it in part: shown, not counted", ONE]),
        (_said("m", stance=Stance.PARTLY_REFUTES), "Nobody named", ["denies it in part: shown, not counted", ONE]),
    ],
)
def test_an_origin_says_how_it_counts(mention: Mention, label: str, words: list[str]) -> None:
    assert _origin(_graph(mention, documents=(Document("d", title="The Paper"),))) == (
        label,
        words,
    )


def test_a_chain_becomes_relays_publisher_and_document() -> None:
    paper = Document("d", title="Workers", publisher="post")
    graph = _graph(_said("m1", "wsj", "nis"), _said("m2", "nis"), documents=(paper,))
    assert [(n.column, n.label, n.ids) for n in graph.nodes.values() if n.column is not Column.ORIGIN] == [
        ("relay", "The Journal", ("wsj",)),
        ("publisher", "The Post", ("post",)),
        ("document", "Workers", ("d",)),
    ]
    assert [(len(s.path), s.mentions) for s in graph.strands] == [(3, ("m2",)), (4, ("m1",))]
    assert {(e.source.split(":")[0], e.target.split(":")[0], e.mentions) for e in graph.edges()} == {
        ("origin", "publisher", ("m2",)),
        ("origin", "relay", ("m1",)),
        ("relay", "publisher", ("m1",)),
        ("publisher", "document", ("m1", "m2")),
    }


def test_unknown_publishers_are_not_one() -> None:
    graph = _graph(_said("m1", "nis", document="a"), _said("m2", "nis", document="b"))
    assert [(n.label, n.known) for n in graph.column(Column.PUBLISHER)] == [("Publisher unknown", False)] * 2


def test_a_document_names_its_original() -> None:
    first = Document("a", title="First", publisher="wsj")
    documents = (
        first,
        Document("b", title="Copy", derived_from="a"),
        Document("e", derived_from="z", published_latest=dt.date(2025, 1, 1)),
        Document("z", publisher="post"),
        Document("y", derived_from="x"),
        Document("x"),
        Document("w", derived_from="v"),
        Document("v", title="Hidden", publisher="post"),
    )
    graph = _graph(*(_said(f"m{each}", "nis", document=each) for each in "abeyw"), documents=documents)
    assert {n.ids[0]: (n.mark, *n.notes) for n in graph.column(Column.DOCUMENT)} == {
        "e": ("A", "by 1 Jan 2025", "derived from a document of The Post"),
        "a": ("B", "undated"),
        "b": ("C", "undated", "derived from B"),
        "w": ("D", "undated", "derived from “Hidden” of The Post"),
        "y": ("E", "undated", "derived from a document that is not shown"),
    }


def test_a_repetition_in_a_document_is_one_with_its_origin() -> None:
    graph = _graph(_said("m1", "nis"), _said("m2"))
    first, second = graph.column(Column.ORIGIN)
    assert (second.state, second.groups, second.rules) == (
        State.NOT_COUNTED,
        ("supports:source:korea",),
        ("document_names_origin",),
    )
    assert "one with 1: same document" in words_below(graph)[second.id]
    [merge] = graph.merges
    assert (merge.left, merge.right) == (first.id, second.id)


def test_origins_are_numbered_up_to_the_number_of_named_ones() -> None:
    for each in all_seeded():
        graph = each.graph()
        marks = [node.mark for node in graph.column(Column.ORIGIN) if node.state is State.NAMED]
        assert marks == [str(place + 1) for place in range(graph.result.supports.origins.named or 0)]


def test_the_table_has_a_row_for_each_way() -> None:
    rows = table_rows(seeded("nk-15000-workers-in-russia").graph())
    assert [(r.mark, r.relay, r.publisher, r.letter, r.published, len(r.mentions)) for r in rows] == [
        ("1", None, None, "A", "21 Apr to 31 May 2025", 1),
        ("1", "The Wall Street Journal", "HNGN", "B", "28 Apr to 31 May 2025", 3),
        ("1", None, None, "C", "1 Jun 2025 or later", 1),
    ]
    assert {(r.origin, r.counts_as) for r in rows} == {
        (
            "Government of South Korea",
            "named origin, as National Intelligence Service of South Korea; counted as one: same source ×4",
        )
    }


def test_the_table_has_every_mention_and_reason() -> None:
    for each in all_seeded():
        graph = each.graph()
        rows = table_rows(graph)
        assert sorted(m for row in rows for m in row.mentions) == sorted(m.id for m in each.mentions)
        reasons = {entry.mention: entry.reason for entry in graph.result.uncounted}
        for row in rows:
            assert set(row.reasons) == {reasons[m] for m in row.mentions if m in reasons}


@pytest.mark.parametrize(
    ("earliest", "latest", "words"),
    [
        ("2025-04-21", "2025-05-31", "21 Apr to 31 May 2025"),
        ("2024-12-31", "2025-01-01", "31 Dec 2024 to 1 Jan 2025"),
        ("2025-04-21", "2025-04-21", "21 Apr 2025"),
        ("2025-04-21", None, "21 Apr 2025 or later"),
        (None, "2025-04-21", "by 21 Apr 2025"),
        (None, None, "undated"),
    ],
)
def test_dates_in_words(earliest: str | None, latest: str | None, words: str) -> None:
    days = [None if each is None else dt.date.fromisoformat(each) for each in (earliest, latest)]
    assert published(Document("d", published_earliest=days[0], published_latest=days[1])) == words


@pytest.mark.parametrize(
    ("reported", "words"),
    [
        (None, None),
        (Reported(), None),
        (Reported(quantity=Quantity(12_000, 12_000, "troops", Qualifier.ABOUT)), "about 12,000 troops"),
        (Reported(quantity=Quantity(None, 25_000, "troops", Qualifier.UP_TO)), "up to 25,000 troops"),
        (Reported(quantity=Quantity(1, 2.5, "%", Qualifier.BETWEEN)), "1 to 2.5 %"),
        (Reported(text="half", time_frame=TimeFrame("in May")), "half, in May"),
    ],
)
def test_values_in_words(reported: Reported | None, words: str | None) -> None:
    assert value(reported) == words


def test_letters_and_lists() -> None:
    assert [letters(index) for index in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
    assert listed(["A"]) == "A"
    assert listed(["A", "B", "C", "D"]) == "A, B, C and 1 other"
