"""A store with everything in it that the log covers, in each state that it can be in, and nothing that guards it."""

from __future__ import annotations

import datetime as dt
from hashlib import sha256
from typing import Any

from service.model.actors import COMMAND_LINE
from service.storage.database import Database
from service.storage.migrations import migrate
from service.store import Store
from service.use_cases.api_keys import revoke_key, rotate_key
from tests.application import application
from tests.operations.tampering import opened, unguard
from tests.settings import make_settings
from tests.world import ADA, ANA, BEN, EDITH, VERDICT, WHY, Json, Request, World, make_world


def fill(url: str) -> None:
    """Make it in the empty database at this URL."""
    settings = make_settings(url)
    database = Database(settings)
    migrate(database)
    store = Store(database)
    _everything(make_world(application(store, settings), store))
    database.close()
    with opened(url) as store:
        unguard(store)


def _everything(world: World) -> None:
    """Each kind of thing, in each state that it can be in."""

    def post(path: str, body: Any = None, name: str = EDITH, status: int = 201) -> Any:
        return world.done(Request("POST", path, body, status), name)

    post("/v1/sources", {"id": "ministry", "name": "Ministry", "kind": "government", "country": "NO"})
    office: Json = {
        "id": "office",
        "name": "Office",
        "kind": "government",
        "part_of": "ministry",
        "aliases": ["It", "Us"],
    }
    post(
        "/v1/sources",
        office | {"reliability": "B", "note": "Young.", "same_as": ["https://e.example/q2", "https://e.example/q1"]},
    )
    post("/v1/sources", {"id": "gull", "name": "The Gull", "kind": "outlet"})
    post("/v1/sources", {"id": "gull-2", "name": "Gulls", "kind": "outlet", "distinct_from": ["ministry"]})
    post("/v1/sources/gull-2/merge", {"into": "gull", **WHY}, EDITH, 200)
    post("/v1/documents", {"id": "original", "publisher": "gull"})
    days = {"published_earliest": "2026-01-01", "published_latest": "2026-01-02", "published_reason": "Its date."}
    document: Json = {
        "id": "copy",
        "title": "T",
        "url": "https://gull.example/1",
        "author": "A",
        "language": "en",
        **days,
    }
    document |= {"publisher": "gull", "publisher_reason": "It says so.", "sha256": "a" * 64, "length": 99}
    post("/v1/documents", document | {"derived_from": "original"})
    post("/v1/documents", {"id": "print", "url": "https://gull.example/print/1"})
    post("/v1/documents/print/merge", {"into": "copy", **WHY}, EDITH, 200)
    claim: Json = {
        "id": "ships",
        "text": "Twelve ships.",
        "subject": "ships",
        "topics": ["harbour", "ships"],
        "place": "X",
    }
    claim |= {"quantity": {"low": 12, "high": 12, "unit": "ships"}, "time_frame": {"label": "May"}, "note": "N."}
    post("/v1/claims", claim)
    for name in ("other", "bare", "gone"):
        post("/v1/claims", {"id": name, "text": f"T {name}.", "subject": "s", "topics": ["t"]})
    post("/v1/claims/gone/merge", {"into": "ships", **WHY}, EDITH, 200)
    mention: Json = {
        "document": "copy",
        "stance": "differs",
        "attribution": ["office", "ministry"],
        "basis": "explicit",
    }
    span = sha256(b"Ten came").hexdigest()
    mention |= {"locator": {"start": 1, "end": 9, "sha256": span}, "quote": "Ten came"}
    mention |= {"reported": {"text": "Ten."}, "note": "N."}
    post("/v1/claims/ships/mentions", mention)
    post("/v1/claims/ships/mentions", {"document": "original", "stance": "supports"})
    back = post("/v1/claims/other/mentions", {"document": "original", "stance": "supports"})["id"]
    post(f"/v1/mentions/{back}/withdrawal", WHY, EDITH, 200)
    post("/v1/claims/ships/links", {"type": "refines", "claim": "other", "note": "N."})
    link = post("/v1/claims/ships/links", {"type": "part_of", "claim": "other"})["id"]
    post(f"/v1/links/{link}/withdrawal", WHY, EDITH, 200)
    full: Json = VERDICT | {"textual_rating": "No", "url": "https://ana.example/1", "language": "en"}
    full |= {
        "evidence": [{"document": "copy", "note": "See."}],
        "title": "T.",
        "author": "Ana",
        "reviewed_at": "2024-05-02",
    }
    full |= {"authors": [{"type": "person", "name": "Ana", "same_as": ["https://e.example/ana"]}]}
    first = post("/v1/claims/ships/verdicts", full, ANA)["id"]
    post("/v1/claims/ships/verdicts", full | {"supersedes": first, "reason": "Better."}, ANA)
    draft = post("/v1/claims/ships/verdicts", VERDICT | {"draft": True, "reviewers": [BEN]}, ANA)["id"]
    post(f"/v1/verdicts/{draft}/reviews", {"decision": "request_changes", "note": "Why?"}, BEN)
    post(f"/v1/verdicts/{draft}/withdrawal", WHY, ANA, 200)
    post("/v1/claims/ships/assignment", {"note": "Soon."}, ANA)
    post("/v1/claims/other/assignment", {"note": "Soon.", "checker": BEN}, EDITH)
    post("/v1/claims/other/release", None, BEN, 200)
    post("/v1/claims/other/assignment", {"note": "Soon."}, ANA)
    post("/v1/claims/other/assignment/offer", {"checker": BEN}, ANA, 200)
    post("/v1/claims/other/assignment/acceptance", None, BEN)
    post("/v1/claims/other/assignment/offer", {"checker": ANA}, BEN, 200)
    own = post("/v1/claims/other/verdicts", VERDICT | {"draft": True, "despite_assignment": True}, EDITH)["id"]
    post(f"/v1/verdicts/{own}/publication", None, ADA, 200)
    markup: Json = {"pageUrl": "https://facts.example/1", "claimReviewMarkups": [{"claimReviewed": "Three ships."}]}
    post("/v1alpha1/pages", markup, EDITH, 200)
    gone = post("/v1alpha1/pages", markup | {"pageUrl": "https://facts.example/2"}, EDITH, 200)["name"]
    world.done(Request("DELETE", f"/v1alpha1/{gone}"), EDITH)
    for name in ("Puffin", "Puffin Weekly", "Puffin Monthly"):
        post("/v1/sources", {"id": name.lower().replace(" ", "-"), "name": name, "kind": "outlet"})
    post("/v1/sources", {"id": "x", "name": "x.com", "kind": "person"})
    for record, decision in (("puffin-weekly", "merge"), ("puffin-monthly", "distinct"), ("x", "collective")):
        [suggested] = world.get(f"/v1/suggestions?record={record}")["data"]
        post(f"/v1/suggestions/{suggested['id']}/decision", {"decision": decision, **WHY}, EDITH, 200)
    keys = {key.name: key.id for key in world.store.api_keys.all()}
    rotate_key(world.store, keys[ANA], dt.timedelta(hours=1), COMMAND_LINE)
    revoke_key(world.store, keys[ADA], COMMAND_LINE)
