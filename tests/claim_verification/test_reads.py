"""Reads from a real server with the client."""

import csv
import datetime as dt
import re
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
import requests

from claim_verification import Client, Invalid, NotAllowed, NotFound, Problem, Unavailable, Unusable
from service.model.actors import KeyRole
from tests.claim_verification.conftest import Served
from tests.web.helpers import example_claim, openapi_document, raw_claims

OPERATIONS = [
    (path, method, operation)
    for path, item in openapi_document()["paths"].items()
    if path.startswith("/v1/")
    for method, operation in item.items()
    if method != "parameters"
]


def snake(name: str) -> str:
    return re.sub(r"[A-Z]", lambda letter: f"_{letter[0].lower()}", name)


def names() -> set[str]:
    return {name for name in dir(Client) if not name.startswith("_")}


def test_every_operation_is_a_method_of_its_name() -> None:
    assert len(OPERATIONS) >= 52
    others = {"close", "corroboration_csv", "draw_provenance", "draw_timeline", "export_lines", "get_readiness"}
    assert names() - others == {snake(operation["operationId"]) for _, _, operation in OPERATIONS}


# What a method takes besides the ids of its path.
TAKES: dict[str, tuple[Any, ...]] = {
    "prove_consistency": (1, 2),
    "match_texts": (["Twelve ships arrived."],),
    "import_reviews": (b"{}",),
    "merge_claim": ("b", "Why."),
    "merge_document": ("b", "Why."),
    "merge_source": ("b", "Why."),
    "unmerge_claim": ("Why.",),
    "unmerge_document": ("Why.",),
    "unmerge_source": ("Why.",),
    "withdraw_mention": ("Why.",),
    "add_quote": ("Twelve ships.",),
    "remove_quote": ("Why.",),
    "withdraw_link": ("Why.",),
    "withdraw_draft": ("Why.",),
    "publish_verdict": (),
    "offer_claim": ("John",),
}


@pytest.mark.parametrize(
    ("path", "method", "operation"), OPERATIONS, ids=[operation["operationId"] for _, _, operation in OPERATIONS]
)
def test_a_method_sends_what_its_operation_is(path: str, method: str, operation: dict[str, Any]) -> None:
    name = snake(operation["operationId"])
    ids = re.findall(r"{(\w+)}", path)
    taken = TAKES.get(name, ({},) if "requestBody" in operation else ())
    more = {"if_match": "*"} if method == "patch" else {}
    refusal = requests.Response()
    refusal.status_code = 418
    with (
        patch.object(requests.Session, "request", return_value=refusal) as sent,
        Client("http://a") as client,
        pytest.raises(Problem) as told,
    ):
        # What a list gives is asked for by its first item.
        next(getattr(client, name)(*(f"an-{one}" for one in ids), *taken, **more))
    assert told.value.status == 418
    verb, address = sent.call_args.args
    assert (verb, address.partition("?")[0]) == (method.upper(), "http://a" + re.sub(r"{(\w+)}", r"an-\1", path))
    headers = sent.call_args.kwargs["headers"]
    assert ("Idempotency-Key" in headers) == (method == "post" and name != "match_texts")
    assert ("Content-Type" in headers) == ("requestBody" in operation)


def test_a_list_goes_on_to_its_end(reader: Client) -> None:
    claims = [claim["id"] for claim in reader.list_claims(limit=50)]
    assert len(claims) == len(set(claims))
    assert set(claims) >= raw_claims().keys()
    first = next(reader.list_claims(sort="mentions"))
    assert first["corroboration"]["mentions"] == max(len(raw["mentions"]) for raw in raw_claims().values())


def test_a_list_asks_for_a_page_when_it_is_needed(reader: Client) -> None:
    with patch.object(requests.Session, "request", autospec=True, side_effect=requests.Session.request) as sent:
        claims = reader.list_claims(limit=10)
        assert sent.call_count == 0
        [next(claims) for _ in range(10)]
        assert sent.call_count == 1
        next(claims)
        assert sent.call_count == 2


