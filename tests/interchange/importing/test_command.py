"""``claims import`` as a process: standard input, Ctrl-C, and concurrent writers."""

from __future__ import annotations

import gzip
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from claim_verification.cli.progress import Progress
from service.interchange.claimreview.collective_names import load_collectives
from service.interchange.claimreview.ratings import load_table
from service.interchange.claimreview.reader import read
from service.interchange.claimreview.tables import load_tables
from service.interchange.importing.outcomes import Outcome, Tally
from service.interchange.importing.reviews import BATCH, Importer
from service.model.errors import ConfigError
from service.store import Store
from tests.claim_verification.cli.commands import ran
from tests.interchange.claimreview.samples import review
from tests.processes import PROJECT
from tests.use_cases.desk import Desk

pytestmark = pytest.mark.one_engine

_COMMAND = [sys.executable, "-c", "from claim_verification.cli import main; main()", "import", "-"]


@pytest.fixture
def environment(database_url: str) -> dict[str, str]:
    """Return the environment of a process with an empty store."""
    assert ran("migrate", DATABASE_URL=database_url).returncode == 0
    return {**os.environ, "DATABASE_URL": database_url}


def test_standard_input_with_and_without_gzip(environment: dict[str, str]) -> None:
    lines = b"".join(json.dumps(review(number)).encode() + b"\n" for number in range(5))
    for sent, said in ((gzip.compress(lines), "5 created"), (lines, "5 existed already")):
        done = subprocess.run(
            _COMMAND, input=sent, env=environment, cwd=PROJECT, capture_output=True, timeout=60, check=True
        )
        assert said in done.stdout.decode()
        assert b"\r" not in done.stderr


def test_the_counts_as_json(environment: dict[str, str]) -> None:
    lines = b"".join(
        json.dumps(each).encode() + b"\n" for each in (review(1), review(2, itemReviewed=None, claimReviewed=None))
    )
    for created, unchanged in ((1, 0), (0, 1)):
        done = subprocess.run(
            [*_COMMAND, "--json"],
            input=lines,
            env=environment,
            cwd=PROJECT,
            capture_output=True,
            timeout=60,
            check=False,
        )
        counts = json.loads(done.stdout)
        assert (done.returncode, counts["refused"], counts["dry_run"]) == (1, 1, False)
        assert (counts["created"], counts["unchanged"]) == (created, unchanged)


def test_wrong_usage(environment: dict[str, str]) -> None:
    for arguments in ([], ["/nowhere/at/all.json"]):
        assert ran("import", *arguments, DATABASE_URL=environment["DATABASE_URL"]).returncode == 2


def test_ctrl_c_leaves_whole_batches(environment: dict[str, str], store: Store) -> None:
    with subprocess.Popen(
        _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, cwd=PROJECT
    ) as process:
        assert process.stdin is not None
        try:
            # More than is read ahead: the process waits for the rest.
            filler = "x" * 8000
            for number in range(3 * BATCH):
                line = json.dumps(review(number, reviewRating={"ratingExplanation": filler, "alternateName": "False"}))
                process.stdin.write(line.encode() + b"\n")
            process.stdin.flush()
            deadline = time.monotonic() + 60
            while store.catalogue.sizes()["claims"] < BATCH and time.monotonic() < deadline:
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            output, errors = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 130, errors.decode()
    assert b"stopped" in errors
    assert b"Traceback" not in errors
    stored = store.catalogue.sizes()["claims"]
    assert f"{stored} created" in output.decode()
    assert stored > 0
    assert stored % BATCH == 0
    for command in ("audit", "doctor"):
        assert ran(command, DATABASE_URL=environment["DATABASE_URL"]).returncode == 0


def test_a_writer_gets_its_turn_between_two_batches(desk: Desk) -> None:
    entries = (review(number) for number in range(BATCH + 10))
    items = read(io.BytesIO(json.dumps(list(entries)).encode()), table=load_table())
    batches = Importer(desk.store, "Ann", load_collectives()).import_reviews(items)
    tally = Tally()
    tally.add(next(batches))
    desk.claim("meanwhile", who="Ed")
    for batch in batches:
        tally.add(batch)
    assert tally.outcomes == {Outcome.CREATED: BATCH + 10}
    assert desk.get("/v1/claims/meanwhile")["version"] == 1


