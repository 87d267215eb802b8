"""Encodings: found, declared, contradicted and damaged."""

import gzip
import json
from typing import Any

import pytest

from tests.interchange.claimreview.samples import as_bytes, codes, item, items, review

CLAIM = "Le député a nié l'affaire à Genève"
REVIEWED = review(claimReviewed=CLAIM, inLanguage="fr")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_unicode_is_recognised(encoding: str, packed: bool) -> None:
    data = as_bytes([REVIEWED], encoding)
    found = item(gzip.compress(data) if packed else data)

    assert (found.claim, found.warnings) == (CLAIM, ())


@pytest.mark.parametrize(
    ("encoding", "declared", "claim"),
    [
        ("latin-1", "iso-8859-1", CLAIM),
        ("cp1252", "windows-1252", "“Genève” – c’est 5 €"),
        ("cp1252", "ISO-8859-1", "“Genève” – c’est 5 €"),  # what browsers read it as
        ("cp1250", "windows-1250", "To zdjęcie nie przedstawia Łodzi"),
        ("cp1251", "windows-1251", "Видео снято не в Киеве"),
        ("koi8-r", "koi8-r", "Видео снято не в Киеве"),
        ("cp1256", "windows-1256", "هذا الفيديو قديم"),
        ("shift_jis", "Shift_JIS", "この動画は古い"),
        ("gb18030", "gb2312", "这段视频是旧的"),
        ("euc_kr", "euc-kr", "이 영상은 오래됐다"),
        ("iso8859-9", "iso-8859-9", "İstanbul'daki görüntü eski"),
    ],
)
def test_a_declared_encoding_is_used(encoding: str, declared: str, claim: str) -> None:
    data = as_bytes(review(claimReviewed=claim), encoding)
    [by_header] = items(data, media_type=f'application/ld+json; charset="{declared}"')
    block = f'<html><head><meta charset="{declared}"><script type="application/ld+json">'
    by_page = item(block.encode() + data + b"</script>")

    assert (by_header.claim, by_header.warnings) == (claim, ())
    assert by_page.claim == claim


def test_the_older_declaration_of_an_encoding() -> None:
    head = (
        b'<meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><script type="application/ld+json">'
    )
    claim = "Видео снято не в Киеве"

    assert item(head + as_bytes(review(claimReviewed=claim), "cp1251") + b"</script>").claim == claim


def test_utf_8_with_another_declaration() -> None:
    [found] = items(as_bytes(REVIEWED), media_type="application/json; charset=iso-8859-1")

    assert (found.claim, codes(found)) == (CLAIM, {"encoding_contradicted"})


@pytest.mark.parametrize("declared", ["no-such-thing", "unicode_escape", "utf-7", "utf-16", "idna", "base64"])
def test_an_impossible_declaration_is_ignored(declared: str) -> None:
    [found] = items(as_bytes(REVIEWED), media_type=f"application/json; charset={declared}")

    assert found.claim == CLAIM


@pytest.mark.parametrize(
    ("encoding", "claim"),
    [("cp1252", CLAIM), ("cp1251", "Видео снято не в Киеве, а в другом городе"), ("cp932", "この動画は古いものです")],
)
def test_an_undeclared_encoding_is_detected_with_a_finding(encoding: str, claim: str) -> None:
    found = item(as_bytes(review(claimReviewed=claim, inLanguage=None), encoding))

    assert (found.claim, codes(found)) == (claim, {"encoding_guessed"})


