"""``claims restore`` leaves a store that this version can serve, from the backup of whichever version."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from service.model.actors import COMMAND_LINE, KeyRole
from service.storage.backup import back_up
from service.storage.database import Database
from service.storage.migrations import migrate
from service.store import Store
from service.use_cases.api_keys import check_key, create_key
from service.use_cases.sessions import begin_session, current_session
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


def test_nobody_stays_signed_in_by_a_session_of_the_backup(tmp_path: Path) -> None:
    copy, url = tmp_path / "copy.db", f"sqlite:///{tmp_path / 'claims.db'}"
    with closing(Database(make_settings(url))) as database:
        migrate(database)
        store = Store(database)
        _, key = create_key(store, "Ana", KeyRole.CHECKER, None, COMMAND_LINE)
        token, _ = begin_session(store, key)
        back_up(database, copy)

        printed(invoke("restore", str(copy), DATABASE_URL=url))

        assert current_session(store, token) is None
        assert check_key(store, key).name == "Ana"
