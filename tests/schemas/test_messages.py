"""Messages about refused values: each says what would be right, with an example."""

from __future__ import annotations

from typing import Any

import pytest
from marshmallow import Schema, ValidationError

from service.schemas.mention_and_link_bodies import MentionBody
from service.schemas.request_bodies import ClaimBody, DocumentBody, SourceBody
from service.schemas.requests import ClaimQuery, ClaimsQuery, PageQuery
from service.schemas.verdict_bodies import GroundBody, VerdictBody

MENTION = {"document": "doc-one", "stance": "supports"}
CLAIM = {"text": "Twelve ships came.", "subject": "ships", "topics": ["harbour"]}
VERDICT = {"claim_version": 1, "rating": "refuted"}


@pytest.mark.parametrize(
    ("schema", "data", "message"),
    [
        (
            ClaimsQuery,
            {"updated_since": "2026-02-30T00:00:00Z"},
            "Must be a date or an RFC 3339 time with a time zone, such as 2026-03-01 or 2026-03-01T09:30:00Z.",
        ),
        (
            ClaimsQuery,
            {"topic": "Drone Production"},
            "Must be lower-case letters and digits, joined by single hyphens, such as sanctions.",
        ),
        (ClaimsQuery, {"language": "EN"}, "Must be an ISO 639 language code in lower case, such as en."),
        (ClaimsQuery, {"sort": "relevance"}, "Needs a search (`q`) with this value: use recency."),
        (
            ClaimQuery,
            {"include": "people"},
            "Must be some of mentions, sources, documents, links, joined by commas, such as mentions,documents.",
        ),
        (PageQuery, {"cursor": "page 2"}, "Must be a cursor of this service: copy it from `next`."),
        (
            SourceBody,
            {"name": "A", "kind": "ngo", "country": "Korea"},
            "Must be an ISO 3166-1 alpha-2 country code, such as KR.",
        ),
        (
            SourceBody,
            {"name": "A", "kind": "ngo", "aliases": ["B", "C", "B"]},
            "Has the same item at positions 0 and 2: list each item once.",
        ),
        (
            DocumentBody,
            {"url": "ftp://x.example/1"},
            "Must be an http or https URL, such as https://example.org/news/1.",
        ),
        (
            DocumentBody,
            {"published_earliest": "2026-03-02", "published_latest": "2026-03-01"},
            "`published_earliest` must not be after `published_latest` (2026-03-01).",
        ),
        (
            ClaimBody,
            CLAIM | {"quantity": {"unit": "ships", "low": 12, "high": 2}},
            "`low` must not be greater than `high` (2).",
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
            "`end` must be greater than `start` (9).",
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
        (ClaimBody, CLAIM | {"quantity": {"unit": "ships"}}, "`low` or `high` is required, such as 15000."),
        (
            GroundBody,
            {"mention": "m-1", "url": "https://example.org/1"},
            "Needs exactly one of `mention`, `document` and `url`, and has `mention` and `url`.",
        ),
        (GroundBody, {}, "Needs exactly one of `mention`, `document` and `url`, and has none of them."),
    ],
)
def test_a_message_says_what_would_be_right(schema: type[Schema], data: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        schema().load(data)
    assert message in list(_messages(refused.value.messages))


def _messages(node: Any) -> list[str]:
    if isinstance(node, dict):
        return [message for inner in node.values() for message in _messages(inner)]
    return list(node)
