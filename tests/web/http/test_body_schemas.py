"""The OpenAPI document says of a body what the service demands of it: either both take it, or neither."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from marshmallow import ValidationError

from service.schemas.fields import Shape
from service.schemas.mention_and_link_bodies import MentionBody
from service.schemas.request_bodies import ClaimBody, DocumentBody, SourceBody
from service.schemas.value_objects import QuantitySchema, ReportedSchema
from service.schemas.verdict_bodies import GroundBody, ReviewBody, VerdictBody
from tests.web.helpers import Json, openapi_document

MISSING = object()
CLAIM = {"text": "Twelve ships arrived.", "subject": "ships", "topics": ["harbour"]}
SOURCE = {"name": "Harbour Office", "kind": "government"}
MENTION = {"document": "d1", "stance": "supports"}
VERDICT = {"claim_version": 1, "rating": "refuted"}
QUANTITY = {"low": 1, "high": 2, "unit": "ships"}


def documented(shape: type[Shape]) -> Draft202012Validator:
    """Return the schema of a shape in the OpenAPI document."""
    name = shape.__name__.removesuffix("Schema")
    reference = {"$ref": f"#/components/schemas/{name}", "components": openapi_document()["components"]}
    return Draft202012Validator(reference)


def taken(shape: type[Shape], body: Json) -> bool:
    """Return whether the service accepts it, after checking that the document agrees."""
    try:
        shape().load(body)
    except ValidationError:
        good = False
    else:
        good = True
    assert documented(shape).is_valid(body) == good, body
    return good


def _bodies(base: Json, **values: list[Any]) -> list[Json]:
    """Return ``base`` with every combination of these values."""
    return [
        {name: value for name, value in (base | dict(zip(values, row, strict=True))).items() if value is not MISSING}
        for row in product(*values.values())
    ]


MAYBE: list[Any] = [MISSING, None, "x"]
# Of these bodies, so many are good.
RULES: dict[str, tuple[type[Shape], list[Json], int]] = {
    "one ground": (GroundBody, _bodies({}, mention=MAYBE, document=MAYBE, url=[MISSING, None]), 8),
    "one ground or address": (GroundBody, _bodies({}, mention=MAYBE, url=[None, "https://example.org/"]), 3),
    "attribution and basis": (
        MentionBody,
        _bodies(MENTION, attribution=[MISSING, [], ["a"], ["a", "a"]], basis=[MISSING, None, "explicit"]),
        2 * 2 + 1,
    ),
    "what differs": (
        MentionBody,
        _bodies(MENTION, stance=["differs", "refutes"], reported=[MISSING, None, {"text": "Ten."}]),
        1 + 3,
    ),
    "ratings and retractions": (
        VerdictBody,
        _bodies(
            VERDICT,
            rating=[MISSING, None, "refuted"],
            retraction=[MISSING, False, True],
            supersedes=MAYBE,
            reason=MAYBE,
        ),
        2 * (2 * 3 + 1) + 2,
    ),
    "reviewers of drafts": (
        VerdictBody,
        _bodies(VERDICT, draft=[MISSING, False, True], reviewers=[MISSING, [], ["A"], ["A", "A"]]),
        3 * 2 + 1,
    ),
    "whole numbers": (VerdictBody, _bodies(VERDICT, claim_version=[0, 1, 1.0, 1.5, "1", True, None, MISSING]), 2),
    "changes asked for": (ReviewBody, _bodies({}, decision=["approve", "request_changes"], note=MAYBE), 3 + 1),
    "something reported": (ReportedSchema, _bodies({}, quantity=[MISSING, None, QUANTITY], text=MAYBE), 3 + 2),
    "a bound": (QuantitySchema, _bodies(QUANTITY, low=[MISSING, None, 1], high=[MISSING, None, 1]), 3 + 2),
    "topics": (ClaimBody, _bodies(CLAIM, topics=[[], ["a"], ["a", "b"], ["a", "a"]]), 2),
    "aliases": (SourceBody, _bodies(SOURCE, aliases=[MISSING, [], ["A"], ["A", "A"]]), 3),
}


@pytest.mark.parametrize("rule", RULES)
def test_what_fields_demand_of_each_other_is_documented(rule: str) -> None:
    shape, bodies, good = RULES[rule]
    assert sum(taken(shape, body) for body in bodies) == good


@given(st.text(max_size=4) | st.text(alphabet=" \t\n\r\x00\x07\x7f\x85\xa0\u2003\u2028\ufeffa", max_size=4))
@example("")
@example(" \n")
@example("a\x85")
@example("\u200b")
@example("a" * 501)
def test_words_are_documented(text: str) -> None:
    # What JavaScript takes for a space is none to Python, and the patterns are of either.
    if text.strip("\ufeff") == text:
        taken(ClaimBody, CLAIM | {"text": text})
    taken(VerdictBody, VERDICT | {"reviewers": [f"a{text}"], "draft": True})


ADDRESSES = {
    "https://example.org": True,
    "http://example.org/": True,
    "https://münchen.example/straße?x=ü#y": True,
    "https://192.0.2.1:8080/a": True,
    "https://example.org?x=%5B1%5D&y=(1)*'!": True,
    "https://example.org?x=[1]": False,
    'https://example.org/"><script>': False,
    "https://example.org/a\\b": False,
    "https://example.org/{a}|`b`^": False,
    "https://example.org/50%": False,
    "https://example.org/a#b#c": False,
    "https://example.org/\u202e": False,
    "https://example.org/a\nb": False,
    "https://xn--mnchen-3ya.example/%20": True,
    "": False,
    "example.org": False,
    "//example.org/": False,
    "ftp://example.org/": False,
    "HTTPS://example.org/": False,
    "javascript:alert(1)//https://example.org": False,
    "https://": False,
    "https://localhost/": False,
    "https://user:password@example.org/": False,
    "https://example.org:port/": False,
    "https://example .org/": False,
    "https://example.org/a b": False,
    "https://example.org/\x00": False,
    "https://example.org\\@evil.example/": False,
    "https://exa<mple.org/": False,
    "https://example..org/": False,
    f"https://example.org/{'a' * 2000}": False,
}


@pytest.mark.parametrize("url", ADDRESSES, ids=lambda url: repr(url)[:40])
def test_addresses_are_documented(url: str) -> None:
    assert taken(DocumentBody, {"url": url}) == ADDRESSES[url]
    assert taken(VerdictBody, VERDICT | {"url": url}) == ADDRESSES[url]


def test_a_line_end_is_no_part_of_an_address() -> None:
    """The validator of this test, unlike JavaScript, lets one through before the end."""
    with pytest.raises(ValidationError):
        DocumentBody().load({"url": "https://example.org/\n"})


def test_a_patch_is_documented_as_what_may_be_changed_or_taken_away() -> None:
    schemas = openapi_document()["components"]["schemas"]
    for name in ("Claim", "Source", "Document"):
        body, patch = schemas[f"{name}Body"], schemas[f"{name}Patch"]
        assert set(patch["properties"]) == set(body["properties"])
        assert "required" not in patch
        assert not any("default" in member for member in patch["properties"].values())
    patch = Draft202012Validator(
        {"$ref": "#/components/schemas/ClaimPatch", "components": openapi_document()["components"]}
    )
    good = [{}, {"note": None}, {"quantity": None}, {"quantity": {"low": None}}, {"time_frame": {"label": "in May"}}]
    bad = [{"text": None}, {"text": ""}, {"quantity": {"unit": None}}, {"quantity": 1}, {"topics": []}, {"id": None}]
    assert [body for body in good if not patch.is_valid(body)] == []
    assert [body for body in bad if patch.is_valid(body)] == []
