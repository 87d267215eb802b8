"""Canonical JSON, written fast, is what RFC 8785 says."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from service.eventlog.canonical_json import canonical_bytes

_texts = st.text(st.characters(exclude_categories=["Cs"]))
_names = _texts | st.sampled_from(["seq", "a", "1.5", "\ufb33", "\U0001f600", '"', "\\", 'x":'])
_values = st.recursive(
    st.none()
    | st.booleans()
    | _texts
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([0.0, -0.0, 1e21, 1e-7, 3.0, 123456789012345.0, '1.5"', '\\"', "\u2028", "\x7f", "\x1f"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_names, inner, max_size=4),
    max_leaves=12,
)


@given(_values)
@settings(max_examples=400)
def test_it_is_the_same_as_the_reference(value: Any) -> None:
    assert canonical_bytes(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("value", [2**53, -(2**53), {"a": [2**60]}])
def test_what_no_double_holds_is_refused(value: Any) -> None:
    with pytest.raises(rfc8785.CanonicalizationError):
        canonical_bytes(value)


def test_names_are_in_the_order_of_utf_16() -> None:
    value = {"\ufb33": 1, "\U0001f600": 2}
    assert canonical_bytes(value) == '{"\U0001f600":2,"\ufb33":1}'.encode() != orjson.dumps(value, option=2)
