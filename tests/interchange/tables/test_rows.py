"""Columns and the values of rows."""

from __future__ import annotations

import datetime as dt

import pytest

from service.interchange.claimreview.review_items import Appearance, PartyKind, Refused
from service.interchange.tables.columns import SheetField, field_named, kind_of, stance_of
from service.interchange.tables.option_texts import listed, sheet_options
from service.interchange.tables.row_items import SourceRow, StatedRow
from service.model.entities import Quantity, SourceKind, Stance
from service.model.verdicts import Rating
from tests.interchange.tables.helpers import codes, columns_of, read, refused, stated, the_row


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        ("Claim,Speaker,Fact-check URL,Verdict", ["claim", "claimant", "review_url", "rating"]),
        ("VERDICT , claim_id,Claim Text,Topic", ["rating", "claim_id", "claim", "topics"]),
        ("Behauptung;Wer;Fundstelle;Urteil;Begründung", ["claim", "claimant", "url", "rating", "explanation"]),
        ("Affirmation;Source;Lien;Verdict", ["claim", "claimant", "url", "rating"]),
        ("Afirmación;Fuente;Enlace;Veredicto;Fecha", ["claim", "claimant", "url", "rating", "date"]),
        ("Утверждение;Источник;Ссылка;Вердикт;Дата", ["claim", "claimant", "url", "rating", "date"]),
        ("Твердження;Джерело;Посилання;Вердикт", ["claim", "claimant", "url", "rating"]),
        ("الادعاء,المصدر,الرابط,التقييم", ["claim", "claimant", "url", "rating"]),
        ("Name,Type,Country,Website", ["source", "source_kind", "country", "source_url"]),
        ("Claim,Number of rows,No.", ["claim", None, None]),
        ("Claim,Statement", ["claim", None]),
    ],
)
def test_columns_are_recognised_by_name_in_any_order(header: str, fields: list[str | None]) -> None:
    separator = ";" if ";" in header else ","
    found = columns_of((header + "\n" + "x" + separator * header.count(separator)).encode())
    assert list(found.values()) == fields


def test_every_field_is_recognised_by_its_own_name() -> None:
    for each in SheetField:
        needed = "source" if each.is_of_a_source else "claim"
        assert columns_of(f"{needed},{each}\nx,".encode())[str(each)] in (each, None if each == needed else each)
        assert field_named(str(each).replace("_", " ").upper()) is each


def test_columns_are_mapped() -> None:
    raw = b"Nummer,Was,Wer sagt es,Quelle\n1,The canal was dug.,The Mayor,https://a.example/1\n"
    row = the_row(raw, columns=["Was=claim", "wer sagt es = claimant", "Quelle=url"])
    assert (row.claim, [party.name for party in row.chain]) == ("The canal was dug.", ["The Mayor"])
    assert row.document == Appearance("https://a.example/1")


@pytest.mark.parametrize(
    ("raw", "columns", "message"),
    [
        (b"Foo,Bar\nx,y\n", [], "no column of claims or sources is known among 'Foo', 'Bar'"),
        (b"Foo,Bar\nx,y\n", ["Baz=claim"], "no column of claims or sources is known among 'Foo', 'Bar'"),
        (b"Claim,Bar\nx,y\n", ["Baz=claimant"], "no column is named 'Baz': the columns are 'Claim', 'Bar'"),
        (b"1,2\n3,4\n", [], "no column of claims or sources is known"),
    ],
)
def test_a_sheet_of_unknown_columns_is_refused_with_advice(raw: bytes, columns: list[str], message: str) -> None:
    found = refused(raw, columns=columns)
    assert found.code == "no_header"
    assert message in found.message


@pytest.mark.parametrize(
    ("columns", "values", "message"),
    [
        (["Who"], [], "'Who' is not COLUMN=FIELD, such as Who said it=claimant."),
        (["Who=claimand"], [], "There is no field 'claimand'. Did you mean 'claimant'?"),
        (["Who=xyz"], [], "There is no field 'xyz'. The fields are: claim, "),
        ([], ["reviewer="], "'reviewer=' is not FIELD=VALUE"),
    ],
)
def test_options_that_say_nothing_are_refused(columns: list[str], values: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=r"is not|There is no") as told:
        sheet_options(columns, values)
    assert message in str(told.value)


