"""The stem that the forms of a word share. The script of a word tells the rules: a query does not say its language.

Snowball stems words in Latin script, as English, in Cyrillic, Greek, Armenian, Devanagari and Tamil, and those with a
Persian letter. It has nothing for Ukrainian and Hebrew, and in Arabic it takes other endings from a word with the
article than from one without: these are stemmed here, Arabic by light10 (Larkey, Ballesteros and Connell, 2007).
Numbers and terms of other scripts stay as they are. A stem is compared, not shown.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from functools import lru_cache

import snowballstemmer

from service.identity.spellings import one_spelling

_thread = threading.local()

# First letters of blocks, the letter after the last, and the algorithm.
_BLOCKS = (
    ("\u0370", "\u0400", "greek"),
    ("\u0400", "\u0530", "russian"),
    ("\u0531", "\u0590", "armenian"),
    ("\u0590", "\u0600", "hebrew"),
    ("\u0600", "\u0780", "arabic"),
    ("\u0900", "\u0980", "hindi"),
    ("\u0b80", "\u0c00", "tamil"),
)
_SHORTEST = 3

# Letters that Russian does not have.
_UKRAINIAN = frozenset("іїєґў")
# The longest ending that leaves three letters.
_UKRAINIAN_ENDING = re.compile(
    "(?<=...)(?:[ая]ми|[оеє]ві|ого|ому|[иії]ми|[іи]й|їй|[іїє]в|[оеє]ю|[ая][хм]|[оеє]м|[иї]х|ої|ся|[аяоеєиіїуюьй])$"
)
_PERSIAN = frozenset("پچژگ")
_URDU = frozenset("ٹڈڑں")
_ARTICLES = ("وال", "بال", "كال", "فال", "ال", "لل")
_AND = "و"
_ARABIC_ENDINGS = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")
_HEBREW_PREFIXES = frozenset("והבכלמש")
_HEBREW_ENDING = re.compile("(?<=...)(?:ים|ות|ה|ת)$")
_FINAL_LETTERS = str.maketrans("ךםןףץ", "כמנפצ")


def stem(term: str) -> str:
    """Return the stem of a folded word, one for the British and American spelling of an English one."""
    return _stem(term) if term.isalpha() or not term.isascii() else term


@lru_cache(maxsize=1 << 16)
def _stem(term: str) -> str:
    if term.isascii():
        return _snowball("english", one_spelling(term))
    first = term[0]
    algorithm = next((name for start, after, name in _BLOCKS if start <= first < after), None)
    if algorithm is None or len(term) <= _SHORTEST:
        return term
    own = _OWN.get(algorithm)
    return own(term) if own else _snowball(algorithm, term)


def _snowball(algorithm: str, term: str) -> str:
    # A stemmer is not thread-safe.
    stemmers = vars(_thread).setdefault("stemmers", {})
    if algorithm not in stemmers:
        stemmers[algorithm] = snowballstemmer.stemmer(algorithm)
    stemmed: str = stemmers[algorithm].stemWord(term)
    return stemmed


def _cyrillic(term: str) -> str:
    return _UKRAINIAN_ENDING.sub("", term) if _UKRAINIAN & set(term) else _snowball("russian", term)


def _arabic(term: str) -> str:
    """Return a word without article and conjunction, and without the endings of number, gender and possession."""
    letters = set(term)
    if letters & _URDU:
        return term
    if letters & _PERSIAN:
        return _snowball("persian", term)
    for prefix in (*_ARTICLES, _AND):
        least = _SHORTEST if prefix == _AND else 2
        if term.startswith(prefix) and len(term) >= len(prefix) + least:
            term = term.removeprefix(prefix)
            break
    for ending in _ARABIC_ENDINGS:
        if term.endswith(ending) and len(term) >= len(ending) + 2:
            term = term.removesuffix(ending)
    return term


def _hebrew(term: str) -> str:
    """Return a word without the letters that are prepositions, conjunctions and the article before it.

    A word that begins with one of them loses it, too, so that all its forms have one stem.
    """
    while len(term) > _SHORTEST and term[0] in _HEBREW_PREFIXES:
        term = term[1:]
    return _HEBREW_ENDING.sub("", term).translate(_FINAL_LETTERS)


_OWN: dict[str, Callable[[str], str]] = {"russian": _cyrillic, "arabic": _arabic, "hebrew": _hebrew}
