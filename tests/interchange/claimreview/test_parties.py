"""Publishers and authors, in the forms that publishers use."""

from typing import Any

import pytest

from service.interchange.claimreview.review_items import Party, PartyKind
from service.model.verdicts import Author, AuthorType
from tests.interchange.claimreview.samples import codes, item, refusals, review

ORGANIZATION = PartyKind.ORGANIZATION
DESK = {"@type": "Organization", "name": "The Desk", "url": "https://desk.example.org"}
WIRE = {"@type": "Organization", "name": "The Wire", "url": "https://wire.example.org/"}
ROE = {"@type": "Person", "name": "Jane Roe"}


@pytest.mark.parametrize(
    ("author", "publisher", "expected", "authors"),
    [
        (DESK, None, "The Desk", []),
        ([DESK, ROE], None, "The Desk", ["Jane Roe"]),
        ([ROE, DESK], None, "The Desk", ["Jane Roe"]),
        (ROE, DESK, "The Desk", ["Jane Roe"]),
        ("Jane Roe", DESK, "The Desk", ["Jane Roe"]),
        # The employer of a person, before a publisher.
        (ROE | {"worksFor": DESK}, None, "The Desk", ["Jane Roe"]),
        (ROE | {"affiliation": DESK}, {"@type": "Organization", "name": "the desk"}, "The Desk", ["Jane Roe"]),
        (ROE | {"worksFor": ROE}, DESK, "The Desk", ["Jane Roe"]),
        # The same organization twice, and a page about an author that says it is an organization.
        (DESK, DESK, "The Desk", []),
        ({"@type": "Organization", "name": "THE DESK"}, DESK, "The Desk", []),
        (DESK | {"name": "Pat Doe", "url": "https://desk.example.org/authors/pat"}, DESK, "The Desk", ["Pat Doe"]),
        ("The Desk", None, "The Desk", []),
        (["The Desk"], None, "The Desk", []),
        ({"name": ["The Desk"]}, None, "The Desk", []),
        ({"@type": ["NewsMediaOrganization"], "name": {"@value": "The Desk"}}, None, "The Desk", []),
    ],
)
def test_publishers_and_authors(author: Any, publisher: Any, expected: str, authors: list[str]) -> None:
    found = item(review(author=author, publisher=publisher))

    assert (found.publisher.name, [each.name for each in found.authors]) == (expected, authors)
    assert found.warnings == ()


def test_authors_keep_their_types_and_addresses() -> None:
    same = ["https://www.wikidata.org/wiki/Q1", "not an address", 7, "https://www.wikidata.org/wiki/Q1"]
    data = {"@type": "NewsMediaOrganization", "name": "Data Desk", "sameAs": same}
    roe = ROE | {"url": "https://desk.example.org/roe", "sameAs": "https://social.example/roe"}
    found = item(review(author=[DESK, roe, data, {"name": "Jo"}], publisher=DESK))
    assert found.authors == (
        Author(AuthorType.PERSON, "Jane Roe", "https://desk.example.org/roe", ("https://social.example/roe",)),
        Author(AuthorType.ORGANIZATION, "Data Desk", None, ("https://www.wikidata.org/wiki/Q1",)),
        Author(None, "Jo"),
    )
    assert found.byline == "Jane Roe, Jo"


@pytest.mark.parametrize("author", [None, ROE, {"@type": "Organization", "name": " "}, [], "", 7])
def test_an_unnamed_publisher_is_the_site_of_the_review(author: Any) -> None:
    found = item(review(author=author))

    assert found.publisher == Party(
        "checks.example.org", "https://checks.example.org/", ORGANIZATION, site="checks.example.org"
    )
    assert "taken_from" in codes(found)


def test_an_author_is_the_publisher_if_there_is_no_other() -> None:
    found = item(review(author=ROE, url="https://www.facebook.com/roe/posts/1"))

    assert (found.publisher.name, found.publisher.site, "taken_from" in codes(found)) == ("Jane Roe", None, True)
    assert refusals(review(author=None, url=None))[0].field == "publisher"


def test_a_publisher_by_its_address() -> None:
    for author in ("https://www.desk.example.org/", {"@type": "Organization", "url": "//www.desk.example.org"}):
        found = item(review(author=author))
        assert (found.publisher.name, found.publisher.site) == ("desk.example.org", "desk.example.org")


def test_an_account_is_not_the_site_of_its_platform() -> None:
    found = item(review(author=DESK | {"url": "https://www.facebook.com/thedesk"}))

    assert (found.publisher.url, found.publisher.site) == ("https://www.facebook.com/thedesk", None)


@pytest.mark.parametrize(
    "author",
    [
        WIRE,
        {"name": "The Wire", "url": "https://wire.example.org/"},
        ROE | {"worksFor": WIRE},
        [ROE, WIRE],
    ],
)
def test_the_publisher_of_a_review_by_another_organization_is_not_the_reviewer(author: Any) -> None:
    found = item(review(author=author, publisher=DESK))

    assert (found.publisher.name, codes(found)) == ("The Wire", {"syndicated"})
    assert [each.name for each in found.authors] == (["Jane Roe"] if "Roe" in str(author) else [])


def test_many_authors_are_bounded() -> None:
    found = item(review(publisher=DESK, author=[ROE | {"name": f"Roe {number}"} for number in range(5_000)]))

    assert (len(found.authors), codes(found)) == (50, {"several_values"})
