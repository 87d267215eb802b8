"""Strings as they are found, cleaned: markup, entities, control characters and white space."""

from __future__ import annotations

import html
import re
import unicodedata

LONGEST_READ = 100_000
"""Of a string, in characters: what comes after is not looked at."""

_BLOCKS = "p|br|div|li|ul|ol|h[1-6]|blockquote|table|tr|td|th|hr|section|article|figure|figcaption|header|footer"
_INLINE = "a|b|i|u|s|em|strong|span|small|big|sup|sub|mark|del|ins|q|cite|code|font|center|img|wbr|o:p|iframe|video"
# Only real elements: "a < b and c > d" stays what it is.
_REST = r"(?:\s[^<>=]*+=[^<>]*+|\s*+/?)>"
_BLOCK_TAG = re.compile(rf"</?(?:{_BLOCKS}){_REST}|<!--(?:[^-]|-(?!->))*+(?:-->)?", re.IGNORECASE)
_INLINE_TAG = re.compile(rf"</?(?:{_INLINE}){_REST}|<!\[CDATA\[|\]\]>", re.IGNORECASE)
_SPACE = re.compile(r"[\s\u200b\u2060\ufeff]+")
_SURROGATE = re.compile("[\ud800-\udfff]")

# C1 controls are what Windows-1252 has in their place (WHATWG HTML, numeric character references); other controls, soft
# hyphens, overrides of the writing direction and what is no character go.
_CHANGED: dict[int, str | None] = dict.fromkeys((*range(0x20), 0x7F, 0xAD, *range(0x202A, 0x202F)))
_CHANGED |= {ord(space): " " for space in "\t\n\v\f\r\u2028\u2029\x85"}
for _code in (*range(0x80, 0x85), *range(0x86, 0xA0)):
    _CHANGED[_code] = bytes([_code]).decode("cp1252", errors="ignore") or None
_CHANGED |= {plane + code: None for plane in range(0, 0x110000, 0x10000) for code in (0xFFFE, 0xFFFF)}
_CHANGED |= dict.fromkeys(range(0xFDD0, 0xFDF0))
_SUSPECT = re.compile("[" + "".join(re.escape(chr(code)) for code in _CHANGED) + "]")


def clean(text: str) -> str:
    """Without markup, entities (escaped twice, too) and control characters; NFC; white space single."""
    text = text[:LONGEST_READ]
    if not text.isascii():
        text = _SURROGATE.sub("\ufffd", text)
    if "&" in text or "<" in text:
        text = _without_markup(text)
    if _SUSPECT.search(text):
        text = text.translate(_CHANGED)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return _SPACE.sub(" ", text).strip()


def _without_markup(text: str) -> str:
    for _ in range(3):
        before = text
        text = _INLINE_TAG.sub("", _BLOCK_TAG.sub(" ", text))
        text = html.unescape(text)
        if text == before:
            break
    return text


def shortened(text: str, longest: int) -> str:
    """At most ``longest`` characters, cut between words and ended by an ellipsis when it was longer."""
    if len(text) <= longest:
        return text
    kept = text[: longest - 1]
    space = kept.rfind(" ", longest // 2)
    return (kept[:space] if space > 0 else kept).rstrip(" ,;:-") + "…"


# Accents and the like, Arabic and Hebrew vowel signs, joiners and marks of direction.
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
    "\u200c-\u200f\u2066-\u2069]"
)
# Indic and South-East Asian vowel signs are no letters to ``\w``, and yet part of the word.
_BETWEEN_WORDS = re.compile(
    "(?:[^\\w\u0900-\u0dff\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff]|[_\u0964\u0965\u104a\u104b])+"
)
# What NFKD does not take apart, and letters that Arabic and Persian keyboards write differently.
_LETTERS = str.maketrans(dict(zip("ıłøđёيىكأإآةٱ", "ilodеییکاااها", strict=True)) | {"æ": "ae", "œ": "oe"})


def fold(text: str) -> str:
    """What stays of a wording when case, accents, vowel signs, punctuation and quotes do not matter; for comparing."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    text = unicodedata.normalize("NFC", _MARKS.sub("", text)).translate(_LETTERS)
    return _BETWEEN_WORDS.sub(" ", text).strip()
