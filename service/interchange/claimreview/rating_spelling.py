"""Find the wordings from which another differs by one letter, or by a space."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_SHORTEST = 5
"""The length of the shortest word that may be misspelt: "now true" is not a misspelt "not true"."""
_LONGEST = 60


class Spellings:
    """Folded wordings, grouped by their first letter and their length without spaces."""

    def __init__(self, folded: Iterable[str]) -> None:
        self._groups: dict[tuple[str, int], list[str]] = {}
        for wording in folded:
            letters = wording.replace(" ", "")
            self._groups.setdefault((letters[0], len(letters)), []).append(wording)

    def near(self, folded: str) -> Iterator[str]:
        """Yield the wordings of which ``folded`` may be a misspelling."""
        letters = folded.replace(" ", "")
        if _SHORTEST <= len(letters) <= _LONGEST:
            for length in range(len(letters) - 1, len(letters) + 2):
                for other in self._groups.get((letters[0], length), ()):
                    if is_misspelt(folded, other):
                        yield other


def is_misspelt(given: str, meant: str) -> bool:
    """Compare two folded wordings: they differ in spaces, or in one word by one letter, but not in its first.

    One letter is missing, added, replaced, or swapped with the next (Damerau's four kinds of errors, 1964).
    """
    words, others = given.split(), meant.split()
    if len(words) != len(others):
        return given.replace(" ", "") == meant.replace(" ", "")
    differing = [pair for pair in zip(words, others, strict=True) if pair[0] != pair[1]]
    return len(differing) == 1 and _is_one_edit(*differing[0])


def _is_one_edit(given: str, meant: str) -> bool:
    if min(len(given), len(meant)) < _SHORTEST or abs(len(given) - len(meant)) > 1 or given[0] != meant[0]:
        return False
    same = next((at for at, pair in enumerate(zip(given, meant, strict=False)) if pair[0] != pair[1]), None)
    if same is None:
        return True  # one is the other and a letter
    rest, other = given[same:], meant[same:]
    swapped = rest[:2] == other[1::-1] and rest[2:] == other[2:]
    return swapped or rest[1:] == other[1:] or rest[1:] == other or rest == other[1:]
