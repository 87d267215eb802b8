"""``claims`` on a terminal and in a pipe: layout, colours, alignment, progress, completion."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from claim_verification import Client
from claim_verification.cli.upload_batches import BATCH_BYTES
from service.model.actors import KeyRole
from tests.claim_verification.cli.commands import Run, invoke, printed
from tests.claim_verification.cli.pseudo_terminal import columns_of, on_a_terminal, visible
from tests.claim_verification.conftest import Served
from tests.claim_verification.proxy import Proxy
from tests.interchange.claimreview.samples import review
from tests.processes import PROJECT

CLAIM = "nk-15000-workers-in-russia"


# --- on a terminal -----------------------------------------------------------------------


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_a_search_shows_whole_claims_at_every_width(served: Served, columns: int) -> None:
    words = ("search", "--limit", "9", "workers", "russia", "--url", served.url)
    found = [json.loads(line) for line in printed(invoke(*words, "--json")).splitlines()]
    lines = on_a_terminal(columns, *words, NO_COLOR="1").splitlines()
    # A line of one word, as an id can be, may be longer.
    assert max(columns_of(line) for line in lines if " " in line.strip()) <= columns
    shown = set(" ".join(lines).split())
    assert {word for claim in found for word in (claim["id"], *claim["text"].split())} <= shown
    if columns < 120:
        text = " ".join(" ".join(lines).split())
        assert all(f"text: {claim['text']}" in text for claim in found)


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_reasoning_names_sources_and_documents(served: Served, columns: int) -> None:
    for command in ("show", "corroboration"):
        lines = on_a_terminal(columns, command, CLAIM, "--url", served.url, NO_COLOR="1").splitlines()
        text = " ".join(" ".join(lines).split())
        assert max(map(columns_of, lines)) <= columns
        assert "south-korea-nis" not in text
        assert "doc-workers-flood" not in text
        assert "Intelligence" in text
        assert text.count(CLAIM) == 1


def test_no_word_is_broken_even_where_one_is_longer_than_the_line(proxy: Proxy, reader: Client) -> None:
    claim = json.loads(json.dumps(reader.get_claim(CLAIM, include="mentions")))
    address = f"https://checks.example.org/{'a-long-path/' * 9}"
    proxy.plan = [json.dumps(claim | {"note": f"Seen at {address} and elsewhere."}).encode()]
    said = on_a_terminal(40, "show", CLAIM, "--url", proxy.url, NO_COLOR="1")
    assert address in said


def test_no_color_leaves_plain_text(served: Served) -> None:
    for arguments in (("corroboration",), ("show", CLAIM), ("search", "workers")):
        assert "\x1b" not in on_a_terminal(80, *arguments, "--url", served.url, NO_COLOR="1")
        assert "\x1b[" in on_a_terminal(80, *arguments, "--url", served.url)


def test_a_pipe_gets_whole_lines_whatever_the_width(served: Served) -> None:
    for arguments in (("search", "workers", "russia"), ("show", CLAIM), ("corroboration", CLAIM)):
        narrow, wide = (
            printed(invoke(*arguments, "--url", served.url, COLUMNS=columns, FORCE_COLOR="1"))
            for columns in ("20", "200")
        )
        assert narrow == wide
        assert "\x1b" not in narrow
    rows = printed(invoke("search", "--limit", "5", "workers", "russia", "--url", served.url)).splitlines()
    assert len(rows) == 6
    assert all(re.search(r"\w[.]$", row) for row in rows[1:])


# --- progress ----------------------------------------------------------------------------


def test_a_recount_says_how_far_it_is(served: Served) -> None:
    said = on_a_terminal(100, "doctor", "--url", served.url)
    states = [visible(state) for state in said.split("\r")]
    assert re.search(r" 0%", states[0]), states[0]
    last = next(state for state in reversed(states) if "%" in state)
    assert re.search(r"100% +\d+/s +\S+ +\d+ claims", last), last
    assert said.endswith("can be checked only where the store is\n")


@pytest.mark.parametrize("columns", [40, 100])
def test_the_progress_of_an_import_is_true_from_the_first_batch_to_the_last(
    served: Served, tmp_path: Path, columns: int
) -> None:
    site = f"progress-{columns}"
    some = [review(url=f"https://{site}.example.org/{n}", claimReviewed=f"{site} {n}") for n in range(4)]
    long = [{**one, "reviewBody": "x" * (BATCH_BYTES // 2)} for one in some]
    file = tmp_path / "long.ndjson"
    file.write_text("".join(json.dumps(one) + "\n" for one in long))
    key = served.keys[KeyRole.EDITOR]
    said = on_a_terminal(columns, "import", str(file), CLAIMS_URL=served.url, CLAIMS_API_KEY=key)
    states = [visible(state) for state in said.split("\n")[0].split("\r")]
    shown = [(int(percent), int(done or 0)) for percent, done in _states(states)]
    assert shown[0] == (0, 0)
    assert shown[-1] == (100, 4)
    # A batch has one of the four lines.
    assert all(percent in (25 * done, 25 * done - 1, 100) for percent, done in shown), shown
    assert all(done == 4 for percent, done in shown if percent == 100)
    assert all(columns_of(state) <= columns for state in states)


def _states(states: list[str]) -> list[tuple[str, str]]:
    found = (re.search(r"(\d+)%(?:.*?(\d+) accepted)?", state) for state in states)
    return [(match[1], match[2]) for match in found if match is not None]


def test_a_local_import_counts_what_is_stored_not_what_is_read(tmp_path: Path, served: Served) -> None:
    """The file is read ahead in pieces that are larger than a batch."""
    file = tmp_path / "many.ndjson"
    some = (review(url=f"https://ahead.example.org/{n}", claimReviewed=f"Ahead {n}.") for n in range(900))
    file.write_text("".join(json.dumps(one) + "\n" for one in some))
    said = on_a_terminal(60, "import", "--dry-run", str(file), DATABASE_URL=served.database_url)
    shown = {int(done): int(percent) for percent, done in _states(said.split("\n")[0].split("\r")) if done}
    for done, percent in shown.items():
        assert done == 900 or abs(percent - done * 100 // 900) <= 2, shown


# --- letters, pipes and completion -------------------------------------------------------


def test_there_are_colours_on_a_terminal_only(served: Served) -> None:
    assert "\x1b[33mcontested" in on_a_terminal(200, "show", "kursk-fully-retaken", "--url", served.url)
    assert "\x1b" not in printed(invoke("show", "kursk-fully-retaken", "--url", served.url))


def test_wide_letters_are_aligned(run: Run, editor: Client, claim: str) -> None:
    for name in ("船員組合", "Dockers"):
        source = editor.create_source({"id": f"s-{len(name)}-{claim}", "name": f"{name} {claim}", "kind": "ngo"})
        document = editor.create_document({"publisher": source["id"]})
        editor.add_mention(claim, {"document": document["id"], "stance": "supports"})
    for key, words in ((KeyRole.EDITOR, "真実"), (KeyRole.ADMIN, "True")):
        done = run(
            "verdict", claim, "--claim-version", "1", "--rating", "supported", "--textual-rating", words, key=key
        )
        assert done.exit_code == 0, done.output
    said = printed(run("show", claim))
    assert "十二隻の船が着いた" in said
    [head] = [line for line in said.splitlines() if "IN THEIR WORDS" in line]
    rows = [line for line in said.splitlines() if "真実" in line or "True" in line]
    assert len(rows) == 2
    column = head.index("VERSION")
    assert all(columns_of(line[: line.rindex("1")]) == column for line in rows)


def test_what_is_stored_cannot_write_to_a_terminal(proxy: Proxy, reader: Client) -> None:
    claim = json.dumps(reader.get_claim(CLAIM, include="mentions"))
    evil = json.loads(claim) | {"text": "\x1b[2J\u202egone\x07\x9b1m", "note": "a\nb"}
    proxy.plan = [json.dumps(evil).encode()]
    said = printed(invoke("show", CLAIM, "--url", proxy.url))
    assert not {"\x1b", "\u202e", "\x07"} & set(said)
    assert re.search(r"^note +a b$", said, re.M)
    for options in ((), ("--json",)):
        proxy.plan = [json.dumps(evil).encode()]
        said = on_a_terminal(60, "show", CLAIM, "--url", proxy.url, *options, NO_COLOR="1")
        assert not {"\x1b", "\u202e", "\x07", "\x9b"} & set(said)
        assert json.loads(said) == evil if options else "gone" in said
    lines = [{"kind": "export"}, {"kind": "claim", "id": "a", "text": "\x9b1m\u202e"}, {"kind": "end"}]
    proxy.plan = ["".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()]
    said = on_a_terminal(60, "export", "--url", proxy.url)
    assert not {"\u202e", "\x9b"} & set(said)
    assert [json.loads(line) for line in said.splitlines()] == lines


def test_a_reader_that_goes_away_is_no_error(served: Served) -> None:
    for options in ("--csv", "--json", "--no-such"):
        script = f"{sys.executable} -m claim_verification corroboration {options} --url {served.url} | head -n 1"
        done = subprocess.run(
            ["bash", "-c", script], cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False
        )
        assert ("No such option" in done.stderr) if options == "--no-such" else done.stderr == ""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_is_told_how_to_complete(shell: str) -> None:
    assert "_CLAIMS_COMPLETE" in printed(invoke("completion", shell))


def test_commands_and_values_are_completed() -> None:
    def completed(words: str) -> list[str]:
        number = str(len(words.split(" ")) - 1)
        environment = {**os.environ, "_CLAIMS_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": number}
        code = "from claim_verification.cli import main; main(prog_name='claims')"
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return [line.partition(",")[2] for line in done.stdout.splitlines()]

    assert completed("claims co") == ["corroboration", "completion"]
    assert completed("claims keys r") == ["revoke", "rotate"]
    assert completed("claims corroboration --status co") == ["corroborated", "contested"]
