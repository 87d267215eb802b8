"""Locators held against texts."""

from dataclasses import replace
from pathlib import Path

import pytest

from service.model.entities import Claim, Document, Locator, Mention, Stance
from service.model.errors import InvalidInput
from service.operations.seeding.files import Seeds, read_seeds
from service.operations.seeding.verify import Report, verify_seeds
from tests.operations.seeding.made_up import GULL, HERON, LEAFLET, SeedFolder, digest

TEXT = (
    "Ten ships came to Oldport in May.\n"
    "The U.N. counted them all by hand. Lt. Gen. Hansen did not believe it!\n"
    "More news\n"
    "“Nobody asked me,” says the – slightly deaf – keeper of the light.\n"
)


def report(folder: Path, *spans: tuple[int, int], text: str = TEXT, **wrong: object) -> Report:
    """One document with these spans mentioned, held against its text."""
    (folder / "any-name.txt").write_bytes(text.encode())
    mentions = [
        Mention(f"m-{start}", "claim", "doc", Stance.SUPPORTS, locator=Locator(start, end, digest(text[start:end])))
        for start, end in spans
    ]
    document = replace(Document("doc", sha256=digest(text), length=len(text)), **wrong)  # type: ignore[arg-type]
    claims = {"claim": Claim("claim", "Ten ships came.", "ships", topics=("ships",))}
    [found] = verify_seeds(Seeds({}, {"doc": document}, claims, {m.id: m for m in mentions}, []), folder)
    return found


def of(words: str) -> tuple[int, int]:
    """Where the words are."""
    return TEXT.index(words), TEXT.index(words) + len(words)


def test_right_locators_pass(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    for name, text in (("1.txt", GULL), ("b", HERON), ("leaflet.md", LEAFLET)):
        (tmp_path / "texts" / name).write_bytes(text.encode())
    reports = list(verify_seeds(read_seeds(SeedFolder(tmp_path / "seeds").write()), tmp_path / "texts"))

    assert [(r.document, r.found, r.mentions, r.errors) for r in reports] == [
        ("doc-gull", True, 2, ()),
        ("doc-heron", True, 2, ()),
        ("doc-leaflet", True, 1, ()),
    ]
    assert reports[0].untouched == ("It rained all day long in the whole town.",)


@pytest.mark.parametrize("words", [TEXT.strip(), "Ten", "in May", "light.", "–", "“Nobody asked me,”", "U.N."])
def test_a_span_of_whole_words_passes(tmp_path: Path, words: str) -> None:
    assert report(tmp_path, of(words)).errors == ()


def test_a_span_is_counted_in_code_points(tmp_path: Path) -> None:
    text = "Åse met 🐦 and 🐦 twice in Tromsø."
    start = text.index("twice")

    assert report(tmp_path, (start, start + 5), text=text).errors == ()


@pytest.mark.parametrize(
    ("start", "end"),
    [(0, 2), (1, 3), (2, 9), (0, 4), (3, 9), (0, 8), (32, 34), (2, 3)],
)
def test_a_span_that_splits_a_word_or_has_a_space_at_an_end_is_reported(tmp_path: Path, start: int, end: int) -> None:
    assert report(tmp_path, (start, end)).errors == (
        f"claim: [{start}, {end}) of doc: does not begin and end with whole words",
    )


def test_a_wrong_hash_is_reported(tmp_path: Path) -> None:
    path = SeedFolder(tmp_path / "seeds")
    path.entry("many-gulls")["mentions"][0]["locator"]["sha256"] = "0" * 64
    (tmp_path / "leaflet").write_bytes(LEAFLET.encode())
    reports = {r.document: r for r in verify_seeds(read_seeds(path.write()), tmp_path)}

    start = LEAFLET.index("so many")
    assert reports["doc-leaflet"].errors == (
        f"many-gulls: [{start}, {start + 24}) of doc-leaflet: the text there has another SHA-256",
    )


@pytest.mark.parametrize(("start", "end"), [(0, len(TEXT) + 1), (len(TEXT), len(TEXT) + 5), (9000, 9001)])
def test_a_span_out_of_bounds_is_reported(tmp_path: Path, start: int, end: int) -> None:
    [error] = report(tmp_path, (start, end)).errors

    assert error == f"claim: [{start}, {end}) of doc: out of bounds, the text has {len(TEXT)} code points"


def test_a_wrong_length_is_reported(tmp_path: Path) -> None:
    [error] = report(tmp_path, of("Ten ships"), length=7).errors

    assert error == f"doc: the text has {len(TEXT)} code points, not 7"


def test_a_missing_text_is_reported(tmp_path: Path) -> None:
    found = report(tmp_path, of("Ten ships"), sha256="0" * 64)

    assert (found.found, found.mentions, found.coverage, found.untouched) == (False, 1, 0.0, ())
    assert found.errors == (f"no file in {tmp_path} has its SHA-256",)


def test_a_document_without_a_text_has_no_report(tmp_path: Path) -> None:
    original = Document("original", title="Ten ships")

    assert list(verify_seeds(Seeds({}, {"original": original}, {}, {}, []), tmp_path)) == []


def test_a_text_is_recognised_by_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "windows.txt").write_bytes(TEXT.replace("\n", "\r\n").encode())
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "folder").mkdir()

    assert report(tmp_path, of("Ten ships")).errors == ()


