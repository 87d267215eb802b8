"""Ten requests cost as many statements and pages as `costs.json` has, unless a change is meant to change them."""

import json
from pathlib import Path

from tests.storage.costs import KEPT, measured


def test_ten_requests_cost_what_they_did(tmp_path: Path) -> None:
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    assert measured(tmp_path) == kept, "if the change is meant: `python -m tests.storage.costs` writes the costs anew"
