"""A claim in a browser: counted as of a day, its sides when it is in dispute, and on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.content import LONG
from tests.browser.pages import CONTESTED

DAY = "2025-05-30"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_claim_is_counted_as_of_a_day_in_its_picture_and_table(visit: Visit, scripts: bool) -> None:
    visitor = visit(scripts=scripts)
    page = visitor.page
    visitor.open(f"/claims/{CONTESTED}")
    documents = page.locator("svg.provenance.columns [data-node=document]")
    now = documents.count()
    page.get_by_label("Count as of a day").fill(DAY)
    page.get_by_role("button", name="Count again").click()
    page.wait_for_url(f"**as_of={DAY}**")
    expect(page.locator("dl.numbers")).to_contain_text("as of 30 May 2025")
    not_counted = page.locator("svg.provenance.columns [data-node=origin][data-state=not_counted]")
    assert not_counted.count() > 0
    # Nothing is left out: what does not count yet is there, and told as such, in the picture and in the table.
    assert documents.count() == now
    expect(page.locator("section[aria-labelledby=from] tbody")).to_contain_text("published later")
    page.get_by_role("link", name="Back to the present count").click()
    expect(page.locator("dl.numbers")).to_contain_text("as of now")


def test_the_sides_of_a_dispute_stand_before_the_picture(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.open("/conflicts")
    page.locator(f"main a[href='/claims/{CONTESTED}']").first.click()
    expect(page.locator("section[aria-labelledby=dispute] ul.sides").first).to_be_visible()
    dispute, picture = page.locator("#dispute").bounding_box(), page.locator("figure.picture").first.bounding_box()
    assert dispute is not None
    assert picture is not None
    assert dispute["y"] < picture["y"]


def test_on_paper_everything_is_open_and_links_have_their_addresses(visit: Visit) -> None:
    visitor = visit(dark=True)
    page = visitor.page
    visitor.open(f"/claims/{CONTESTED}")
    folded = page.locator("section[aria-labelledby=changes] details p").first
    navigation = page.locator(".masthead nav")
    assert (folded.is_visible(), navigation.is_visible()) == (False, True)
    page.emulate_media(media="print", color_scheme="dark")
    assert (folded.is_visible(), navigation.is_visible()) == (True, False)
    assert page.get_by_role("button", name="Count again").is_hidden()
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    visitor.open(f"/claims/{LONG}")
    outside = page.locator("main a[rel~=nofollow]").first
    printed = outside.evaluate("(each) => getComputedStyle(each, '::after').content")
    assert printed == f'" ({outside.get_attribute("href")})"'
    assert visitor.overflow() == 0
    page.emulate_media(media="screen")
