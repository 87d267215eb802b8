"""``claims`` on a terminal and in a pipe: what fits, what is coloured, what is aligned, what is completed."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys

import pytest
from wcwidth import wcswidth

from claim_verification import Client
from service.model.actors import KeyRole
from tests.claim_verification.cli.commands import Run, invoke, printed
from tests.claim_verification.conftest import Served
from tests.claim_verification.proxy import Proxy
from tests.processes import PROJECT

CLAIM = "nk-15000-workers-in-russia"


# --- on a terminal -----------------------------------------------------------------------


def on_a_terminal(columns: int, *arguments: str, **environment: str) -> str:
    """What a command writes to a terminal that is so wide."""
    own, its = pty.openpty()
    settings = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm", **environment}
    process = subprocess.Popen(
        [sys.executable, "-m", "claim_verification", *arguments],
        stdin=its,
        stdout=its,
        stderr=its,
        env=settings,
        cwd=PROJECT,
    )
    os.close(its)
    written = b""
    try:
        while chunk := os.read(own, 4096):
            written += chunk
    except OSError:
        pass  # it has ended
    finally:
        os.close(own)
        assert process.wait(60) == 0, written
    return written.decode().replace("\r\n", "\n")


def test_a_table_fits_its_terminal(served: Served) -> None:
    said = on_a_terminal(50, "corroboration", "--url", served.url, NO_COLOR="1")
    lines = said.splitlines()
    assert "\x1b" not in said
    assert len(lines) > 260
    assert max(map(wcswidth, lines)) == 50
    assert lines[0].startswith("CLAIM ")
    assert all(line.endswith("…") for line in lines if wcswidth(line) == 50)


def test_a_recount_says_how_far_it_is(served: Served) -> None:
    said = on_a_terminal(100, "doctor", "--url", served.url)
    assert re.search(r"\r\x1b\[K\[#{24}\] 100%  \d+/s  0:00 left  \d+ claims\n", said), said
    assert said.endswith("can be checked where the store is\n")


def test_there_are_colours_on_a_terminal_only(served: Served) -> None:
    assert "\x1b[33mcontested" in on_a_terminal(200, "show", "un-120-companies", "--url", served.url)
    assert "\x1b" not in printed(invoke("show", "un-120-companies", "--url", served.url))


def test_wide_letters_are_aligned(run: Run, editor: Client, claim: str) -> None:
    for name in ("船員組合", "Dockers"):
        source = editor.create_source({"id": f"s-{len(name)}-{claim}", "name": name, "kind": "ngo"})
        document = editor.create_document({"publisher": source["id"]})
        editor.add_mention(claim, {"document": document["id"], "stance": "supports"})
    for key, words in ((KeyRole.EDITOR, "真実"), (KeyRole.ADMIN, "True")):
        done = run(
            "verdict", claim, "--claim-version", "1", "--rating", "supported", "--textual-rating", words, key=key
        )
        assert done.exit_code == 0, done.output
    said = printed(run("show", claim))
    assert "十二隻の船が着いた。" in said
    [head] = [line for line in said.splitlines() if "IN THEIR WORDS" in line]
    rows = [line for line in said.splitlines() if "真実" in line or "True" in line]
    assert len(rows) == 2
    column = head.index("VERSION")
    assert all(wcswidth(line[: line.rindex("1")]) == column for line in rows)


def test_what_is_stored_cannot_write_to_a_terminal(proxy: Proxy, reader: Client) -> None:
    claim = json.dumps(reader.get_claim(CLAIM, include="mentions"))
    evil = json.loads(claim) | {"text": "\x1b[2J\u202egone\x07", "note": "a\nb"}
    proxy.plan = [json.dumps(evil).encode()]
    said = printed(invoke("show", CLAIM, "--url", proxy.url))
    assert not {"\x1b", "\u202e", "\x07"} & set(said)
    assert re.search(r"^note +a b$", said, re.M)


def test_a_reader_that_goes_away_is_no_error(served: Served) -> None:
    for options in ("--csv", "--json", "--no-such"):
        script = f"{sys.executable} -m claim_verification.cli corroboration {options} --url {served.url} | head -n 1"
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
