"""Search, filter, open and go back: in place with scripts, page by page without them, and the same either way."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Screen, Visitor

BOTH = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])


def _found(visitor: Visitor) -> str:
    return visitor.page.locator("#found").inner_text()


def _claims(visitor: Visitor) -> list[str]:
    return visitor.page.locator("#found ~ .items h3 a").all_inner_texts()


@BOTH
def test_a_search_is_narrowed_opened_and_taken_back(visit: Visit, scripts: bool) -> None:
    visitor = visit(scripts=scripts)
    page = visitor.page
    visitor.open("/")
    page.get_by_role("searchbox").fill("workers")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("h1")).to_have_text("Claims that match “workers”")
    every, shown = _found(visitor), _claims(visitor)

    page.get_by_role("navigation", name="Narrow this search").get_by_role("link", name="Single origin").click()
    expect(page.get_by_role("list", name="Filters")).to_contain_text("Status: Single origin")
    narrowed = page.url
    assert "status=single_origin" in narrowed
    fewer = _claims(visitor)
    assert _found(visitor) != every
    expect(page.get_by_role("link", name="This search as JSON")).to_have_attribute(
        "href", re.compile("status=single_origin")
    )

    page.get_by_role("link", name=fewer[0]).click()
    expect(page.locator("h1")).to_have_text(fewer[0])
    visitor.back()
    expect(page.get_by_role("list", name="Filters")).to_contain_text("Status: Single origin")
    assert (page.url, _claims(visitor)) == (narrowed, fewer)
    visitor.back()
    expect(page.locator("#found")).to_have_text(every)
    assert _claims(visitor) == shown
    assert page.get_by_role("searchbox").input_value() == "workers"
    page.go_forward(wait_until="commit")
    expect(page.locator("#found")).not_to_have_text(every)
    page.get_by_role("list", name="Filters").get_by_role("link").click()
    expect(page.locator("#found")).to_have_text(every)


def test_with_scripts_forms_and_filters_change_the_page_in_place(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.open("/search?q=workers")
    visitor.marked()
    page.get_by_label("Order").focus()
    page.get_by_label("Order").select_option("mentions")
    page.wait_for_url(re.compile("sort=mentions"))
    expect(page.get_by_label("Order")).to_be_focused()
    page.get_by_role("navigation", name="Narrow this search").get_by_role("link", name="Single origin").click()
    expect(page.get_by_role("list", name="Filters")).to_be_visible()
    # The focus is at the number that was found, and a screen reader says it.
    expect(page.locator("#found")).to_be_focused()
    expect(page.get_by_role("status")).to_have_text(_found(visitor))
    assert "sort=mentions" in page.url
    page.get_by_role("searchbox").fill("troops")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Claims that match “troops”")
    expect(page).to_have_title("troops – Claim verification")
    expect(page.get_by_role("searchbox")).to_be_focused()
    visitor.back()
    expect(page.locator("h1")).to_have_text("Claims that match “workers”")
    assert visitor.marked()


def test_the_next_page_is_a_page_further_in_history(visit: Visit) -> None:
    visitor = visit()
    visitor.open("/search")
    first = _claims(visitor)
    visitor.page.get_by_role("link", name="Next page").click()
    visitor.page.wait_for_url(re.compile("cursor="))
    assert not set(first) & set(_claims(visitor))
    visitor.back()
    expect(visitor.page.locator("#found ~ .items h3 a").first).to_have_text(first[0])


def test_an_error_takes_the_place_of_the_page_and_says_what_is_wrong(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.open("/search")
    visitor.marked()
    page.get_by_role("searchbox").evaluate("field => field.maxLength = 1000")
    page.get_by_role("searchbox").fill("a " * 400)
    visitor.expects_refusal()
    page.get_by_role("button", name="Search").click()
    expect(page.locator("h1")).to_have_text("Something in this address is not right")
    assert visitor.marked()


def test_an_address_that_is_too_long_is_refused_with_a_way_on(visit: Visit) -> None:
    """The server refuses it before the application has seen it."""
    visitor = visit()
    page = visitor.page
    visitor.open("/search")
    visitor.marked()
    page.get_by_role("searchbox").evaluate("field => field.maxLength = 10000")
    page.get_by_role("searchbox").fill("a" * 9000)
    visitor.expects_refusal()
    page.get_by_role("button", name="Search").click()
    expect(page.locator("main")).to_contain_text("The URL is too long")
    assert visitor.marked()
    page.get_by_role("link", name="Search the claims").click()
    expect(page.get_by_role("searchbox")).to_be_visible()


@BOTH
def test_sources_are_found_by_name_and_kind(visit: Visit, scripts: bool) -> None:
    visitor = visit(Screen.PHONE, scripts=scripts)
    page = visitor.page
    visitor.open("/sources")
    visitor.page.get_by_role("searchbox").fill("gov")
    page.get_by_role("button", name="Find").click()
    expect(page.locator("#list")).to_have_text("Found")
    expect(page.get_by_role("row", name="Government of Russia")).to_be_visible()
    page.get_by_label("Kind").select_option("outlet")
    if not scripts:
        page.get_by_role("button", name="Find").click()
    expect(page.locator(".empty")).to_be_visible()
    visitor.back()
    expect(page.get_by_role("row", name="Government of Russia")).to_be_visible()
