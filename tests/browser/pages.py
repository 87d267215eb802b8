"""A path of every kind of page, and of its states: long, empty, an error."""

from __future__ import annotations

from tests.browser.content import EMPTY, LONG, MANY
from tests.furnished import VERDICT
from tests.web.helpers import example_claim

CONTESTED = "nk-12000-troops-sent"
PAGES = {
    "home": "/",
    "claim": f"/claims/{example_claim()}",
    "claim in dispute": f"/claims/{CONTESTED}",
    "claim as of a day": f"/claims/{CONTESTED}?as_of=2025-05-31&independence=source",
    "claim of 200 mentions": f"/claims/{MANY}",
    "claim of long words": f"/claims/{LONG}",
    "claim without a mention": f"/claims/{EMPTY}",
    "search": "/search?q=workers",
    "filtered search": "/search?q=workers&origin=ukraine-hur&status=single_origin&sort=named",
    "search that finds nothing": "/search?q=zzyzx",
    "match": "/match",
    "sources": "/sources",
    "sources that are not there": "/sources?q=zzyzx",
    "source": "/sources/russia-government",
    "source of long words": "/sources/long-source",
    "document": "/documents/doc-wsj-report",
    "document of long words": "/documents/long-document",
    "conflicts": "/conflicts",
    "verdict": f"/verdicts/{VERDICT}",
    "suggestions": "/suggestions?state=declined",
    "documentation": "/docs",
    "frame": f"/embed/claims/{CONTESTED}",
    "sign-in": "/desk/sign-in",
}
ERRORS = {"error 404": ("/no-such", 404), "error 422": ("/search?limit=0&status=open", 422)}


def status_of(path: str) -> int:
    """Return the status with which a path has to be answered."""
    return dict(ERRORS.values()).get(path, 200)


EVERY = PAGES | {name: path for name, (path, _) in ERRORS.items()}
