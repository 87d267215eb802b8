"""A person at a browser, and all that goes wrong there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, ViewportSize

WAIT_MS = 30_000
"""The time that a page has to become what a test expects, for machines with much other work."""


class Screen(Enum):
    """Sizes of a window in CSS pixels. ``ZOOMED`` is the wide one at 200 %."""

    PHONE = (360, 780)
    ZOOMED = (720, 450)
    WIDE = (1440, 900)

    @property
    def size(self) -> ViewportSize:
        """The size as Playwright takes it."""
        width, height = self.value
        return {"width": width, "height": height}


@dataclass
class Visitor:
    """A tab. ``faults`` are errors in the console, and requests to another host."""

    url: str
    page: Page
    faults: list[str] = field(default_factory=list)
    _may_refuse: bool = False

    def open(self, path: str, status: int = 200) -> None:
        """Go to a path of the service, which must answer with this status."""
        if status >= 400:
            self.expects_refusal()
        response = self.page.goto(self.url + path)
        assert response is not None
        assert response.status == status, path

    def expects_refusal(self) -> None:
        """From now on the service may answer with an error, of which browsers write in the console."""
        self._may_refuse = True

    @property
    def path(self) -> str:
        """The path and query in the address bar."""
        return self.page.url.removeprefix(self.url)

    def back(self) -> None:
        """Press the button that leads back: to the page as it was left, which is not loaded again."""
        self.page.go_back(wait_until="commit")

    def focused(self) -> Locator:
        """Return the element that has the focus."""
        return self.page.locator(":focus")

    def marked(self) -> bool:
        """Mark this document, and return whether it was marked before: a reload takes the mark away."""
        before: bool = self.page.evaluate(
            "() => { const before = window.isMarked ?? false; window.isMarked = true; return before }"
        )
        return before

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than the window."""
        wider: int = self.page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return wider

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Note the faults of the tab for the time of the block."""
        listeners: dict[Any, Any] = {
            "request": self._on_request,
            "console": self._on_console,
            "pageerror": lambda error: self.faults.append(f"{self.path}: {error}"),
        }
        for event, listener in listeners.items():
            self.page.on(event, listener)
        yield
        for event, listener in listeners.items():
            self.page.remove_listener(event, listener)

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.faults.append(f"{self.path}: asked for {request.url}")

    def _on_console(self, message: ConsoleMessage) -> None:
        is_refusal = self._may_refuse and message.text.startswith("Failed to load resource: the server responded")
        if message.type in ("error", "warning") and not is_refusal:
            self.faults.append(f"{self.path}: {message.text}")


@dataclass(frozen=True)
class Preferences:
    """The settings of a visitor's browser."""

    screen: Screen = Screen.WIDE
    dark: bool = False
    scripts: bool = True

    def tab(self, browser: Browser) -> Page:
        """Return a tab of a new profile with these preferences."""
        context = browser.new_context(java_script_enabled=self.scripts, reduced_motion="reduce")
        context.set_default_timeout(WAIT_MS)
        return context.new_page()


@contextmanager
def visiting(page: Page, url: str, preferences: Preferences) -> Iterator[Visitor]:
    """Yield a visitor of the service at ``url``; at the end nothing may have gone wrong."""
    page.set_viewport_size(preferences.screen.size)
    page.emulate_media(color_scheme="dark" if preferences.dark else "light")
    visitor = Visitor(url, page)
    with visitor.watching():
        yield visitor
    page.context.clear_cookies()
    assert visitor.faults == []
