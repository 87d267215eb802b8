"""Several processes seed one empty database at once, as several nodes do when they start together."""

import os
import subprocess
import sys

from service.config import PROJECT
from service.operations.consistency_check import examine
from service.storage.database import Database
from service.store import Store
from tests.settings import make_settings

COMMAND = [sys.executable, "-c", "from claim_verification.cli import main; main()", "seed"]


def test_all_succeed_and_every_count_is_true(database_url: str) -> None:
    environment = os.environ | {"DATABASE_URL": database_url, "SEEDS_DIR": str(PROJECT / "seeds")}
    processes = [
        subprocess.Popen(
            COMMAND, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    said = [process.communicate(timeout=120) for process in processes]

    assert [process.returncode for process in processes] == [0, 0, 0], said
    assert sum("nothing changed" in output for output, _ in said) == 2
    database = Database(make_settings(database_url))
    assert list(examine(Store(database))) == []
    database.close()
