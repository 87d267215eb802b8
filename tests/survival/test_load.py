"""Sixteen writers at once over two processes: nothing is lost, nothing is done twice, nothing fails."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.long_forms import by_form
from tests.survival.conftest import Place, served
from tests.survival.load import Load, assert_kept, assert_sound, opened

pytestmark = by_form([pytest.mark.one_engine], [])

# More makes the test search deeper, less makes it quicker; what it asserts stays the same.
SECONDS = float(os.environ.get("SURVIVAL_SECONDS", by_form("2", "20")))


def test_sixteen_writers_lose_nothing(place: Place, tmp_path: Path) -> None:
    with served(place, tmp_path, writers=len(place.keys)) as (service, client):
        with Load(service.url, place.keys, readers=2) as load:
            end = time.monotonic() + SECONDS
            while time.monotonic() < end or not all(a.counted and a.verdicts for a in load.accounts):
                load.wait_for(1)
        shown = {verdict["id"] for verdict in client.walk("/v1/verdicts?limit=200")}
        assert {verdict for account in load.accounts for verdict in account.verdicts} == shown
        for mention in [mention for account in load.accounts for mention in account.withdrawn][:50]:
            assert client.get(f"/v1/mentions/{mention}").status_code == 410
        assert "Traceback" not in service.log()
    with opened(place.url) as store:
        assert_kept(store, load)
        assert_sound(store)
