"""Names of persons without their titles."""

from __future__ import annotations

import pytest

from service.identity.names import folded_name
from service.identity.titles import untitled


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Rep. Nancy Pelosi (D-Calif.)", "Nancy Pelosi"),
        ("Sen. Elizabeth Warren", "Elizabeth Warren"),
        ("Randy Forbes, R-Va.", "Randy Forbes"),
        ("Prof. Dr. Jane Roe, PhD", "Jane Roe"),
        ("Prime Minister Justin Trudeau", "Justin Trudeau"),
        ("US President Jane Roe", "Jane Roe"),
        ("Scottish Labour leader Kezia Dugdale", "Kezia Dugdale"),
        ("Ross Thomson MP", "Ross Thomson"),
        ("Keith Brown, SNP deputy leader", "Keith Brown"),
        ("Facebook user: Jane Roe", "Jane Roe"),
        ("பேஸ்புக் பயனர் குமார் சங்கர்", "குமார் சங்கர்"),
        ("फेसबुक यूजर दयाराम अमलानी", "दयाराम अमलानी"),
        ("الرئيس عبد الفتاح السيسي", "عبد الفتاح السيسي"),
        ("Presiden Joko Widodo", "Joko Widodo"),
        ("президент Владимир Путин", "Владимир Путин"),
        ("President Roe", "Roe"),
    ],
)
def test_titles_offices_and_accounts_are_taken_away(name: str, plain: str) -> None:
    assert untitled(name) == plain
    assert folded_name(name) != folded_name(plain), "two that look alike, and not one"


@pytest.mark.parametrize(
    "name",
    [
        "President",
        "Prime Minister",
        "Dr",
        "User",
        "Minister of Health",
        "Office of the Prime Minister",
        "King's College London",
        "Doe, John",
        "John M. Van Damme",
        "Ministry of Defence",
        "?",
        "",
    ],
)
def test_other_names_stay(name: str) -> None:
    assert untitled(name) == name
