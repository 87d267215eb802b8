"""Taking in over HTTP, and what came of it."""

from __future__ import annotations

import io
import json
from typing import Any

from werkzeug.test import TestResponse

from service.interchange.claimreview.collective_names import load_collectives
from service.interchange.claimreview.ratings import load_table
from service.interchange.importing.import_stream import take_in
from service.interchange.importing.outcomes import Tally
from service.interchange.importing.reviews import Import
from service.interchange.publishing.export_stream import export_lines
from service.model.record_kinds import Scope
from service.operations.consistency_check import examine
from service.operations.log_audit import audit
from service.store import Store
from tests.interchange.claimreview.samples import review
from tests.use_cases.desk import Desk, done
from tests.web.helpers import Json

LD_JSON = "application/ld+json"
FIRST = "https://social.example.net/posts/1"
SECOND = "https://social.example.net/posts/2"


def claimed(*names: str, **changes: Any) -> Json:
    """What was reviewed, by claimants of these names, with the appearances of the sample."""
    said = {key: value for key, value in review()["itemReviewed"].items() if key != "author"}
    return said | {"author": [{"@type": "Person", "name": name} for name in names]} | changes


def by(name: str, site: str, **changes: Any) -> Json:
    """A review of the same claim by another publisher."""
    author = {"@type": "Organization", "name": name, "url": f"https://{site}/"}
    return review(url=f"https://{site}/reviews/1", author=author, **changes)


def post(
    desk: Desk, body: Any, who: str = "Ed", media_type: str = LD_JSON, headers: dict[str, str] | None = None
) -> TestResponse:
    """An import, of bytes or of what JSON can say; after it all that is computed is true."""
    response = desk.client.post(
        "/v1/imports",
        data=body if isinstance(body, bytes) else json.dumps(body).encode(),
        content_type=media_type,
        headers={"Authorization": f"Bearer {desk.keys[who]}", **(headers or {})},
    )
    assert response.status_code < 500, response.get_data(as_text=True)
    assert list(examine(desk.store)) == []
    return response


def take(desk: Desk, *reviews: Any, **changes: Any) -> Json:
    """An import that is answered."""
    return done(post(desk, list(reviews), **changes), 200)


def taken(store: Store, export: bytes) -> Tally:
    """The outcome of taking it in; all that is computed is true after it, and the log knows everything."""
    tally = Tally()
    taking = Import(store, "Ann", load_collectives())
    for batch in take_in(taking, io.BytesIO(export), table=load_table()):
        tally.add(batch)
    assert list(examine(store)) == list(audit(store)) == []
    return tally


def exported(store: Store, scope: Scope = Scope.ALL) -> bytes:
    """All lines."""
    return b"".join(export_lines(store, scope))


def counts(answer: Json) -> Json:
    """How many had which outcome, of those that any had."""
    return {k: v for k, v in answer.items() if k not in ("report", "report_truncated") and v}


def codes(answer: Json) -> list[str]:
    """The codes of all findings."""
    return [finding["code"] for taken in answer["report"] for finding in taken["findings"]]


def only_claim(desk: Desk) -> Json:
    """The one claim there is."""
    [claim] = desk.walk("/v1/claims")
    return claim


def origins(claim: Json) -> tuple[int, int]:
    """How many independent origins support it."""
    interval = claim["corroboration"]["origins"]
    return interval["at_least"], interval["at_most"]
