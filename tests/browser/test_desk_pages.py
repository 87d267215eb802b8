"""Every page of the desk, as an admin sees it, and its forms with errors: they fit, and are accessible."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.accessibility import violations
from tests.browser.conftest import Visit
from tests.browser.content import ADMIN
from tests.browser.visitor import Screen, Visitor
from tests.furnished import KEY, PAIR, VERDICT
from tests.web.helpers import example_claim

CLAIM = f"/desk/claims/{example_claim()}"
FORMS = (
    CLAIM,
    "/desk/add/claim",
    "/desk/add/source",
    "/desk/add/document",
    f"{CLAIM}/mentions",
    f"{CLAIM}/merge",
    "/desk/keys",
    f"/desk/verdicts/{VERDICT}/withdrawal",
)
PAGES = (
    "/desk",
    "/desk/queue",
    f"{CLAIM}/correction",
    "/desk/sources/russia-government/correction",
    "/desk/documents/doc-wsj-report/correction",
    "/desk/suggestions",
    f"/desk/suggestions/{PAIR.id}",
    f"/desk/keys/{KEY}",
    "/desk/sessions",
)


@pytest.fixture
def admin(visit: Visit, content: Path) -> Visitor:
    """Return an admin who is signed in."""
    visitor = visit()
    visitor.open("/desk/sign-in")
    visitor.page.get_by_label("Your key").fill((content / ADMIN).read_text(encoding="utf-8"))
    visitor.page.get_by_role("button", name="Sign in").click()
    visitor.page.wait_for_url("**/desk")
    return visitor


def _is_right(visitor: Visitor) -> None:
    page = visitor.page
    for screen in Screen:
        page.set_viewport_size(screen.size)
        assert visitor.overflow() == 0, screen
    page.evaluate("() => document.querySelectorAll('details').forEach((each) => { each.open = true })")
    page.emulate_media(color_scheme="light")
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, "color-contrast") == []


def test_pages_of_the_desk(admin: Visitor) -> None:
    for path in PAGES:
        admin.open(path)
        _is_right(admin)


def test_forms_of_the_desk_with_errors(admin: Visitor) -> None:
    admin.expects_refusal()
    for path in FORMS:
        admin.open(path)
        admin.page.locator("main form[method=post]:not([action$=sign-out]) button").first.click()
        admin.page.get_by_role("alert").wait_for()
        _is_right(admin)


def test_what_a_withdrawal_will_do_is_said(admin: Visitor) -> None:
    admin.open(f"{CLAIM}/mentions")
    admin.page.get_by_role("link", name="withdraw it").first.click()
    admin.page.get_by_label("Reason").fill("It was misread.")
    admin.page.get_by_role("button", name="Withdraw …").click()
    admin.page.locator(".effect").wait_for()
    _is_right(admin)
