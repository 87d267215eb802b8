"""Characters that a reader cannot see, and joiners where one can. Pure: no I/O.

The invisible characters are Unicode's default ignorable code points. A zero-width joiner or non-joiner is invisible in
most scripts; it changes the shapes of Arabic letters, of Indic conjuncts and of emoji.
"""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e001f\U000e0080-\U000e0fff]"
)
_NON_JOINER, _JOINER = "\u200c", "\u200d"
_JOINERS = re.compile("[\u200c\u200d]")
# The flags of England, Scotland and Wales are a black flag and invisible letters.
_FLAG_TAGS = re.compile("(\U0001f3f4[\U000e0020-\U000e007f]+)|[\U000e0020-\U000e007f]+")
# The same Malayalam letters, typed in two ways.
_CHILLUS = {f"{letter}\u0d4d\u200d": chillu for letter, chillu in zip("ണനരലളക", "ൺൻർൽൾൿ", strict=True)}
_CHILLU = re.compile("|".join(_CHILLUS))
_VIRAMA_CLASS = 9


def without_invisible(text: str) -> str:
    """Return a text without the characters that a reader cannot see."""
    if text.isascii():
        return text
    text = _FLAG_TAGS.sub(lambda found: found[1] or "", _INVISIBLE.sub("", text))
    text = _CHILLU.sub(lambda found: _CHILLUS[found[0]], text)
    return _JOINERS.sub(lambda found: found[0] if _is_visible(text, found.start()) else "", text)


def _is_visible(text: str, place: int) -> bool:
    """Return whether the joiner at a place of a text changes what is seen."""
    before, after = text[:place][-1:], text[place + 1 : place + 2]
    if not before or not after:
        return False
    if unicodedata.combining(before) == _VIRAMA_CLASS or unicodedata.combining(after) == _VIRAMA_CLASS:
        return text[place] == _JOINER or after.isalpha()
    if text[place] == _JOINER:
        return unicodedata.category(before) in ("So", "Sk") and unicodedata.category(after) in ("So", "Sm")
    letters = text[:place].rstrip("".join(_ARABIC_MARKS))
    return letters[-1:] in _JOINING_FORWARD and after in _JOINING_BACK


def _with_form(form: str) -> frozenset[str]:
    """Return the Arabic letters that have a form of this name, such as ``<initial>``."""
    codes = (*range(0xFB50, 0xFE00), *range(0xFE70, 0xFF00))
    forms = (unicodedata.decomposition(chr(code)).split() for code in codes)
    return frozenset(chr(int(found[1], 16)) for found in forms if len(found) == 2 and found[0] == form)


_JOINING_FORWARD, _JOINING_BACK = _with_form("<initial>"), _with_form("<final>")
_ARABIC_MARKS = frozenset(chr(code) for code in range(0x0610, 0x06EE) if unicodedata.combining(chr(code)))
