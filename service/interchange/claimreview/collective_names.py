"""Recognise names of collectives and anonymous sources: host names, and a table of words; never by similarity.

A source that cannot be identified is not an origin (``SourceKind.identifiable``): "Facebook posts" and "viral image"
are not two independent witnesses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from service.identity.parties import is_host_name
from service.interchange.claimreview.text import fold
from service.model.entities import Source, SourceKind
from service.model.errors import ConfigError

SHIPPED = Path(__file__).with_name("collectives.txt")

_SECTIONS = ("platforms", "crowds", "several", "beside", "heads", "unnamed")
_PLATFORMS, _CROWDS, _SEVERAL, _BESIDE, _HEADS, _UNNAMED = _SECTIONS
_REST = "…"
# A list such as "Joe Biden; Facebook posts" names a person.
_LISTED = re.compile("[;,/&+]")
_BETWEEN = re.compile(r"[\s,;&]+")
# What Arabic and Hebrew write before a word without a space: "and", "the", "and the", "in the" ...
_BEFORE_WORDS = re.compile(r"^(?:و?[بفك]?ال|و|ו?ה|ו)(?=\w{2})")
# Prepositions of one letter, which may also be the first letter of a word.
_PREPOSITIONS = re.compile(r"^[بلفكבלמשכ](?=\w{3})")


class Collectives:
    """Recognises names of collectives and anonymous sources, by the words of some tables."""

    def __init__(self, *tables: dict[str, list[str]]) -> None:
        entries = {section: [entry for table in tables for entry in table[section]] for section in _SECTIONS}
        sections = (_BESIDE, _SEVERAL, _CROWDS, _PLATFORMS)
        self._words = {_bare(entry): section for section in sections for entry in entries[section]}
        self._longest = max((entry.count(" ") + 1 for entry in self._words), default=1)
        self._unnamed = {_bare(entry) for entry in entries[_UNNAMED]}
        heads = entries[_HEADS]
        self._first = tuple(f"{_bare(entry)} " for entry in heads if entry.endswith(_REST))
        self._last = tuple(f" {_bare(entry)}" for entry in heads if entry.startswith(_REST))

    def kind_instead(self, source: Source) -> SourceKind | None:
        """Return the kind that the name of a person, or of a source of no kind, speaks for; ``None`` for another one.

        An outlet or a body may be called by such words.
        """
        is_named = source.kind in (SourceKind.PERSON, SourceKind.UNSPECIFIED)
        return self.kind(source.name) if is_named else None

    def kind(self, name: str) -> SourceKind | None:
        """Return ``COLLECTIVE`` or ``ANONYMOUS``, or ``None`` for the name of an identifiable source."""
        words = [word for word in _BETWEEN.split(name) if word]
        unnamed = [word for word in words if not is_host_name(word)]
        if words and not unnamed:
            return SourceKind.COLLECTIVE
        folded = _bare(name if len(unnamed) == len(words) else " ".join(unnamed))
        if folded in self._unnamed or not folded:
            return SourceKind.ANONYMOUS
        headed = folded.startswith(self._first) or folded.endswith(self._last)
        if headed and not _LISTED.search(name):
            return SourceKind.COLLECTIVE
        sections = self._sections(folded.split(" "))
        return SourceKind.COLLECTIVE if sections and (sections != {_BESIDE} or len(unnamed) < len(words)) else None

    def _sections(self, words: list[str]) -> set[str]:
        """Return the sections of all words, longest entries first; empty if a word is in no section."""
        found: set[str] = set()
        place = 0
        while place < len(words):
            for length in range(min(self._longest, len(words) - place), 0, -1):
                entry = " ".join(words[place : place + length])
                section = self._words.get(entry) or self._words.get(_PREPOSITIONS.sub("", entry, count=1))
                if section is not None:
                    found.add(section)
                    place += length
                    break
            else:
                return set()
        return found


def _bare(text: str) -> str:
    """Fold a text, and take from its words the articles that are written before them without a space."""
    return " ".join(_BEFORE_WORDS.sub("", word, count=1) for word in fold(text).split())


def read_collectives(path: Path) -> dict[str, list[str]]:
    """Read the entries of a table by section. Raises ``ConfigError`` naming file and line of every error."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    found: dict[str, list[str]] = {section: [] for section in _SECTIONS}
    errors: list[str] = []
    current: list[str] | None = None
    for number, entry in _entries(text):
        if entry.startswith("["):
            current = found.get(entry.strip("[]"))
            if current is None:
                errors.append(f"{path}:{number}: unknown section {entry}: must be one of {', '.join(_SECTIONS)}")
                current = []
        elif current is None:
            errors.append(f"{path}:{number}: {entry!r} is in no section: start with one, such as [crowds]")
        elif current is found[_HEADS] and entry.startswith(_REST) == entry.endswith(_REST):
            errors.append(f"{path}:{number}: {entry!r} must begin or end with {_REST}")
        else:
            current.append(entry)
    if errors:
        raise ConfigError("\n".join(errors))
    return found


def _entries(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            yield number, line.strip()


@lru_cache(maxsize=1)
def _shipped() -> Collectives:
    return Collectives(read_collectives(SHIPPED))


def load_collectives(path: Path | None = None) -> Collectives:
    """Return the shipped table, extended by the file at ``path``. Raises ``ConfigError``."""
    return _shipped() if path is None else Collectives(read_collectives(SHIPPED), read_collectives(path))
