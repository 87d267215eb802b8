"""Every page in a real browser: it fits each window, and is accessible in light and dark."""

from __future__ import annotations

import pytest

from tests.browser.accessibility import violations
from tests.browser.conftest import Visit
from tests.browser.content import MANY
from tests.browser.pages import EVERY, status_of
from tests.browser.visitor import Screen
from tests.long_forms import LONG

# A rule looks at each of their thousands of elements.
LARGE = ("/docs", f"/claims/{MANY}")


@pytest.mark.parametrize("path", [pytest.param(path, id=name) for name, path in EVERY.items()])
def test_a_page_fits_every_window_and_violates_no_rule_of_accessibility(visit: Visit, path: str) -> None:
    visitor = visit()
    page = visitor.page
    visitor.open(path, status_of(path))
    for screen in Screen:
        page.set_viewport_size(screen.size)
        assert visitor.overflow() == 0, screen
    if path in LARGE and not LONG:
        return
    page.evaluate("() => document.querySelectorAll('details').forEach((each) => { each.open = true })")
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    if LONG:
        page.set_viewport_size(Screen.PHONE.size)
        assert violations(page) == []
    else:
        assert violations(page, "color-contrast") == []
