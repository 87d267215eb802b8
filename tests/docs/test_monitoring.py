"""The dashboard and the alert rules can be read, and name metrics that exist."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from service.config import PROJECT
from service.store import Store
from service.web.resources.metrics import Metrics

FOLDER = PROJECT / "deploy" / "monitoring"
PAGE = PROJECT / "docs" / "monitoring.md"
_NAME = re.compile(r"\bclaims_[a-z_]+\b")


@pytest.fixture
def metrics(store: Store) -> set[str]:
    """Return the names of all metrics, with those of their series."""
    text = Metrics(store, 8).exposition()[0].decode()
    found: set[str] = set()
    for family in text_string_to_metric_families(text):
        ends = {"histogram": ("_bucket", "_count", "_sum"), "counter": ("_total",)}.get(family.type, ("",))
        found |= {f"{family.name}{end}" for end in ends}
    return found


def _expressions() -> Iterator[str]:
    """Yield the queries of the dashboard and of the alert rules."""
    dashboard: dict[str, Any] = json.loads((FOLDER / "grafana-dashboard.json").read_text(encoding="utf-8"))
    for panel in dashboard["panels"]:
        assert panel["title"]
        yield from (target["expr"] for target in panel["targets"])
    yield from (variable["query"] for variable in dashboard["templating"]["list"])
    for group in yaml.safe_load((FOLDER / "alerts.yml").read_text(encoding="utf-8"))["groups"]:
        for rule in group["rules"]:
            assert re.fullmatch("[A-Z][A-Za-z]+", rule["alert"])
            assert rule["labels"]["severity"] in ("page", "ticket")
            assert {"summary", "description"} <= rule["annotations"].keys()
            yield rule["expr"]


@pytest.mark.one_engine
def test_the_dashboard_and_the_alerts_name_metrics_that_exist(metrics: set[str]) -> None:
    expressions = list(_expressions())
    assert len(expressions) > 15
    for expression in expressions:
        assert set(_NAME.findall(expression)) <= metrics, expression
        assert all(expression.count(one) == expression.count(other) for one, other in ("()", "[]", "{}")), expression


@pytest.mark.one_engine
def test_every_metric_is_on_the_page(metrics: set[str]) -> None:
    listed = set(re.findall(r"^\| `(claims_[a-z_]+)` \|", PAGE.read_text(encoding="utf-8"), re.M))
    assert {re.sub("_(bucket|count|sum)$", "", name) for name in metrics} == listed
