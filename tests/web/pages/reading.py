"""Read pages as a person does: by their text, links, headings and tables."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from flask.testing import FlaskClient
from lxml import html as lxml_html

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
Element = Any
"""An element of lxml, which has no types."""


def shown(client: FlaskClient, path: str, status: int = 200) -> Element:
    """Return the page at a path, as a browser gets it."""
    response = client.get(path, headers={"Accept": BROWSER})
    assert response.status_code == status, (path, response.get_data(as_text=True)[:800])
    assert response.content_type == "text/html; charset=utf-8", path
    return parsed(response.get_data(as_text=True))


def parsed(text: str) -> Element:
    """Return the root of a page."""
    return lxml_html.document_fromstring(text)


def text_of(element: Element) -> str:
    """Return the text of an element, with single spaces."""
    return " ".join(element.text_content().split())


def one(page: Element, path: str) -> Element:
    """Return the one element at a path of XPath."""
    found = page.xpath(path)
    assert len(found) == 1, (path, found)
    element: Element = found[0]
    return element


def section(page: Element, name: str) -> Element:
    """Return the section with the heading of this id."""
    return one(page, f"//section[@aria-labelledby='{name}']")


def numbers(page: Element) -> dict[str, str]:
    """Return the numbers beside the opening, by label."""
    return {text_of(row[0]): text_of(row[1]) for row in one(page, "//dl[contains(@class, 'numbers')]")}


def links(page: Element) -> Iterator[str]:
    """Yield the paths that a page links to or loads, those of this service alone, without fragments."""
    for value in page.xpath("//@href | //@src | //form/@action"):
        path = str(value).partition("#")[0]
        if path.startswith("/"):
            yield path


def assert_well_built(page: Element, path: str) -> None:
    """Assert that a page has landmarks, a language, headings in order, and a label for each field."""
    assert page.get("lang") == "en", path
    assert one(page, "//head/title").text.strip(), path
    assert one(page, "//meta[@name='description']").get("content").strip(), path
    assert one(page, "//main").get("id") == one(page, "//body/a[1]").get("href").removeprefix("#"), path
    levels = [int(heading.tag[1]) for heading in page.xpath("//h1 | //h2 | //h3 | //h4")]
    assert levels[0] == 1, path
    assert levels.count(1) == 1, path
    assert all(after - before <= 1 for before, after in pairwise(levels)), (path, levels)
    named = page.xpath("//@id")
    assert len(named) == len(set(named)), path
    for names in page.xpath("//@aria-labelledby | //label/@for | //@aria-describedby"):
        assert set(names.split()) <= set(named), (path, names)
    for field in page.xpath("//input[not(@type='hidden')] | //select | //textarea"):
        assert page.xpath(f"//label[@for='{field.get('id')}']"), (path, field.get("name"))
    for table in page.xpath("//table"):
        assert table.xpath("./caption"), path
        assert all(cell.get("scope") in ("col", "row") for cell in table.xpath(".//th")), path
    assert all(image.get("alt") for image in page.xpath("//img")), path