WRITTEN = {
    "pl": ("cp1250", "Minister powiedział, że zdjęcie przedstawia żołnierzy w Łodzi, co jest fałszem"),
    "cs": ("cp1250", "Ministr řekl, že očkování způsobuje nemoci u dětí, což je nepravda a lež"),
    "sk": ("cp1250", "Minister povedal, že očkovanie spôsobuje choroby, čo nie je pravda, tvrdí ďalší"),
    "hu": ("cp1250", "A miniszter szerint az oltások szörnyű betegségeket okoznak a gyerekeknél, őrült hír"),
    "ro": ("cp1250", "Ministrul a spus că vaccinurile provoacă boli în rândul copiilor şi că ştirea e reală"),
    "hr": ("cp1250", "Ministar je rekao da će cijepljenje uzrokovati bolesti kod djece, što nije točno"),
    "es": ("cp1252", "El año pasado el señor Ibáñez dijo que la vacunación causó más muertes"),
    "pt": ("cp1252", "O ministro não disse que a vacinação causou doenças às crianças em São Paulo"),
    "fr": ("cp1252", "Le député a nié l'affaire à Genève, où les élèves français ont été vaccinés"),
    "de": ("cp1252", "Die Behörden haben behauptet, dass für die Straßen fünf Millionen ausgegeben würden"),
    "it": ("cp1252", "Il ministro ha detto che la città è più sicura perché così si può"),
    "sv": ("cp1252", "Statsministern påstår att vaccinet är farligt för små barn på öarna"),
    "da": ("cp1252", "Ministeren påstår, at vaccinen er farlig for små børn på øerne, også for ældre"),
    "tr": ("cp1254", "Bakan, aşının çocuklarda hastalığa yol açtığını söyledi, bu iddia İzmir'de yanlış"),
    "el": ("cp1253", "Ο υπουργός είπε ότι τα εμβόλια προκαλούν ασθένειες στα παιδιά"),
    "lt": ("cp1257", "Ministras teigė, kad skiepai sukelia ligas vaikams, ši žinia yra klaidinga, ačiū už įžvalgą"),
    "lv": ("cp1257", "Ministrs teica, ka vakcīnas izraisa slimības bērniem, šī ziņa ir nepatiesa, ļoti žēl"),
    "et": ("cp1257", "Minister ütles, et vaktsiinid põhjustavad lastele haigusi, see väide on väär"),
    "he": ("cp1255", "השר אמר שהחיסונים גורמים למחלות אצל ילדים"),
    "ar": ("cp1256", "قال الوزير إن اللقاحات تسبب أمراضا لدى الأطفال وهذا غير صحيح"),
    "ru": ("cp1251", "Видео снято не в Киеве, а в другом городе, сообщил министр"),
    "uk": ("cp1251", "Відео зняте не в Києві, а в іншому місті, повідомив міністр"),
    "bg": ("cp1251", "Видеото не е заснето в Киев, каза министърът, а в друг град"),
    "th": ("cp874", "รัฐมนตรีกล่าวว่าวัคซีนทำให้เด็กป่วย"),
    "ja": ("cp932", "この動画は古いものです、首相は言っていません"),
    "zh": ("gb18030", "这段视频是旧的，部长没有这样说过，消息不实"),
    "zh-TW": ("big5", "這段影片是舊的，部長沒有這樣說過，消息不實"),
    "ko": ("cp949", "이 영상은 오래된 것이며 장관은 그렇게 말하지 않았다"),
}
OTHERWISE = {"ru": ("koi8-r", WRITTEN["ru"][1]), "uk": ("koi8-u", WRITTEN["uk"][1])}
ALL = [(language, *written) for table in (WRITTEN, OTHERWISE) for language, written in table.items()]


@pytest.mark.parametrize("stated", ["in each review", "by the page", "nowhere"])
@pytest.mark.parametrize(("language", "encoding", "claim"), ALL)
def test_detection_uses_languages_and_letters(language: str, encoding: str, claim: str, stated: str) -> None:
    data = as_bytes(review(claimReviewed=claim, inLanguage=language if stated == "in each review" else None), encoding)
    if stated == "by the page":
        data = f'<html lang="{language}"><script type="application/ld+json">'.encode() + data + b"</script>"
    found = item(data)

    assert found.claim == claim
    assert "encoding_guessed" in codes(found)


