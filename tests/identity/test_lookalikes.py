"""Names that look the same in letters of other scripts."""

from __future__ import annotations

import pytest

from service.identity.lookalikes import looks_like


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Jane Doe", "Jane D\u043ee"),
        ("JANE DOE", "jane d\u043ee"),
        ("OLGA", "\u041eLG\u0410"),
        ("Ivan", "\u0399van"),
        ("BBC", "\u0412\u0412\u0421"),
        ("\uff2aane", "J\u0430ne"),  # a full-width J
        ("\u041e\u043b\u0435\u0433", "O\u043b\u0435\u0433"),
        ("x1", "\u04451"),
    ],
)
def test_letters_of_another_script_look_like(name: str, other: str) -> None:
    assert looks_like(name, other)
    assert looks_like(other, name)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Jane", "Jane"),
        ("AI", "Al"),
        ("Anna", "\u0410\u043d\u043d\u0430"),
        ("Jo\u00e3o", "Joao"),
        ("Jane Doe", "\u0414\u0436\u0435\u0439\u043d"),
        ("\u4e2d\u6587", "Chinese"),
    ],
)
def test_others_do_not(name: str, other: str) -> None:
    assert not looks_like(name, other)
