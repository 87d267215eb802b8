"""Generated requests against the OpenAPI document, with every check that schemathesis has, as somebody who may do all.

What is passed over, and why, is in ``excused`` and ``schemathesis.toml``, which also say how to make more of them.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from schemathesis.engine import events, from_schema

from service.config import Settings
from service.model.actors import Caller, KeyRole
from service.model.entities import Claim
from service.operations.consistency_check import examine
from service.operations.log_audit import audit
from service.store import Store
from service.use_cases.api_keys import check_key
from service.use_cases.editing import create_claim
from service.use_cases.merging import merge_claim
from tests.furnished import furnish
from tests.long_forms import LONG, by_form
from tests.operations.seeding.made_up import SeedFolder
from tests.processes import running_service
from tests.web.http import excused  # noqa: F401 - its hooks

pytestmark = by_form([pytest.mark.one_engine], [])

EDITOR = Caller("An editor", KeyRole.EDITOR, "")
HEADERS: dict[str, dict[str, str]] = by_form({}, {"plain": {}}) | {"any state will do": {"If-Match": "*"}}
CONFIG = Path(__file__).with_name("schemathesis.toml")


def _config(**headers: str) -> schemathesis.Config:
    config: dict[str, Any] = tomllib.loads(CONFIG.read_text(encoding="utf-8"))
    return schemathesis.Config.from_dict(
        config
        | {
            "headers": config["headers"] | headers,
            "generation": {"deterministic": True, "max-examples": by_form(1, 3), "database": "none"},
            "phases": {
                "coverage": {"enabled": LONG},
                "stateful": {"generation": {"max-examples": by_form(3, 10)}},
            },
            "workers": 1,
        }
    )


# This process only makes the requests; the server that answers them is measured.
@pytest.mark.no_cover
@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS)
def test_generated_requests_find_no_difference_to_the_openapi_document(
    store: Store, settings: Settings, tmp_path: Path, headers: dict[str, str]
) -> None:
    SeedFolder(tmp_path / "seeds").load(store)
    key = furnish(store, "ships-arrived")[KeyRole.ADMIN]
    create_claim(store, EDITOR, Claim("merged", "Ships came.", "ships", topics=("harbour",)))
    merge_claim(store, EDITOR, "merged", "ships-arrived", "Entered twice.")
    environment = {"DATABASE_URL": settings.database_url, "LOG_LEVEL": "ERROR"}
    with running_service(tmp_path, environment) as service:
        _try(service.url, _config(Authorization=f"Bearer {key}", **headers))
        assert "Traceback" not in service.log()
    assert check_key(store, key).role is KeyRole.ADMIN, "all that came after the end of the key was refused"
    assert list(audit(store)) == list(examine(store)) == []


def _try(url: str, config: schemathesis.Config) -> None:
    schema = schemathesis.openapi.from_url(f"{url}/openapi.yaml", config=config)
    failures: list[str] = []
    performed: Counter[str] = Counter()
    phases: Counter[str] = Counter()
    statuses: Counter[int] = Counter()
    operations: set[str] = set()
    for event in from_schema(schema).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            failures.append(repr(event))
        if isinstance(event, events.ScenarioFinished):
            phases[event.phase.value] += 1
            statuses.update(
                interaction.response.status_code
                for interaction in event.recorder.interactions.values()
                if interaction.response is not None
            )
            operations.update(case.value.operation.label for case in event.recorder.cases.values())
            for checks in event.recorder.checks.values():
                for check in checks:
                    performed[check.name] += 1
                    if check.failure_info is not None:
                        found = check.failure_info
                        failures.append(
                            f"{check.name}: {found.failure.title}: {found.failure.message}\n{found.code_sample}"
                        )
    assert failures == []
    assert set(phases) == {"examples", "fuzzing", "stateful"} | by_form(set(), {"coverage"})
    assert len(operations) == len(list(schema.get_all_operations()))
    assert len(operations) > 45
    # Most are refused, as they should be; enough are not, and some stand against what others made.
    assert statuses[201] > by_form(5, 40)
    assert {200, 308, 401, 404, 409, 422} | by_form(set(), {405, 410, 428}) <= set(statuses)
    assert performed["response_schema_conformance"] > by_form(200, 2000)
    assert {"not_a_server_error", "negative_data_rejection", "positive_data_acceptance"} <= set(performed)
