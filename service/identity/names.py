"""Names of parties: the key under which two spellings are one name, and the keys that similar names share.

Two names with the same ``folded_name`` are one name. Names that share one of ``near_keys`` with ``sought_keys`` look
alike, no more: a person decides. Both are looked up in indexes; names are never compared pair by pair.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from service.identity.spellings import one_spelling
from service.identity.titles import untitled

LONGEST_KEY = 300
"""The number of characters of a key; an index has a limit for its entries."""
_NAMES = 12  # of the names of one source, those that get near keys
_WORDS = 12  # a longer name is a sentence

_QUOTES = re.compile("[\"'`´‘’‚‛“”„‟‹›«»「」『』′″ʻʼʽʹʺ׳״]")
_MARKS_OF_TRADE = re.compile("[®™©℠℗]")
# Invisible characters that are not of the category Cf: joiners, Hangul fillers, variation selectors, a blank pattern.
_INVISIBLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0]")
_DASHES = re.compile("[-\u2010-\u2015\u2212\u058a\u05be\u30a0\u30fb\u00b7]")
_BRACKETS = re.compile(r"[(){}\[\]]")
_PAUSES = re.compile("[,;:!?…¡¿،؛؟、。]")
# The dot of an abbreviation; the one in booking.com is kept.
_DOT = re.compile(r"\.(?=\s|$)|(?<=\b\w)\.|(?<=\s)\.|^\.")
# A host keeps its dots: "x.com" is not "X Com".
_HOST = re.compile(r"[^\s/@]+(?:\.[^\s/.@]+)+\.?")
_ABBREVIATION = re.compile(r"(?:\w\.)+\w?\.?")
_ARTICLE = re.compile(r"the (?=\S*\w\w)")
_AMPERSAND = re.compile(r"(?<=\S\s)&(?=\s\S)")
# Vietnamese is written with two marks on a vowel, a horn, a hook or a dot below: they tell one name from another.
_VIETNAMESE = re.compile(
    "[\u031b\u0309\u0323]|[aeo][\u0302][\u0300\u0301\u0303]|a\u0306[\u0300\u0301\u0303]", re.IGNORECASE
)
_LATIN_OR_GREEK = re.compile("([a-z\u0370-\u03ff\u00df-\u024f])[\u0300-\u036f]+")
# Vowel points of Arabic and Hebrew, and the stroke that stretches an Arabic word.
_POINTS = re.compile("[\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]")
# Letters that have no decomposition, and those for which keyboards have different characters.
_LETTERS = str.maketrans(
    dict(zip("ıłøđёيىكأإآةٱ", "ilodеییکااا\u0647ا", strict=True)) | {"æ": "ae", "œ": "oe", "ς": "σ"}
)
_VOWELS = re.compile("[aeiouy]")
_REPEATED = re.compile(r"(.)\1+")


# An import and a comparison of similar sources fold the same names again and again.
@lru_cache(maxsize=4096)
def folded_name(name: str) -> str:
    """Return the key of a name, equal for all its spellings.

    Ignored are case, width, quotes, spacing, dashes, brackets, punctuation, dots of abbreviations, invisible
    characters, an English "the" in front, and accents of Latin and Greek letters, except in Vietnamese, where they
    tell names apart. The key of a name without letters and digits is the name itself.
    """
    text = _visible(name)
    words = _words_of(text)
    return (unaccented(_article_free(words)) or text)[:LONGEST_KEY]


def folded_names(names: Iterable[str]) -> list[str]:
    """Return the keys of the names of one source, each once, in their order."""
    return list(dict.fromkeys(map(folded_name, names)))


def _visible(name: str) -> str:
    text = _MARKS_OF_TRADE.sub("", name)
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return " ".join(unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).casefold().split())


def _words_of(text: str) -> str:
    """Return the words of a name without punctuation; a host as it is; empty if there is no letter and no digit."""
    text = _QUOTES.sub("", text)
    if _HOST.fullmatch(text) and not _ABBREVIATION.fullmatch(text):
        return text.rstrip(".").removeprefix("www.")
    text = _PAUSES.sub(" ", _BRACKETS.sub(" ", _DASHES.sub(" ", text)))
    text = _AMPERSAND.sub("and", _DOT.sub("", text))
    words = _initials_joined(text.split())
    return words if any(c.isalnum() for c in words) else ""


def _initials_joined(words: list[str]) -> str:
    """Join words, without a space between single letters: "j. k. rowling" is "jk rowling"."""
    joined: list[str] = []
    for place, word in enumerate(words):
        if place and len(word) == len(words[place - 1]) == 1 and word.isalpha() and joined[-1].isalpha():
            joined[-1] += word
        else:
            joined.append(word)
    return " ".join(joined)


def _article_free(text: str) -> str:
    return _ARTICLE.sub("", text, count=1) if text.startswith("the ") else text


def unaccented(text: str) -> str:
    """Return a text without accents, except Vietnamese ones, and with one form of letters that have several."""
    marked = unicodedata.normalize("NFD", text)
    if not _VIETNAMESE.search(marked):
        marked = _LATIN_OR_GREEK.sub(r"\1", marked)
    return unicodedata.normalize("NFC", _POINTS.sub("", marked)).translate(_LETTERS)


def near_keys(names: Iterable[str]) -> list[str]:
    """Return the keys under which the names of one source are found by similar ones, at most some hundred."""
    return _distinct(key for name in _chosen(names) for key in (*_whole(name), *_parts(name)))


def sought_keys(names: Iterable[str]) -> list[str]:
    """Return the keys under which sources with names similar to these are found.

    A name finds those with the same words or long words in another order, without spaces, with the same consonants,
    with a word more or less at either end, without titles, and the abbreviation of its initials; British and American
    spellings are one.
    """
    found: list[str] = []
    for name in _chosen(names):
        whole = list(_whole(name))
        found += whole
        found += [f"part {key.removeprefix('words ')}" for key in whole if key.startswith("words ")]
        found += [f"words {key.removeprefix('part ')}" for key in _parts(name)]
    return _distinct(found)


def crossed_keys(key: str) -> list[str]:
    """Return the keys that names similar to one with this near key have; those of ``sought_keys``, from ``near_keys``.

    A name without its first or last word is no similar name by itself: only one that has all words of the other.
    """
    kind, _, words = key.partition(" ")
    if kind == "part":
        return [f"words {words}"[:LONGEST_KEY]]
    return [key, f"part {words}"[:LONGEST_KEY]] if kind == "words" else [key]


def _chosen(names: Iterable[str]) -> list[str]:
    """Return the first name and some of the others, the same in whatever order they come; each also without titles."""
    first, *others = names
    chosen = [first, *sorted(others)][:_NAMES]
    return list(dict.fromkeys(form for name in chosen for form in (name, untitled(name))))


def _whole(name: str) -> Iterator[str]:
    words = _words(name)
    if not words:
        return
    yield f"words {' '.join(sorted(words))}"
    long = sorted(word for word in words if len(word) > 3)
    if len(long) >= 2:
        yield f"long {' '.join(long)}"
    joined = "".join(words)
    yield f"joined {joined}"
    consonants = _REPEATED.sub(r"\1", joined[:1] + _VOWELS.sub("", joined[1:]))
    if joined.isascii() and len(consonants) >= 4:
        yield f"consonants {consonants}"
    if len(words) == 1 and 2 <= len(joined) <= 8:
        yield f"initials {joined}"
    elif len(words) >= 3:
        yield from (f"initials {initials}" for initials in _initials(name, words))
    if 2 <= len(words) <= 3 and len(words[-1]) > 1:
        yield f"person {words[0][0]} {words[-1]}"


def _parts(name: str) -> Iterator[str]:
    """Yield the keys of a name without its first or its last word."""
    words = _words(name)
    if len(words) > 1:
        yield from (f"part {' '.join(sorted(part))}" for part in (words[1:], words[:-1]))


def _words(name: str) -> list[str]:
    words = _LATIN_OR_GREEK.sub(r"\1", unicodedata.normalize("NFD", folded_name(name)))
    found = re.findall(r"\w+", unicodedata.normalize("NFC", words))
    return [one_spelling(word) for word in found] if len(found) <= _WORDS else []


def _initials(name: str, words: list[str]) -> Iterator[str]:
    """Yield the initials of all words, and of those that begin with a capital: "National Institute of Health"."""
    yield "".join(word[0] for word in words)
    capitals = "".join(word[0] for word in re.findall(r"\w+", name) if word[0].isupper())
    if len(capitals) > 1:
        yield folded_name(capitals)


def _distinct(keys: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(key[:LONGEST_KEY] for key in keys))