def test_filters_are_sent_in_the_form_that_the_service_reads(reader: Client) -> None:
    future = dt.datetime(2100, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    assert list(reader.list_claims(updated_since=future)) == []
    assert list(reader.list_verdicts(current=True)) == list(reader.list_verdicts(current=True))
    denied = {claim["id"] for claim in reader.list_claims(origin="russia-government", stance="refutes")}
    assert denied == {"russia-breaches-un-labour-ban"}
    denied_in_part = reader.list_claims(origin="russia-government", stance="partly_refutes")
    assert [claim["id"] for claim in denied_in_part] == ["un-120-companies"]
    claim = reader.get_claim(example_claim(), include="mentions,documents")
    assert claim["included"].keys() == {"mentions", "documents"}
    with pytest.raises(Unusable, match="zone"):
        next(reader.list_claims(updated_since=dt.datetime(2026, 1, 1)))  # noqa: DTZ001 - what is refused


def test_corroboration_of_one_claim_and_of_all(reader: Client) -> None:
    whole = reader.get_corroboration("nk-15000-workers-in-russia")
    early = reader.get_corroboration("nk-15000-workers-in-russia", as_of=dt.date(2025, 6, 30))
    assert (whole["documents"], early["documents"]) == (3, 2)
    now = dt.datetime.now(dt.UTC)
    recorded = reader.get_corroboration("nk-15000-workers-in-russia", known_at=now)
    assert recorded == {**whole, "known_at": f"{now:%Y-%m-%dT%H:%M:%S.%fZ}"}

    counts = {row["id"]: row for row in reader.list_corroboration()}
    assert counts.keys() >= raw_claims().keys()
    table = list(csv.DictReader(reader.corroboration_csv(status="corroborated")))
    assert {row["id"] for row in table} == {name for name, row in counts.items() if row["status"] == "corroborated"}
    assert [int(row["origins_at_least"]) for row in table] == [counts[row["id"]]["origins_at_least"] for row in table]


@pytest.mark.parametrize(
    ("call", "kind", "status", "code"),
    [
        (lambda c: c.get_claim("none-such"), NotFound, 404, "not_found"),
        (lambda c: c.get_claim("None such/../?"), NotFound, 404, "not_found"),
        (lambda c: next(c.list_claims(status="true")), Invalid, 422, "invalid_request"),
        (lambda c: next(c.list_corroboration(colour="red")), Invalid, 422, "invalid_request"),
        (lambda c: next(c.list_queue()), NotAllowed, 401, "unauthorized"),
        (lambda c: c.create_source({"name": "x", "kind": "ngo"}), NotAllowed, 401, "unauthorized"),
    ],
    ids=["missing", "odd-id", "value", "stream", "key", "write"],
)
def test_a_problem_is_an_exception(
    reader: Client, call: Callable[[Client], object], kind: type[Problem], status: int, code: str
) -> None:
    with pytest.raises(kind) as told:
        call(reader)
    problem = told.value
    assert type(problem) is kind
    assert (problem.status, problem.code) == (status, code)
    assert problem.request_id
    assert f"({status} {code}) [request {problem.request_id}]" in str(problem)
    if status == 422:
        assert [error["in"] for error in problem.errors] == ["query"]
        assert problem.errors[0]["pointer"] in ("/status", "/colour")
        assert problem.errors[0]["pointer"] in str(problem)


@pytest.mark.parametrize("public_id", ["", ".", ".."])
def test_what_is_no_id_leads_nowhere_else(reader: Client, public_id: str) -> None:
    with pytest.raises(Unusable, match="is not an id"):
        reader.get_claim(public_id)


def test_a_key_opens_what_is_closed(served: Served) -> None:
    with Client(served.url, served.keys[KeyRole.CHECKER]) as client:
        assert next(client.list_queue())["need"]
    with Client(served.url, "cv_wrong") as client, pytest.raises(NotAllowed) as told:
        next(client.list_claims())
    assert told.value.code == "key_refused"


def test_the_log(reader: Client) -> None:
    head = reader.get_head()
    assert [event["seq"] for event in reader.list_events(after=head["size"] - 3)][:3] == [
        head["size"] - 2,
        head["size"] - 1,
        head["size"],
    ]
    assert reader.prove_inclusion(1, size=head["size"])["root_hash"] == head["root_hash"]
    assert reader.prove_consistency(1)["from"]["size"] == 1


def test_what_a_proxy_answers_is_a_problem_too() -> None:
    answer = requests.Response()
    answer.status_code, answer.reason, answer.url = 500, "Internal Server Error", "http://a/v1/events/head"
    answer._content = b"<html>"
    with (
        patch.object(requests.Session, "request", return_value=answer),
        Client("http://a") as client,
        pytest.raises(Unavailable) as told,
    ):
        client.get_head()
    assert (told.value.code, told.value.request_id) == ("internal_server_error", None)


def test_the_provenance_of_a_claim_in_any_form(reader: Client) -> None:
    claim = "nk-15000-workers-in-russia"
    assert [row["letter"] for row in reader.get_provenance(claim)["rows"]] == ["A", "B", "C"]
    assert reader.draw_provenance(claim, layout="rows").startswith("<svg ")
    assert reader.draw_provenance(claim, format="dot").startswith("digraph ")
    assert "1 origin</text>" in reader.get_badge(claim)
    assert reader.get_timeline(claim)["published"]["points"][0]["text"] == "single origin, 1 origin"
    assert reader.draw_timeline(claim, layout="columns").startswith("<svg ")
    with pytest.raises(NotFound):
        reader.draw_provenance("none-such")
