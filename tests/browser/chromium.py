"""A real Chromium for the tests, driven by Playwright (docs/adr/0038-a-real-browser-in-the-tests.md)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NO_CHROMIUM = "no Chromium: "
_NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Whatever a page wants from elsewhere, it does not get.
_NO_OTHER_HOST = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


def chromium_binary() -> str:
    """Return the path of Chromium; skip the test without one, or fail it with ``REQUIRE_CHROMIUM=1``."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        reason = f"{NO_CHROMIUM}on Debian and Ubuntu it is in the package chromium"
        if os.environ.get("REQUIRE_CHROMIUM") == "1":
            pytest.fail(f"REQUIRE_CHROMIUM=1, but {reason}", pytrace=False)
        pytest.skip(reason)
    return found


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """Run Chromium without a window for the time of the block."""
    # Here, as every worker of the tests imports this module, and few of them run a browser.
    from playwright.sync_api import sync_playwright

    binary = chromium_binary()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=binary,
            args=[*FLAGS, _NO_OTHER_HOST],
            # As people have it: the way back is to the page as they left it.
            ignore_default_args=["--disable-back-forward-cache"],
            chromium_sandbox=os.geteuid() != 0,
        )
        yield browser
        browser.close()
