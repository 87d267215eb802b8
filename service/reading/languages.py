"""The tables of each language, as data in ``languages/``, and the language of a text."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from service.reading.phrases import Phrases
from service.reading.tokens import Token, plain

_FOLDER = Path(__file__).with_name("languages")
DEFAULT = "en"
_SHORT = 2
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
class Language:
    """A language: its code, its commonest words, the words by which it is known, and its tables."""

    code: str
    common: frozenset[str]
    telling: frozenset[str]
    frames: FrameTables
    negation: NegationTables


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
    return Language(
        path.stem,
        common,
        common | telling,
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
    )


def language_of(text: str, words: Sequence[Token]) -> Language:
    """Return the language of a text: by its script, then by its commonest words; English if none is found."""
    known = languages()
    if not text.isascii():
        for code, script in _SCRIPTS:
            if script.search(text):
                return known[code]
    weights = _weights()
    # A name tells nothing: "UN" is an article elsewhere.
    terms = [word.term for place, word in enumerate(words) if word.term in weights and not (place and word.capital)]
    return max(
        known.values(),
        key=lambda one: (sum(weights[term] for term in terms if term in one.telling), one.code == DEFAULT),
    )


@cache
def _weights() -> dict[str, float]:
    """Return the weight of each common word: the fewer languages have it, the more it tells."""
    shared = Counter(word for one in languages().values() for word in one.telling)
    return {word: 1 / number for word, number in shared.items()}
