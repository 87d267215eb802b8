"""Front pages that identify a party, names of hosts, and namesakes that are two parties."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from service.identity.parties import home_of, house_of, is_host_name, is_named_after, may_share_a_name
from service.model.entities import Source, SourceKind

BOARD = Source("board", "Harbour Board", SourceKind.GOVERNMENT, country="NO")


@pytest.mark.parametrize(
    ("url", "home"),
    [
        ("https://gazette.example", "gazette.example"),
        ("HTTP://WWW.Gazette.example/", "gazette.example"),
        ("https://gazette.example/index.html", "gazette.example"),
        ("https://gazette.example/#organization", "gazette.example"),
        ("https://m.gazette.example/", "gazette.example"),
        ("https://fact.gazette.example/", "fact.gazette.example"),
        ("https://alpha.blogspot.com/", "alpha.blogspot.com"),
        # An article, an author's page, a search, a page of an application.
        ("https://gazette.example/2020/story.html", None),
        ("https://gazette.example/about/authors/pat-doe", None),
        ("https://gazette.example/?author=7", None),
        ("https://gazette.example/#!/pat-doe", None),
        # Shared by many.
        ("https://www.facebook.com/", None),
        ("https://web.archive.org/", None),
        ("https://bit.ly", None),
        ("https://blogspot.com/", None),
        ("no address", None),
        (None, None),
    ],
)
def test_a_front_page_identifies_a_party(url: str | None, home: str | None) -> None:
    assert home_of(url) == home


@pytest.mark.parametrize(
    "name", ["x.com", "WWW.Facebook.com", "https://some-blog.net/", "www.unknown.zzz", "пример.рф"]
)
def test_names_of_hosts(name: str) -> None:
    assert is_host_name(name)


@pytest.mark.parametrize(
    "name", ["Node.js", "J.Biden", "St. Petersburg", "U.N.", "x.com users", "1.5", "x.com/user", ""]
)
def test_names_that_are_not_those_of_hosts(name: str) -> None:
    assert not is_host_name(name)


def test_a_party_can_have_no_name_but_that_of_its_site() -> None:
    assert is_named_after("WWW.Gazette.example", "gazette.example")
    assert is_named_after("gazette.example", "fact.gazette.example")
    assert not is_named_after("tern.example", "gazette.example")
    assert not is_named_after("Gazette", "gazette.example")


@pytest.mark.parametrize(
    ("name", "url", "house"),
    [
        ("AFP", "https://www.afp.com/", "afp.com"),
        ("AFP Factuel", "https://factuel.afp.com/", "afp.com"),
        ("The Gazette", "https://gazette.example/", "gazette.example"),
        ("Harbour Board", "https://gazette.example/", None),
        ("The Gazette", "https://gazette.example/2020/story.html", None),
        ("Facebook", "https://facebook.com/", None),
        ("Alpha", "https://alpha.blogspot.com/", "alpha.blogspot.com"),
        ("AFP", None, None),
    ],
)
def test_the_sites_of_one_house(name: str, url: str | None, house: str | None) -> None:
    assert house_of(name, url) == house


@pytest.mark.parametrize(
    ("changes", "two"),
    [
        ({"country": "SE"}, True),
        ({"country": "NO"}, False),
        ({"country": None}, False),
        ({"country": "SE", "kind": SourceKind.COLLECTIVE}, False),
        ({"distinct_from": ("board",)}, True),
    ],
)
def test_namesakes_that_are_two(changes: dict[str, Any], two: bool) -> None:
    other = replace(BOARD, id="other", **changes)
    assert may_share_a_name(BOARD, other) is may_share_a_name(other, BOARD) is two