def test_coverage_counts_every_code_point_once(tmp_path: Path) -> None:
    assert report(tmp_path).coverage == 0
    assert report(tmp_path, (0, len(TEXT) - 1)).coverage == (len(TEXT) - 1) / len(TEXT)
    assert report(tmp_path, (0, 9), (4, 14), (18, 25)).coverage == pytest.approx(21 / len(TEXT))
    assert report(tmp_path, text="").coverage == 1


def test_sentences_that_no_mention_touches_are_listed(tmp_path: Path) -> None:
    assert report(tmp_path).untouched == (
        "Ten ships came to Oldport in May.",
        "The U.N. counted them all by hand.",
        "Lt. Gen. Hansen did not believe it!",
        "“Nobody asked me,” says the – slightly deaf – keeper of the light.",
    )


def test_a_sentence_of_which_one_word_is_mentioned_is_touched(tmp_path: Path) -> None:
    assert report(tmp_path, of("Ten"), of("hand"), of("slightly deaf")).untouched == (
        "Lt. Gen. Hansen did not believe it!",
    )


@pytest.mark.parametrize("short", ["U.N.", "Lt.", "Gen.", "Mr.", "Mrs.", "Dr."])
def test_an_abbreviation_does_not_end_a_sentence(tmp_path: Path, short: str) -> None:
    text = f"They asked what {short} Hansen thinks of them."

    assert report(tmp_path, text=text).untouched == (text,)


@pytest.mark.parametrize("end", [".", "!", "?", "…", ".”", ".)", '."', ".’"])
def test_a_stop_ends_a_sentence_with_its_closing_marks(tmp_path: Path, end: str) -> None:
    first, second = f"Now this is enough{end}", "There is some more here."

    assert report(tmp_path, text=f"{first} {second}").untouched == (first, second)


def test_a_decimal_point_does_not_end_a_sentence(tmp_path: Path) -> None:
    text = "They get 2.50 dollars an hour there."

    assert report(tmp_path, text=text).untouched == (text,)


def test_lines_of_less_than_four_words_are_page_furniture(tmp_path: Path) -> None:
    assert report(tmp_path, text="More news here\nMore news here today\n").untouched == ("More news here today",)


def test_texts_are_looked_for_in_a_folder(tmp_path: Path) -> None:
    seeds = read_seeds(SeedFolder(tmp_path / "seeds").write())

    with pytest.raises(InvalidInput, match="not a folder"):
        list(verify_seeds(seeds, tmp_path / "nowhere"))
