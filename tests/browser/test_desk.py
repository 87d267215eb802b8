"""The work of two fact-checkers in a browser: sign in, judge, review, publish, correct, hand over, sign in again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile

import pytest
from playwright.sync_api import expect

from service.model.actors import COMMAND_LINE, KeyRole
from service.storage.database import Database
from service.store import Store
from service.use_cases.api_keys import create_key
from tests.browser.conftest import Tabs
from tests.browser.visitor import Preferences, Visitor, visiting
from tests.processes import running_service
from tests.settings import make_settings
from tests.web.helpers import example_claim

WHY = "The register of the port names no such ships."


@dataclass
class Checker:
    """A fact-checker at a browser of their own."""

    key: str
    visitor: Visitor

    def sign_in(self) -> None:
        """Send the key from the page that asks for it."""
        page = self.visitor.page
        page.get_by_label("Your key").fill(self.key)
        page.get_by_role("button", name="Sign in").click()

    def press(self, name: str) -> None:
        """Press a button of the form."""
        self.visitor.page.get_by_role("button", name=name, exact=True).click()


@pytest.fixture
def checkers(tabs: Tabs, seeded_file: Path, tmp_path: Path, scripts: bool) -> Iterator[tuple[Checker, Checker]]:
    """Yield Ana and Ben at the desk of a service with the seeds."""
    copyfile(seeded_file, tmp_path / "claims.db")
    url = f"sqlite:///{tmp_path / 'claims.db'}"
    database = Database(make_settings(url))
    keys = [create_key(Store(database), name, KeyRole.CHECKER, None, COMMAND_LINE)[1] for name in ("Ana", "Ben")]
    database.close()
    preferences = Preferences(scripts=scripts)
    with running_service(tmp_path, {"DATABASE_URL": url, "SEED_ON_START": "false"}) as service, ExitStack() as stack:
        visitors = [
            stack.enter_context(visiting(tabs(scripts, number), service.url, preferences)) for number in range(2)
        ]
        ana, ben = (Checker(key, visitor) for key, visitor in zip(keys, visitors, strict=True))
        yield ana, ben


@pytest.mark.one_engine
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_two_fact_checkers_do_the_whole_job(checkers: tuple[Checker, Checker]) -> None:
    ana, ben = checkers
    one, two = ana.visitor.page, ben.visitor.page
    claim = example_claim()

    ana.visitor.open(f"/claims/{claim}")
    one.get_by_role("link", name="Judge this claim").click()
    ana.sign_in()
    assert ana.visitor.path == f"/desk/claims/{claim}"
    ana.visitor.expects_refusal()
    ana.press("Save as a draft")
    expect(one.get_by_role("alert")).to_contain_text("rating")
    one.check("input[name=rating][value=refuted]")
    one.get_by_label("3. Why").fill(WHY)
    one.locator("input[name=mentions]").first.check()
    one.get_by_label("Ben", exact=True).check()
    ana.press("Save as a draft")
    expect(one.get_by_role("status")).to_contain_text("Your draft is saved.")

    ben.visitor.open("/desk")
    ben.sign_in()
    two.locator("section[aria-labelledby=reviews] h3 a").click()
    expect(two.locator("main")).to_contain_text(WHY)
    two.check("input[name=decision][value=approve]")
    ben.press("Give the review")

    ana.visitor.open("/desk")
    expect(one.locator("section[aria-labelledby=drafts]")).to_contain_text("Ben approved it")
    one.locator("section[aria-labelledby=drafts] h3 a").click()
    ana.press("Publish …")
    expect(one.locator("main")).to_contain_text("Verdicts that count")
    ana.press("Publish it")
    expect(one.locator("main")).to_contain_text("Your verdict is published.")

    one.locator("section[aria-labelledby=published] h3 a").first.click()
    one.get_by_label("2. In your own words").fill("Mostly false")
    one.get_by_label("The change, and its reason").fill("The scale has a name.")
    # The session ends while somebody types: what was typed is there again.
    one.context.clear_cookies()
    ana.press("Publish the correction …")
    expect(one.get_by_role("heading", level=1)).to_have_text("Sign in to go on")
    ana.sign_in()
    ana.press("Back to my text")
    expect(one.get_by_label("2. In your own words")).to_have_value("Mostly false")
    ana.press("Publish the correction …")
    ana.press("Publish it")
    ana.visitor.open(f"/claims/{claim}")
    expect(one.locator("main")).to_contain_text("Mostly false")

    ana.visitor.open("/desk")
    one.locator("section[aria-labelledby=queue] h3 a").first.click()
    ana.press("Take it")
    one.get_by_label("Colleague").select_option("Ben")
    ana.press("Offer it")
    ben.visitor.open("/desk")
    two.locator("section[aria-labelledby=claims] h3 a").click()
    ben.press("Take it over")
    expect(two.locator("main")).to_contain_text("You have it")
    ben.press("Sign out")
    ben.visitor.open("/desk")
    expect(two.get_by_role("heading", level=1)).to_have_text("Sign in to your desk")
