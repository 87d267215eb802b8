"""Seed files that cannot be used, alone or together: everything wrong is said, and nothing is loaded."""

import re
from pathlib import Path

import pytest

from service.model.errors import SeedError
from service.operations.seeding.files import read_seeds
from service.operations.startup import load
from service.store import Store
from tests.operations.seeding.made_up import dump
from tests.operations.seeding.plain import FILES, C, D, S, findings, write


def test_a_circle_of_parts_is_refused(tmp_path: Path) -> None:
    parts = FILES[S].replace("government", "government\n  part_of: gull").replace("outlet", "outlet\n  part_of: office")
    found = findings(write(tmp_path, FILES | {S: parts}))

    assert {(f.file, f.line, f.field) for f in found} == {(S, 4, "[0].part_of"), (S, 8, "[1].part_of")}


def test_a_circle_of_derivations_is_refused(tmp_path: Path) -> None:
    text = FILES[D].replace("length: 100", "length: 100\n  derived_from: doc-two")
    text = text.replace("length: 50", "length: 50\n  derived_from: doc-one")
    found = findings(write(tmp_path, FILES | {D: text}))

    assert {(f.file, f.line, f.field) for f in found} == {(D, 5, "[0].derived_from"), (D, 9, "[1].derived_from")}


def test_a_claim_id_is_unique_across_files_and_the_first_place_is_named(tmp_path: Path) -> None:
    second = FILES[C][FILES[C].index("- id: second") :]
    found = findings(write(tmp_path, FILES | {"claims/two.yaml": second}))

    assert [str(f) for f in found] == [
        "claims/two.yaml:1: [0].id: Duplicate id 'second': it is already used in claims/one.yaml:18."
    ]


def test_the_same_span_with_the_same_chain_twice_is_refused(tmp_path: Path) -> None:
    start = FILES[C].index("  - document: doc-two")
    found = findings(write(tmp_path, FILES | {C: FILES[C] + FILES[C][start:]}))

    assert [(f.file, f.line, f.field) for f in found] == [(C, 26, "[1].mentions[1]")]


@pytest.mark.parametrize("kind", ["contradicts", "distinct_from"])
def test_a_symmetric_link_is_said_once(tmp_path: Path, kind: str) -> None:
    text = FILES[C]
    for subject, other in (("ships", "second"), ("fees", "first")):
        link = f"subject: {subject}\n  links: [{{type: {kind}, claim: {other}}}]"
        text = text.replace(f"subject: {subject}", link)
    found = findings(write(tmp_path, FILES | {C: text}))

    assert [(f.line, f.field) for f in found] == [(22, "[1].links[0].claim")]


def test_a_link_that_has_a_direction_may_be_said_both_ways(tmp_path: Path) -> None:
    text = FILES[C].replace("subject: ships", "subject: ships\n  links: [{type: refines, claim: second}]")
    text = text.replace("subject: fees", "subject: fees\n  links: [{type: refines, claim: first}]")

    assert len(read_seeds(write(tmp_path, FILES | {C: text})).links) == 2


def test_two_documents_cannot_have_one_address(tmp_path: Path) -> None:
    url = "  url: https://gull.example/ships\n"
    found = findings(write(tmp_path, FILES | {D: FILES[D].replace("  length", f"{url}  length")}))

    assert [(f.file, f.line, f.field) for f in found] == [(D, 8, "[1].url")]


def test_two_documents_of_one_page(tmp_path: Path) -> None:
    urls = iter(("https://gull.example/ships", "http://www.gull.example/ships/#top"))
    text = re.sub("  length", lambda _: f"  url: {next(urls)}\n  length", FILES[D])
    [found] = findings(write(tmp_path, FILES | {D: text}))
    assert (found.file, found.line, found.field) == (D, 8, "[1].url")
    assert found.reason == "The document 'doc-one', at https://gull.example/ships, is the same page: use that one."


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    files = FILES | {S: FILES[S].replace("outlet", "paper"), D: FILES[D].replace("length: 50", "length: x")}
    found = findings(write(tmp_path, files | {C: FILES[C].replace("end: 20", "end: 5").replace("doc-two", "doc-SIX")}))

    assert [(f.file, f.line) for f in found] == [(S, 6), (D, 7), (C, 16), (C, 23)]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("content", ["", "office: 1\n", "just words\n", "12\n"])
def test_a_file_holds_a_list(tmp_path: Path, name: str, content: str) -> None:
    found = findings(write(tmp_path, FILES | {name: content}))

    assert [(f.file, f.line, f.field) for f in found] == [(name, 1, "(file)")]
    assert "list" in found[0].reason


def test_a_file_is_utf_8(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    (tmp_path / D).write_bytes(FILES[D].encode() + "- id: caf\u00e9\n".encode("latin-1"))

    assert [(f.file, f.field) for f in findings(tmp_path)] == [(D, "(file)")]
    assert "UTF-8" in findings(tmp_path)[0].reason


def test_a_nul_byte_is_refused(tmp_path: Path) -> None:
    found = findings(write(tmp_path, FILES | {S: FILES[S].replace("name: Gull", "name: Gu\0ll")}))

    assert [f.file for f in found] == [S]
    assert "not allowed" in found[0].reason


@pytest.mark.parametrize("name", [S, D])
def test_a_missing_file_is_refused(tmp_path: Path, name: str) -> None:
    write(tmp_path, FILES)
    (tmp_path / name).unlink()

    assert [(f.file, f.field) for f in findings(tmp_path)] == [(name, "(file)")]


def test_a_folder_without_claims_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {name: FILES[name] for name in (S, D)})

    assert [str(f) for f in findings(tmp_path)] == [
        "claims/:0: (file): There is no claim file, such as claims/troops.yaml."
    ]


@pytest.mark.parametrize("name", ["claims/two.yml", "sources.yml"])
def test_a_yml_file_is_not_overlooked(tmp_path: Path, name: str) -> None:
    write(tmp_path, FILES | {name: FILES[C]})

    assert [(f.file, f.field) for f in findings(tmp_path)] == [(name, "(file)")]


@pytest.mark.parametrize("name", ["claims/later/two.yaml", "claim.yaml"])
def test_a_yaml_file_in_another_place_is_not_overlooked(tmp_path: Path, name: str) -> None:
    write(tmp_path, FILES)
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("- nonsense\n", encoding="utf-8")

    assert [f.file for f in findings(tmp_path)] == [name]


def test_nesting_without_end_is_refused(tmp_path: Path) -> None:
    assert [f.file for f in findings(write(tmp_path, FILES | {S: "[" * 5000 + "]" * 5000}))] == [S]


def test_nothing_is_loaded_from_files_with_one_fault(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "seeds"
    folder.mkdir()
    write(folder, FILES | {C: FILES[C].replace("end: 50", "end: 51")})

    with pytest.raises(SeedError):
        load(store, folder)

    assert set(map(len, dump(store).values())) == {0}