@pytest.mark.parametrize(
    ("language", "encoding", "claim"),
    [
        ("es", "cp1252", "El año"),
        ("pl", "cp1250", "Rok ósmy, koń"),
        ("hr", "cp1250", "Ministar će"),
        ("pt", "cp1252", "Não é"),
        ("ro", "cp1250", "El spune că nu"),
        ("tr", "cp1254", "ışık"),
        ("lv", "cp1257", "vakcīna"),
        ({"@type": "Language", "name": "Spanish", "alternateName": "es"}, "cp1252", "El año"),
        ("en", "cp1252", "It’s “Señor Ibáñez” – he said"),
        ("en", "cp1250", "The mayor of Łódź, Żaneta Nowak"),  # names that English letters cannot be
        ("en", "cp1252", "The bridge cost £350 million."),
        ("de", "cp1252", "20 m² Fläche"),
        ("pl", "cp1250", "Łukasz"),
    ],
)
def test_with_few_letters_the_stated_language_decides(language: Any, encoding: str, claim: str) -> None:
    assert item(as_bytes(review(claimReviewed=claim, inLanguage=language), encoding)).claim == claim


@pytest.mark.parametrize(
    "claim", ["café", "El año", "“Genève” – 5 €", "Não", "Die Straße", "¿Qué?", "It cost £350", "2×3 m²"]
)
def test_with_few_letters_and_no_language_western_encodings_are_preferred(claim: str) -> None:
    assert item(as_bytes(review(claimReviewed=claim, inLanguage=None), "cp1252")).claim == claim


@pytest.mark.parametrize("languages", [("es", "pt", "fr", "de", "sv"), ("pl", "cs", "hu"), ("lt", "lv"), ("ru", "bg")])
@pytest.mark.parametrize("stated", [True, False])
def test_reviews_in_several_languages(languages: tuple[str, ...], stated: bool) -> None:
    claims = [WRITTEN[language][1] for language in languages]
    reviews = [
        review(number, claimReviewed=claim, inLanguage=language if stated else None)
        for number, (language, claim) in enumerate(zip(languages, claims, strict=True))
    ]

    assert [each.claim for each in items(as_bytes(reviews, WRITTEN[languages[0]][0]))] == claims


def test_an_impossible_language_is_ignored() -> None:
    claim = WRITTEN["ru"][1]
    assert item(as_bytes(review(claimReviewed=claim, inLanguage="es"), "cp1251")).claim == claim


def test_items_in_ascii_get_no_finding() -> None:
    found = items(as_bytes([review(1), REVIEWED], "cp1252"))

    assert [codes(each) for each in found] == [set(), {"encoding_guessed"}]


@pytest.mark.parametrize("form", ["array", "lines"])
def test_undecodable_bytes_are_replaced_only_in_their_item(form: str) -> None:
    good = [as_bytes(review(number, claimReviewed=CLAIM)) for number in (1, 2, 3)]
    good[1] = good[1].replace("à".encode(), b"\xe0")
    data = b"[" + b",".join(good) + b"]" if form == "array" else b"\n".join(good)
    first, damaged, last = items(data)

    assert (first.claim, first.warnings, last.claim, last.warnings) == (CLAIM, (), CLAIM, ())
    assert (damaged.claim, codes(damaged)) == (CLAIM.replace("à", "\ufffd"), {"bytes_replaced"})


def test_a_written_replacement_character_gets_no_finding() -> None:
    assert item(as_bytes(review(claimReviewed="so it \ufffd stood"))).warnings == ()


def test_a_character_across_two_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.interchange.claimreview.decoding.PIECE", 1)
    monkeypatch.setattr("service.interchange.claimreview.decoding.HEAD", 10)

    for encoding in ("utf-8", "utf-16"):
        assert item(as_bytes(REVIEWED, encoding)).claim == CLAIM


def test_escapes_need_no_encoding() -> None:
    assert item(json.dumps(REVIEWED).encode("ascii")).claim == CLAIM
