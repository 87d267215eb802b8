"""Import over HTTP, and read the results."""

from __future__ import annotations

import io
import json
from typing import Any

from werkzeug.test import TestResponse

from service.interchange.claimreview.collective_names import load_collectives
from service.interchange.claimreview.ratings import load_table
from service.interchange.importing.import_stream import import_stream
from service.interchange.importing.outcomes import Tally
from service.interchange.importing.reviews import Importer
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
    """Return an ``itemReviewed`` with claimants of these names and the appearances of the sample."""
    claim = {key: value for key, value in review()["itemReviewed"].items() if key != "author"}
    return claim | {"author": [{"@type": "Person", "name": name} for name in names]} | changes


def by(name: str, site: str, **changes: Any) -> Json:
    """Return a review of the same claim by another publisher."""
    author = {"@type": "Organization", "name": name, "url": f"https://{site}/"}
    return review(url=f"https://{site}/reviews/1", author=author, **changes)


def post(
    desk: Desk,
    body: Any,
    who: str = "Ed",
    media_type: str = LD_JSON,
    headers: dict[str, str] | None = None,
    query: str = "",
) -> TestResponse:
    """Post an import of bytes or of a JSON value, and check that the derived data is correct after it."""
    response = desk.client.post(
        f"/v1/imports{query}",
        data=body if isinstance(body, bytes) else json.dumps(body).encode(),
        content_type=media_type,
        headers={"Authorization": f"Bearer {desk.keys[who]}", **(headers or {})},
    )
    assert response.status_code < 500, response.get_data(as_text=True)
    assert list(examine(desk.store)) == []
    return response


def import_reviews(desk: Desk, *reviews: Any, **changes: Any) -> Json:
    """Import reviews and return the answer."""
    return done(post(desk, list(reviews), **changes), 200)


def import_bytes(store: Store, export: bytes, *, audited: bool = True) -> Tally:
    """Import bytes and return the tally; check that derived data and, if ``audited``, the log are correct after it."""
    tally = Tally()
    importer = Importer(store, "Ann", load_collectives())
    for batch in import_stream(importer, io.BytesIO(export), table=load_table()):
        tally.add(batch)
    assert list(examine(store)) == []
    assert not audited or list(audit(store)) == []
    return tally


def exported(store: Store, scope: Scope = Scope.ALL) -> bytes:
    """Return all lines of an export."""
    return b"".join(export_lines(store, scope))


def counts(answer: Json) -> Json:
    """Return the counts of an answer that are not zero."""
    return {k: v for k, v in answer.items() if type(v) is int and v}


def codes(answer: Json) -> list[str]:
    """Return the codes of all findings."""
    return [finding["code"] for each in answer["report"] for finding in each["findings"]]


def only_claim(desk: Desk) -> Json:
    """Return the only claim in the store."""
    [claim] = desk.walk("/v1/claims")
    return claim


def origins(claim: Json) -> tuple[int, int]:
    """Return the interval of independent origins that support a claim."""
    interval = claim["corroboration"]["origins"]
    return interval["at_least"], interval["at_most"]
