"""Every script is found however it is typed, the same on either engine."""

from __future__ import annotations

from tests.search.languages import FOUND
from tests.use_cases.desk import Desk
from tests.web.helpers import ids, url


def test_each_is_found_by_what_people_type(languages: Desk) -> None:
    found = {q: sorted(ids(languages.walk(url("/v1/claims", q=q)))) for q, _ in FOUND}

    assert found == {q: sorted(expected) for q, expected in FOUND}


def test_what_is_marked_is_what_was_looked_for(languages: Desk) -> None:
    for q, marked in [
        ("العمال", ["العُمّالُ"]),
        ("самолет", ["Самолёт"]),
        ("15000", ["15.000"]),
        ("京大", ["京大"]),
        ("学", ["学", "学"]),
        ("バス", ["ﾊﾞｽ"]),
        ("กรุงเทพ", ["กรุงเทพ"]),
        ("strasse", ["Straße"]),
        ("ukraine", ["Ukraine"]),
        ("us", ["U.S."]),
        ("anti-war worker", ["anti-war", "workers"]),
        ("l'état", ["État"]),
        ("러시아", ["러시아"]),
        ("می‌روند", ["می‌روند"]),
    ]:
        for claim in languages.get(url("/v1/claims", q=q))["data"]:
            if q == "15000" and claim["id"] != "german":
                continue
            [highlight] = claim["search"]["highlights"]
            assert [piece["text"] for piece in highlight["pieces"] if piece["matched"]] == marked, q
            assert "".join(piece["text"] for piece in highlight["pieces"]) == claim["text"]
