"""``claims audit`` after somebody was at the database: it names the first thing that does not fit, and fails."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from claim_verification.cli import main
from service.store import Store
from service.use_cases.events import prove_consistency
from tests.copies import copied
from tests.operations import tampering
from tests.operations.tampering import opened, rewrite
from tests.world import BEN


def _audit(url: str, *arguments: str) -> tuple[int, list[str]]:
    """Return the exit status, and the lines on standard output."""
    result = CliRunner().invoke(main, ["audit", *arguments], env={"DATABASE_URL": url})
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    return result.exit_code, result.stdout.splitlines()


def _found(url: str, folder: Path, tamper: Callable[[Store], object], *arguments: str) -> str:
    """Return the first line of what the audit finds in a copy that was tampered with."""
    with copied(url, folder) as copy:
        with opened(copy) as store:
            tamper(store)
        status, lines = _audit(copy, *arguments)
    assert status == 1, lines
    return lines[0]


def _run(sql: str, *parameters: object) -> Callable[[Store], object]:
    return lambda store: store.database.run(sql, parameters)


def test_an_untouched_store_is_whole(original: str) -> None:
    with opened(original) as store:
        size = store.events.log_end()[0]
    assert _audit(original) == (0, [f"the log is complete ({size} events), and the tables agree with it"])


def _cases() -> dict[str, tuple[Callable[[Store], object], str]]:
    """Return the manipulations, each with the beginning of the first line that reports it."""
    rating = "UPDATE verdicts SET rating = 'supported' WHERE rating = 'refuted' AND superseded_by_id IS NULL"
    new = "INSERT INTO sources (public_id, name, kind, version, created_us, updated_us) VALUES (?, ?, ?, 1, 1, 1)"
    renamed = "UPDATE event_subjects SET subject = 'claim:bare' WHERE seq = 7 AND subject = 'source:gull'"
    return {
        "a rating": (
            _run(f"{rating} AND state = 'published'"),
            r"event \d+: verdict:v-\S+ differs in the tables: rating",
        ),
        "the text of a claim": (
            _run("UPDATE claims SET text = 'Thirteen ships.' WHERE public_id = 'ships'"),
            r"event \d+: claim:ships differs in the tables: text",
        ),
        "a stance": (
            _run("UPDATE mentions SET stance = 'refutes'"),
            r"event \d+: mention:m-\S+ differs in the tables: stance",
        ),
        "a link taken out": (
            _run("DELETE FROM claim_links WHERE withdrawn_us IS NULL"),
            r"event \d+: link:l-\S+ is not in the tables",
        ),
        "a source put in": (
            _run(new, "spy", "Spy", "ngo"),
            r"source:spy is in the tables but not in the log",
        ),
        "a key put in": (
            _run(
                "INSERT INTO api_keys (public_id, name, role, secret_sha256, created_us) "
                "VALUES ('spy', 'Spy', 'admin', 'x', 1)"
            ),
            r"key:spy is in the tables but not in the log",
        ),
        "a role": (
            _run("UPDATE api_keys SET role = 'admin' WHERE name = ?", BEN),
            r"event \d+: key:\S+ differs in the tables: role",
        ),
        "a secret": (
            _run("UPDATE api_keys SET secret_sha256 = ? WHERE name = ?", "0" * 64, BEN),
            r"event \d+: key:\S+ differs in the tables: secret_sha256",
        ),
        "a key that was revoked": (
            _run("UPDATE api_keys SET revoked_us = NULL"),
            r"event \d+: key:\S+ differs in the tables: revoked_at",
        ),
        "a count": (
            _run("UPDATE claims SET origins_at_least = 3 WHERE public_id = 'ships'"),
            r"event \d+: claim:ships differs in the tables: summary",
        ),
        "a count of nothing": (
            _run("UPDATE claims SET origins_at_least = 3 WHERE public_id = 'bare'"),
            r"event \d+: claim:bare differs in the tables: summary",
        ),
        "the actor of an event": (_event(7, "actor = 'Spy'"), "event 7: does not match its hash"),
        "the time of an event": (_event(7, "at_us = at_us + 1"), "event 7: does not match its hash"),
        "the type of an event": (_event(7, "type = 'source.changed'"), "event 7: does not match its hash"),
        "the payload of an event": (
            _event(7, "payload = replace(payload, 'Gull', 'Heron')"),
            "event 7: does not match its hash",
        ),
        "what an event is about": (
            _event(7, """about = '["claim:bare"]'"""),
            "event 7: does not match its hash",
        ),
        "the subject of an event": (_event(7, "subject = 'claim:bare'"), "event 7: does not match its hash"),
        "the hash of an event": (_event(7, "hash = previous"), "event 7: does not match its hash"),
        "the chain": (_event(7, "previous = hash"), "event 7: does not follow the event before it"),
        "two events": (lambda store: tampering.swap(store, 7, 12), "event 7: does not follow the event before it"),
        "two neighbours": (lambda store: tampering.swap(store, 7, 8), "event 7: does not follow the event before it"),
        "an event taken out": (lambda store: tampering.delete_event(store, 7), "event 7: is missing"),
        "the first event taken out": (lambda store: tampering.delete_event(store, 1), "event 1: is missing"),
        "the last event taken out": (tampering.delete_last, r"(event \d+: |key:)"),
        "where an event is filed": (_run(renamed), "event 7: its stored subjects differ from its content"),
        "an event filed nowhere": (
            _run("DELETE FROM event_subjects WHERE seq = 7"),
            "event 7: its stored subjects differ from its content",
        ),
        "an event filed under more": (
            _run("INSERT INTO event_subjects (subject, seq) VALUES ('claim:bare', 7)"),
            "event 7: its stored subjects differ from its content",
        ),
        "a node of the tree": (
            _run("UPDATE event_nodes SET hash = ? WHERE level = 2 AND position = 1", "0" * 64),
            "the Merkle tree is wrong at level 2, node 1",
        ),
        "a node that is no hash": (
            _run("UPDATE event_nodes SET hash = 'x' WHERE level = 1 AND position = 3"),
            "the Merkle tree is wrong at level 1, node 3",
        ),
        "a node taken out": (
            _run("DELETE FROM event_nodes WHERE level = 1 AND position = 3"),
            "the Merkle tree has missing or superfluous nodes",
        ),
        "a node put in": (
            _run("INSERT INTO event_nodes (level, position, hash) VALUES (9, 9, 'x')"),
            "the Merkle tree has missing or superfluous nodes",
        ),
        # Of what follows nothing can be made: it is told all the same, and not with a traceback.
        "no list": (_event(7, "about = 'x'"), "event 7: cannot be read"),
        "a number for a list": (_event(7, "about = '5'"), "event 7: cannot be read"),
        "no time": (_event(7, "at_us = 9000000000000000000"), "event 7: cannot be read"),
        "no payload": (_event(7, "payload = '{'"), "event 7: has no canonical form"),
        "no number": (_event(7, """payload = '{"state":1e400}'"""), "event 7: has no canonical form"),
        "no evidence": (
            _run("UPDATE verdicts SET evidence = '['"),
            r"event \d+: (claim:ships|verdict:v-\S+) differs in the tables: ",
        ),
        "no stance": (
            _run("UPDATE mentions SET stance = 'shrugs'"),
            r"event \d+: mention:m-\S+ differs in the tables: ",
        ),
        "no quantity": (_run("UPDATE claims SET quantity = '5'"), r"event \d+: claim:\S+ differs in the tables: "),
        "no role": (_run("UPDATE api_keys SET role = 'god'"), r"event \d+: key:\S+ differs in the tables: "),
        "no shape": (
            _run("UPDATE claims SET json = '[]' WHERE public_id = 'ships'"),
            r"event \d+: claim:ships differs ",
        ),
    }


def _event(seq: int, change: str) -> Callable[[Store], object]:
    return _run(f"UPDATE events SET {change} WHERE seq = {seq}")  # noqa: S608 - a change of ours


@pytest.mark.parametrize("case", _cases())
def test_what_was_tampered_with_is_named(original: str, tmp_path: Path, case: str) -> None:
    tamper, expected = _cases()[case]
    first = _found(original, tmp_path, tamper)
    assert re.match(expected, first), first


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ('{"state":{"id":"gull","name":"Heron"}}', "event 7: source:gull differs in the tables: "),
        ('{"state":[]}', "event 7: has no state of source:gull"),
        ("{}", "event 7: has no state of source:gull"),
        ("[]", "event 7: has no state of source:gull"),
        ('"x"', "event 7: has no state of source:gull"),
    ],
)
def test_a_log_that_was_made_anew_must_still_say_what_the_tables_do(
    original: str, tmp_path: Path, said: str, expected: str
) -> None:
    first = _found(original, tmp_path, lambda store: rewrite(store, 7, lambda event: replace(event, payload=said)))
    assert first.startswith(expected), first


def test_a_log_that_was_made_anew_is_found_out_by_a_head_noted_before(original: str, tmp_path: Path) -> None:
    """Whole by itself, tables and all; but not what somebody else remembers."""
    with opened(original) as store:
        size = store.events.log_end()[0]
        heads = {number: _noted(store, number, tmp_path) for number in (6, 7, size)}

    def forge(store: Store) -> None:
        rewrite(store, 7, lambda event: replace(event, payload=event.payload.replace("The Gull", "The Heron")))
        store.database.run("UPDATE sources SET name = 'The Heron' WHERE public_id = 'gull'")

    with copied(original, tmp_path) as copy:
        with opened(copy) as store:
            forge(store)
        assert _audit(copy)[0] == 0
        assert _audit(copy, "--head", heads[6])[0] == 0
        for number in (7, size):
            status, lines = _audit(copy, "--head", heads[6], "--head", heads[number])
            assert status == 1
            assert lines[0] == f"the first {number} events are not those of the saved head"


def test_a_log_that_was_cut_short_is_found_out_by_a_head_noted_before(original: str, tmp_path: Path) -> None:
    with opened(original) as store:
        size = store.events.log_end()[0]
        head = _noted(store, size, tmp_path)
    with copied(original, tmp_path) as copy:
        with opened(copy) as store:
            tampering.delete_last(store)
        status, lines = _audit(copy, "--head", head)
    assert status == 1
    assert f"the log has {size - 1} events, but had {size}: 1 are missing" in lines


def test_a_head_that_is_none_is_refused(original: str, tmp_path: Path) -> None:
    (tmp_path / "head.json").write_text("{}")
    assert _audit(original, "--head", str(tmp_path / "head.json")) == (1, [])
    assert _audit(original, "--head", str(tmp_path / "none.json"))[0] == 2


def _noted(store: Store, size: int, folder: Path) -> str:
    """Return a file with the head of the first ``size`` events."""
    proof = prove_consistency(store, 1, size)
    [event] = store.events.page(size - 1, 1)
    head = {"size": size, "root_hash": proof.second_root, "last_hash": event.hash, "last_at": event.at}
    file = folder / f"head-{size}.json"
    file.write_bytes(orjson.dumps(head))
    return str(file)
