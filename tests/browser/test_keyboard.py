"""The keyboard alone reaches and does everything, and shows where it is."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.pages import CONTESTED
from tests.browser.visitor import Screen
from tests.long_forms import by_form

_OTHERS = ["/", "/match", "/sources", "/conflicts", "/suggestions", "/docs"]
# What a person can do on a page, unless it is folded away.
_CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
_SHOWN = f'() => [...document.querySelectorAll("{_CONTROLS}")].filter((each) => each.checkVisibility()).length'
_FOCUS = """() => {
  const focused = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(focused);
  const { width, height } = focused.getBoundingClientRect();
  // The parts of a date draw it themselves.
  const drawn = focused.type === "date" || outlineStyle !== "none" && outlineWidth !== "0px" && width * height > 0;
  window.reached ??= new Set();
  window.reached.add(focused);
  return { reached: window.reached.size, there: focused !== document.body, drawn };
}"""


@pytest.mark.parametrize("path", [f"/claims/{CONTESTED}", "/search?q=workers", *by_form([], _OTHERS)])
@pytest.mark.parametrize("screen", [Screen.WIDE, Screen.PHONE], ids=["wide", "phone"])
def test_tab_reaches_every_control_and_shows_the_focus(visit: Visit, path: str, screen: Screen) -> None:
    visitor = visit(screen)
    visitor.open(path)
    controls = visitor.page.evaluate(_SHOWN)
    assert controls > 8
    reached = 0
    # A date has a stop for each of its parts.
    for _ in range(3 * controls):
        visitor.page.keyboard.press("Tab")
        focus = visitor.page.evaluate(_FOCUS)
        if not focus["there"]:
            break
        assert focus["drawn"], visitor.focused().evaluate("each => each.outerHTML")
        reached = focus["reached"]
    assert reached == controls


def test_a_claim_is_searched_narrowed_and_read_by_keyboard(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.open("/")
    page.keyboard.press("Tab")
    assert visitor.focused().inner_text() == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("workers")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Claims that match “workers”")
    # Until its scripts have run, a link of a new page leads to another page, as without scripts.
    page.wait_for_load_state()
    page.get_by_role("link", name="Single origin").last.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#found")).to_be_focused()
    page.keyboard.press("Tab")
    assert visitor.focused().inner_text().startswith("Take back:")
    page.keyboard.press("Tab")
    title = visitor.focused().inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(title)


def test_a_wide_table_scrolls_by_keyboard(visit: Visit) -> None:
    visitor = visit(Screen.PHONE)
    visitor.open(f"/claims/{CONTESTED}")
    region = visitor.page.get_by_role("region", name="The same as a table")
    region.focus()
    for _ in range(3):
        visitor.page.keyboard.press("ArrowRight")
    visitor.page.wait_for_function("region => region.scrollLeft > 0", arg=region.element_handle())


def test_what_is_folded_away_opens_by_keyboard(visit: Visit) -> None:
    visitor = visit()
    visitor.open(f"/claims/{CONTESTED}")
    summary = visitor.page.locator("summary", has_text="JSON-LD to copy")
    summary.focus()
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator("#linked-data")).to_be_visible()
