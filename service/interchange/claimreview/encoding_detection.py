"""Detect the encoding of text that is not UTF-8 and declares none, by the alphabets of languages.

A byte above 127 is a letter in every code page, but seldom one of the language's alphabet. Languages that the text
states (``inLanguage``, ``<html lang>``) are tried first. ADR 18 compares this with charset-normalizer.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from charset_normalizer import from_bytes

from service.interchange.claimreview.languages import primary, tag_of

FALLBACK = "cp1252"
_MOST_WORDS = 500
_MAX_ODD, _MAX_ODD_STATED, _MAX_ODD_BY_LETTERS = 0.05, 0.25, 0.4
"""The largest share of odd letters to accept an encoding: at once; for a stated language; rather than statistics."""
_WORD = re.compile(rb"[A-Za-z\x80-\xff]{0,40}[\x80-\xff][A-Za-z\x80-\xff]{0,40}")
_STATED = re.compile(
    rb'"(?:[a-z]+:)?(?:inLanguage|languageCode|@language)"\s*:\s*(?:\[\s*)?'
    rb'(?:\{[^{}]{0,200}?"(?:alternateName|name)"\s*:\s*)?"([A-Za-z_ -]{2,40})"'
)
_PAGE = re.compile(rb"""<html\b[^<>]{0,500}?\blang\s*=\s*["']?\s*([A-Za-z_-]{2,40})""", re.IGNORECASE)
_NEUTRAL = frozenset("“”„‘’‚‹›«»–—…•·°§©®™€\xa0\xad،؛؟״׳־")

# Signs of cp1252 at code points where other code pages have letters; before a letter they may be one.
_SIGNS = frozenset("£¢¥¤±²³¹¼½¾×÷µ")

_CYRILLIC = ("абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґўјљњћђџѓќѕ", "оеаинтсрвлкмд")
_ARABIC = (
    "".join(map(chr, (*range(0x621, 0x63B), *range(0x641, 0x653)))) + "پچژگکیھہے\u200c\u200d\u200e\u200f",
    "اليمنوترب",
)
_HEBREW = ("".join(map(chr, (*range(0x5B0, 0x5BA), *range(0x5D0, 0x5EB)))) + "\u200e\u200f", "יוהלאתרשםנמב")
_WESTERN = "àáâãäåæçèéêëìíîïñòóôõöøœßšùúûüýÿž¿¡ªº"
_CENTRAL = "áąäćčďđéęěëíľłńňóôőöřśšßťúůűüýźžż"


@dataclass(frozen=True, slots=True)
class _Alphabet:
    """The lower-case letters of a language beyond a to z; for scripts other than Latin also the ``common`` ones."""

    languages: frozenset[str]
    encoding: str
    letters: frozenset[str]
    common: frozenset[str] = frozenset()


def _alphabet(languages: str, encoding: str, letters: str, common: str = "") -> _Alphabet:
    return _Alphabet(frozenset(languages.split()), encoding, frozenset(letters), frozenset(common))


# The first of several that fit equally is used.
_ALPHABETS = (
    _alphabet("es gl", "cp1252", "áéíñóúü¿¡ªº"),
    _alphabet("pt", "cp1252", "áâãàçéêíóôõúüªº"),
    _alphabet("fr", "cp1252", "àâæçèéêëîïôœùûüÿ"),
    _alphabet("de", "cp1252", "äöüß"),
    _alphabet("it", "cp1252", "àèéìíîòóùú"),
    _alphabet("nl af", "cp1252", "áäèéêëïíóöôûüú"),
    _alphabet("sv fi", "cp1252", "åäöéšž"),
    _alphabet("da no nb nn", "cp1252", "åæøéèêóòôöü"),
    _alphabet("ca eu oc", "cp1252", "àçèéíïñòóúü"),
    _alphabet("ga", "cp1252", "áéíóú"),
    _alphabet("pl", "cp1250", "ąćęłńóśźż"),
    _alphabet("cs", "cp1250", "áčďéěíňóřšťúůýž"),
    _alphabet("sk", "cp1250", "áäčďéíĺľňóôŕšťúýž"),
    _alphabet("hu", "cp1250", "áéíóöőúüű"),
    _alphabet("ro mo", "cp1250", "ăâîşţ"),
    _alphabet("hr bs sl sr sh me", "cp1250", "čćđšž"),
    _alphabet("sq", "cp1252", "çë"),
    _alphabet("tr az", "cp1254", "âçğıiîöşüû"),
    _alphabet("et", "cp1257", "äõöšüž"),
    _alphabet("lt", "cp1257", "ąčęėįšųūž"),
    _alphabet("lv", "cp1257", "āčēģīķļņōŗšūž"),
    _alphabet("is fo", "cp1252", "áéíóúýþæöðø"),
    _alphabet("ru uk bg be sr mk kk", "cp1251", *_CYRILLIC),
    _alphabet("ru bg", "koi8-r", *_CYRILLIC),
    _alphabet("uk be", "koi8-u", *_CYRILLIC),
    _alphabet("el", "cp1253", "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰ", "αοιετσνηυρκπςά"),
    _alphabet("he yi", "cp1255", *_HEBREW),
    _alphabet("ar fa ur ps", "cp1256", *_ARABIC),
    _alphabet("th", "cp874", "".join(map(chr, range(0xE01, 0xE5C))), "านรอกเงมยลวดท"),
)
_WESTERN_ALPHABET = _alphabet("", "cp1252", _WESTERN)
"""For text in several western languages, and text with few such letters, such as names in English."""
_CENTRAL_ALPHABET = _alphabet("", "cp1250", _CENTRAL)
_MULTIBYTE = {"ja": ("cp932", "euc_jp"), "zh": ("gb18030", "big5"), "ko": ("cp949",)}
_STATISTICAL = (
    "cp1252",
    "cp1251",
    "cp1250",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "cp932",
    "gb18030",
    "big5",
    "cp949",
)
_KANA, _HANGUL = re.compile("[\u3041-\u30ff]"), re.compile("[\uac00-\ud7a3]")


