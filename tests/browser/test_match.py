"""A pasted text: its passages are marked, lead to their claims, and the text is not lost on the way back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.web.helpers import raw_claims

TEXT = f"{raw_claims()['nk-15000-workers-in-russia']['text']} Nobody has ever said this about a purple walrus."


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_text_is_matched_and_its_passages_lead_to_claims(visit: Visit, scripts: bool) -> None:
    visitor = visit(scripts=scripts)
    page = visitor.page
    visitor.open("/match")
    page.get_by_role("textbox", name="Text").fill(TEXT)
    page.get_by_role("button", name="Match").click()
    expect(page.locator("mark.passage").first).to_be_visible()
    assert "walrus" not in " ".join(page.locator("mark.passage").all_inner_texts())
    assert page.get_by_role("textbox", name="Text").input_value() == TEXT
    page.get_by_role("link", name="Claim 1: the passage repeats it").click()
    assert visitor.path == "/match#match-1"
    page.locator("#match-1 h3 a").click()
    page.wait_for_url("**/claims/*")
    if scripts:
        # Without them the page is the answer to a form: the browser asks before it sends the form again.
        visitor.back()
        expect(page.get_by_role("textbox", name="Text")).to_have_value(TEXT)


def test_a_text_that_is_refused_is_still_in_its_field(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.open("/match")
    visitor.marked()
    visitor.expects_refusal()
    long = "word " * 12_000
    page.get_by_role("textbox", name="Text").fill(long)
    page.get_by_role("button", name="Match").click()
    expect(page.get_by_role("alert")).to_contain_text("send one with 1 to 50,000")
    assert page.get_by_role("textbox", name="Text").input_value() == long
    assert visitor.marked()
