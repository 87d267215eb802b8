"""The smallest good seed files, written out so that tests know the line of everything."""

from pathlib import Path

import pytest

from service.model.errors import SeedError, SeedFinding
from service.operations.seeding.files import read_seeds

A, B = "a" * 64, "b" * 64
LAST = f"""\
  - document: doc-two
    stance: supports
    locator: {{start: 0, end: 50, sha256: {B}}}
"""
FILES = {
    "sources.yaml": """\
- id: office
  name: Office
  kind: government
- id: gull
  name: Gull
  kind: outlet
""",
    "documents.yaml": f"""\
- id: doc-one
  publisher: gull
  sha256: {A}
  length: 100
- id: doc-two
  sha256: {B}
  length: 50
""",
    "claims/one.yaml": f"""\
- id: first
  text: Twelve ships came.
  subject: ships
  quantity:
    low: 12
    high: 12
    unit: ships
  topics: [harbour]
  mentions:
  - document: doc-one
    stance: supports
    attribution: [office]
    basis: explicit
    locator:
      start: 10
      end: 20
      sha256: {A}
- id: second
  text: The fee was doubled.
  subject: fees
  topics: [harbour]
  mentions:
  - document: doc-two
    stance: supports
    locator: {{start: 0, end: 50, sha256: {B}}}
""",
}
S, D, C = FILES


def write(folder: Path, files: dict[str, str]) -> Path:
    """Return the files as a seed folder."""
    (folder / "claims").mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def findings(folder: Path) -> list[SeedFinding]:
    """Return the findings in the files of the folder."""
    with pytest.raises(SeedError) as caught:
        read_seeds(folder)
    assert caught.value.findings
    assert str(caught.value).splitlines()
    return list(caught.value.findings)
