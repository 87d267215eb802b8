"""The words of a statement, folded so that two texts which say the same in the same words are equal. Pure: no I/O.

Folding removes what a reader cannot see (direction marks, zero-width spaces, soft hyphens, variation selectors) and
what is only a manner of writing (forms of quotes and dashes, width, ligatures, spacing, a full stop at the end). It
keeps all that can change what a sentence says: signs, primes, superscripts, fractions, question marks, quotation marks
inside, and letter case, except that of the first letter. ADR 21 has the reasons.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from hashlib import sha256

from service.identity.joiners import without_invisible

_BLANKS = dict.fromkeys(map(ord, "\u115f\u1160\u2800\u3164\uffa0\t\n\r"), " ")
# Forms of one character that differ only in style. Superscripts, subscripts, fractions and circles say something.
_STYLES = frozenset({"<wide>", "<narrow>", "<small>", "<vertical>", "<initial>", "<medial>", "<final>", "<isolated>"})
_STYLES |= {"<compat>", "<square>", "<noBreak>"}
_MATHEMATICAL = "\U0001d400"
_MARKS = str.maketrans(
    dict.fromkeys("“”„‟«»「」『』〝〞〟＂❝❞״", '"')
    | dict.fromkeys("‘’‚‛‹›`´＇❛❜ʼʻ׳", "'")
    | dict.fromkeys("‐‑‒–—―−﹘﹣－⁃", "-")
    | {"ـ": None}
)
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_INDEX = re.compile(r"(?<=[^\W\d_])[₀-₉]+(?!\d)")
# Scripts that are written without spaces between words: Thai, Lao, Myanmar, Khmer.
_UNSPACED = "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff\ua9e0-\ua9ff\uaa60-\uaa7f]"
_SPACE_IN_UNSPACED = re.compile(rf"(?<={_UNSPACED}) (?={_UNSPACED})")
_GUILLEMET_SPACE = re.compile(r"(?<=«)\s+|\s+(?=»)")
_SPACE_BEFORE_MARK = re.compile(r"\s+(?=[:;!?]+(?:\s|$))")
_QUOTE = re.compile("[\"']")
_END = re.compile(r"(?:(?<!\.)\.{1,2}|(?<![\d!])!+|[。।॥۔።։။។,;:،؛、]|\s-+)$")
_BEGINNING = re.compile(r"^(?:¡|-+\s+(?![\d.]))")
_FIRST_WORD = re.compile(r"[\"'(\[¿]*([^\W\d_]+)")
_WORD = re.compile(r"[^\W\d_]+")
_HEADLINE_WORDS = 3
_HEADLINE_LENGTH = 4


@lru_cache(maxsize=8192)
def folded_statement(text: str) -> str:
    """Return the words of ``text`` in the one form of all texts that say the same in the same words."""
    text = without_invisible(unicodedata.normalize("NFC", text)).translate(_BLANKS)
    if -1 < text.find("«") < text.find("»"):  # in French with spaces inside; in German they are the other way round
        text = _GUILLEMET_SPACE.sub("", text)
    text = unicodedata.normalize("NFC", text.translate(_MARKS).translate(_PLAIN_FORMS).translate(_MARKS))
    text = _INDEX.sub(lambda found: found[0].translate(_SUBSCRIPTS), " ".join(text.split()))
    text = _SPACE_BEFORE_MARK.sub("", _SPACE_IN_UNSPACED.sub("", text))
    text = _with_primes(text.replace("''", '"').replace("′′", "″"))
    return _with_small_first_letter(_without_ends(text))


def statement_key(text: str) -> str:
    """Return the key, 32 hexadecimal digits, under which to look for claims with the same words as ``text``.

    It ignores letter case, so texts with one key need not say the same: ``same_statement`` decides.
    """
    return sha256(folded_statement(text).casefold().encode()).hexdigest()[:32]


def same_statement(one: str, other: str) -> bool:
    """Return whether two texts say the same in the same words.

    A headline in capitals tells nothing about letter case, and equals the sentence with any; one in Title Case tells
    only of words in capitals, such as WHO.
    """
    one, other = folded_statement(one), folded_statement(other)
    if one == other or one.casefold() != other.casefold():
        return one == other
    if _is_capitals(one) or _is_capitals(other):
        return True
    return (_is_title_case(one) or _is_title_case(other)) and _small_words(one) == _small_words(other)


def is_worded(claim: str, words: str) -> bool:
    """Return whether the text of a claim has these words, or is their beginning with an ellipsis."""
    return same_statement(claim, words) or (claim.endswith("…") and words.startswith(claim[:-1]))


class _PlainForms(dict[int, str]):
    """The plain forms of characters, by code point: a full-width digit as a digit, a ligature as letters."""

    def __missing__(self, code: int) -> str:
        style, *codes = unicodedata.decomposition(chr(code)).split() or [""]
        plain = chr(code)
        # Spacing accents decompose to a space and an accent, which would be another text.
        if (style in _STYLES or (style == "<font>" and plain >= _MATHEMATICAL)) and (
            codes[0] != "0020" or not codes[1:]
        ):
            plain = "".join(self[int(each, 16)] for each in codes)
        self[code] = plain
        return plain


_PLAIN_FORMS = _PlainForms()


def _with_primes(text: str) -> str:
    """Return a text with quotes after numbers as primes (6' 2", also typed as 6’ 2”), and pairs of quotes as ``"``."""
    pending = {"'": False, '"': False}

    def mark(found: re.Match[str]) -> str:
        quote = found[0]
        before, after = text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
        if before.isalpha() and after.isalpha():
            return quote  # an apostrophe, or the mark of a Hebrew abbreviation
        if before.isdecimal() and (not pending[quote] or after.isdecimal()):
            return "′" if quote == "'" else "″"
        if quote == "'" and not pending["'"] and before.isalnum():
            return "'"
        pending[quote] = not pending[quote]
        return '"'

    return _QUOTE.sub(mark, text)


def _without_ends(text: str) -> str:
    """Return a text without a final full stop, a dash that joins nothing, and quotes around all or at one end of it."""
    shorter = _BEGINNING.sub("", _END.sub("", text.strip()))
    if shorter[:1] == shorter[-1:] == '"' and shorter.count('"') == 2:
        shorter = shorter[1:-1]
    elif shorter.count('"') == 1:
        shorter = shorter.strip('"')
    if not shorter:
        return text
    return shorter if shorter == text else _without_ends(shorter)


def _with_small_first_letter(text: str) -> str:
    """Return a text with a small first letter, unless its word is in capitals (WHO) or a lone letter is a name (C4)."""
    found = _FIRST_WORD.match(text)
    if found is None:
        return text
    word, start = found[1], found.start(1)
    if word[1:] != word[1:].lower() or (len(word) == 1 and text[found.end() : found.end() + 1] not in ("", " ")):
        return text
    return f"{text[:start]}{word[0].lower()}{text[start + 1 :]}"


def _is_capitals(text: str) -> bool:
    return text == text.upper() and sum(word != word.lower() for word in _WORD.findall(text)) >= _HEADLINE_WORDS


def _is_title_case(text: str) -> bool:
    """Return whether all long words but the first, whose first letter is folded, begin with a capital."""
    words = [word for word in _WORD.findall(text)[1:] if len(word) >= _HEADLINE_LENGTH]
    return len(words) >= _HEADLINE_WORDS and all(word[0].isupper() for word in words)


def _small_words(text: str) -> str:
    """Return a text in small letters, except words with a capital after the first letter."""
    return _WORD.sub(lambda word: word[0].lower() if word[0][1:] == word[0][1:].lower() else word[0], text)
