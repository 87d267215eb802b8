"""``claims export`` in a process of its own."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from service.interchange.publishing.export_stream import export_lines
from service.model.record_kinds import Scope
from service.storage.database import Database
from service.store import Store
from tests.claim_verification.cli.commands import ran
from tests.claim_verification.cli.test_cli import claims, refused
from tests.processes import PROJECT
from tests.settings import make_settings
from tests.use_cases.desk import Desk

pytestmark = pytest.mark.one_engine


@pytest.fixture
def whole(desk: Desk, database_url: str) -> list[bytes]:
    """Return the export of a store with a draft."""
    for number in range(30):
        desk.claim(f"c-{number:02}", text=f"Ships, Schiffe, 船 {number}.")
    desk.judge("c-00", "Jane")
    desk.judge("c-01", "Jane", draft=True)
    return list(export_lines(desk.store, Scope.ALL))


def test_it_writes_everything_to_a_file_or_a_pipe(whole: list[bytes], database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "all.ndjson"
    done = ran("export", "-o", str(file), DATABASE_URL=database_url)
    assert (done.returncode, done.stdout) == (0, "")
    assert f"{file.stat().st_size} bytes" in done.stderr
    assert file.read_bytes() == b"".join(whole)
    piped = claims("export", DATABASE_URL=database_url)
    assert piped.stdout.encode() == b"".join(whole)

    packed = tmp_path / "all.ndjson.gz"
    for _ in range(2):  # over the one that is there, with the same bytes
        before = packed.read_bytes() if packed.exists() else None
        assert ran("export", "--gzip", "--output", str(packed), DATABASE_URL=database_url).returncode == 0
        assert before in (None, packed.read_bytes())
    assert gzip.decompress(packed.read_bytes()) == b"".join(whole)
    assert sorted(path.name for path in tmp_path.glob("*all*")) == ["all.ndjson", "all.ndjson.gz"]


def test_it_leaves_out_what_is_not_for_everybody(whole: list[bytes], desk: Desk, database_url: str) -> None:
    public = ran("export", "--public", DATABASE_URL=database_url).stdout
    assert public.encode() == b"".join(export_lines(desk.store, Scope.PUBLIC)) != b"".join(whole)
    assert '"state":"draft"' not in public


def test_it_goes_on_after_a_line(whole: list[bytes], database_url: str) -> None:
    last = json.loads(whole[10])
    rest = ran("export", "--after", f"{last['kind']}:{last['id']}", DATABASE_URL=database_url)
    assert rest.stdout.encode() == b"".join(whole[11:])
    assert "There is no line claim:none in this export" in refused(
        ran("export", "--after", "claim:none", DATABASE_URL=database_url)
    )
    for wrong in ("claim", "claim:", "key:a"):
        assert wrong in refused(ran("export", "--after", wrong, DATABASE_URL=database_url), 2)


def test_a_file_is_there_whole_or_as_it_was(whole: list[bytes], database_url: str, tmp_path: Path) -> None:
    kept = tmp_path / "kept.ndjson"
    kept.write_text("what was there", encoding="utf-8")
    refused(ran("export", "--after", "claim:none", "-o", str(kept), DATABASE_URL=database_url))
    assert kept.read_text(encoding="utf-8") == "what was there"
    missing = tmp_path / "no-such-folder" / "all.ndjson"
    assert "cannot be written" in refused(ran("export", "-o", str(missing), DATABASE_URL=database_url))
    refused(ran("export", "-o", str(tmp_path), DATABASE_URL=database_url), 2)
    assert [path.name for path in tmp_path.iterdir() if "kept" in path.name] == ["kept.ndjson"]


@pytest.mark.parametrize("options", ["", "--gzip"])
def test_a_pipe_that_closes_ends_it_quietly(whole: list[bytes], database_url: str, options: str) -> None:
    # Whoever reads has gone before anything is written.
    command = f"{sys.executable} -c 'from claim_verification.cli import main; main()' export {options} | exec true"
    environment = {"DATABASE_URL": database_url, "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=PROJECT, env=environment, capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr, done.stdout) == (141, b"", b"")


def test_an_export_is_of_one_state_whatever_others_write(whole: list[bytes], desk: Desk, database_url: str) -> None:
    reader = Store(Database(make_settings(database_url)))
    with reader.snapshot():
        lines = export_lines(reader, Scope.ALL)
        begun = [next(lines) for _ in range(3)]
        desk.patch("/v1/claims/c-29", "Ed", {"text": "Other words."})
        desk.claim("later")
        assert begun + list(lines) == whole
    reader.database.close()
    assert list(export_lines(desk.store, Scope.ALL)) != whole
