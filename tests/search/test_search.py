"""Search results follow changes of claims at once, in the right order."""

from __future__ import annotations

from typing import Any

import pytest

from service.storage.queries.fulltext_search import FullTextQueries
from tests.use_cases.desk import Desk
from tests.web.helpers import Json, ids, url


def found(desk: Desk, q: str, **filters: object) -> list[str]:
    """Return the ids of the found claims, sorted."""
    return sorted(ids(desk.walk(url("/v1/claims", q=q, **filters))))


def marked(claim: Json) -> list[tuple[str, list[str]]]:
    """Return the fields of a claim in which something was found, each with what."""
    return [
        (highlight["field"], [piece["text"] for piece in highlight["pieces"] if piece["matched"]])
        for highlight in claim["search"]["highlights"]
    ]


def test_every_field_is_searched(desk: Desk) -> None:
    desk.source("gov", name="Ministry of Quartz", aliases=["the stone office"])
    desk.source("paper", name="Basalt Herald", kind="outlet")
    desk.document("d")
    desk.document("e", publisher="paper")
    desk.claim("a", text="Granite was shipped.", subject="marble trade", topics=["slate-roofs"])
    desk.mention("a", "d", "gov", stance="differs", reported={"text": "Obsidian instead"})
    value = {"quantity": {"low": 12000, "high": 15000, "unit": "pumice blocks"}, "time_frame": {"label": "last Flint"}}
    desk.mention("a", "e", reported=value)
    desk.claim("b", text="Sand.", subject="Sand")

    for q, field in [
        ("granite", "text"),
        ("marbles", "subject"),
        ("slate", "topics"),
        ("slate-roofs", "topics"),
        ("quartz", "claimants"),
        ('"stone office"', "claimants"),
        ("basalt", "claimants"),
        ("obsidian", "reported"),
        ("15,000 pumice", "reported"),
        ("flint", "reported"),
    ]:
        [claim] = desk.get(url("/v1/claims", q=q))["data"]
        assert (claim["id"], {name for name, _ in marked(claim)}) == ("a", {field}), q
    assert found(desk, "granite quartz obsidian") == ["a"], "in different fields"
    assert found(desk, '"shipped marble"') == [], "no phrase goes across fields"
    assert found(desk, "granite sand") == []


@pytest.mark.parametrize(
    ("written", "queries"),
    [
        (
            "The Ministry of Defence built labour camps.",
            ["defense", "labor", "defence labours", "-labor", '"labour camps"'],
        ),
        (
            "An organization moved 15 000 shells.",
            ["organisation", "15000", "15,000", "15\u00a0000 shells", '"15.000 shells"'],
        ),
        ("It had 15,000 shells.", ["15 000", "15000", "15'000 shells"]),
        ("It had 1500000 shells.", ["1 500 000", "1.500.000"]),
    ],
)
def test_other_spellings_are_found(desk: Desk, written: str, queries: list[str]) -> None:
    desk.claim("a", text=written, subject="quartz")
    desk.claim("b", text="Nothing else.", subject="quartz")
    for q in queries:
        assert found(desk, f"{q} quartz") == (["b"] if q.startswith("-") else ["a"]), q
    [claim] = desk.get(url("/v1/claims", q=queries[0]))["data"]
    [(field, pieces)] = marked(claim)
    assert field == "text"
    assert all(piece in written for piece in pieces)


def test_claims_of_a_source_are_found_by_an_acronym_among_its_aliases(desk: Desk) -> None:
    desk.source("service", name="National Intelligence Service", aliases=["NIS"])
    desk.source("journal", name="The Wall Street Journal", kind="outlet", aliases=["WSJ"])
    desk.document("d", publisher="journal")
    desk.claim("attributed", text="Granite was shipped.")
    desk.claim("reported", text="Basalt was shipped.")
    desk.claim("other", text="Sand was shipped.")
    desk.mention("attributed", "d", "journal", "service")
    desk.mention("reported", "d")
    assert found(desk, "NIS shipped") == found(desk, "n.i.s.") == ["attributed"]
    assert found(desk, "wsj") == ["attributed", "reported"]


