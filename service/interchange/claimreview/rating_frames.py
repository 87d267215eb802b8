"""The words around a label in a wording, by language, from ``rating_frames.txt``: "This claim is false"."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from service.interchange.claimreview.text import fold

_LINES = Path(__file__).with_name("rating_frames.txt").read_text(encoding="utf-8").splitlines()
_ROLES = (
    "subjects",
    "fillers",
    "degrees",
    "copulas",
    "joiners",
    "reservations",
    "negations",
    "openers",
    "reports",
    "others",
)
_EVERYWHERE = "en"


@dataclass(frozen=True, slots=True)
class Frames:
    """Folded words by their role beside a label; ``rating_frames.txt`` explains the roles."""

    subjects: frozenset[str]
    fillers: frozenset[str]
    degrees: frozenset[str]
    copulas: frozenset[str]
    joiners: frozenset[str]
    reservations: frozenset[str]
    negations: frozenset[str]
    openers: frozenset[str]
    reports: frozenset[str]
    others: frozenset[str]

    def is_around(self, word: str) -> bool:
        """Return True for a folded word on which the label does not depend."""
        return any(word in words for words in (self.subjects, self.fillers, self.degrees, self.copulas))


def _by_language() -> dict[str, dict[str, frozenset[str]]]:
    found: dict[str, dict[str, frozenset[str]]] = {}
    roles: dict[str, frozenset[str]] = {}
    for line in _LINES:
        if line.startswith("["):
            roles = found[line.strip("[]")] = dict.fromkeys(_ROLES, frozenset())
        elif ":" in line and not line.startswith("#"):
            role, words = line.split(":", 1)
            roles[role] = frozenset(part for word in words.split() for part in fold(word).split())
    return found


_BY_LANGUAGE = _by_language()


@lru_cache(maxsize=128)
def frames_of(language: str | None) -> Frames:
    """Return the words of a language (ISO 639) and of English; of all languages for ``None``."""
    chosen = _BY_LANGUAGE if language is None else {language, _EVERYWHERE} & _BY_LANGUAGE.keys()
    words = {role: frozenset[str]().union(*(_BY_LANGUAGE[name][role] for name in chosen)) for role in _ROLES}
    # A negation of one language may be an article of another.
    return Frames(
        **{role: found if role == "negations" else found - words["negations"] for role, found in words.items()}
    )
