"""Clean texts of markup, entities, control characters and white space, and fold them for comparison."""

from __future__ import annotations

import html
import re
import unicodedata

LONGEST_READ = 100_000
"""The number of characters of a string that are read; the rest is ignored."""

_BLOCKS = "p|br|div|li|ul|ol|h[1-6]|blockquote|table|tr|td|th|hr|section|article|figure|figcaption|header|footer"
_INLINE = "a|b|i|u|s|em|strong|span|small|big|sup|sub|mark|del|ins|q|cite|code|font|center|img|wbr|o:p|iframe|video"
# Only real elements: "a < b and c > d" is kept.
_REST = r"(?:\s[^<>=]*+=[^<>]*+|\s*+/?)>"
_BLOCK_TAG = re.compile(rf"</?(?:{_BLOCKS}){_REST}|<!--(?:[^-]|-(?!->))*+(?:-->)?", re.IGNORECASE)
_INLINE_TAG = re.compile(rf"</?(?:{_INLINE}){_REST}|<!\[CDATA\[|\]\]>", re.IGNORECASE)
# Without its tags, 10<sup>6</sup> would be 106.
_RAISED = re.compile(r"<(su[pb])(?:\s[^<>]*+)?>\s*+([-+=0-9\u2212nx]{1,20})\s*+</\1\s*+>", re.IGNORECASE)
_SUPERSCRIPTS = str.maketrans("0123456789+-\u2212=nx", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼ⁿˣ")
_SUBSCRIPTS = str.maketrans("0123456789+-\u2212=nx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌ₙₓ")
_SPACE = re.compile(r"\s+")
# A zero-width space parts words in the scripts that are written without spaces: Thai, Lao, Myanmar, Khmer.
_UNSPACED = "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]"
_WORD_BREAK = re.compile(rf"(?<={_UNSPACED})\u200b+(?={_UNSPACED})")
_ZERO_WIDTH = re.compile("[\u200b\u2060\ufeff]")
_SURROGATE = re.compile("[\ud800-\udfff]")

# C1 controls are read as Windows-1252 (WHATWG HTML, numeric character references); other controls, soft hyphens,
# overrides of the writing direction and non-characters are removed.
_CHANGED: dict[int, str | None] = dict.fromkeys((*range(0x20), 0x7F, 0xAD, *range(0x202A, 0x202F)))
_CHANGED |= {ord(space): " " for space in "\t\n\v\f\r\u2028\u2029\x85"}
for _code in (*range(0x80, 0x85), *range(0x86, 0xA0)):
    _CHANGED[_code] = bytes([_code]).decode("cp1252", errors="ignore") or None
_CHANGED |= {plane + code: None for plane in range(0, 0x110000, 0x10000) for code in (0xFFFE, 0xFFFF)}
_CHANGED |= dict.fromkeys(range(0xFDD0, 0xFDF0))
_CHANGED_BUT_SPACES = (
    _CHANGED | dict.fromkeys(map(ord, "\v\f\u2028\u2029\x85"), "\n") | {ord(space): space for space in "\t\n\r"}
)
_SUSPECT = re.compile("[" + "".join(re.escape(chr(code)) for code in _CHANGED) + "]")


def clean(text: str) -> str:
    """Remove markup, entities (double-escaped ones too), control characters and zero-width spaces.

    Normalise to NFC and single spaces.
    """
    return _SPACE.sub(" ", _readable(text, _CHANGED)).strip()


def with_its_spaces(text: str) -> str:
    """Clean a text like ``clean``, but keep its line breaks and spaces, except around it and in a text with markup.

    White space between the elements of HTML is not part of the text.
    """
    unescaped = html.unescape(html.unescape(text)) if "&" in text else text
    if "<" in unescaped and (_BLOCK_TAG.search(unescaped) or _INLINE_TAG.search(unescaped)):
        return clean(text)
    return _readable(text, _CHANGED_BUT_SPACES).strip()


def _readable(text: str, changed: dict[int, str | None]) -> str:
    text = text[:LONGEST_READ]
    if not text.isascii():
        text = _SURROGATE.sub("\ufffd", text)
    if "&" in text or "<" in text:
        text = _without_markup(text)
    if _SUSPECT.search(text):
        text = text.translate(changed)
    if not text.isascii():
        text = _ZERO_WIDTH.sub("", _WORD_BREAK.sub(" ", text))
        text = unicodedata.normalize("NFC", text)
    return text


def _without_markup(text: str) -> str:
    for _ in range(3):
        before = text
        text = _RAISED.sub(lambda tag: tag[2].translate(_SUPERSCRIPTS if tag[1][-1] in "pP" else _SUBSCRIPTS), text)
        text = _INLINE_TAG.sub("", _BLOCK_TAG.sub(" ", text))
        text = html.unescape(text)
        if text == before:
            break
    return text


def shortened(text: str, longest: int) -> str:
    """Shorten a text to at most ``longest`` characters, between words and with an ellipsis."""
    if len(text) <= longest:
        return text
    kept = text[: longest - 1]
    space = kept.rfind(" ", longest // 2)
    return (kept[:space] if space > 0 else kept).rstrip(" ,;:-") + "…"


# Accents, Arabic and Hebrew vowel signs, joiners and direction marks.
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
    "\u200c-\u200f\u2066-\u2069]"
)
# ``\w`` does not match Indic and South-East Asian vowel signs, which are part of the word.
_BETWEEN_WORDS = re.compile(
    "(?:[^\\w\u0900-\u0dff\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff]|[_\u0964\u0965\u104a\u104b])+"
)
# Letters that NFKD does not decompose, and those that Arabic and Persian keyboards write differently.
_LETTERS = str.maketrans(dict(zip("ıłøđёيىكأإآةٱ", "ilodеییکاااها", strict=True)) | {"æ": "ae", "œ": "oe"})


def fold(text: str) -> str:
    """Normalise a wording for comparison: case, accents, vowel signs, punctuation and quotes are ignored."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    text = unicodedata.normalize("NFC", _MARKS.sub("", text)).translate(_LETTERS)
    return _BETWEEN_WORDS.sub(" ", text).strip()
