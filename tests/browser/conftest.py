"""One browser and one server for the tests of this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import running_chromium
from tests.browser.content import browsed
from tests.browser.visitor import WAIT_MS, Preferences, Visitor, visiting
from tests.once import made_once
from tests.processes import running_service

Visit = Callable[..., Visitor]
Tabs = Callable[[bool, int], Page]


@pytest.fixture(scope="package")
def content(seeded_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the content of ``tests.browser.content``."""
    return made_once(tmp_path_factory, "browsed", lambda folder: browsed(folder, seeded_file))


@pytest.fixture(scope="package")
def site(content: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the URL of a service whose content is that of ``tests.browser.content``. For reading only."""
    settings = {"DATABASE_URL": f"sqlite:///{content / 'claims.db'}", "SEED_ON_START": "false"}
    with running_service(tmp_path_factory.mktemp("site"), settings) as service:
        yield service.url


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Yield a browser; each visitor has a profile of its own in it."""
    with running_chromium() as browser:
        yield browser


@pytest.fixture(scope="package")
def tabs(chromium: Browser) -> Tabs:
    """Return a function that returns a tab with scripts or without, made once: it costs more than many pages."""
    expect.set_options(timeout=WAIT_MS)
    return cache(lambda scripts, number: Preferences(scripts=scripts).tab(chromium))


@pytest.fixture
def visit(tabs: Tabs, site: str) -> Iterator[Visit]:
    """Return a function that lets somebody visit the service; it takes the arguments of ``Preferences``.

    The visitors of a test have a profile each. Those of the next test have the same ones, without cookies.
    """
    with ExitStack() as stack:
        visitors = count()

        def visitor(*arguments: Any, **named: Any) -> Visitor:
            preferences = Preferences(*arguments, **named)
            tab = tabs(preferences.scripts, next(visitors))
            return stack.enter_context(visiting(tab, site, preferences))

        yield visitor
