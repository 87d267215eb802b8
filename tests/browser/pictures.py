"""Make the pictures of the README from the pages of today: ``make pictures``, with Chromium.

They are WebP, which is a third of the size of PNG. Chromium writes that only from a canvas.
"""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.chromium import running_chromium
from tests.browser.pages import CONTESTED
from tests.processes import PROJECT, running_service

WIDTH = 1200
SINGLE = "nk-15000-workers-in-russia"
_TO_WEBP = """async (png) => {
  const image = new Image();
  image.src = `data:image/png;base64,${png}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
  canvas.getContext("2d").drawImage(image, 0, 0);
  return canvas.toDataURL("image/webp", 0.8).split(",")[1];
}"""
FOLDER = PROJECT / "docs" / "images"
TEXT = (
    "Seoul says 15,000 North Korean workers were sent to Russia this spring. The moon is made of cheese.\n\n"
    "North Korea sent 12,000 soldiers in 2023 to help Russia in the war."
)


def main() -> None:
    """Write the pictures."""
    with tempfile.TemporaryDirectory() as name:
        settings = {"DATABASE_URL": f"sqlite:///{Path(name) / 'claims.db'}"}
        with running_service(Path(name), settings) as service, running_chromium() as browser:
            page = browser.new_page()
            _take(page, "claim", 1330, lambda: page.goto(f"{service.url}/claims/{SINGLE}"))
            _take(page, "dispute", 980, lambda: page.goto(f"{service.url}/claims/{CONTESTED}"), dark=True)
            _take(page, "match", 900, lambda: _match(page, service.url))


def _match(page: Page, url: str) -> None:
    page.goto(f"{url}/match")
    page.get_by_role("textbox", name="Text").fill(TEXT)
    page.get_by_role("button", name="Match").click()
    page.locator("mark.passage").first.wait_for()
    page.mouse.move(0, 0)
    page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0) }")


def _take(page: Page, name: str, height: int, show: Callable[[], object], *, dark: bool = False) -> None:
    page.set_viewport_size({"width": WIDTH, "height": height})
    page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
    show()
    png = base64.b64encode(page.screenshot()).decode()
    page.goto("about:blank")
    (FOLDER / f"{name}.webp").write_bytes(base64.b64decode(page.evaluate(_TO_WEBP, png)))


if __name__ == "__main__":
    main()
