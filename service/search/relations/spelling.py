"""Spellings of names: "Michoustine", "Mischustin" and "Мишустина" for Mishustin."""

from __future__ import annotations

import re
from functools import lru_cache

from service.search.matching.passage import ngrams

_LATIN = "a,b,v,g,g,d,e,e,zh,z,i,i,i,i,k,l,m,n,o,p,r,s,t,u,f,h,ts,ch,sh,sh,-,y,-,e,u,a"
_CYRILLIC = {
    ord(letter): latin
    for letter, latin in zip(
        "абвгґдеєжзиіїйклмнопрстуфхцчшщъыьэюя",
        _LATIN.split(","),
        strict=True,
    )
}
# Letters that sound alike in one of the languages, in this order; vowels, "h" and "y" are left out.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("tsch|tch|cz|sch|sh|sz|ch|zh|rz", "s"),
        ("kh", "h"),
        ("ts|tz", "z"),
        ("ph|w|f", "v"),
        ("ck|qu|q|c", "k"),
        ("x", "ks"),
        ("z", "s"),
        ("[aeiouyhj-]", ""),
        (r"(.)\1", r"\1"),
    )
)
_SHORTEST, _ENDING = 3, 2


def are_spellings(one: str, other: str) -> bool:
    """Return whether two words may be one name, in other letters, in another language or with another ending."""
    if one == other:
        return True
    left, right = sorted((_skeleton(one), _skeleton(other)), key=len)
    if left == right and len(left) >= _SHORTEST - 1 and one[0].isalpha():
        return True
    if len(left) >= _SHORTEST and len(right) - len(left) <= _ENDING and right.startswith(left):
        return True
    grams, others = ngrams(one), ngrams(other)
    return len(one) > _SHORTEST + 1 and 2 * len(grams & others) > len(grams | others)


@lru_cache(maxsize=1 << 12)
def _skeleton(word: str) -> str:
    """Return the consonants of a name, those that sound alike as one."""
    latin = word.translate(_CYRILLIC)
    for pattern, sound in _SOUNDS:
        latin = pattern.sub(sound, latin)
    return latin