def test_progress_in_a_log() -> None:
    progress = Progress(1000)
    tally = Tally()
    tally.outcomes.update({Outcome.CREATED: 60, Outcome.UNCHANGED: 37, Outcome.REFUSED: 3})
    line = progress.line(250, 100, str(tally), 10)
    for said in ("25%", "10/s", "0:30 left", "97 accepted, 3 refused"):
        assert said in line
    assert "left" not in Progress(None).line(0, 100, str(tally), 10)


def test_a_file_adds_names_of_collectives(tmp_path: Path) -> None:
    own = tmp_path / "own.txt"
    own.write_text("[crowds]\nforum posters\n[heads]\n… enthusiasts\n[unnamed]\na little bird\n", encoding="utf-8")
    names = load_collectives(own)
    assert names.kind("Forum posters") == names.kind("Chess Enthusiasts") == "collective"
    assert names.kind("A little bird") == "anonymous"
    assert names.kind("Facebook posts") == "collective"
    own.write_text("[crowd]\nforum posters\n", encoding="utf-8")
    for path, reason in (
        (own, r"own.txt:1: unknown section \[crowd\]: must be"),
        (tmp_path / "none.txt", "none.txt"),
    ):
        with pytest.raises(ConfigError, match=f"COLLECTIVES_FILE.*{reason}"):
            load_tables(None, path)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Facebook posts", "collective"),
        ("Posts on Facebook and Instagram", "collective"),
        ("Publicaciones virales en Facebook", "collective"),
        ("Brazilian Facebook users", "collective"),
        ("सोशल मीडिया यूजर", "collective"),
        ("网友", "collective"),
        ("x.com", "collective"),
        ("www.facebook.com", "collective"),
        ("https://some-blog.net/", "collective"),
        ("Instagram.com, x.com", "collective"),
        ("Posts on x.com", "collective"),
        ("пример.рф", "collective"),
        ("Multiple", "collective"),
        ("Varios", "collective"),
        ("several sources", "collective"),
        ("Різні користувачі", "collective"),
        ("複数のユーザー", "collective"),
        ("users of TikTok", "collective"),
        ("messages sur Telegram", "collective"),
        ("Nhiều người dùng Facebook", "collective"),
        ("الفيسبوك", "collective"),
        ("والفيسبوك", "collective"),
        ("صفحات على الفيسبوك", "collective"),
        ("הגולשים", "collective"),
        ("פוסטים בפייסבוק", "collective"),
        ("Facebook user(s)", "collective"),
        ("Election TV Ads", "collective"),
        ("Recipients of a chain message", "collective"),
        ("Viral Claim", "collective"),
        ("Democratic lawmakers", "collective"),
        ("Members of Congress", "collective"),
        ("Netizens", "collective"),
        ("Algunas personas", "collective"),
        ("Einige Leute", "collective"),
        ("некоторые люди", "collective"),
        ("பேஸ்புக் பயனர்", "collective"),
        ("ફેસબુક યુઝર", "collective"),
        ("फेसबुक यूजर", "collective"),
        ("ফেসবুক ব্যবহারকারী", "collective"),
        ("مستخدم على فيسبوك", "collective"),
        ("Pengguna Facebook", "collective"),
        ("一些人", "collective"),
        ("Noen", "anonymous"),
        ("N/A", "anonymous"),
        ("Anónimo", "anonymous"),
        ("Joe Biden; Facebook posts", None),
        ("Facebook user John Smith", None),
        ("The New York Times", None),
        ("Larry Page", None),
        ("Node.js", None),
        ("J.Biden", None),
        ("U.N.", None),
        ("Joe Biden on x.com", None),
        ("وليد جنبلاط", None),
        ("الجزيرة", None),
        ("הארץ", None),
        ("Monet", None),
        ("and", None),
        ("Donald Trump", None),
        ("फेसबुक यूजर शानू खान", None),
        ("பேஸ்புக் பயனர் குமார் சங்கர்", None),
        ("Campaign ad for Randy Bryce", None),
        ("League of Women Voters", None),
        ("Union of Concerned Scientists", None),
        ("Public Citizen", None),
    ],
)
def test_names_of_collectives(name: str, kind: str | None) -> None:
    assert load_collectives().kind(name) == kind