def test_what_changes_is_found_as_it_is_now(desk: Desk) -> None:
    desk.source("gov", name="Ministry of Quartz")
    desk.document("d")
    desk.claim("a", text="Granite.")
    mention = desk.mention("a", "d", "gov", reported={"text": "Obsidian"})
    assert found(desk, "granite quartz obsidian") == ["a"]

    desk.patch("/v1/claims/a", "Ed", {"text": "Basalt."})
    assert (found(desk, "granite"), found(desk, "basalt")) == ([], ["a"])
    desk.patch("/v1/sources/gov", "Ed", {"name": "Ministry of Topaz"})
    assert (found(desk, "quartz"), found(desk, "topaz")) == ([], ["a"])
    desk.patch("/v1/sources/gov", "Ed", {"aliases": ["the jewel box"]})
    assert found(desk, "jewel") == ["a"]
    desk.patch("/v1/sources/gov", "Ed", {"aliases": []})
    assert found(desk, "jewel") == []
    desk.withdraw(f"/v1/mentions/{mention['id']}")
    assert (found(desk, "topaz"), found(desk, "obsidian"), found(desk, "basalt")) == ([], [], ["a"])


def test_what_is_merged_is_found_as_what_stands_for_it(desk: Desk) -> None:
    for name in "ab":
        desk.source(f"gov-{name}", name=f"Bureau {name * 3}")
        desk.document(f"d-{name}")
        desk.claim(name, text=f"Granite {name * 4}.")
        desk.mention(name, f"d-{name}", f"gov-{name}")
    assert found(desk, "granite") == ["a", "b"]

    desk.merge("/v1/claims/a", "b")
    assert (found(desk, "granite"), found(desk, "aaaa"), found(desk, "aaa bbb")) == (["b"], [], ["b"])
    desk.merge("/v1/sources/gov-a", "gov-b")
    assert found(desk, "aaa") == ["b"]
    desk.unmerge("/v1/claims/a")
    assert (found(desk, "granite"), found(desk, "aaaa"), found(desk, "aaa bbb")) == (["a", "b"], ["a"], ["a"])
    desk.unmerge("/v1/sources/gov-a")
    assert (found(desk, "aaa"), found(desk, "bbb")) == (["a"], ["b"])


def test_filters_hold_too(desk: Desk) -> None:
    for name in "abcd":
        desk.document(f"d-{name}")
        desk.claim(
            name,
            text=f"Granite arrived at {name}." if name < "d" else "Basalt arrived.",
            topics=["all", f"only-{name}"],
        )
        desk.mention(name, f"d-{name}", stance="refutes" if name == "a" else "supports")
    then = desk.get("/v1/claims/c")["updated_at"]

    assert found(desk, "granite", topic="all") == ["a", "b", "c"]
    assert found(desk, "granite", topic="only-b") == ["b"]
    assert found(desk, "granite", topic="only-d") == []
    assert found(desk, "arrived", topic="only-d") == ["d"]
    assert found(desk, "granite", stance="supports", document="d-c") == ["c"]
    assert found(desk, "granite", stance="refutes") == ["a"]
    assert found(desk, "arrived -granite", topic="all") == ["d"]
    assert found(desk, "granite", topic="nowhere") == []
    assert found(desk, "arrived", updated_since=then) == ["c", "d"]
    assert found(desk, "granite", updated_since=then, topic="all") == ["c"]


def test_rare_words_and_statements_come_first(desk: Desk) -> None:
    desk.claim("often", text="Ships carried granite.", subject="ships")
    desk.claim("beside", text="Nothing else.", subject="cobalt")
    desk.claim("stated", text="Ships carried cobalt.", subject="ships")
    desk.claim("apart", text="Cobalt was carried by what they called ships.", subject="trade")
    for number in range(5):
        desk.claim(f"filler-{number}", text=f"Ships sailed {number}.", subject="ships")

    assert ids(desk.get(url("/v1/claims", q="cobalt"))["data"]) == ["stated", "apart", "beside"]
    assert ids(desk.get(url("/v1/claims", q="carried cobalt"))["data"]) == ["stated", "apart"]
    scores = [claim["search"]["score"] for claim in desk.walk(url("/v1/claims", q="ships"))]
    assert scores == sorted(scores, reverse=True)