def detect_encoding(data: bytes) -> tuple[str, str]:
    """Return the name of the encoding, and in words the basis of the decision."""
    words = list(islice(dict.fromkeys(match[0] for match in _WORD.finditer(data)), _MOST_WORDS))
    stated = _stated_languages(data)
    if stated:
        found = _detect_stated(data, words, stated)
        if found:
            return found, f"by the alphabet of {', '.join(sorted(stated))}"
    best, odd = _best_encoding(words, (*_ALPHABETS, _WESTERN_ALPHABET, _CENTRAL_ALPHABET))
    if odd > _MAX_ODD:
        multibyte = _detect_multibyte(data)
        if multibyte:
            return multibyte, "by its characters"
    if odd <= _MAX_ODD_BY_LETTERS:
        return best, "by its letters"
    statistical = from_bytes(data, cp_isolation=list(_STATISTICAL)).best()
    return (statistical.encoding if statistical else FALLBACK), "by how often its characters are used"


def _stated_languages(data: bytes) -> set[str]:
    found = Counter(match[1] for match in _STATED.finditer(data))
    found.update(match[1] for match in [_PAGE.search(data)] if match)
    return {code for text in found if (code := primary(tag_of(text.decode("ascii"))))}


def _detect_stated(data: bytes, words: list[bytes], stated: set[str]) -> str | None:
    """Return the best encoding for the stated languages; languages that share an encoding share their letters."""
    by_encoding: dict[str, list[_Alphabet]] = {}
    for alphabet in _ALPHABETS:
        if alphabet.languages & stated:
            by_encoding.setdefault(alphabet.encoding, []).append(alphabet)
    covered = {language for alphabets in by_encoding.values() for each in alphabets for language in each.languages}
    if stated - covered - _MULTIBYTE.keys():
        by_encoding.setdefault(FALLBACK, []).append(_WESTERN_ALPHABET)
    best, odd = _best_encoding(words, [_merged(alphabets) for alphabets in by_encoding.values()])
    multibyte = [name for language in stated for name in _MULTIBYTE.get(language, ())]
    if multibyte and odd > _MAX_ODD:
        if len(multibyte) == 1:
            return multibyte[0]
        found = from_bytes(data, cp_isolation=multibyte).best()
        return found.encoding if found else multibyte[0]
    return best if odd <= _MAX_ODD_STATED else None


def _merged(alphabets: list[_Alphabet]) -> _Alphabet:
    letters = frozenset().union(*(each.letters for each in alphabets))
    return _Alphabet(frozenset(), alphabets[0].encoding, letters, alphabets[0].common)


def _best_encoding(words: list[bytes], alphabets: Iterable[_Alphabet]) -> tuple[str, float]:
    """Return the encoding of the alphabet with the smallest share of odd letters, and that share."""
    rated = [(_odd_share(words, alphabet), number, alphabet.encoding) for number, alphabet in enumerate(alphabets)]
    odd, _, encoding = min(rated, default=(1.0, 0, FALLBACK))
    return encoding, odd


def _odd_share(words: list[bytes], alphabet: _Alphabet) -> float:
    """Return the share (0 to 1) of the non-ASCII letters in ``words`` that are unlikely in this alphabet."""
    odd = 0.0
    letters = 0
    for word in words:
        before = ""
        text = word.decode(alphabet.encoding, "replace")
        for character, after in zip(text, f"{text[1:]} ", strict=True):
            if character > "\x7f":
                letters += 1
                if character not in _SIGNS or after.isalpha():
                    odd += _oddness(character, before, alphabet)
            before = character
    return odd / letters if letters else 1.0


def _oddness(character: str, before: str, alphabet: _Alphabet) -> float:
    if character in _NEUTRAL:
        return 0.0
    small = character.lower()
    if small not in alphabet.letters and not (small == "i̇" and "ı" in alphabet.letters):
        return 1.0
    if character != small and before.islower():
        return 1.0
    if alphabet.common:
        if before.isascii() and before.isalpha():  # two scripts in one word
            return 1.0
        return 0.0 if small in alphabet.common else 0.5
    # In the Latin script most letters are ASCII: two others seldom follow each other.
    return 0.5 if before > "\x7f" and before.isalpha() else 0.0


def _detect_multibyte(data: bytes) -> str | None:
    """Return the encoding of Japanese, recognised by kana, or Korean, by Hangul syllables; else ``None``."""
    for encoding, script, share in (("cp932", _KANA, 0.2), ("euc_jp", _KANA, 0.2), ("cp949", _HANGUL, 0.8)):
        text = "".join(_beyond_ascii(data, encoding))
        if len(text) > 1 and "\ufffd" not in text and len(script.findall(text)) >= share * len(text):
            return encoding
    return None


def _beyond_ascii(data: bytes, encoding: str) -> Iterator[str]:
    # Without ``final``: an incomplete character at the end is ignored.
    text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(data)
    return (character for character in text if character > "\x7f")
