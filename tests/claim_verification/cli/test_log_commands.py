"""``claims log`` against a real server, honest or lying: output, exit statuses and files."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from claim_verification.cli import main
from claim_verification.proofs.verification import Head
from tests.claim_verification.cli.loopback import RETRY_AFTER_SECONDS, Answer, Server, chain, honest, plain, serving
from tests.servers import free_port

SIZE = 450
"""Three pages."""
OTHER = "ab" * 32


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(plain(SIZE)) as running:
        yield running


@pytest.fixture
def saved(server: Server, tmp_path: Path) -> str:
    """Return the file with a head that was saved when the log had 300 events."""
    events, server.events = server.events, server.events[:300]
    done(server, "head", "--save", str(tmp_path / "head.json"))
    server.events = events
    server.asked.clear()
    return str(tmp_path / "head.json")


def log(*arguments: str, key: str | None = None) -> tuple[int, str]:
    """Return the exit status and the output."""
    result = CliRunner().invoke(main, ["log", *arguments], env={"CLAIMS_API_KEY": key})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def done(server: Server, command: str, *arguments: str, key: str | None = None) -> str:
    status, output = log(command, "--url", server.url, *arguments, key=key)
    assert status == 0, output
    return output


def refused(server: Server, *arguments: str, status: int = 1) -> str:
    ended, output = log("verify", "--url", server.url, *arguments)
    assert ended == status, output
    assert "Error: " in output
    return output


def root_of(server: Server) -> str:
    head = honest("/v1/events/head", {}, server.events)
    assert head is not None
    return str(head["root_hash"])


# --- an honest server ------------------------------------------------------------------


def test_head_prints_what_it_saves(server: Server, tmp_path: Path) -> None:
    file = tmp_path / "head.json"
    file.write_text("an old one")
    assert done(server, "head", "--save", str(file)) == file.read_text()
    assert Head.parse(json.loads(file.read_bytes())).root_hash == root_of(server)
    assert list(tmp_path.iterdir()) == [file]


def test_everything_is_proven(server: Server, saved: str) -> None:
    output = done(server, "verify", "--since", saved, "--event", "7", "--all")
    assert output.splitlines() == [
        f"the log has 450 events and the root {root_of(server)}",
        "proven: it begins with the 300 events of the saved head, unchanged",
        f"proven: event 7 is in it, with the hash {server.events[6]['hash']}",
        "proven: that is the hash of its content, 'claim.created' by 'ana'",
        "proven: all 450 events follow one another and have this root",
    ]
    assert [target for target, _ in server.asked] == [
        "/v1/events/head",
        "/v1/events/consistency?from=300&to=450",
        "/v1/events/7/proof?size=450",
        *(f"/v1/events?after={after}&limit=200" for after in (0, 200, 400)),
    ]


def test_a_verified_head_takes_the_place_of_the_saved_one(server: Server, saved: str) -> None:
    done(server, "verify", "--since", saved, "--save", saved)
    assert json.loads(Path(saved).read_bytes())["size"] == SIZE
    server.events = chain(range(SIZE + 1))
    refused(server, "--since", saved, "--save", saved)
    assert json.loads(Path(saved).read_bytes())["size"] == SIZE


def test_what_is_withheld_is_said_not_to_be_proven(server: Server) -> None:
    server.events = chain(range(9), withheld=[2, 3])
    output = done(server, "verify", "--event", "3", "--all")
    assert "not proven: its content, which is withheld\n" in output
    assert "not proven: the content of 2 of them, which is withheld\n" in output


def test_an_empty_log(server: Server, tmp_path: Path) -> None:
    server.events = []
    file = str(tmp_path / "head.json")
    done(server, "head", "--save", file)
    assert "proven: all 0 events" in done(server, "verify", "--all", "--since", file)
    assert refused(server, "--event", "1").endswith("Error: --event: there is no event 1: the log has 0 events\n")
    server.events = plain(3)
    assert "it begins with the 0 events" in done(server, "verify", "--since", file)


def test_the_log_may_grow_while_it_is_read(server: Server) -> None:
    def grow(path: str, answer: Answer) -> Answer:
        if path.endswith("/head"):
            server.events = plain(SIZE + 300)
        return answer

    server.twist = grow
    assert f"proven: all {SIZE} events" in done(server, "verify", "--all", "--event", "400")


def test_a_path_of_the_address_is_kept(server: Server) -> None:
    status, output = log("head", "--url", f"{server.url}/api/")
    assert (status, server.asked[0][0]) == (4, "/api/v1/events/head")
    assert "(404 not_found)" in output


# --- a lying server --------------------------------------------------------------------


def on(end: str, change: Callable[[Answer], object]) -> Callable[[str, Answer], object]:
    """Return a twist of the answers for paths with this end."""
    return lambda path, answer: change(answer) if path.endswith(end) else answer


def payload(page: Answer) -> Answer:
    events = list(page["data"])
    events[10] = events[10] | {"payload": "other"}
    return page | {"data": events}


def swap(page: Answer) -> Answer:
    events = list(page["data"])
    events[10], events[11] = events[11], events[10]
    return page | {"data": events}


LIES = {
    "payload": (("--all",), on("/events", payload), "event 11 claims the hash"),
    "swapped": (("--all",), on("/events", swap), "event 11 is missing: found 12 in its place"),
    "cut-short": (("--all",), on("/events", lambda page: page | {"next": None}), "ends after 200 events"),
    "root": (("--all",), on("/head", lambda head: head | {"root_hash": OTHER}), "the 450 events have the root"),
    "content": (("--event", "7"), on("/proof", lambda p: p | {"event": p["event"] | {"at": "x"}}), "event 7 claims"),
    "other-event": (
        ("--event", "7"),
        on("/proof", lambda p: p | {"event": plain(8)[7]}),
        "event 7 is missing: found 8",
    ),
    "inclusion": (("--event", "7"), on("/proof", lambda p: p | {"path": p["path"][1:]}), "event 7: the proof does not"),
    "no-proof": (("--event", "7"), on("/proof", lambda p: {}), "event 7: requested a proof"),
    "consistency": (("--since",), on("/consistency", lambda p: p | {"path": [OTHER]}), "forked: no proof"),
    "other-sizes": (("--since",), on("/consistency", lambda p: p | {"to": p["from"]}), "requested a proof of"),
}


@pytest.mark.parametrize(("arguments", "twist", "finding"), LIES.values(), ids=LIES.keys())
def test_a_lie_is_named(
    server: Server,
    saved: str,
    arguments: tuple[str, ...],
    twist: Callable[[str, Answer], object],
    finding: str,
) -> None:
    server.twist = twist
    assert finding in refused(server, *arguments, *([saved] if arguments == ("--since",) else []))


def test_a_rolled_back_log_is_named(server: Server, saved: str) -> None:
    server.events = server.events[:299]
    assert "rolled back: the log had 300 events and now has 299" in refused(server, "--since", saved)


@pytest.mark.parametrize(("size", "finding"), [(300, "forked: another log of 300 events"), (450, "requested a proof")])
def test_a_forked_log_is_named(server: Server, saved: str, size: int, finding: str) -> None:
    """Another history, consistent in itself."""
    server.events = chain(range(size))
    assert "proven: all" in done(server, "verify", "--all")
    assert finding in refused(server, "--since", saved)


def test_a_log_cannot_print_what_looks_like_a_proof(server: Server) -> None:
    def forge(answer: Answer) -> Answer:
        return answer | {"event": answer["event"] | {"seq": "1\nproven: \x1b[2J"}}

    server.twist = on("/proof", forge)
    output = refused(server, "--event", "1")
    assert "\nproven" not in output
    assert "\x1b" not in output


# --- a server that does not answer as it should ----------------------------------------


@pytest.mark.parametrize(
    ("answer", "finding"),
    [
        (b"<html>", "the answer is not a JSON object"),
        (b"\xff", "the answer is not a JSON object"),
        (b"[" * 100_000, "the answer is not a JSON object"),
        ([], "the answer is not a JSON object"),
        ({"size": 3}, "not the head of a log"),
    ],
    ids=["html", "bytes", "deep", "list", "half"],
)
def test_what_is_no_head_is_said_so(server: Server, answer: object, finding: str) -> None:
    server.twist = lambda path, _: answer
    assert finding in refused(server, "--all", status=3)


@pytest.mark.parametrize(
    ("page", "finding"),
    [
        ([], "the answer is not a JSON object"),
        ({"data": [], "next": "/v1/events?after=0&limit=200"}, "`next` links to the same page"),
        ({"data": {}, "next": None}, "the answer is not a page of a list"),
        ({"data": plain(1), "next": "https://elsewhere.example/v1/events"}, "the answer links to another server"),
        ({"data": plain(1), "next": "//["}, "is not a URL"),
        ({"data": plain(1), "next": "/v1/events?after=0&limit=200"}, "`next` links to the same page"),
    ],
    ids=["list", "empty-with-next", "no-list", "elsewhere", "no-address", "in-circles"],
)
def test_pages_that_lead_nowhere_are_refused(server: Server, page: object, finding: str) -> None:
    server.twist = on("/events", lambda _: page)
    assert finding in refused(server, "--all", status=3)


def test_pages_in_a_wider_circle_are_refused(server: Server) -> None:
    targets = iter(["/v1/events?after=1&limit=200", "/v1/events?after=0&limit=200"] * 9)
    server.twist = on("/events", lambda _: {"data": plain(1), "next": next(targets)})
    assert "event 2 is missing: found 1 in its place" in refused(server, "--all")


def test_an_error_of_the_server_is_told(server: Server) -> None:
    server.statuses = [500]
    assert "/v1/events/head answers 500" in refused(server, "--all", status=3)


def test_a_busy_server_is_asked_again_when_it_wishes(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    naps: list[float] = []
    monkeypatch.setattr(time, "sleep", naps.append)
    server.statuses = [429, 503, 429]
    assert "proven: event 1" in done(server, "verify", "--event", "1")
    server.statuses = [429] * 9
    assert "(429 too_many_requests)" in refused(server, "--all", status=3)
    assert naps == [RETRY_AFTER_SECONDS] * 7


def test_a_server_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    status, output = log("head", "--url", f"http://127.0.0.1:{free_port()}")
    assert status == 3
    assert "Error: http://127.0.0.1:" in output


# --- the key and the files -------------------------------------------------------------


def test_the_key_of_the_environment_is_sent(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the key that was given is sent, not one of a .netrc."""
    netrc = tmp_path / "netrc"
    netrc.write_text("default login eve password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    done(server, "head", key="the-key\n")
    done(server, "head")
    assert [sent for _, sent in server.asked] == ["Bearer the-key", None]


def test_a_key_that_cannot_be_one_is_not_repeated(server: Server) -> None:
    status, output = log("head", "--url", server.url, key="geheim\x01ß")
    assert (status, server.asked) == (1, [])
    assert "Error: CLAIMS_API_KEY: " in output
    assert "geheim" not in output


@pytest.mark.parametrize(
    ("content", "finding"),
    [
        (None, "cannot be read: No such file or directory"),
        (b"size: 3", "not JSON: "),
        (b"\xff\xfe\x00", "head.json: "),
        (b"[]", "not the head of a log"),
        (b'{"size": 3}', "not the head of a log"),
        (b"[" * 100_000, "head.json: "),
    ],
    ids=["missing", "text", "bytes", "list", "half", "deep"],
)
def test_a_file_that_is_no_saved_head(server: Server, tmp_path: Path, content: bytes | None, finding: str) -> None:
    file = tmp_path / "head.json"
    if content is not None:
        file.write_bytes(content)
    output = refused(server, "--since", str(file))
    assert f"Error: {file}: " in output
    assert finding in output


def test_a_head_that_cannot_be_saved(server: Server, tmp_path: Path) -> None:
    status, output = log("head", "--url", server.url, "--save", str(tmp_path / "missing" / "head.json"))
    assert status == 1
    assert "head.json: cannot be written: No such file or directory" in output


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("verify",),
        ("verify", "--url", "http://127.0.0.1:1"),
        ("verify", "--url", "http://127.0.0.1:1", "--event", "0"),
        ("verify", "--url", "127.0.0.1:1", "--all"),
        ("verify", "--url", "ftp://127.0.0.1", "--all"),
        ("head", "--url", "http://"),
        ("head", "--url", "http://["),
        ("head", "--url", "http://127.0.0.1:1", "--api-key", "k"),
    ],
    ids=" ".join,
)
def test_wrong_usage(arguments: tuple[str, ...]) -> None:
    status, output = log(*arguments)
    assert status == 2
    assert "Usage: " in output