def test_a_list_of_options_is_a_line_of_csv() -> None:
    assert listed('"Wer, wo=claimant",b=claim') == ["Wer, wo=claimant", "b=claim"]
    assert listed(None) == listed("") == []
    with pytest.raises(ValueError, match="not a line of CSV"):
        listed('"a')


def test_a_claim_with_all_that_a_row_can_say_of_it() -> None:
    raw = (
        "claim_id;claim;subject;topics;place;quantity;quantity_high;unit;via;claimant;stance;reported;url;title;publisher;"
        "date;author;language\n"
        'nk-workers;Workers came.;workers;"Labour market, Überwachung";Russia;1.500,5;2.000;workers;The Daily;'
        "Agency A > Ministry B;differs;Twice as many.;https://a.example/1;A title;The Daily;31.12.2025;Jane Doe;en\n"
    ).encode()
    row = the_row(raw)
    assert (row.claim_identifier, row.details.subject, row.details.place) == ("nk-workers", "workers", "Russia")
    assert row.details.topics == ("labour-market", "uberwachung")
    assert row.details.quantity == Quantity(1500.5, 2000, "workers")
    assert [party.name for party in row.chain] == ["The Daily", "Agency A", "Ministry B"]
    assert (row.stance, row.reported) == (Stance.DIFFERS, "Twice as many.")
    assert row.document is not None
    assert (row.document.url, row.document.title, row.document.language) == ("https://a.example/1", "A title", "en")
    assert row.document.publisher is not None
    assert (row.document.publisher.name, row.document.publisher.kind) == ("The Daily", PartyKind.ORGANIZATION)
    assert [author.name for author in row.document.authors] == ["Jane Doe"]
    assert row.document.published is not None
    assert row.document.published.day == dt.date(2025, 12, 31)
    assert (row.review, codes(row)) == (None, [])


def test_a_verdict() -> None:
    raw = (
        b"Claim,Rating,Reviewer,Fact-check URL,Fact-check title,Date checked,Fact-check author,Explanation\n"
        b"The canal was dug.,False,Canal Checks,https://checks.example/1,No canal,2025-01-02,Jane Doe,It was not.\n"
    )
    review = the_row(raw).review
    assert review is not None
    assert (review.publisher.name, review.rating, review.textual_rating) == ("Canal Checks", Rating.REFUTED, "False")
    assert (review.url, review.title, review.reviewed_at) == ("https://checks.example/1", "No canal", "2025-01-02")
    assert (review.byline, review.explanation) == ("Jane Doe", "It was not.")


@pytest.mark.parametrize(
    ("separator", "value", "best", "rating", "number"),
    [(";", "1,5", "5", "unmapped", 1.5), (",", "1", "5", "refuted", 1.0), (";", "5,0", "5,0", "supported", 5.0)],
)
def test_ratings_that_are_numbers(separator: str, value: str, best: str, rating: str, number: float) -> None:
    head = separator.join(("Claim", "Reviewer", "Score", "best_rating", "worst_rating"))
    line = separator.join(("The canal was dug.", "Checks", value, best, "1"))
    review = the_row(f"{head}\n{line}\n".encode()).review
    assert review is not None
    assert (str(review.rating), review.rating_value) == (rating, number)


def test_a_rating_needs_a_reviewer_which_can_be_set_for_all_rows() -> None:
    raw = b"Claim,Rating\nThe canal was dug.,False\nAnother one.,\n"
    bad, good = read(raw)
    assert isinstance(bad, Refused)
    assert (bad.code, bad.field, bad.place.item) == ("missing", "publisher", 2)
    assert "reviewer=Canal Checks" in bad.message
    assert isinstance(good, StatedRow)
    first, second = stated(raw, values=["reviewer=Our Checks"])
    assert first.review is not None
    assert first.review.publisher.name == "Our Checks"
    assert second.review is None
    # Without a reviewer the site of the review is the reviewer.
    own = the_row(b"Claim,Rating,Fact-check URL\nThe canal was dug.,False,https://checks.example/1\n")
    assert own.review is not None
    assert own.review.publisher.name == "checks.example"


def test_an_explanation_without_a_rating_is_left_out_with_a_finding() -> None:
    assert codes(the_row(b"Claim,Reviewer,Explanation\nThe canal was dug.,Checks,It was.\n")) == ["invalid_value"]


