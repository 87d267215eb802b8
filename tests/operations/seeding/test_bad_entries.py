"""Entries of seed files that cannot be used: each is refused with file, line, field and reason."""

from pathlib import Path

import pytest

from service.operations.seeding.files import read_seeds
from tests.operations.seeding.plain import FILES, LAST, A, B, C, D, S, findings, write

M = "[0].mentions[0]"


def test_the_files_that_are_spoilt_below_are_good(tmp_path: Path) -> None:
    assert set(read_seeds(write(tmp_path, FILES)).claims) == {"first", "second"}


# What is spoilt: the file, the words there, what stands there instead; then line, field and words of the reason.
BAD: dict[str, tuple[str, str, str, int, str, str]] = {
    "unknown field": (S, "  kind: outlet", "  kind: outlet\n  colour: red", 7, "[1].colour", "Unknown field"),
    "unknown field deep down": (C, "start: 10", "start: 10\n      begin: 9", 16, f"{M}.locator.begin", "Unknown"),
    "missing field": (S, "  name: Gull\n", "", 4, "[1].name", "Missing"),
    "missing mentions": (C, f"\n  mentions:\n{LAST}", "", 18, "[1].mentions", "Missing"),
    "no mention": (C, f"\n{LAST}", " []", 22, "[1].mentions", "Shorter"),
    "no topic": (C, "fees\n  topics: [harbour]", "fees\n  topics: []", 21, "[1].topics", "between 1 and 10"),
    "topic twice": (C, "fees\n  topics: [harbour]", "fees\n  topics: [a, a]", 21, "[1].topics", "same item"),
    "alias twice": (S, "  kind: outlet", "  kind: outlet\n  aliases: [a, a]", 7, "[1].aliases", "same item"),
    "number for text": (C, "text: Twelve ships came.", "text: 12", 2, "[0].text", "Not a valid string"),
    "null for text": (C, "text: Twelve ships came.", "text:", 2, "[0].text", "null"),
    "blank text": (C, "text: Twelve ships came.", 'text: "  "', 2, "[0].text", "blank"),
    "text too long": (C, "Twelve ships came.", "x" * 501, 2, "[0].text", "Longer"),
    "text for number": (C, "low: 12", "low: a dozen", 5, "[0].quantity.low", "Not a valid number"),
    "number in quotes": (C, "low: 12", 'low: "12"', 5, "[0].quantity.low", "Not a valid number"),
    "infinite number": (C, "low: 12", "low: .inf", 5, "[0].quantity.low", "not permitted"),
    "low above high": (C, "low: 12", "low: 13", 5, "[0].quantity.low", "greater than `high`"),
    "no bound": (C, "low: 12\n    high: 12", "low:\n    high:", 5, "[0].quantity.low", "`low` or `high`"),
    "time frame reversed": (C, "topics: [harbour]\n  mentions:\n  - document: doc-one",
                            "time_frame: {label: x, start: 2025-02-01, end: 2025-01-01}\n  topics: [harbour]\n"
                            "  mentions:\n  - document: doc-one", 8, "[0].time_frame.start", "after `end`"),
    "list for mapping": (C, "quantity:\n    low: 12\n    high: 12\n    unit: ships", "quantity: [12]", 4,
                         "[0].quantity", "Invalid"),
    "mapping for list": (C, "attribution: [office]", "attribution: {office: 1}", 12, f"{M}.attribution", "list"),
    "text for entry": (S, "- id: gull\n  name: Gull\n  kind: outlet", "- gull", 4, "[1]", "Invalid"),
    "integer in quotes": (D, "length: 100", 'length: "100"', 4, "[0].length", "Not a valid integer"),
    "negative length": (D, "length: 100", "length: -1", 4, "[0].length", "greater than or equal"),
    "huge length": (D, "length: 100", f"length: {10**30}", 4, "[0].length", "less than or equal"),
    "hash without length": (D, "  length: 100\n", "", 1, "[0].length", "`length` is required"),
    "length without hash": (D, f"  sha256: {A}\n", "", 1, "[0].sha256", "`sha256` is required"),
    "huge offset": (C, "end: 20", f"end: {2**63}", 16, f"{M}.locator.end", "less than or equal"),
    "negative offset": (C, "start: 10", "start: -10", 15, f"{M}.locator.start", "greater than or equal"),
    "short hash": (D, A, "a" * 63, 3, "[0].sha256", "64"),
    "bad id": (S, "id: gull", "id: The_Gull", 4, "[1].id", "lower-case"),
    "id too long": (S, "id: gull", f"id: {'g' * 121}", 4, "[1].id", "Longer"),
    "bad country": (S, "kind: outlet", "kind: outlet\n  country: Norway", 7, "[1].country", "3166"),
    "bad url": (D, "length: 100", "length: 100\n  url: javascript:alert(1)", 5, "[0].url", "URL"),
    "bad language": (D, "length: 100", "length: 100\n  language: x_y", 5, "[0].language", "47"),
    "bad kind": (S, "kind: outlet", "kind: newspaper", 6, "[1].kind", "one of"),
    "bad stance": (C, "supports\n    attribution", "denies\n    attribution", 11, f"{M}.stance", "one of"),
    "bad link type": (C, "topics: [harbour]\n  mentions:\n  - document: doc-two",
                      "topics: [harbour]\n  links: [{type: like, claim: first}]\n  mentions:\n  - document: doc-two",
                      22, "[1].links[0].type", "one of"),
    "bad date in quotes": (D, "length: 100", 'length: 100\n  published_earliest: "2025-02-30"', 5,
                           "[0].published_earliest", "date"),
    "bad date": (D, "length: 100", "length: 100\n  published_earliest: 2025-02-30", 5, "[0].published_earliest", ""),
    "month for date": (D, "length: 100", "length: 100\n  published_latest: 2025-02", 5, "[0].published_latest", "date"),
    "week for date": (D, "length: 100", "length: 100\n  published_latest: 2025-W19-5", 5, "[0].published_latest", ""),
    "time for date": (D, "length: 100", "length: 100\n  published_latest: 2025-02-01T09:00:00Z", 5,
                      "[0].published_latest", "date"),
    "date interval reversed": (D, "length: 100", "length: 100\n  published_earliest: 2025-02-02\n"
                               "  published_latest: 2025-02-01", 5, "[0].published_earliest", "after"),
    "published after it was seen": (D, "length: 100", "length: 100\n  published_earliest: 2025-02-03\n"
                                    "  first_seen: 2025-02-01", 5, "[0].published_earliest", "after `first_seen`"),
    "differs without reported": (C, "supports\n    attribution", "differs\n    attribution", 10, f"{M}.reported", ""),
    "basis without attribution": (C, "    attribution: [office]\n", "", 12, f"{M}.basis", "attribution"),
    "attribution without basis": (C, "    basis: explicit\n", "", 10, f"{M}.basis", "attribution"),
    "source twice in a chain": (C, "[office]", "[office, gull, office]", 12, f"{M}.attribution", "same item"),
    "end before start": (C, "end: 20", "end: 10", 16, f"{M}.locator.end", "greater than `start`"),
    "end beyond the document": (C, "end: 50", "end: 51", 25, "[1].mentions[0].locator.end", "50 code points"),
    "unknown parent": (S, "kind: outlet", "kind: outlet\n  part_of: owner", 7, "[1].part_of", "no source 'owner'"),
    "unknown publisher": (D, "publisher: gull", "publisher: heron", 2, "[0].publisher", "no source 'heron'"),
    "mistyped publisher": (D, "publisher: gull", "publisher: gul", 2, "[0].publisher", "Did you mean 'gull'?"),
    "unknown original": (D, "length: 50", "length: 50\n  derived_from: doc", 8, "[1].derived_from", "document 'doc'"),
    "unknown document": (C, "document: doc-two", "document: doc-six", 23, "[1].mentions[0].document", "'doc-six'"),
    "unknown source in a chain": (C, "[office]", "[office, they]", 12, f"{M}.attribution[1]", "no source 'they'"),
    "unknown claim": (C, "subject: fees", "subject: fees\n  links: [{type: refines, claim: third}]", 21,
                      "[1].links[0].claim", "no claim 'third'"),
    "link to itself": (C, "subject: fees", "subject: fees\n  links: [{type: refines, claim: second}]", 21,
                       "[1].links[0].claim", "itself"),
    "link twice": (C, "subject: fees", "subject: fees\n  links:\n  - {type: refines, claim: first}\n"
                   "  - {type: refines, claim: first, note: x}", 23, "[1].links[1].claim", "Duplicate link"),
    "source id twice": (S, "outlet\n", "outlet\n- {id: office, name: X, kind: ngo}\n", 7, "[2].id",
                        "Duplicate id 'office': it is already used in sources.yaml:1."),
    "document id twice": (D, "length: 50", f"length: 50\n- {{id: doc-one, sha256: {A[1:]}c, length: 100}}", 8, "[2].id",
                          "Duplicate id 'doc-one': it is already used in documents.yaml:1."),
    "claim id twice": (C, "id: second", "id: first", 18, "[1].id",
                      "Duplicate id 'first': it is already used in claims/one.yaml:1."),
    "hash twice": (D, B, A, 6, "[1].sha256", ""),
    "part of itself": (S, "kind: outlet", "kind: outlet\n  part_of: gull", 7, "[1].part_of", "itself"),
    "derived from itself": (D, "length: 50", "length: 50\n  derived_from: doc-two", 8, "[1].derived_from", "itself"),
    "NUL": (S, "name: Gull", r'name: "Gu\0ll"', 5, "[1].name", "control"),
    "escape character": (C, "Twelve ships came.", r'"Twelve \e[1m ships."', 2, "[0].text", "control"),
    "two control characters": (C, "Twelve ships came.", r'"Twelve \a\a ships."', 2, "[0].text", "control"),
    "line end in id": (S, "id: gull", r'id: "gull\n"', 4, "[1].id", "lower-case"),
    "line end in hash": (D, A, rf'"{A}\n"', 3, "[0].sha256", "64"),
    "line end in country": (S, "kind: outlet", 'kind: outlet\n  country: "NO\\n"', 7, "[1].country", "3166"),
    "null for key": (S, "kind: outlet", "kind: outlet\n  ~: x", 7, "[1]", ""),
    "date for key": (S, "kind: outlet", "kind: outlet\n  2025-01-01: x", 7, "[1]", ""),
    "number beyond 64 bits": (C, "low: 12\n    high: 12", f"low: {10**30}\n    high:", 5, "[0].quantity.low", ""),
    "number of 5000 digits": (C, "high: 12", f"high: {'9' * 5000}", 6, "[0].quantity.high", ""),
    "key twice": (C, "subject: fees", "subject: fees\n  subject: money", 21, "[1].subject", "twice"),
    "key twice deep down": (C, "end: 20", "end: 20\n      end: 21", 17, "[0].mentions[0].locator.end", "twice"),
    "tab": (S, "  kind: outlet", "\tkind: outlet", 6, "(file)", "Not YAML: found a tab"),
    "bracket left open": (C, "[office]", "[office", 13, "(file)", "Not YAML"),
    "two YAML documents": (S, "- id: gull", "---\n- id: gull", 4, "(file)", "Not YAML"),
    "foreign tag": (S, "name: Gull", "name: !!python/name:os.system x", 5, "(file)", "Not YAML"),
    "recursive entry": (S, "- id: gull", "- &loop\n  parts: [*loop]\n  id: gull", 5, "", ""),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_spoilt_file_is_refused_with_its_place_and_reason(tmp_path: Path, case: str) -> None:
    name, words, instead, line, field, reason = BAD[case]
    assert FILES[name].count(words) == 1
    found = findings(write(tmp_path, FILES | {name: FILES[name].replace(words, instead)}))

    assert [(f.file, f.line) for f in found] == [(name, line)]
    assert found[0].field.startswith(field)
    assert reason in found[0].reason
    assert found[0].reason


def test_a_mention_needs_a_document_with_a_text(tmp_path: Path) -> None:
    without_text = FILES[D].replace(f"  sha256: {B}\n  length: 50\n", "")
    [found] = findings(write(tmp_path, FILES | {D: without_text}))

    assert (found.file, found.line, found.field) == (C, 23, "[1].mentions[0].document")
    assert found.reason == "doc-two has no `sha256` and `length`: a mention points into the text of its document."
