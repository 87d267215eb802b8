"""axe-core, an engine of accessibility rules (WCAG 2.2 and best practice), run in a page."""

from __future__ import annotations

from functools import cache

from playwright.sync_api import Page

from tests.node import BROWSER, require_packages

_RUN = """async (rule) => {
  const chosen = rule ? { runOnly: { type: "rule", values: [rule] } } : {};
  const { violations } = await axe.run(document, { resultTypes: ["violations"], ...chosen });
  const shown = (nodes) => nodes.slice(0, 3).map(({ html }) => html.slice(0, 200)).join(" | ");
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${shown(nodes)}`);
}"""


def violations(page: Page, rule: str | None = None) -> list[str]:
    """Return the violations, of one rule or of all, of a page as it looks now, each with its rule and elements."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_engine())
    found: list[str] = page.evaluate(_RUN, rule)
    return found


@cache
def _engine() -> str:
    require_packages(BROWSER)
    return (BROWSER / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
