"""The shipped table of ratings, the rules of looking up a wording, and users' tables."""

from collections import defaultdict
from pathlib import Path

import pytest

from service.config import load_settings
from service.interchange.claimreview.rating_numbers import Numbers, numbers_of
from service.interchange.claimreview.ratings import SHIPPED, RatingTable, load_table
from service.interchange.claimreview.tables import load_tables
from service.interchange.claimreview.text import clean, fold
from service.model.errors import ConfigError
from service.model.verdicts import Rating

TABLE = load_table()
ROWS = [row for rows in TABLE.rows for row in rows]
HEADER = "wording,language,site,label,note\n"


def label(words: str, language: str | None = None, *sites: str, table: RatingTable = TABLE) -> str:
    return str(table.map_rating([words], Numbers(), language, sites).rating)


# -- the shipped table -------------------------------------------------------------------------------------------------


def test_languages() -> None:
    assert len(TABLE.languages()) >= 60
    report = TABLE.report()
    for language in TABLE.languages():
        labels = report[language]
        assert labels[Rating.SUPPORTED], language
        assert labels[Rating.REFUTED], language
        if language not in ("is", "so", "gl"):
            assert labels[Rating.CONFLICTING_EVIDENCE], language


def test_no_wording_means_two_things_in_one_language() -> None:
    meanings = defaultdict(set)
    for row in ROWS:
        meanings[fold(row.wording), row.language, row.site].add(row.rating)

    assert [key for key, found in meanings.items() if len(found) > 1] == []


def test_one_meaning_has_one_label() -> None:
    labels = defaultdict(set)
    for row in ROWS:
        assert row.note, row
        labels[row.note.split(":")[0]].add(row.rating)

    assert [note for note, found in labels.items() if len(found) > 1] == []


def test_every_row_is_clean_and_can_be_found() -> None:
    for row in ROWS:
        assert clean(row.wording) == row.wording
        sites = [row.site] if row.site else []
        assert TABLE.map_rating([row.wording], Numbers(), row.language, sites).rating is row.rating, row


def test_every_label_is_explained_in_the_file() -> None:
    comments = [line for line in SHIPPED.read_text(encoding="utf-8").splitlines() if line.startswith("#")]

    assert all(any(line.startswith(f"#   {rating} ") for line in comments) for rating in Rating)


@pytest.mark.parametrize(
    ("words", "language", "expected"),
    [
        ("Pants on Fire", "en", "refuted"),
        ("Falso", "es", "refuted"),
        ("FALSO", "pt", "refuted"),
        ("مضلل", "ar", "conflicting_evidence"),
        ("Irreführend", "de", "conflicting_evidence"),
        ("Faux", "fr", "refuted"),
        ("Vrai", "fr", "supported"),
        ("Неправда", "uk", "refuted"),
        ("ЛОЖЬ", "ru", "refuted"),
        ("Yanlış", "tr", "refuted"),
        ("झूठ", "hi", "refuted"),
        ("भ्रामक", "hi", "conflicting_evidence"),
        ("ভুয়া", "bn", "refuted"),
        ("虚假", "zh", "refuted"),
        ("錯誤", "zh", "refuted"),
        ("거짓", "ko", "refuted"),
        ("ミスリード", "ja", "conflicting_evidence"),
        ("เท็จ", "th", "refuted"),
        ("Sai sự thật", "vi", "refuted"),
        ("Hoaks", "id", "refuted"),
        ("Half True", "en", "conflicting_evidence"),
        ("Missing context", "en", "conflicting_evidence"),
        ("Unproven", "en", "not_enough_evidence"),
        ("Correct Attribution", "en", "supported"),
        ("Miscaptioned", "en", "refuted"),
        ("Satire", "en", "unmapped"),
        ("Outdated", "en", "unmapped"),
        ("Exagerado", "es", "unmapped"),
        ("Out of context", "en", "unmapped"),
        ("Three Pinocchios", "en", "unmapped"),
    ],
)
def test_wordings(words: str, language: str, expected: str) -> None:
    assert label(words, language) == expected


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("نفي", "ar"),  # a denial: somebody's
        ("Démenti", "fr"),
        ("तथ्यहीन", "hi"),  # baseless
        ("مركبة", "ar"),  # composed, or a vehicle
        ("Quase certo", "pt"),  # nearly right, or nearly certain
        ("Zedytowane", "pl"),
        ("Manipulated media", "en"),  # an altered picture, or a true one shown misleadingly
        ("2 [impostor content]", "id"),  # a false sender
        ("Imposter content", "en"),
        ("Ficción", "es"),
        ("Не совсем так", "ru"),
        ("هوش مصنوعی", "fa"),  # a topic: artificial intelligence
    ],
)
def test_doubtful_wordings_are_unmapped(words: str, language: str) -> None:
    assert label(words, language) == "unmapped"


@pytest.mark.parametrize(
    "words",
    [
        "This claim is probably false",
        "Not false",
        "False, but",
        "True - but",
        "False / Perhaps",
        "Nearly",
        "Yes",
        "1",
        "🤥",
        "",
        "Verdaderoo",
    ],
)
def test_nothing_is_guessed(words: str) -> None:
    assert label(words, "en") == "unmapped"


# -- looking up --------------------------------------------------------------------------------------------------------


def test_a_site_row_applies_to_the_site_and_its_subdomains() -> None:
    assert label("Nì", "it") == "unmapped"
    assert label("Nì", "it", "pagellapolitica.it") == "conflicting_evidence"
    assert label("Nì", None, "www2.pagellapolitica.it") == "conflicting_evidence"
    assert label("Nì", "it", "notpagellapolitica.it") == "unmapped"


