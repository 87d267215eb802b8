"""The publishers and claimants of reviews: one source for one party."""

from __future__ import annotations

from typing import Any

import pytest

from tests.interchange.claimreview.samples import review
from tests.interchange.importing.helpers import claimed, codes, counts, import_reviews
from tests.use_cases.desk import Desk
from tests.web.helpers import Json

pytestmark = pytest.mark.one_engine


def org(name: str, url: str | None = None, **more: Any) -> Json:
    """Return an organization of a review."""
    return {"@type": "Organization", "name": name, **({"url": url} if url else {}), **more}


def said(number: int, claimant: Any, **changes: Any) -> Json:
    """Return a review of something that a claimant said."""
    about = {"@type": "Claim", "author": claimant, "appearance": [f"https://post.example/{number}"]}
    return review(number, claimReviewed=f"Claim number {number}.", itemReviewed=about, **changes)


def checkers(desk: Desk) -> set[str]:
    """Return the names of the publishers of all verdicts."""
    return {verdict["checker"] for verdict in desk.walk("/v1/verdicts")}


def names(desk: Desk) -> set[str]:
    """Return the names of all sources."""
    return {source["name"] for source in desk.walk("/v1/sources")}


WIKI, PROFILE = "https://wiki.example/Mayor", "https://social.example/mayor"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (WIKI, [WIKI]),
        ([WIKI], [WIKI]),
        ([WIKI, PROFILE, WIKI], [PROFILE, WIKI]),
        (["the mayor", WIKI], [WIKI]),
        (None, []),
    ],
    ids=str,
)
@pytest.mark.parametrize("kind", ["Person", "Organization"])
def test_what_identifies_a_party_is_kept_and_goes_out(desk: Desk, kind: str, given: Any, kept: list[str]) -> None:
    mayor = {"@type": kind, "name": "Mayor of Oldport", "url": "https://oldport.example/", "sameAs": given}
    checks = org("Tern Desk", "https://tern.example/", sameAs="https://wiki.example/Tern")
    import_reviews(desk, said(1, mayor, author=checks))
    sources = {source["name"]: source["same_as"] for source in desk.walk("/v1/sources")}
    assert sources["Mayor of Oldport"] == kept
    assert sources["Tern Desk"] == ["https://wiki.example/Tern"]
    [element] = desk.call("GET", "/feeds/claimreview.json").get_json(force=True)["dataFeedElement"]
    [claimant] = element["item"]["itemReviewed"]["author"]
    assert claimant.get("sameAs", []) == kept
    assert element["item"]["author"]["sameAs"] == ["https://wiki.example/Tern"]


def test_a_crowd_is_identified_by_nothing(desk: Desk) -> None:
    import_reviews(desk, said(1, {"@type": "Person", "name": "Facebook posts", "sameAs": WIKI}))
    assert [source["same_as"] for source in desk.walk("/v1/sources") if source["name"] == "Facebook posts"] == [[]]


def test_what_identifies_a_claimant_of_a_page_is_kept(desk: Desk) -> None:
    markup = {"claimReviewed": "The pier is shut.", "claimAuthor": {"name": "Mayor of Oldport", "sameAs": WIKI}}
    desk.call("POST", "/v1alpha1/pages", "Ed", {"pageUrl": "https://tern.example/1", "claimReviewMarkups": [markup]})
    assert {source["name"]: source["same_as"] for source in desk.walk("/v1/sources")}["Mayor of Oldport"] == [WIKI]