def test_of_two_that_fit_as_well_the_newer_comes_first(desk: Desk) -> None:
    for name in ("one", "two", "three"):
        desk.claim(name, text=f"Granite {name}.")
    assert ids(desk.walk(url("/v1/claims", q="granite", limit=1))) == ["three", "two", "one"]


def test_of_too_many_hits_the_newest_are_ranked_and_it_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "abcde":
        desk.claim(name, text=f"Granite {name}." if name != "a" else "Granite granite granite granite.")
    monkeypatch.setattr("service.use_cases.search.HITS_AT_MOST", 3)
    page = desk.get(url("/v1/claims", q="granite"))
    assert ids(page["data"]) == ["e", "d", "c"]
    assert page["search"] == {"hits": 3, "complete": False, "query": "granite"}
    assert found(desk, "granite", topic="general") == ["c", "d", "e"]
    assert desk.get(url("/v1/claims", q="granite", updated_since="2999-01-01T00:00:00Z"))["search"]["complete"]


def test_of_many_hits_those_with_rare_words_in_their_text_are_ranked(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text, subject in [
        ("rare", "Ships carried cobalt.", "trade"),
        ("phrase", "They wore red coats.", "ships with cobalt"),
        ("common", "Ships sailed.", "cobalt in red coats"),
        ("beside", "Nothing.", "ships with cobalt in red coats"),
        ("newest", "Nothing new.", "ships with cobalt in red coats"),
        *((f"filler-{number}", f"Ships {number}.", "ships") for number in range(3)),
    ]:
        desk.claim(name, text=text, subject=subject)
    everything = ["rare", "common", "newest", "beside", "phrase"]
    monkeypatch.setattr("service.use_cases.search.RANKED_AT_MOST", 2)
    page = desk.get(url("/v1/claims", q="ships cobalt"))
    assert page["search"]["hits"] == 5
    assert page["search"]["complete"]
    assert ids(page["data"]) == everything
    assert ids(desk.walk(url("/v1/claims", q="ships cobalt", limit=1))) == everything
    assert ids(desk.get(url("/v1/claims", q='cobalt "red coats"'))["data"])[0] == "phrase"
    assert all(claim["search"]["score"] > 0 for claim in page["data"])
    monkeypatch.setattr("service.use_cases.search.WEIGHED_AT_MOST", 3)
    latest = desk.get(url("/v1/claims", q="cobalt ships"))
    assert ids(latest["data"]) == ["common", "newest", "beside", "phrase", "rare"]
    assert latest["search"]["hits"] == 5


def test_the_next_page_does_not_rank_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ranked: list[int] = []
    best = FullTextQueries.best

    def counted(*given: Any) -> Any:
        ranked.append(1)
        return best(*given)

    monkeypatch.setattr(FullTextQueries, "best", counted)
    for name in "abc":
        desk.claim(name, text=f"Granite {name * 3}.")
    search = url("/v1/claims", q="granite", limit=1)
    assert ids(desk.walk(search)) == ["c", "b", "a"]
    assert len(ranked) == 1
    desk.patch("/v1/claims/c", "Ed", {"text": "Basalt."})
    assert ids(desk.walk(search)) == ["b", "a"]
    assert len(ranked) == 2


def test_a_long_text_is_cut_around_the_place(desk: Desk) -> None:
    text = f"{'Lorem ipsum ' * 15}granite <b>here</b> {'dolor sit ' * 25}".strip()
    desk.claim("a", text=text, subject="granite")
    [claim] = desk.get(url("/v1/claims", q="granite here"))["data"]
    first = claim["search"]["highlights"][0]
    shown = "".join(piece["text"] for piece in first["pieces"])
    assert first["length"] == len(text)
    assert 0 < first["start"] < text.index("granite") < first["end"] < len(text)
    assert shown == text[first["start"] : first["end"]]
    assert len(shown) <= 300
    assert marked(claim) == [("text", ["granite", "here"]), ("subject", ["granite"])]


def test_of_many_values_three_are_shown(desk: Desk) -> None:
    desk.source("gov", name="Granite Office", aliases=[f"granite {number}" for number in range(9)])
    desk.document("d")
    desk.claim("a", text="Basalt.")
    desk.mention("a", "d", "gov")
    [claim] = desk.get(url("/v1/claims", q="granite"))["data"]
    assert [name for name, _ in marked(claim)] == ["claimants"] * 3
