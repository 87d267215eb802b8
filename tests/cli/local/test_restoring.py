"""``claims restore`` leaves a store that this version can serve, from the backup of whichever version."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from service.storage.database import Database
from tests.claim_verification.cli.commands import invoke, printed
from tests.settings import make_settings
from tests.storage import last_version


def test_the_backup_of_an_earlier_version_is_upgraded(tmp_path: Path) -> None:
    copy, url = tmp_path / "copy.db", f"sqlite:///{tmp_path / 'claims.db'}"
    with closing(Database(make_settings(f"sqlite:///{copy}"))) as earlier:
        last_version.fill(earlier)

    said = printed(invoke("restore", str(copy), DATABASE_URL=url)).splitlines()

    assert said[0] == f"restored: {copy}"
    assert "migrated: 0007_first_seen" in said
    assert said[-1].startswith("rebuilt: ")
    for command in ("doctor", "audit"):
        printed(invoke(command, DATABASE_URL=url))
    printed(invoke("restore", str(copy), DATABASE_URL=url))