GAZETTE = org("The Gazette", "https://gazette.example/")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (org("Tern Desk", "https://tern.example"), org("TERN DESK.", "https://www.tern.example/")),
        (org("Tern Desk", "https://tern.example"), org("Tern Desk", "https://tern.example/about")),
        (org("Tern Desk", "https://tern.example"), org("tern desk")),
        (org("Tern Desk", "https://tern.example"), {"@type": "Organization", "url": "https://tern.example"}),
        ({"@type": "Organization", "url": "https://tern.example"}, org("Tern Desk", "https://tern.example")),
        (org("TernDesk", "https://tern.example"), org("Tern Desk", "https://tern.example")),
        (org("Tern Desk", "https://tern.example"), org("Tern Desk Online", "https://tern.example")),
        # Sister sites of one house.
        (org("Tern", "https://fact.tern.example"), org("Tern", "https://verdad.tern.example")),
        (org("Tern Facts", "https://fact.tern.example"), org("Tern Verdad", "https://verdad.tern.example")),
        (org("Tern", "https://www.tern.example"), org("TERN Verdad", "https://verdad.tern.example")),
    ],
)
def test_one_publisher(desk: Desk, first: Json, second: Json) -> None:
    answer = import_reviews(desk, said(1, "Jane Roe", author=first), said(2, "Jane Roe", author=second))
    assert "other_party" not in codes(answer)
    assert len(checkers(desk)) == 1


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        # A page about an author, and two that share a host.
        (org("Pat Doe", "https://tern.example/authors/pat"), org("Tern Desk", "https://tern.example"), []),
        (org("Tern Desk", "https://tern.example"), org("Pat Doe", "https://tern.example/authors/pat"), ["other_party"]),
        (org("Alpha Check", "https://host.example/alpha"), org("Beta Check", "https://host.example/beta"), []),
        (org("Alpha Check", "https://www.facebook.com"), org("Beta Check", "https://www.facebook.com"), []),
        (org("Alpha Check", "https://web.archive.org/"), org("Beta Check", "https://web.archive.org/"), []),
        # Sites of one domain under names that have nothing in common.
        (org("Alpha Check", "https://alpha.host.example"), org("Beta Check", "https://beta.host.example"), []),
        # Another name at one front page.
        (org("Tern Desk", "https://tern.example"), org("Gull Watch", "https://tern.example"), ["other_party"]),
        (org("Tern Desk", "https://tern.example"), org("Tern Watch", "https://tern.example"), ["other_party"]),
    ],
)
def test_two_publishers(desk: Desk, first: Json, second: Json, found: list[str]) -> None:
    answer = import_reviews(desk, said(1, "Jane Roe", author=first), said(2, "Jane Roe", author=second))
    assert codes(answer) == found
    assert checkers(desk) == {first["name"], second["name"]}
    assert counts(import_reviews(desk, said(1, "Jane Roe", author=first)))["unchanged"] == 1


@pytest.mark.parametrize(
    "address",
    ["https://gazette.example/2020/story.html", "https://gazette.example/?p=7", "https://gazette.example/"],
)
@pytest.mark.parametrize("gazette_first", [True, False])
def test_a_claimant_does_not_take_the_site_of_a_newspaper(desk: Desk, address: str, gazette_first: bool) -> None:
    reviews = [said(1, org("Health Board", sameAs=address)), said(2, "Jane Roe", author=GAZETTE)]
    import_reviews(desk, *(reversed(reviews) if gazette_first else reviews))
    assert "The Gazette" in checkers(desk)
    [board] = [source for source in desk.walk("/v1/sources") if source["name"] == "Health Board"]
    assert (board["kind"], board["claims"]["origin"]) == ("unspecified", 1)


def test_a_claimant_is_the_publisher_of_its_front_page(desk: Desk) -> None:
    import_reviews(
        desk, said(1, "Jane Roe", author=GAZETTE), said(2, org("Gazette Online", sameAs="https://gazette.example"))
    )
    assert names(desk) == {"The Gazette", "Jane Roe", "Example Checks"}


@pytest.mark.parametrize("spelling", ["JANE ROE", "Jane\u200b Roe", "“Jane” Roe", "Jane-Roe"])
def test_one_claimant_in_any_spelling(desk: Desk, spelling: str) -> None:
    import_reviews(desk, said(1, "Jane Roe"), said(2, spelling))
    assert names(desk) == {"Jane Roe", "Example Checks"}


def test_an_alias_is_a_name(desk: Desk) -> None:
    desk.source("board", name="Northport Health Board", aliases=["N.H.B."])
    import_reviews(desk, said(1, org("NHB")))
    assert desk.get("/v1/sources/board")["claims"]["origin"] == 1


