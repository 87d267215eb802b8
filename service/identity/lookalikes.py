"""Names that look the same and are not: of letters of other scripts, as a Cyrillic "а" in the place of a Latin one.

The table of look-alike characters is that of Unicode Technical Standard 39, from the package ``confusable_homoglyphs``.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# Characters of ASCII that look alike in many fonts.
_ASCII = str.maketrans({"I": "l", "1": "l", "|": "l", "0": "O"})


def looks_like(name: str, other: str) -> bool:
    """Return whether two different names look the same, because some of their letters are of different scripts.

    Names of one script are not compared by their look: "AI" and "Al" are two names.
    """
    return name != other and _scripts(name) != _scripts(other) and _skeleton(name) == _skeleton(other)


def _skeleton(name: str) -> str:
    """Return a name with each character replaced by the one that stands for all that look like it."""
    plain = unicodedata.normalize("NFKC", name)
    return "".join(map(_stand_in, plain)).translate(_ASCII).casefold()


@lru_cache(maxsize=1024)
def _stand_in(character: str) -> str:
    """Return the letter of ASCII that a character looks like, else the first of those that it looks like."""
    if character.isascii():
        return character
    # 0.9 MB of JSON, read when the first key with such a name is made.
    from confusable_homoglyphs.confusables import confusables_data

    alike: list[str] = [found["c"] for found in confusables_data.get(character, ())]
    return min((character, *alike), key=lambda text: (not (text.isascii() and text.isalpha()), len(text), text))


def _scripts(name: str) -> set[str]:
    """Return the scripts of the letters of a name, such as ``LATIN``."""
    return {unicodedata.name(character, "?").partition(" ")[0] for character in name if character.isalpha()}
