"""Fold the ways to write a word to one form: case, width, accents, vowel points, forms of letters and digits.

Letters of their own stay: й and ї of Cyrillic, the voiced kana, the vowel signs of India and South-East Asia. Marks on
letters are removed: é becomes e, ё becomes е, ά becomes α, and Arabic and Hebrew lose their points.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LONGEST = 64
"""The code points of a word that are compared: PostgreSQL limits a lexeme to 2 KB."""

FRACTION = re.compile("[0-9]+\u2044[0-9]+")
"""The form of ½ after NFKC."""

# Latin letters that Unicode does not decompose, and Arabic letters that differ only by language or habit.
_LETTERS = str.maketrans(
    {
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "ı": "i",
        "ł": "l",
        "ŧ": "t",
        "ŋ": "n",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "\u0640": "",  # tatweel
        "\u0671": "\u0627",  # alef wasla
        "\u0649": "\u064a",  # alef maksura: yeh
        "\u06cc": "\u064a",  # Farsi yeh
        "\u06d2": "\u064a",  # yeh barree
        "\u06a9": "\u0643",  # keheh: kaf
        "\u0629": "\u0647",  # teh marbuta: heh
        "\u06c1": "\u0647",  # heh goal
        "\u06be": "\u0647",  # heh doachashmee
        "\u06d5": "\u0647",  # ae
        "\u0901": "\u0902",  # chandrabindu: anusvara
    }
)
# From this code point on, marks are vowels or make another letter.
_MARKS_ARE_ACCENTS_BELOW = 0x0780
_NUKTAS = frozenset("\u093c\u09bc\u0a3c\u0abc\u0b3c\u0cbc")
# и and у with breve, і with diaeresis: letters of Russian, Belarusian and Ukrainian.
_LETTERS_WITH_MARKS = frozenset(("и\u0306", "И\u0306", "у\u0306", "У\u0306", "і\u0308", "І\u0308"))


def fold(word: str) -> str:
    """Return the folded form of ``word``; empty if nothing of it is compared."""
    return word.lower()[:LONGEST] if word.isascii() else _fold(word)


@lru_cache(maxsize=1 << 16)
def _fold(word: str) -> str:
    word = unicodedata.normalize("NFKC", word)
    if FRACTION.fullmatch(word):
        return word
    kept: list[str] = []
    base = ""
    for character in unicodedata.normalize("NFD", word):
        category = unicodedata.category(character)
        if category[0] == "M":
            if _counts(base, character):
                kept.append(character)
        elif category == "Nd":
            kept.append(str(unicodedata.decimal(character)))
            base = character
        elif category[0] in "LN":
            kept.append(character)
            base = character
    folded = "".join(kept).casefold().translate(_LETTERS)
    return unicodedata.normalize("NFC", folded)[:LONGEST]


def _counts(base: str, mark: str) -> bool:
    """Return whether ``mark`` makes another letter of ``base``."""
    if mark in _NUKTAS:
        return False
    return (base != "" and ord(base) >= _MARKS_ARE_ACCENTS_BELOW) or base + mark in _LETTERS_WITH_MARKS


def digits(text: str) -> str:
    """Return ``text`` with the decimal digits of all scripts as 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(c)) if unicodedata.category(c) == "Nd" else c for c in text)