def test_a_host_as_claimant_is_nobody_though_it_is_an_outlet(desk: Desk) -> None:
    on = {
        "@type": "CreativeWork",
        "url": "https://gulls.example/1",
        "publisher": {"@type": "Organization", "url": "https://gulls.example"},
    }
    about = {"@type": "Claim", "author": org("gulls.example"), "appearance": [on]}
    import_reviews(desk, review(1, itemReviewed=about), said(2, org("gulls.example")))
    found = sorted((s["kind"], s["claims"]["origin"]) for s in desk.walk("/v1/sources") if s["name"] == "gulls.example")
    assert found == [("collective", 0), ("outlet", 0)]


def test_a_network_publishes_nothing(desk: Desk) -> None:
    on = {"@type": "CreativeWork", "url": "https://x.com/a/status/1", "publisher": org("x.com")}
    import_reviews(desk, review(1, itemReviewed={"@type": "Claim", "author": org("x.com"), "appearance": [on]}))
    [document] = desk.walk("/v1/documents")
    assert document["publisher"] is None
    assert [s["kind"] for s in desk.walk("/v1/sources") if s["name"] == "x.com"] == ["collective"]


def test_a_collective_publishes_nothing(desk: Desk) -> None:
    on = {"@type": "CreativeWork", "url": "https://post.example/1", "publisher": org("Several Facebook users")}
    import_reviews(desk, review(1, itemReviewed={"@type": "Claim", "author": "Jane Roe", "appearance": [on]}))
    [document] = desk.walk("/v1/documents")
    assert document["publisher"] is None


@pytest.mark.parametrize(
    ("claimant", "kind"),
    [
        ("Harbour Watch", "unspecified"),
        ({"name": "Harbour Watch"}, "unspecified"),
        (org("Harbour Watch"), "unspecified"),
        ({"@type": "Person", "name": "Harbour Watch"}, "person"),
    ],
)
def test_a_claimant_is_a_person_only_if_the_review_says_so(desk: Desk, claimant: Any, kind: str) -> None:
    import_reviews(desk, said(1, claimant))
    assert {source["kind"] for source in desk.walk("/v1/sources") if source["name"] == "Harbour Watch"} == {kind}


def test_a_stated_claimant_is_explicit(desk: Desk) -> None:
    import_reviews(desk, review(itemReviewed=claimed("Jane Roe", appearance=[])))
    [claim] = desk.walk("/v1/claims")
    [mention] = desk.walk(f"/v1/claims/{claim['id']}/mentions")
    assert (mention["basis"], mention["note"]) == (
        "explicit",
        "The review at https://checks.example.org/reviews/1 names the claimant.",
    )


@pytest.mark.parametrize("name", ["Tern Desk", "TERN DESK.", "tern.example"])
def test_a_reviewer_is_no_claimant_of_what_it_reviews(desk: Desk, name: str) -> None:
    """Feeds name the reviewer where nobody is known; a claim would rest on the party that refutes it."""
    tern = org("tern.example" if name == "tern.example" else "Tern Desk", "https://tern.example")
    given = said(1, org(name, "https://tern.example"), author=tern), said(2, [org(name), "Jane Roe"], author=tern)
    answer = import_reviews(desk, *given)
    assert codes(answer) == ["own_claimant", "own_claimant"]
    claimants = {c["text"]: [each["name"] for each in c["claimants"]] for c in desk.walk("/v1/claims")}
    assert claimants == {"Claim number 1.": [], "Claim number 2.": ["Jane Roe"]}
    assert names(desk) == {tern["name"], "Jane Roe"}
    assert counts(import_reviews(desk, *given)) == {"unchanged": 2, "warned": 2}


def test_a_syndicated_review_counts_once(desk: Desk) -> None:
    wire = org("Gannet Wire", "https://gannet.example")
    printed = [
        review(url=f"https://{site}/lighthouse", author=wire, publisher=org(name, f"https://{site}"))
        for name, site in (("Port News", "portnews.example"), ("Island Post", "islandpost.example"))
    ]
    answer = import_reviews(desk, review(url="https://gannet.example/lighthouse", author=wire), *printed)
    assert codes(answer) == ["syndicated", "syndicated"]
    [claim] = desk.walk("/v1/claims")
    assert (claim["verdicts"]["checkers"], claim["verdicts"]["tally"]["refuted"]) == (1, 1)
    assert {verdict["site"] for verdict in claim["verdicts"]["current"]} == {
        "gannet.example",
        "portnews.example",
        "islandpost.example",
    }
