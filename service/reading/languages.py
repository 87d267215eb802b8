"""The tables of each language, as data in ``languages/``, and the language of a text."""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from service.reading.phrases import Phrases
from service.reading.tokens import Token, plain

_FOLDER = Path(__file__).with_name("languages")
DEFAULT = "en"
_SHORT = 2
# Letters beside a to z. A word that has others is of another language.
_LETTERS = {
    code: frozenset(letters)
    for code, letters in (
        ("de", "äöüß"),
        ("es", "áéíóúñü"),
        ("fr", "àâçéèêëîïôùûüœ"),
        ("it", "àèéìòù"),
        ("pl", "ąćęłńóśźż"),
        ("pt", "àáâãçéêíóôõú"),
        ("tr", "çğıöşü"),
    )
}
_OF_NAMES, _UNTIL_TOLD = 0.1, 0.2
_MARKED = ("goal", "place", "origin", "agent", "owner", "both")
_SCRIPTS = (("uk", re.compile("[іїєґІЇЄҐ]")), ("ru", re.compile("[а-яА-Я]")), ("ar", re.compile("[\u0621-\u064a]")))


@dataclass(frozen=True, slots=True)
class FrameTables:
    """The words by which sentences name who says something; ``languages/en.toml`` says what each table is."""

    according: Phrases
    according_after: Phrases
    say: Phrases
    bare: Phrases
    deny: Phrases
    denied: Phrases
    that: Phrases
    true: Phrases
    false: Phrases
    false_after: Phrases
    named_claims: Phrases
    hedges: Phrases
    unnamed: frozenset[str]
    finite: frozenset[str]


@dataclass(frozen=True, slots=True)
class NegationTables:
    """The words that deny. With ``concord`` two negative words deny once: "no vino nadie".

    ``positive`` are phrases that only look negative, ``soft`` words that may deny, such as "lack"; ``turning`` verbs
    deny what follows, such as "refused". ``endings`` are those of denied verbs.
    """

    concord: bool
    words: Phrases
    positive: Phrases
    soft: Phrases
    turning: Phrases
    untrue: Phrases
    endings: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class RoleTables:
    """The words that tell the role of a name after them, of the passive, and verbs whose subject gets something.

    ``prepositions`` maps them to one of ``goal``, ``place``, ``origin``, ``agent``, ``owner`` and ``both``; a verb in
    ``converse`` may end in ``*``. ``capitals``: within a sentence only names have them. Empty for English, which has
    rules of its own, and where cases are suffixes.
    """

    prepositions: Mapping[str, str]
    passive: frozenset[str]
    converse: tuple[str, ...]
    capitals: bool


@dataclass(frozen=True, slots=True)
class ScopeTables:
    """The words of scope, as phrases by the name of their table, and the names of the tables by their first words.

    The tables say how much of a whole (``all``, ``most``, ``many``, ``some``), what is left out (``only``, ``also``),
    bounds before numbers (``least``, ``limit``), how often (``once``, ``again``), where (``wide``, ``local``), of what
    (``single``, ``together``), and what is not done yet (``planned``).
    """

    phrases: Mapping[str, Phrases]
    names: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Language:
    """A language: its code, its commonest words, the words by which it is known, and its tables."""

    code: str
    common: frozenset[str]
    telling: frozenset[str]
    frames: FrameTables
    negation: NegationTables
    roles: RoleTables
    scope: ScopeTables


@cache
def languages() -> dict[str, Language]:
    """Return the languages that can be read, by code."""
    return {path.stem: _load(path) for path in sorted(_FOLDER.glob("*.toml"))}


def _load(path: Path) -> Language:
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    frames, negation = table["frames"], table["negation"]
    words = {name: frozenset(map(plain, frames[name])) for name in ("unnamed", "finite")}
    phrases = {name: Phrases(frames.get(name, ())) for name in FrameTables.__dataclass_fields__ if name not in words}
    endings = negation.get("endings")
    cues = ("according", "say", "deny", "that")
    denials = Phrases(negation["words"])
    firsts = frozenset().union(denials.first_terms, *(phrases[name].first_terms for name in cues))
    telling = frozenset(word for word in firsts if len(word) > _SHORT)
    common = frozenset(map(plain, table["common"].split()))
    roles = _roles(table.get("roles", {}))
    return Language(
        path.stem,
        common,
        common | telling | roles.prepositions.keys() | roles.passive,
        FrameTables(**phrases, **words),  # type: ignore[arg-type]
        NegationTables(
            concord=negation["concord"],
            words=denials,
            positive=Phrases(negation["positive"]),
            soft=Phrases(negation["soft"]),
            turning=Phrases(negation.get("turning", ())),
            untrue=Phrases(negation["untrue"]),
            endings=re.compile(rf"\w+(?:{endings})\w*") if endings else None,
        ),
        roles,
        _scope(table.get("scope", {})),
    )


def _scope(table: Mapping[str, Sequence[str]]) -> ScopeTables:
    phrases = {name: Phrases(entries) for name, entries in table.items()}
    firsts = frozenset[str]().union(*(one.first_terms for one in phrases.values()))
    return ScopeTables(
        phrases,
        {term: tuple(name for name, one in phrases.items() if term in one.first_terms) for term in firsts},
    )


def _roles(table: Mapping[str, str]) -> RoleTables:
    words = {name: frozenset(map(plain, entries.split())) for name, entries in table.items()}
    return RoleTables(
        {word: name for name in _MARKED for word in words.get(name, ())},
        words.get("passive", frozenset()),
        tuple(words.get("converse", ())),
        bool(table) and table.get("capitals") != "nouns",
    )


def language_of(text: str, words: Sequence[Token]) -> Language:
    """Return the language of a text: by its script, then by its commonest words and its letters; else English."""
    known = languages()
    scores: dict[str, float] = {}
    if not text.isascii():
        for code, script in _SCRIPTS:
            if script.search(text):
                return known[code]
        scores = _by_letters(text, words)
        scores[DEFAULT] = _UNTIL_TOLD
    weights = _weights()
    # A name tells nothing: "UN" is an article elsewhere.
    terms = [word.term for place, word in enumerate(words) if word.term in weights and not (place and word.capital)]
    return max(
        known.values(),
        key=lambda one: (
            scores.get(one.code, 0) + sum(weights[term] for term in terms if term in one.telling),
            one.code == DEFAULT,
        ),
    )


def _by_letters(text: str, words: Sequence[Token]) -> dict[str, float]:
    """Return what the letters of the words tell of each language; a name may be from another one."""
    found: defaultdict[str, float] = defaultdict(float)
    for word in words:
        spelling = text[word.start : word.end]
        if spelling.isascii():
            continue
        letters = {letter for letter in spelling.lower() if letter.isalpha() and not letter.isascii()}
        possible = [code for code, own in _LETTERS.items() if letters and letters <= own]
        for code in possible:
            found[code] += (_OF_NAMES if word.capital else 1) / len(possible)
    return found


@cache
def _weights() -> dict[str, float]:
    """Return the weight of each common word: the fewer languages have it, the more it tells."""
    shared = Counter(word for one in languages().values() for word in one.telling)
    return {word: 1 / number for word, number in shared.items()}
