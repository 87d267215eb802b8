"""Mermaid, DOT and PROV-JSON: valid by their grammars, escaped, and with all of the graph."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from prov.model import ProvDocument

from service.model.entities import Status
from service.provenance.badge import badge, origins_in_words
from service.provenance.dot import dot
from service.provenance.mermaid import mermaid
from service.provenance.prov import prov_document
from tests.provenance.graphs import HOSTILE, Evidence, Picture, all_seeded, hostile, many, replace_all, seeded

CORROBORATED = "nk-personnel-deployed"
CASES = pytest.mark.parametrize(
    "evidence", [seeded(CORROBORATED), hostile(), many()], ids=["seeded", "hostile", "many"]
)

TEXT = r'"(?:[^"#&;`<>{}()\[\]|\\]|<br>|#\d+;)*"'
SHAPES = (r"\[\[{}\]\]", r"\(\[{}\]\)", r"\{{\{{{}\}}\}}", r"\[\\{}/\]", r"\({}\)", r"\[{}\]", r"\[/{}/\]")
MERMAID = [
    re.compile(rf"  n\d+(?:{'|'.join(shape.format(TEXT) for shape in SHAPES)})"),
    re.compile(rf"  n\d+ (?:-->|-\.->|--x|-\.-o)(?:\|{TEXT}\|)? n\d+"),
    re.compile(rf"  n\d+ -\. {TEXT} \.- n\d+"),
    re.compile(r"  acc(?:Title|Descr): [^#;%{}<>`]+"),
]
STRING = r'"(?:[^"\\]|\\"|\\n)*"'
VALUE = rf"(?:{STRING}|[A-Za-z]+|\d+)"
ATTRIBUTES = rf"\[\w+={VALUE}(?:, \w+={VALUE})*\]"
DOT = re.compile(
    rf" +(?:(?:graph|node) {ATTRIBUTES}|{STRING} {ATTRIBUTES}|{STRING} -> {STRING} {ATTRIBUTES}|rank=same|\{{|\}})"
)


@CASES
def test_mermaid_is_a_flowchart(evidence: Evidence) -> None:
    graph = evidence.graph()
    first, *lines = mermaid(graph).splitlines()
    assert first == "flowchart LR"
    counts = [sum(bool(rule.fullmatch(line)) for line in lines) for rule in MERMAID]
    joined = {(merge.left, merge.right) for merge in graph.merges if merge.left != merge.right}
    assert counts == [len(graph.nodes), len(graph.edges()), len(joined), 2]
    assert sum(counts) == len(lines)


@CASES
def test_dot_is_a_digraph(evidence: Evidence) -> None:
    graph = evidence.graph()
    text = dot(graph)
    first, *lines, last = text.splitlines()
    assert (first, last) == ("digraph provenance {", "}")
    assert [line for line in lines if not DOT.fullmatch(line)] == []
    for node in graph.nodes.values():
        assert f'    "{node.id}" [' in text
    drawn = [line for line in lines if " -> " in line.partition("[")[0]]
    joined = [merge for merge in graph.merges if merge.left != merge.right]
    assert len(drawn) == len(graph.edges()) + len(joined)


RELATIONS = {
    "wasDerivedFrom": ("prov:generatedEntity", "prov:usedEntity"),
    "wasAttributedTo": ("prov:entity", "prov:agent"),
    "specializationOf": ("prov:specificEntity", "prov:generalEntity"),
    "alternateOf": ("prov:alternate1", "prov:alternate2"),
    "actedOnBehalfOf": ("prov:delegate", "prov:responsible"),
    "hadMember": ("prov:collection", "prov:entity"),
    "wasInfluencedBy": ("prov:influencee", "prov:influencer"),
}


def _prov(evidence: Evidence) -> dict[str, dict[str, Any]]:
    inputs = (evidence.mentions, evidence.documents, evidence.sources)
    return prov_document(evidence.graph(), *inputs, "https://claims.example")


@CASES
def test_prov_follows_the_rules_of_its_schema(evidence: Evidence) -> None:
    document = _prov(evidence)
    assert document.keys() - RELATIONS.keys() == {"prefix", "entity", "agent"}
    known = document["entity"].keys() | document["agent"].keys()
    for name in known:
        prefix, _, local = name.partition(":")
        assert prefix in document["prefix"]
        assert re.fullmatch(r"[\w.-]+", local), name
    for kind in document.keys() & RELATIONS.keys():
        for name, relation in document[kind].items():
            assert name.startswith(f"_:{kind}")
            assert {relation[end] for end in RELATIONS[kind]} <= known
            assert all(key.partition(":")[0] in {"prov", "cv"} for key in relation)


def test_prov_has_the_whole_corroboration() -> None:
    for evidence in (*all_seeded(), many()):
        document, result = _prov(evidence), evidence.graph().result
        mentions = {f"mention:{mention.id}" for mention in evidence.mentions}
        assert {name for name in document["entity"] if name.startswith("mention:")} == mentions
        sides = (result.supports, result.differs, result.refutes)
        members = [relation["prov:entity"] for relation in document.get("hadMember", {}).values()]
        grouped = [f"mention:{m}" for side in sides for group in side.groups for m in group.mentions]
        assert sorted(members) == sorted(grouped)
        merged = [relation["prov:label"] for relation in document.get("wasInfluencedBy", {}).values()]
        assert merged == [merge.reason for side in sides for merge in side.merges]
        left_out = {name for name, about in document["entity"].items() if "cv:notCounted" in about}
        assert left_out == {f"mention:{entry.mention}" for entry in result.uncounted}


@CASES
def test_the_package_prov_reads_it_back(evidence: Evidence) -> None:
    written = json.dumps(_prov(evidence))
    read = ProvDocument.deserialize(content=written, format="json")
    relations = sum(len(records) for kind, records in _prov(evidence).items() if kind != "prefix")
    assert len(list(read.get_records())) == relations
    assert ProvDocument.deserialize(content=read.serialize(format="json"), format="json") == read


def test_prov_has_what_was_merged_and_derived() -> None:
    merged = replace_all(many(), documents={"d1": {"merged_into": "d2"}}, sources={"o1": {"merged_into": "o2"}})
    told = {(r["prov:alternate1"], r["prov:alternate2"]) for r in _prov(merged)["alternateOf"].values()}
    assert told == {("document:d1", "document:d2"), ("source:o1", "source:o2")}
    derived = {r["prov:usedEntity"] for r in _prov(merged)["wasDerivedFrom"].values() if "prov:type" not in r}
    assert derived == {f"document:{d.derived_from}" for d in merged.documents.values() if d.derived_from}
    located = replace_all(merged, documents={"d1": {"url": "https://a.example/1"}}, sources={})
    assert _prov(located)["entity"]["document:d1"]["prov:location"] == "https://a.example/1"


def test_prov_attributes_a_mention_along_its_chain() -> None:
    document = _prov(seeded("nk-15000-workers-in-russia"))
    roles = {(relation["prov:agent"], relation["cv:role"]) for relation in document["wasAttributedTo"].values()}
    assert roles >= {
        ("source:south-korea-nis", "origin"),
        ("source:wall-street-journal", "relay"),
        ("source:hngn", "publisher"),
    }
    assert {
        "prov:delegate": "source:south-korea-nis",
        "prov:responsible": "source:south-korea-government",
    } in document["actedOnBehalfOf"].values()


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ("nk-15000-workers-in-russia", "1 origin"),
        (CORROBORATED, "3 to 4 origins"),
        ("russia-breaches-un-labour-ban", "none named, 2 possible"),
    ],
)
def test_a_badge_has_status_and_origins(claim: str, words: str) -> None:
    graph = seeded(claim).graph()
    assert origins_in_words(graph.result) == words
    read = Picture(badge(graph.result, graph.claim.text))
    assert read.words() == f"{str(graph.result.status).replace('_', ' ')} {words}"
    assert graph.claim.text in read.root.attrib["aria-label"]


def test_every_status_has_a_badge_and_a_hostile_claim_stays_text() -> None:
    seen = {graph.result.status: badge(graph.result, "x") for graph in (each.graph() for each in all_seeded())}
    assert len(seen) >= 5
    assert set(seen) <= set(Status)
    graph = hostile().graph()
    read = Picture(badge(graph.result, graph.claim.text))
    assert HOSTILE[0] in read.root.attrib["aria-label"]
