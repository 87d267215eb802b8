"""The form of a verdict as a person fills it in, and what came of it."""

from __future__ import annotations

from typing import Any

from tests.web.pages.desk.browser import Person
from tests.world import ANA, Json, World

WHY = "The register has no such ship.\n\nIt was asked twice."


def verdicts(world: World, claim: str, name: str = ANA, **parameters: str) -> list[Json]:
    """Return the verdicts on a claim, as somebody may see them."""
    query = "&".join(f"{key}={value}" for key, value in parameters.items())
    found: list[Json] = world.get(f"/v1/claims/{claim}/verdicts?{query}", name)["data"]
    return found


def typed(**changes: Any) -> dict[str, Any]:
    """Return what a person types into the form of a verdict."""
    return {"rating": "refuted", "textual_rating": "No ships", "rationale": WHY, **changes}


def assert_kept(person: Person) -> None:
    """Assert that the page has all that ``typed`` types."""
    assert person.value("rating") == "refuted"
    assert person.value("textual_rating") == "No ships"
    assert person.value("rationale").replace("\r\n", "\n") == WHY
