"""Every page in a real browser: it fits each window, and is accessible in light and dark."""

from __future__ import annotations

import pytest

from tests.browser.accessibility import violations
from tests.browser.conftest import Visit
from tests.browser.pages import EVERY, status_of
from tests.browser.visitor import Screen

PATHS = [pytest.param(path, id=name) for name, path in EVERY.items()]


@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_no_wider_than_its_window(visit: Visit, path: str) -> None:
    visitor = visit()
    visitor.open(path, status_of(path))
    for screen in Screen:
        visitor.page.set_viewport_size(screen.size)
        assert visitor.overflow() == 0, screen


@pytest.mark.parametrize("path", PATHS)
def test_a_page_has_no_violation_of_accessibility_rules(visit: Visit, path: str) -> None:
    visitor = visit()
    visitor.open(path, status_of(path))
    assert violations(visitor.page) == []
    visitor.page.emulate_media(color_scheme="dark")
    visitor.page.set_viewport_size(Screen.PHONE.size)
    assert violations(visitor.page) == []
