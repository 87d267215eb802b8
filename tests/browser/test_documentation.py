"""The documentation of the API: it is read at once, and its console sends real requests."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Screen


def test_an_operation_is_read_and_tried_out(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.open("/docs")
    page.locator("#getClaim summary").click()
    expect(page.get_by_role("table", name="Parameters of getClaim")).to_be_visible()
    page.locator("#getClaim").get_by_role("link", name="Shapes and examples, and try it out").click()
    operation = page.locator("#operations-claims-getClaim")
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()
    expect(operation.locator(".live-responses-table .response-col_status").last).to_contain_text("200")
    expect(operation.locator(".live-responses-table")).to_contain_text("nk-")


def test_an_old_link_to_an_operation_leads_to_the_console(visit: Visit) -> None:
    visitor = visit(Screen.PHONE)
    visitor.open("/docs#/claims/getClaim")
    expect(visitor.page.locator("#operations-claims-getClaim .opblock-body")).to_be_visible()
    assert visitor.path == "/docs/console#/claims/getClaim"
