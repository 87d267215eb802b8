"""Compare two records: how alike they are, as a score with its reasons. Pure: no I/O.

The score is the weight of the strongest reason, times a factor for each reason against it, in percent. Two records
whose score is below ``LEAST`` are not suggested to be one.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from functools import lru_cache

from service.identity.names import folded_name, folded_names, near_keys, sought_keys
from service.identity.near_statements import near_statement, title_key
from service.identity.parties import is_host_name, may_share_a_name
from service.identity.spellings import one_spelling
from service.identity.statements import folded_statement
from service.identity.web_addresses import document_key
from service.model.entities import Claim, Document, Source, SourceKind
from service.model.suggestions import Likeness, Reason

LEAST = 50
WEIGHTS: Mapping[Reason, float] = {
    Reason.SAME_NAME: 0.95,
    Reason.SAME_PAGE: 0.95,
    Reason.SAME_STATEMENT: 0.9,
    Reason.HOST_NAME: 0.9,
    Reason.SAME_WORDS: 0.85,
    Reason.SPACING: 0.85,
    Reason.LETTER_CASE: 0.8,
    Reason.CROWD_WORDS: 0.8,
    Reason.SAME_TITLE: 0.7,
    Reason.ACCENTS_OR_MARKS: 0.7,
    Reason.MAIN_WORDS: 0.65,
    Reason.ABBREVIATION: 0.6,
    Reason.CONSONANTS: 0.6,
    Reason.FIRST_NAME: 0.55,
    Reason.WORD_MORE: 0.5,
}
"""The weights of the reasons for a suggestion."""
FACTORS: Mapping[Reason, float] = {
    Reason.OTHER_KIND: 0.7,
    Reason.OTHER_DATES: 0.6,
    Reason.OTHER_TEXT: 0.8,
    Reason.OTHER_LANGUAGE: 0.6,
    Reason.OTHER_QUANTITY: 0.5,
    Reason.OTHER_TIME_FRAME: 0.5,
    Reason.OTHER_PLACE: 0.7,
}
"""The factors of the reasons against it."""
# The reasons behind the kinds of near keys (``service.identity.names``).
_BY_KEY = {
    "words": Reason.SAME_WORDS,
    "joined": Reason.SPACING,
    "long": Reason.MAIN_WORDS,
    "consonants": Reason.CONSONANTS,
    "initials": Reason.ABBREVIATION,
    "person": Reason.FIRST_NAME,
}
_WORD = re.compile(r"\w+")
_SMALL = 3  # the number of letters of a small word at most
_UNNAMED_KINDS = (SourceKind.PERSON, SourceKind.UNSPECIFIED)


def likeness(reasons: Iterable[Reason]) -> Likeness | None:
    """Return the score that these reasons give; ``None`` if it is below ``LEAST``."""
    stated = tuple(dict.fromkeys(reasons))
    score = max((WEIGHTS[reason] for reason in stated if reason in WEIGHTS), default=0.0)
    for reason in stated:
        score *= FACTORS.get(reason, 1.0)
    percent = round(score * 100)
    return Likeness(percent, stated) if percent >= LEAST else None


def likeness_of_sources(one: Source, other: Source) -> Likeness | None:
    """Return how alike two sources are, by their names.

    ``None`` for sources that are certainly two: a part and its whole, identifiable ones of different countries, those
    that are said to be distinct; and for collectives, which are nobody.
    """
    if one.id in (other.part_of, *other.distinct_from) or other.id in (one.part_of, *one.distinct_from):
        return None
    if not (one.kind.identifiable and other.kind.identifiable) or may_share_a_name(one, other):
        return None
    reasons = _of_names((one.name, *one.aliases), (other.name, *other.aliases))
    kinds = {one.kind, other.kind} - {SourceKind.UNSPECIFIED}
    return likeness([*reasons, *([Reason.OTHER_KIND] if len(kinds) > 1 else [])])


def likeness_of_documents(one: Document, other: Document) -> Likeness | None:
    """Return how alike two documents are, by their addresses and titles; ``None`` for a document and its copy."""
    if one.id == other.derived_from or other.id == one.derived_from:
        return None
    reasons = []
    page, title = document_key(one.url), title_key(one.title, one.publisher)
    if page is not None and page == document_key(other.url):
        reasons.append(Reason.SAME_PAGE)
    if title is not None and title == title_key(other.title, other.publisher):
        reasons.append(Reason.SAME_TITLE)
    if _is_before(one.published_latest, other.published_earliest) or _is_before(
        other.published_latest, one.published_earliest
    ):
        reasons.append(Reason.OTHER_DATES)
    if None not in (one.sha256, other.sha256):  # no two documents have one hash
        reasons.append(Reason.OTHER_TEXT)
    if _differ(one.language, other.language):
        reasons.append(Reason.OTHER_LANGUAGE)
    return likeness(reasons)


def likeness_of_claims(one: Claim, other: Claim) -> Likeness | None:
    """Return how alike two claims are, by their words."""
    reasons = [*_of_words(one.text, other.text)]
    if _differ(one.quantity, other.quantity):
        reasons.append(Reason.OTHER_QUANTITY)
    if one.time_frame and other.time_frame and one.time_frame != other.time_frame:
        reasons.append(Reason.OTHER_TIME_FRAME)
    if one.place and other.place and folded_name(one.place) != folded_name(other.place):
        reasons.append(Reason.OTHER_PLACE)
    return likeness(reasons)


def likeness_to_collective(source: Source) -> Likeness | None:
    """Return how alike a source is to a collective, by its name alone: that of a host, such as ``x.com``.

    ``None`` for other names, and for an outlet or a body, which may be called after its site.
    """
    if source.kind not in _UNNAMED_KINDS or not is_host_name(source.name):
        return None
    return likeness([Reason.HOST_NAME])


def _of_names(own: tuple[str, ...], theirs: tuple[str, ...]) -> list[Reason]:
    if not _folded(own).isdisjoint(_folded(theirs)):
        return [Reason.SAME_NAME]
    shared = _sought(own) & _near(theirs)
    kinds = dict.fromkeys(key.partition(" ")[0] for key in sorted(shared))
    reasons = [_BY_KEY[kind] for kind in kinds if kind in _BY_KEY and _holds(kind, shared, own, theirs)]
    if any(_is_part(key, own, theirs) for key in shared):
        # A word more on one side, so that these words are all of the other name, and not all of both.
        reasons = [reason for reason in reasons if reason is not Reason.SAME_WORDS]
        reasons.append(Reason.WORD_MORE)
    return reasons


def _holds(kind: str, shared: Set[str], own: Sequence[str], theirs: Sequence[str]) -> bool:
    """Return whether a shared key is a reason: John and Jane Smith share one, and are two."""
    if kind == "person":
        return any(_one_begins_other(one, other) for one in own for other in theirs)
    if kind == "long":
        return any(_differ_in_small_words(one, other) for one in own for other in theirs)
    if kind == "initials":
        keys = {key for key in shared if key.startswith("initials ")}
        return any(_is_abbreviation(name, keys) for name in own) != any(_is_abbreviation(name, keys) for name in theirs)
    return True


def _differ_in_small_words(one: str, other: str) -> bool:
    """Return whether the words that only one of two names has are small ones, such as "of": not UK, and no number."""
    first, second = ({one_spelling(folded_name(word)): word for word in _WORD.findall(name)} for name in (one, other))
    differing = [words[key] for words, others in ((first, second), (second, first)) for key in words.keys() - others]
    return all(len(word) <= _SMALL and word.isalpha() and not word[0].isupper() for word in differing)


def _is_abbreviation(name: str, keys: Set[str]) -> bool:
    """Return whether a name is one word in capitals, such as NIH, with one of these keys."""
    return name == name.upper() and f"initials {folded_name(name)}" in keys


def _one_begins_other(one: str, other: str) -> bool:
    """Return whether two names have one surname, and one first name begins the other: J. Smith and John Smith.

    So do the names between, as far as both have them.
    """
    first, second = folded_name(one).split(), folded_name(other).split()
    if len(first) < 2 or len(second) < 2 or first[-1] != second[-1]:
        return False
    return all(own.startswith(its) or its.startswith(own) for own, its in zip(first[:-1], second[:-1], strict=False))


def _is_part(key: str, own: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    kind, _, words = key.partition(" ")
    if kind not in ("part", "words"):
        return False
    return (f"words {words}" in _near(own)) != (f"words {words}" in _near(theirs))


# A write compares a few sources, each with several others.
@lru_cache(maxsize=4096)
def _folded(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(folded_names(names))


@lru_cache(maxsize=4096)
def _near(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(near_keys(names))


@lru_cache(maxsize=4096)
def _sought(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(sought_keys(names))


def _of_words(one: str, other: str) -> list[Reason]:
    own, theirs = folded_statement(one), folded_statement(other)
    if own == theirs:
        return [Reason.SAME_STATEMENT]
    if own.casefold() == theirs.casefold():
        return [Reason.LETTER_CASE]
    return [Reason.ACCENTS_OR_MARKS] if near_statement(one) == near_statement(other) else []


def _differ(one: object, other: object) -> bool:
    return one is not None and other is not None and one != other


def _is_before(latest: dt.date | None, earliest: dt.date | None) -> bool:
    return latest is not None and earliest is not None and latest < earliest
