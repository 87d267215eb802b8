"""Measure how many published wordings of ratings are mapped to labels, and how many of these labels are right.

    .venv/bin/python -m benchmarks.ratings FOLDER [--wrong] [--unmapped]

FOLDER has one ``*.tsv`` file a publisher, in UTF-8 and without a header, with tab-separated columns: the wording, its
language (ISO 639), the right label, and optionally the publisher's host. Sort files by publisher into two folders to
tune the table on one and to measure on the other.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from service.interchange.claimreview.rating_numbers import Numbers
from service.interchange.claimreview.ratings import RatingTable, load_table
from service.model.verdicts import Rating


@dataclass(frozen=True, slots=True)
class Wording:
    """A wording with its right label, and the label that the table gives."""

    text: str
    language: str
    publisher: str
    right: Rating
    given: Rating
    basis: str

    @property
    def is_mapped(self) -> bool:
        """True if the table gives a label."""
        return self.given is not Rating.UNMAPPED

    def __str__(self) -> str:
        return f"{self.publisher}: {self.text[:120]!r} is {self.right}"


def read(folder: Path, table: RatingTable) -> Iterator[Wording]:
    """Yield the wordings of all files in ``folder``. Raises ``ValueError`` naming file and line of a bad row."""
    for path in sorted(folder.glob("*.tsv")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            columns = line.split("\t")
            if len(columns) not in (3, 4) or columns[2] not in tuple(Rating):
                raise ValueError(
                    f"{path}:{number}: must be wording, language, label and optionally host: {line[:80]!r}"
                )
            text, language, label = columns[:3]
            found = table.map_rating([text], Numbers(), language or None, columns[3:])
            yield Wording(text, language, path.stem, Rating(label), found.rating, found.basis)


def line(name: str, wordings: Iterable[Wording]) -> str:
    """Return one line: the number of wordings, the shares that have a label, are mapped, and are mapped rightly.

    ``mapped`` is of the wordings whose right label is not ``unmapped``, ``right`` of all that are mapped.
    """
    found = list(wordings)
    labelled = [wording for wording in found if wording.right is not Rating.UNMAPPED]
    mapped = [wording for wording in found if wording.is_mapped]
    right = sum(wording.given is wording.right for wording in mapped)
    reached = sum(wording.is_mapped for wording in labelled)
    return (
        f"{name:28} {len(found):6} wordings {len(labelled):6} with a label   "
        f"mapped {_share(reached, len(labelled))}   right {_share(right, len(mapped))}"
    )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "  -  "


def main() -> None:
    """Measure the wordings of a folder by publisher, by language and together."""
    parser = argparse.ArgumentParser(description="Measure the table of ratings on published wordings.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--table", type=Path, help="a file like RATINGS_FILE, whose rows take precedence")
    parser.add_argument("--wrong", action="store_true", help="list the wordings with a wrong label")
    parser.add_argument("--unmapped", action="store_true", help="list the wordings without one")
    asked = parser.parse_args()
    wordings = list(read(asked.folder, load_table(asked.table)))
    for kind in ("publisher", "language"):
        names = sorted({getattr(wording, kind) for wording in wordings})
        for name in names:
            print(line(name, [wording for wording in wordings if getattr(wording, kind) == name]))
        print()
    print(line("all", wordings))
    for wording in wordings:
        if asked.wrong and wording.is_mapped and wording.given is not wording.right:
            print(f"wrong: {wording}, not {wording.given}: {wording.basis}")
        if asked.unmapped and not wording.is_mapped and wording.right is not Rating.UNMAPPED:
            print(f"unmapped: {wording}: {wording.basis[:100]}")


if __name__ == "__main__":
    main()
