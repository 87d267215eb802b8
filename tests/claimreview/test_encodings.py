"""Encodings: found, declared, contradicted and damaged."""

import gzip
import json

import pytest

from tests.claimreview.samples import as_bytes, codes, item, items, review

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
def test_what_is_declared_is_believed(encoding: str, declared: str, claim: str) -> None:
    data = as_bytes(review(claimReviewed=claim), encoding)
    [by_header] = items(data, media_type=f'application/ld+json; charset="{declared}"')
    block = f'<html><head><meta charset="{declared}"><script type="application/ld+json">'
    by_page = item(block.encode() + data + b"</script>")

    assert (by_header.claim, by_header.warnings) == (claim, ())
    assert by_page.claim == claim


def test_an_older_way_to_declare_it() -> None:
    head = (
        b'<meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><script type="application/ld+json">'
    )
    claim = "Видео снято не в Киеве"

    assert item(head + as_bytes(review(claimReviewed=claim), "cp1251") + b"</script>").claim == claim


def test_utf_8_that_was_declared_something_else() -> None:
    [found] = items(as_bytes(REVIEWED), media_type="application/json; charset=iso-8859-1")

    assert (found.claim, codes(found)) == (CLAIM, {"encoding_contradicted"})


@pytest.mark.parametrize("declared", ["no-such-thing", "unicode_escape", "utf-7", "utf-16", "idna", "base64"])
def test_what_cannot_be_is_not_believed(declared: str) -> None:
    [found] = items(as_bytes(REVIEWED), media_type=f"application/json; charset={declared}")

    assert found.claim == CLAIM


@pytest.mark.parametrize(
    ("encoding", "claim"),
    [("cp1252", CLAIM), ("cp1251", "Видео снято не в Киеве, а в другом городе"), ("cp932", "この動画は古いものです")],
)
def test_what_nothing_declares_is_guessed_and_said(encoding: str, claim: str) -> None:
    found = item(as_bytes(review(claimReviewed=claim, inLanguage=None), encoding))

    assert (found.claim, codes(found)) == (claim, {"encoding_guessed"})


def test_a_guess_does_not_concern_items_in_ascii() -> None:
    found = items(as_bytes([review(1), REVIEWED], "cp1252"))

    assert [codes(each) for each in found] == [set(), {"encoding_guessed"}]


@pytest.mark.parametrize("form", ["array", "lines"])
def test_bytes_that_are_no_text_are_replaced_in_their_item_alone(form: str) -> None:
    good = [as_bytes(review(number, claimReviewed=CLAIM)) for number in (1, 2, 3)]
    good[1] = good[1].replace("à".encode(), b"\xe0")
    data = b"[" + b",".join(good) + b"]" if form == "array" else b"\n".join(good)
    first, damaged, last = items(data)

    assert (first.claim, first.warnings, last.claim, last.warnings) == (CLAIM, (), CLAIM, ())
    assert (damaged.claim, codes(damaged)) == (CLAIM.replace("à", "\ufffd"), {"bytes_replaced"})


def test_a_replacement_character_that_was_written_is_no_damage() -> None:
    assert item(as_bytes(review(claimReviewed="so it \ufffd stood"))).warnings == ()


def test_a_character_cut_in_two_by_a_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.claimreview.unpacking.PIECE", 1)
    monkeypatch.setattr("service.claimreview.unpacking.HEAD", 10)

    for encoding in ("utf-8", "utf-16"):
        assert item(as_bytes(REVIEWED, encoding)).claim == CLAIM


def test_escapes_need_no_encoding() -> None:
    assert item(json.dumps(REVIEWED).encode("ascii")).claim == CLAIM