def test_a_wording_is_read_again_for_another_site_and_language() -> None:
    for _ in range(2):
        assert [label("Nì", "it", "checks.example"), label("Nì", "it", "pagellapolitica.it")] == [
            "unmapped",
            "conflicting_evidence",
        ]
        assert [label("Неточно", "ru"), label("Неточно", "mk")] == ["unmapped", "refuted"]


def test_without_a_language_all_languages_must_agree() -> None:
    assert label("Falso") == "refuted"
    assert label("Falso", "sv") == "refuted"
    assert label("Неточно", "ru") == "unmapped"
    assert label("Неточно") == "unmapped"
    assert label("Неточно", "mk") == "refuted"


def test_several_wordings_in_one_must_agree() -> None:
    assert label("FALSE | झूठ") == "refuted"
    assert label("ভুয়া (Fake)", "bn") == "refuted"
    assert label("True / False", "en") == "unmapped"
    assert label("False / Satire", "en") == "unmapped"
    assert label("False (mostly)", "en") == "unmapped"


def test_the_basis_names_the_reason() -> None:
    numbers = numbers_of(1, 5, 1)

    assert TABLE.map_rating(["FALSE!"], numbers, "en").basis == "table: 'False' (en); number: 1 of 1 to 5, agrees"
    assert TABLE.map_rating([], numbers, "en").basis == "number: 1 of 1 to 5, the worst; no wording"
    assert TABLE.map_rating(["Odd"], numbers, "en").basis == "table: no row for 'Odd'"
    assert TABLE.map_rating([], Numbers()).basis == "no rating"
    assert TABLE.map_rating(["False: a joke in 1990"], Numbers(), "en").basis == (
        "table: 'False' (en), the beginning of the wording"
    )
    kept = TABLE.map_rating(["False"], numbers_of(5, 5, 1), "en").basis
    assert kept == "table: 'False' (en); number: 5 of 1 to 5, says the opposite"
    contradictory = TABLE.map_rating(["True"], numbers, "en").basis
    assert contradictory == "contradictory: 'True' (en) says supported, 1 of 1 to 5 the opposite"


# -- tables of users ---------------------------------------------------------------------------------------------------


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "own.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_users_rows_take_precedence(tmp_path: Path, encoding: str) -> None:
    rows = '# ours\n\nSatire,en,,refuted,\n"Nope, never",,nope.example,refuted,house style\nFalse,,,unmapped,\n'
    table = load_table(write(tmp_path, HEADER + rows, encoding))

    assert label("Satire", "en", table=table) == "refuted"
    assert label("nope never", "en", "nope.example", table=table) == "refuted"
    assert label("nope never", "en", table=table) == "unmapped"
    assert label("False", "en", table=table) == "unmapped"
    assert label("Falso", "es", table=table) == "refuted"
    assert label("Satire", "en") == "unmapped"


def test_columns_can_be_left_out_and_reordered(tmp_path: Path) -> None:
    table = load_table(write(tmp_path, "label, wording\nrefuted, Nope\r\nsupported,Yep\r\n"))

    assert (label("Nope", table=table), label("yep", "fi", table=table)) == ("refuted", "supported")


def test_every_error_has_its_line_and_column(tmp_path: Path) -> None:
    rows = [
        "Good,en,,refuted,",
        "Bad,en,,wrong,",
        "!!!,en,,refuted,",
        "Odd,english,,refuted,",
        "Site,en,https://www.example.org/,refuted,",
        "GOOD!,en,,supported,",
        "good,en,,refuted,",
        "Long,en,,refuted,a,b",
        f"{'x' * 201},en,,refuted,",
        "<b></b>,en,,refuted,",
    ]
    path = write(tmp_path, HEADER + "# a comment\n" + "\n".join(rows) + "\n")

    with pytest.raises(ConfigError) as caught:
        load_table(path)
    found = [line.removeprefix(f"{path}:") for line in str(caught.value).splitlines()]
    assert [line.split(": ")[:2] for line in found] == [
        ["4", "label"],
        ["5", "wording"],
        ["6", "language"],
        ["7", "site"],
        ["8", "wording"],
        ["9", "wording"],
        ["10", "(row)"],
        ["11", "wording"],
        ["12", "wording"],
    ]
    assert "line 3 already, with the label refuted" in found[4]


@pytest.mark.parametrize(
    ("text", "encoding", "reason"),
    [
        ("", "utf-8", ":1: (header): missing, such as: wording,"),
        ("wording;label\nx;refuted\n", "utf-8", ":1: (header): must name columns of wording, language"),
        ("wording,label,colour\n", "utf-8", ":1: (header): must name columns of wording, language"),
        (HEADER + '"never closed,en\n', "utf-8", ": (row): "),
        (HEADER + "Übel,,,refuted,\n", "latin-1", "not UTF-8 at byte"),
    ],
)
def test_an_invalid_file(tmp_path: Path, text: str, encoding: str, reason: str) -> None:
    path = write(tmp_path, text, encoding)

    with pytest.raises(ConfigError, match=r"own\.csv") as caught:
        load_table(path)
    assert reason in str(caught.value)


def test_the_setting_is_checked_at_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RATINGS_FILE", str(write(tmp_path, HEADER + "Nope,en,,refuted,\n")))
    assert load_settings().ratings_file == tmp_path / "own.csv"

    for path, reason in (
        (tmp_path / "none.csv", "cannot be read"),
        (write(tmp_path, HEADER + "a,b,c,d,e\n"), "2: label"),
    ):
        with pytest.raises(ConfigError, match="RATINGS_FILE") as caught:
            load_tables(path, None)
        assert reason in str(caught.value)
