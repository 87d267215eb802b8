"""Messages about values that are refused: each names the value, and one that is right."""

from __future__ import annotations

from typing import Any

import pytest
from marshmallow import Schema, ValidationError

from service.schemas.fields import QUOTED_LENGTH, quoted
from service.schemas.request_bodies import ClaimBody, DocumentBody, MentionBody, SourceBody
from service.schemas.requests import ClaimQuery, ClaimsQuery, CorroborationQuery, PageQuery
from service.schemas.verdict_bodies import GroundBody, VerdictBody

MENTION = {"document": "doc-one", "stance": "supports"}
CLAIM = {"text": "Twelve ships came.", "subject": "ships", "topics": ["harbour"]}
VERDICT = {"claim_version": 1, "rating": "refuted"}


@pytest.mark.parametrize(
    ("schema", "data", "message"),
    [
        (CorroborationQuery, {"as_of": "2026-02-30"}, "'2026-02-30' is not a date (YYYY-MM-DD), such as 2026-03-01."),
        (CorroborationQuery, {"as_of": "1 March"}, "'1 March' is not a date (YYYY-MM-DD), such as 2026-03-01."),
        (CorroborationQuery, {"quorum": "two"}, "'two' is not a whole number, such as 2."),
        (
            ClaimsQuery,
            {"updated_since": "2026-02-30T00:00:00Z"},
            "'2026-02-30T00:00:00Z' is not an RFC 3339 time with a time zone, such as 2026-03-01T09:30:00Z.",
        ),
        (
            ClaimsQuery,
            {"updated_since": "2026-03-01T00:00:00 02:00"},  # what a server reads of an unencoded +02:00
            "'2026-03-01T00:00:00 02:00' is not an RFC 3339 time with a time zone, such as 2026-03-01T09:30:00Z. "
            "In a URL the `+` of a time zone is written %2B.",
        ),
        (
            ClaimsQuery,
            {"topic": "Drone Production"},
            "'Drone Production' is not an id (lower-case letters and digits, joined by single hyphens), "
            "such as sanctions.",
        ),
        (ClaimsQuery, {"language": "EN"}, "'EN' is not an ISO 639 language code in lower case, such as en."),
        (ClaimsQuery, {"sort": "relevance"}, "`relevance` is only allowed with a search (`q`): use recency."),
        (
            ClaimQuery,
            {"include": "people"},
            "'people' is not a list of mentions, sources, documents, links, joined by commas, such as "
            "mentions,documents.",
        ),
        (PageQuery, {"cursor": "page 2"}, "'page 2' is not a cursor of this service: copy it from `next`."),
        (
            SourceBody,
            {"name": "A", "kind": "ngo", "country": "Korea"},
            "'Korea' is not an ISO 3166-1 alpha-2 country code, such as KR.",
        ),
        (
            SourceBody,
            {"name": "A", "kind": "ngo", "aliases": ["B", "C", "B"]},
            "'B' is given more than once; `aliases` lists each value once.",
        ),
        (
            DocumentBody,
            {"url": "ftp://x.example/1"},
            "'ftp://x.example/1' is not an http or https URL, such as https://example.org/news/1.",
        ),
        (
            DocumentBody,
            {"published_earliest": "2026-03-02", "published_latest": "2026-03-01"},
            "`published_earliest` (2026-03-02) must not be after `published_latest` (2026-03-01).",
        ),
        (ClaimBody, CLAIM | {"quantity": {"unit": "ships", "low": "12"}}, "'12' is not a number, such as 15000."),
        (
            ClaimBody,
            CLAIM | {"quantity": {"unit": "ships", "low": 12, "high": 2}},
            "`low` (12) must not be greater than `high` (2).",
        ),
        (MentionBody, MENTION | {"attribution": ["a"]}, "`basis` is required with an `attribution`, such as explicit."),
        (
            MentionBody,
            MENTION | {"basis": "explicit"},
            "`basis` is only allowed with an `attribution`, such as [south-korea-nis].",
        ),
        (
            MentionBody,
            MENTION | {"locator": {"start": 9, "end": 9, "sha256": "0" * 64}},
            "`end` (9) must be greater than `start` (9).",
        ),
        (
            VerdictBody,
            VERDICT | {"rating": None},
            "`rating` is required, such as refuted, unless `retraction` is true.",
        ),
        (VerdictBody, VERDICT | {"retraction": True}, "`rating` is not allowed with `retraction`: leave it out."),
        (
            VerdictBody,
            VERDICT | {"reviewers": ["John Roe"]},
            '`reviewers` is only allowed on drafts: add "draft": true.',
        ),
        (
            GroundBody,
            {"mention": "m-1", "url": "https://example.org/1"},
            "Needs exactly one of `mention`, `document` and `url`, and has `mention` and `url`.",
        ),
        (GroundBody, {}, "Needs exactly one of `mention`, `document` and `url`, and has none of them."),
    ],
)
def test_a_message_names_the_value_and_one_that_is_right(
    schema: type[Schema], data: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        schema().load(data)
    assert message in list(_messages(refused.value.messages))


def _messages(node: Any) -> list[str]:
    if isinstance(node, dict):
        return [message for inner in node.values() for message in _messages(inner)]
    return list(node)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("Straße", "'Straße'"),
        ("a\nb\x00", r"'a\nb\x00'"),
        ("\ud800", r"'\ud800'"),
        (True, "true"),
        ({"a": None}, '{"a": null}'),
        ("x" * 500, f"'{'x' * (QUOTED_LENGTH - 1)}..."),
    ],
)
def test_a_value_is_quoted_on_one_line_and_shortened(value: object, shown: str) -> None:
    assert quoted(value) == shown
