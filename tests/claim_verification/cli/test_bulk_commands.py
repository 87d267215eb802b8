"""``claims match``, ``import`` and ``export``, on the local store and on a service."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner

from claim_verification import Client
from claim_verification.cli import main
from claim_verification.cli.upload_batches import BATCH_BYTES, BATCH_LINES, batches
from service.model.actors import KeyRole
from tests.claim_verification.cli.commands import Run, invoke, printed
from tests.claim_verification.conftest import Served
from tests.claim_verification.proxy import Proxy
from tests.interchange.claimreview.samples import google_claim, review

REPEATED = "North Korea sent 12,000 workers in 2024 to help Russia in the war."


def reviews(site: str, count: int) -> list[dict[str, Any]]:
    """Return reviews for one test only."""
    return [
        review(
            url=f"https://{site}.example.org/{number}",
            claimReviewed=f"The {site} cost {number} million.",
            author={"@type": "Organization", "name": site, "url": f"https://{site}.example.org/"},
        )
        for number in range(count)
    ]


def lines_of(values: Iterable[Any]) -> bytes:
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


# --- match ------------------------------------------------------------------------------


def test_what_is_matched_is_what_the_api_matches(run: Run, served: Served) -> None:
    texts = [REPEATED, "zzzz", "No fewer than 120 companies in Russia were employing North Koreans."]
    found = json.loads(printed(run("match", "--json", "--limit", "3", "--threshold", "0.4", *texts)))
    asked = {"texts": texts, "limit": 3, "threshold": 0.4}
    assert found == requests.post(f"{served.url}/v1/match", json=asked, timeout=30).json()
    assert [result["answer"] for result in found["results"]] == ["match", "none", "match"]

    rows = [line.split() for line in printed(run("match", "--limit", "1", *texts)).splitlines()]
    assert rows[0] == ["NO", "SCORE", "RELATION", "CLAIM", "STATUS", "VERDICTS", "DIFFERS", "TEXT"]
    assert [(row[0], row[3]) for row in rows[1:]] == [
        ("1", "nk-12000-troops-sent"),
        ("2", "-"),
        ("3", "un-120-companies"),
    ]


def test_a_match_says_what_differs_and_what_checkers_say(run: Run, editor: Client) -> None:
    row = printed(run("match", "--limit", "1", REPEATED)).splitlines()[1]
    assert "12,000 workers for 12,000 soldiers" in row
    text = "The ferry of Bygdøy carried 731 passengers over the fjord."
    same = [found["id"] for found in editor.list_claims(q="Bygdøy")]  # of the run on the other store
    claim = editor.create_claim({"text": text, "distinct_from": same, "subject": "ferry", "topics": ["harbour"]})
    editor.create_verdict(claim["id"], {"claim_version": 1, "rating": "refuted"})
    [row] = [line for line in printed(run("match", text)).splitlines() if claim["id"] in line]
    assert "  1 refuted  " in row


def test_a_text_comes_from_standard_input(served: Served) -> None:
    settings = {"CLAIMS_URL": served.url, "CLAIMS_API_KEY": None}
    article = b"Of the war.\n\n" + REPEATED.encode() + b"\n\nMore will follow, they say. \xff\n"
    done = CliRunner().invoke(main, ["match", "-", "--limit", "1"], input=article, env=settings)
    assert done.exit_code == 0, done.output
    assert "nk-12000-troops-sent" in done.stdout
    assert CliRunner().invoke(main, ["match", "-", "-"], input=article, env=settings).exit_code == 2


def test_what_cannot_be_matched_is_refused(run: Run) -> None:
    nothing = run("match", "zzzz")
    assert (printed(nothing), nothing.stderr) == ("", "no claim matches the text\n")
    assert run("match", "--limit", "51", "a").exit_code == 1
    assert run("match", *["a"] * 101).exit_code == 1
    assert run("match").exit_code == 2


# --- export -----------------------------------------------------------------------------


def test_an_export_over_http_is_the_local_one(served: Served, tmp_path: Path) -> None:
    here = invoke("export", "--public", DATABASE_URL=served.database_url)
    there = invoke("export", "--url", served.url)
    assert there.stdout_bytes == here.stdout_bytes
    assert there.stdout_bytes.endswith(b'"written_meanwhile":false}\n')
    packed = tmp_path / "all.ndjson.gz"
    done = invoke("export", "--url", served.url, "--gzip", "-o", str(packed))
    assert (done.exit_code, done.stdout) == (0, "")
    assert gzip.decompress(packed.read_bytes()) == here.stdout_bytes

    key = {"CLAIMS_API_KEY": served.keys[KeyRole.EDITOR]}
    whole = invoke("export", DATABASE_URL=served.database_url).stdout_bytes
    assert invoke("export", "--url", served.url, **key).stdout_bytes == whole != here.stdout_bytes
    assert invoke("export", "--url", served.url, "--public", **key).stdout_bytes == here.stdout_bytes


def test_an_export_goes_on_after_a_line(run: Run) -> None:
    lines = run("export", "--public").stdout_bytes.splitlines(keepends=True)
    last = json.loads(lines[200])
    rest = run("export", "--public", "--after", f"{last['kind']}:{last['id']}")
    assert rest.stdout_bytes == b"".join(lines[201:])
    assert run("export", "--after", "claim:none-such").exit_code == 1
    assert run("export", "--after", "claim").exit_code == 2


def test_an_export_that_broke_off_leaves_no_file(served: Served, proxy: Proxy, tmp_path: Path) -> None:
    proxy.plan = [b'{"kind":"export"}\n']
    done = invoke("export", "--url", proxy.url, "-o", str(tmp_path / "all.ndjson"))
    assert done.exit_code == 3
    assert list(tmp_path.iterdir()) == []


# --- import -----------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["lines", "graph", "gzip", "google", "page"])
def test_reviews_are_taken_in(run: Run, form: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    site = f"{form}-{request.node.callspec.params['run']}"
    some = reviews(site, 3)
    texts = {
        "lines": lines_of(some),
        "graph": json.dumps({"@context": "https://schema.org", "@graph": some}, indent=1).encode(),
        "gzip": gzip.compress(lines_of(some), mtime=0),
        "google": json.dumps({"claims": [_of_google(site, number) for number in range(3)]}).encode(),
        "page": f'<!doctype html><script type="application/ld+json">{json.dumps(some)}</script>'.encode(),
    }
    file = tmp_path / "some.data"
    file.write_bytes(texts[form])
    assert printed(run("import", str(file), key=KeyRole.EDITOR)).splitlines()[:2] == ["3 created", "0 refused"]
    again = printed(run("import", str(file), key=KeyRole.EDITOR)).splitlines()
    assert again[:3] == ["0 created", "3 existed already", "0 refused"]


def _of_google(site: str, number: int) -> dict[str, Any]:
    claim = google_claim(number)
    [said] = claim["claimReview"]
    publisher = {"name": site, "site": f"{site}.example.org"}
    return claim | {"claimReview": [{**said, "publisher": publisher, "url": f"https://{site}.example.org/g{number}"}]}


def test_what_was_refused_is_reported_by_its_line(run: Run, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    site = f"report-{request.node.callspec.params['run']}"
    some = lines_of(reviews(site, 2 * BATCH_LINES // 100)).splitlines(keepends=True)
    # Lines that say nothing are sent too, and count.
    text = b"".join(some[:5]) + b"\n" * BATCH_LINES + b"{broken\n" + b"".join(some[5:])
    file, report = tmp_path / "some.ndjson", tmp_path / "report.ndjson"
    file.write_bytes(text)
    done = run("import", str(file), "--report", str(report), key=KeyRole.EDITOR)
    assert done.exit_code == 1, done.output
    assert done.stdout.splitlines()[:2] == [f"{len(some)} created", "1 refused"]
    [refused] = [one for line in report.read_bytes().splitlines() if (one := json.loads(line))["outcome"] == "refused"]
    assert (refused["file"], refused["line"], refused["item"]) == (str(file), BATCH_LINES + 6, BATCH_LINES + 6)


def test_lines_are_sent_in_batches(served: Served, proxy: Proxy, tmp_path: Path) -> None:
    some = reviews("batches", 3)
    long = [{**one, "reviewBody": "x" * (BATCH_BYTES // 2)} for one in some]
    file = tmp_path / "long.ndjson"
    file.write_bytes(lines_of(long))
    key = {"CLAIMS_API_KEY": served.keys[KeyRole.EDITOR]}
    done = invoke("import", str(file), "--url", proxy.url, **key)
    assert printed(done).splitlines()[:2] == ["3 created", "0 refused"]
    assert [request.target for request in proxy.seen] == ["/v1/imports"] * 3
    assert b"".join(request.body for request in proxy.seen) == file.read_bytes()

    # What was done until the line broke for good is told.
    proxy.plan = ["pass", 500]
    broken = invoke("import", str(file), "--url", proxy.url, **key)
    assert (broken.exit_code, broken.stdout.splitlines()[:2]) == (3, ["0 created", "1 existed already"])


def test_what_is_too_long_for_a_service_says_what_to_do(served: Served, proxy: Proxy, tmp_path: Path) -> None:
    file = tmp_path / "feed.json"
    file.write_bytes(json.dumps(reviews("long", 2), indent=1).encode())
    proxy.plan = [413]
    done = invoke("import", str(file), "--url", proxy.url, CLAIMS_API_KEY=served.keys[KeyRole.EDITOR])
    assert done.exit_code == 1
    assert "IMPORT_MAX_BYTES" in done.stderr
    assert "NDJSON" in done.stderr


def test_an_import_over_http_takes_a_key_for_a_dry_run_too(served: Served, tmp_path: Path) -> None:
    file = tmp_path / "one.json"
    file.write_bytes(json.dumps(reviews("nobody", 1)).encode())
    refused = invoke("import", str(file), "--url", served.url)
    assert (refused.exit_code, "unauthorized" in refused.stderr) == (1, True)
    assert "Set the environment variable CLAIMS_API_KEY to your API key." in refused.stderr
    assert invoke("import", str(file), "--url", served.url, "--dry-run").exit_code == 1
    assert "1 created" in printed(invoke("import", str(file), "--dry-run", DATABASE_URL=served.database_url))


@pytest.mark.parametrize(
    ("text", "media_types"),
    [
        (b'\n{"a": 1}\n\n[2]\n', ["application/x-ndjson"]),
        (b'\xef\xbb\xbf{"a": 1},\n{"b": 2}', ["application/x-ndjson"]),
        (b'{"a": 1}\n' * (BATCH_LINES + 1), ["application/x-ndjson"] * 2),
        (b'{"kind": "export"}\n{"kind": "end"}\n' * BATCH_LINES, ["application/json"]),
        (b'{"a": 1}', ["application/json"]),
        (b'{\n"a": 1}', ["application/json"]),
        (b"1\n2\n" * BATCH_LINES, ["application/json"]),
        ('{"a": 1}\n{"b": 2}\n'.encode("utf-16"), ["application/json"]),
        (b" <!doctype html>", ["text/html"]),
        (gzip.compress(b'{"a": 1}\n' * 2, mtime=0), ["application/gzip"]),
        (b"", ["application/json"]),
    ],
)
def test_batches_are_the_whole_file(text: bytes, media_types: list[str]) -> None:
    sent = list(batches("a", io.BytesIO(text)))
    assert b"".join(batch.body for batch in sent) == text
    assert [batch.media_type for batch in sent] == media_types
    assert [batch.lines_before for batch in sent] == [number * BATCH_LINES for number in range(len(sent))]


SHEET = "Claim {n};Said by;Said at;Verdict;Remarks\nThe canal {n} was dug.;The Mayor;https://canal.example/{n};False;-\n;x;;;\n"


@pytest.mark.parametrize("place", ["local", "remote"])
def test_a_spreadsheet_is_shown_row_by_row_and_then_imported(served: Served, tmp_path: Path, place: str) -> None:
    at = {"DATABASE_URL": served.database_url} if place == "local" else {"CLAIMS_URL": served.url}
    at |= {"CLAIMS_API_KEY": served.keys[KeyRole.EDITOR]}
    file = tmp_path / "claims.csv"
    file.write_text(SHEET.format(n=place))
    options = ("--map", f"Claim {place}=claim", "--map", "Said at=url", "--set", "reviewer=Canal Checks, the best")
    tried = invoke("import", str(file), *options, "--dry-run", **at)
    assert tried.exit_code == 1
    lines = tried.stdout.splitlines()
    assert lines[0] == (
        f"{file}: Claim {place} = claim, Said by = claimant, Said at = url, Verdict = rating, Remarks = (not read)"
    )
    assert lines[1] == "row 2: created"
    assert any(line.endswith(f": The canal {place} was dug.") for line in lines)
    assert any(line.endswith(": refuted, by Canal Checks, the best") for line in lines)
    assert lines[lines.index("row 3: refused") + 1].startswith("    claim: the row has no claim")
    assert "a dry run: nothing was stored" in lines
    assert f"{file}: columns that are not read: Remarks" in tried.stderr
    assert f"refused: {file}, row 3: claim: the row has no claim" in tried.stderr
    for said in ("1 created", "1 existed already"):
        answer = invoke("import", str(file), *options, **at)
        assert said in answer.stdout.splitlines()
    unknown = invoke("import", str(file), "--map", "Said by=claimand", **at)
    assert unknown.exit_code != 0
    assert "There is no field 'claimand'. Did you mean 'claimant'?" in unknown.stderr


def test_sheets_are_sent_under_their_media_types() -> None:
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    for name, body, media_type in (
        ("a.csv", b"{}", "text/csv"),
        ("a.TSV", b"a\tb", "text/tab-separated-values"),
        ("a.csv.gz", b"\x1f\x8b", "text/csv"),
        ("a.xlsx", b"PK\x03\x04", sheet),
        ("-", b"PK\x03\x04", sheet),
        ("-", b"a,b", "application/json"),
    ):
        [batch] = batches(name, io.BytesIO(body))
        assert (batch.media_type, batch.body) == (media_type, body)