@pytest.mark.parametrize(
    ("line", "code", "field"),
    [
        (",Mayor,", "missing", "claim"),
        ("{{claim}},Mayor,", "placeholder", "claim"),
        ("The canal.,Mayor,perhaps", "invalid_value", "stance"),
        ("The canal.,Mayor,differs", "missing", "reported"),
    ],
)
def test_rows_that_state_nothing_certain_are_refused(line: str, code: str, field: str) -> None:
    found = refused(f"Claim,Who,Stance\n{line}\n".encode())
    assert (found.code, found.field, found.place.item) == (code, field, 2)


def test_an_id_that_is_none_is_refused() -> None:
    assert refused(b"Claim,claim_id\nThe canal.,Claim No. 5\n").field == "claim_id"


def test_dates_of_a_column_are_read_in_the_form_that_one_of_them_shows() -> None:
    for shown, day in (("31/12/2024", dt.date(2025, 4, 3)), ("12/31/2024", dt.date(2025, 3, 4))):
        first, second = stated(f"Claim,Date\nOne.,03/04/2025\nTwo.,{shown}\n".encode())
        assert first.document is not None
        assert first.document.published is not None
        assert first.document.published.day == day
        assert codes(first) == codes(second) == []


def test_an_ambiguous_date_is_an_interval_with_a_finding() -> None:
    row = the_row(b"Claim,Date\nOne.,03/04/2025\n")
    assert codes(row) == ["ambiguous_date"]
    assert row.document is not None
    assert row.document.published is not None
    assert (row.document.published.earliest, row.document.published.latest) == (
        dt.date(2025, 3, 4),
        dt.date(2025, 4, 3),
    )


@pytest.mark.parametrize(
    ("text", "quantity", "finding"),
    [
        ("15000 workers", Quantity(15000, 15000, "workers"), []),
        ('"15,000 workers"', Quantity(15000, 15000, "workers"), []),
        ("15000", None, ["invalid_value"]),
        ("many workers", None, ["invalid_number"]),
    ],
)
def test_quantities(text: str, quantity: Quantity | None, finding: list[str]) -> None:
    row = the_row(f"Claim,Quantity\nWorkers came.,{text}\n".encode())
    assert (row.details.quantity, codes(row)) == (quantity, finding)


def test_a_source_that_is_an_address_is_the_document() -> None:
    row = the_row(b"Claim,Source\nThe canal was dug.,https://a.example/1\n")
    assert (row.chain, row.document) == ((), Appearance("https://a.example/1"))


def test_sources() -> None:
    raw = (
        (
            "Name;Kind;Country;Website;Owner;Other names\n"
            "Harbour Office;Ministry;kr;harbour.example;Government of Korea;HO; Harbor Office\n"
            "Jane Doe;person;;https://social.example/jane;;\n"
            "Odd One;spaceship;Korea;;;\n"
            ";ngo;;;;\n"
        )
        .replace("HO; Harbor", '"HO; Harbor')
        .replace("Office\nJane", 'Office"\nJane')
    )
    office, jane, odd, nobody = read(raw.encode())
    assert isinstance(office, SourceRow)
    assert (office.kind, office.country, office.aliases) == (SourceKind.GOVERNMENT, "KR", ("HO", "Harbor Office"))
    assert (office.party.url, office.party.part_of and office.party.part_of.name) == (
        "https://harbour.example/",
        "Government of Korea",
    )
    assert isinstance(jane, SourceRow)
    assert (jane.kind, jane.party.site) == (SourceKind.PERSON, None)
    assert isinstance(odd, SourceRow)
    assert (odd.kind, odd.country, codes(odd)) == (SourceKind.UNSPECIFIED, None, ["invalid_value", "invalid_value"])
    assert isinstance(nobody, Refused)
    assert (nobody.code, nobody.place.item) == ("missing", 5)


def test_words_for_stances_and_kinds() -> None:
    assert [stance_of(text) for text in ("Denies", "bestreitet", "YES", "partly_refutes", "perhaps")] == [
        Stance.REFUTES,
        Stance.REFUTES,
        Stance.SUPPORTS,
        Stance.PARTLY_REFUTES,
        None,
    ]
    assert [kind_of(text) for text in ("Newspaper", "think tank", "Regierung", "?")] == [
        SourceKind.OUTLET,
        SourceKind.THINK_TANK,
        SourceKind.GOVERNMENT,
        None,
    ]
