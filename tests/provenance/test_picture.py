"""The picture is the proof: all that the corroboration says can be read back from it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given

from service.corroboration.results import Corroboration, NotCounted
from service.model.entities import Basis, Document, Independence, Mention, Policy, Source, SourceKind, Stance
from service.provenance.folding import VISIBLE, folded
from service.provenance.graph import Column, Graph, State
from service.provenance.styles import BOTH, SHEET, content_policy
from service.provenance.svg import Form, picture
from service.provenance.text import width, wrapped
from service.provenance.wording import LEFT_OUT, MERGES
from tests.corroboration.strategies import World, days, kernel, policies, worlds
from tests.provenance.graphs import (
    HOSTILE,
    SVG,
    Evidence,
    Picture,
    all_seeded,
    evidence,
    hostile,
    listed,
    many,
    of_world,
    seeded,
)

FORMS = (Form.COLUMNS, Form.ROWS)
CORROBORATED, CONTESTED = "nk-personnel-deployed", "russia-breaches-un-labour-ban"


def _sides(result: Corroboration) -> dict[str, set[str]]:
    """Return the mentions by group, as ``side:group``."""
    return {
        f"{side.stance}:{group.id}": set(group.mentions)
        for side in (result.supports, result.differs, result.refutes)
        for group in side.groups
    }


def _check(graph: Graph, form: Form) -> None:
    """Read a picture back and compare it with the corroboration that it shows."""
    result, read = graph.result, Picture(picture(graph, form))
    nodes = read.nodes()
    origins = [node for node in nodes.values() if node.attrib["data-node"] == "origin"]
    groups: dict[str, set[str]] = {}
    for node in origins:
        assert len(nodes) <= VISIBLE
        inside = _sides(result)
        for group in listed(node, "groups"):
            groups.setdefault(group, set()).update(set(listed(node, "mentions")) & inside[group])
    assert groups == _sides(result)

    left_out = {mention: node for node in origins if listed(node, "rules") for mention in listed(node, "mentions")}
    assert left_out.keys() == {entry.mention for entry in result.uncounted}
    for entry in result.uncounted:
        assert listed(left_out[entry.mention], "rules") == [entry.rule]
        assert LEFT_OUT[entry.rule] in read.words(left_out[entry.mention])

    states = Counter(
        node.attrib["data-state"] for node in origins for _ in listed(node, "groups") if not listed(node, "rules")
    )
    assert states["named"] == sum(group.named for group in result.supports.groups)
    assert states["possible"] == sum(not group.named for group in result.supports.groups)
    assert (states["differs"], states["refutes"]) == (len(result.differs.groups), len(result.refutes.groups))

    merges = Counter(
        tuple(element.attrib[f"data-{name}"] for name in ("side", "merge", "group", "left", "right"))
        for element in read.having("merge")
    )
    sides = (result.supports, result.differs, result.refutes)
    assert merges == Counter(
        (side.stance, merge.rule, merge.group, merge.left, merge.right) for side in sides for merge in side.merges
    )
    for element in read.having("merge"):
        assert element.attrib["data-left-node"] in nodes
        assert MERGES[element.attrib["data-merge"]] in read.words(nodes[element.attrib["data-right-node"]])  # type: ignore[index]

    mentions = [mention for strand in read.having("path") for mention in listed(strand, "mentions")]
    assert sorted(mentions) == sorted(mention for node in origins for mention in listed(node, "mentions"))
    for strand in read.having("path"):
        for stop in listed(strand, "path"):
            assert set(listed(strand, "mentions")) <= set(listed(nodes[stop], "mentions"))
        assert strand.attrib["data-state"] == nodes[listed(strand, "path")[0]].attrib["data-state"]


@pytest.mark.parametrize("form", FORMS)
def test_every_seeded_claim_reads_back(form: Form) -> None:
    seen: Counter[State] = Counter()
    for each in all_seeded():
        graph = each.graph()
        _check(graph, form)
        assert sorted(m for s in graph.strands for m in s.mentions) == sorted(m.id for m in each.mentions)
        seen.update(node.state for node in graph.column(Column.ORIGIN) if node.state)
    assert set(seen) == set(State)


@kernel
@given(worlds(), policies, days)
def test_random_claims_read_back(world: World, policy: Policy, day: dt.date) -> None:
    evidence = of_world(world)
    for as_of in (None, day):
        graph = evidence.graph(policy, as_of)
        for form in FORMS:
            _check(graph, form)


@kernel
@given(worlds())
def test_the_order_of_the_mentions_does_not_matter(world: World) -> None:
    evidence = of_world(world)
    backwards = Evidence(
        evidence.claim,
        evidence.mentions[::-1],
        dict(reversed(evidence.documents.items())),
        dict(reversed(evidence.sources.items())),
    )
    assert picture(evidence.graph()) == picture(backwards.graph())


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("mentions", "origins"), [(200, 8), (200, 3), (200, 200), (60, 40)])
def test_many_mentions_are_folded_and_still_read_back(mentions: int, origins: int, form: Form) -> None:
    graph = many(mentions, origins).graph()
    view = folded(graph)
    assert len(graph.nodes) > VISIBLE >= len(view.nodes)
    _check(graph, form)
    read = Picture(picture(graph, form))
    assert f"boxes are folded into {len(view.nodes)}" in read.words()
    shown = {node for each in view.column(Column.DOCUMENT) for node in each.ids}
    assert shown == {mention.document for mention in many(mentions, origins).mentions}


def _by_publishers(*publishers: Source | None) -> Graph:
    """Return a claim of one origin in 20 documents of each of these publishers."""
    origin, owner = Source("o", "A ministry", SourceKind.GOVERNMENT), Source("own", "The Group", SourceKind.COMPANY)
    documents = [
        Document(f"d{i}-{j}", title=f"Article {j}", publisher=publisher.id if publisher else None)
        for i, publisher in enumerate(publishers)
        for j in range(20)
    ]
    mentions = [Mention(f"m-{d.id}", "c", d.id, Stance.SUPPORTS, ("o",), Basis.EXPLICIT) for d in documents]
    return evidence([origin, owner, *filter(None, publishers)], documents, mentions).graph()


def test_documents_fold_by_origin_and_publisher_first() -> None:
    view = folded(_by_publishers(Source("a", "The Post", SourceKind.OUTLET), None))
    assert [(node.label, node.notes) for node in view.nodes.values() if node.column is not Column.ORIGIN] == [
        ("The Post", ()),
        ("Publisher unknown", ("of 20 documents",)),
        ("20 documents", ()),
        ("20 documents", ()),
    ]


def test_then_publishers_fold_into_their_owner() -> None:
    papers = [Source(f"p{i}", f"Paper {i}", SourceKind.OUTLET, part_of="own") for i in range(14)]
    view = folded(_by_publishers(*papers, None))
    assert [(node.label, node.notes) for node in view.column(Column.PUBLISHER)] == [
        ("The Group", ("14 publishers: Paper 0, Paper 1, Paper 10 and 11 others",)),
        ("Publisher unknown", ("of 20 documents",)),
    ]


def test_relays_fold_into_one() -> None:
    [relay] = folded(many().graph()).column(Column.RELAY)
    assert (relay.label, relay.notes) == ("2 chains of relays", ("The Daily 3 and The Daily 4",))


def test_a_folded_box_says_how_many_it_stands_for() -> None:
    view = folded(many(200, 40).graph())
    for node in view.nodes.values():
        assert node.folded == 1 or any(char.isdigit() for char in node.label + " ".join(node.notes)), node
    [more] = [node for node in view.nodes.values() if node.id == "origin:folded:named"]
    assert (more.label, more.mark) == (f"{more.folded} more named origins", f"7–{6 + more.folded}")


@pytest.mark.parametrize("independence", list(Independence))
@pytest.mark.parametrize("version", [1, 2])
def test_any_policy_reads_back(version: int, independence: Independence) -> None:
    policy = Policy(independence=independence, version=version)
    for claim in (CORROBORATED, CONTESTED):
        graph = seeded(claim).graph(policy)
        for form in FORMS:
            _check(graph, form)


def test_a_day_leaves_documents_out_in_words() -> None:
    graph = seeded("nk-15000-workers-in-russia").graph(as_of=dt.date(2025, 5, 31))
    words = Picture(picture(graph, Form.COLUMNS)).words()
    assert LEFT_OUT[NotCounted.PUBLISHED_LATER] in words
    assert "as of 2025-05-31" in words


def test_a_claim_without_mentions_says_so() -> None:
    empty = Evidence(seeded(CORROBORATED).claim, (), {}, {})
    for form in FORMS:
        words = Picture(picture(empty.graph(), form)).words()
        assert "No document mentions this." in words
        assert "Unsupported" in words


@pytest.mark.parametrize("form", list(Form))
def test_hostile_names_stay_text(form: Form) -> None:
    graph = hostile().graph()
    text = picture(graph, form)
    read = Picture(text)
    assert not [each for each in read.root.iter() if each.tag.removeprefix(SVG) in ("script", "image", "a", "use")]
    assert not [name for each in read.root.iter() for name in each.attrib if name.startswith("on") or "href" in name]
    assert "url(" not in text
    assert not set(text) & set("\u202e\x00\x08\x1b\ud800\uffff")
    assert HOSTILE[0] in read.words()
    for each in read.root.iter(f"{SVG}text"):
        assert len("".join(each.itertext())) < 200
    if form is not Form.AUTO:
        _check(graph, form)


def test_the_policy_allows_its_own_style_sheets_and_nothing_else() -> None:
    read = Picture(picture(seeded(CORROBORATED).graph()))
    assert [each.text for each in read.root.iter(f"{SVG}style")] == [SHEET, BOTH]
    policy = content_policy()
    assert policy.startswith("default-src 'none';")
    assert policy.count("sha256-") == 2
    assert "unsafe" not in policy
    assert not [each for each in read.root.iter() if "style" in each.attrib]


def test_both_forms_are_in_the_default_picture() -> None:
    graph = seeded(CORROBORATED).graph()
    both = Picture(picture(graph))
    inner = {each.attrib["class"]: each for each in both.root if each.tag == f"{SVG}svg"}
    assert inner.keys() == {"columns", "rows"}
    for form in FORMS:
        alone = Picture(picture(graph, form))
        assert both.words(inner[form]) == alone.words()


def test_title_and_description_are_named_by_the_picture() -> None:
    root = Picture(picture(seeded(CONTESTED).graph(), Form.COLUMNS)).root
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert (root.attrib["aria-labelledby"], root.attrib["aria-describedby"]) == (title.attrib["id"], desc.attrib["id"])
    assert (title.text or "").startswith("Provenance of: By using North Korean labour")
    assert "Government of Russia: denies it" in (desc.text or "")


def _boxes(root: ET.Element) -> list[tuple[float, float, float, float]]:
    """Return left, top, right and bottom of the frames of all boxes."""
    found = []
    for box in root.iter():
        if box.attrib.get("class") == "box" and box.tag == f"{SVG}rect":
            x, y, wide, high = (float(box.attrib[name]) for name in ("x", "y", "width", "height"))
            found.append((x, y, x + wide, y + high))
        elif box.attrib.get("class") == "box":
            numbers = [float(n) for n in box.attrib["d"].replace("M", "").split("h")[0].split()]
            high = float(box.attrib["d"].split("v")[1].split("h")[0]) + 14
            found.append((numbers[0], numbers[1], numbers[0], numbers[1] + high))
    return found


@pytest.mark.parametrize("evidence", [seeded(CORROBORATED), seeded(CONTESTED), many()], ids=["one", "two", "many"])
def test_boxes_do_not_overlap_and_text_stays_inside(evidence: Evidence) -> None:
    root = Picture(picture(evidence.graph(), Form.COLUMNS)).root
    columns: dict[float, list[tuple[float, float]]] = {}
    for x, top, _, bottom in _boxes(root):
        columns.setdefault(x, []).append((top, bottom))
    assert len(columns) >= 3
    for spans in columns.values():
        assert all(below[0] > above[1] for above, below in pairwise(sorted(spans)))
    wide, high = float(root.attrib["width"]), float(root.attrib["height"])
    assert (wide, root.attrib["viewBox"]) == (1120, f"0 0 1120 {root.attrib['height']}")
    assert max(bottom for *_, bottom in _boxes(root)) < high


def test_a_long_word_and_wide_characters_fit_their_box() -> None:
    for text in (*HOSTILE, "e\u0301" * 40):
        for line in wrapped(text, 14, 120, 4):
            assert width(line, 14) <= 121
    assert wrapped("one two three", 14, 60, 1) == ["one …"]
    assert wrapped("", 14, 60) == []
