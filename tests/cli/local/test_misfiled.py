"""``claims misfiled`` lists the imported verdicts of other words than their claim."""

import json

from service.config import Settings
from tests.claim_verification.cli.commands import invoke, printed
from tests.interchange.claimreview.samples import review
from tests.interchange.importing.helpers import import_reviews
from tests.use_cases.desk import Desk


def test_verdicts_of_other_words_are_listed(desk: Desk, settings: Settings) -> None:
    import_reviews(desk, review(claimReviewed="5 degrees were measured."), review(2, claimReviewed="A word. " * 80))
    claim = min(desk.walk("/v1/claims"), key=lambda each: len(each["text"]))
    [verdict] = claim["verdicts"]["current"]
    assert printed(invoke("misfiled", DATABASE_URL=settings.database_url)) == (
        "verdicts of other words than their claim: 0\n"
    )
    desk.patch(f"/v1/claims/{claim['id']}", "Ed", {"text": "-5 degrees were measured."})
    listed = printed(invoke("misfiled", DATABASE_URL=settings.database_url)).splitlines()
    assert listed == [
        f"{verdict['id']} on {claim['id']}",
        "  of the claim:   -5 degrees were measured.",
        "  of the verdict: 5 degrees were measured.",
        "verdicts of other words than their claim: 1",
    ]
    [line] = printed(invoke("misfiled", "--json", DATABASE_URL=settings.database_url)).splitlines()
    assert json.loads(line) == {
        "verdict": verdict["id"],
        "claim": claim["id"],
        "claim_reviewed": "5 degrees were measured.",
        "text": "-5 degrees were measured.",
    }
